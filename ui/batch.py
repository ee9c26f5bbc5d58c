"""Answer JSON Lines: a conversation a line; a bad line gives an error object, and the rest goes on."""

from __future__ import annotations

import json
from typing import Any

from bot.answering import Answerer, answer_turns
from bot.errors import BotError
from ui.outcomes import outcome_object


def answer_line(answerer: Answerer, number: int, line: str) -> dict[str, Any]:
    """Answer one line such as ``{"id": "q1", "turns": ["first question", "follow-up"]}``, one outcome a turn.

    A line that cannot be taken gives an object with ``error``, which names the line by its ``number``.
    """
    identifier: object = None
    try:
        data = json.loads(line)
        if not isinstance(data, dict):
            raise ValueError('must be an object with "id" and "turns"')
        identifier = data.get("id")
        turns = data.get("turns")
        if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
            raise ValueError('"turns" must be a list of at least one text')
        return {"id": identifier, "outcomes": [outcome_object(o) for o in answer_turns(answerer, turns)]}
    except (ValueError, BotError, RecursionError) as error:
        return {"id": identifier, "error": f"line {number}: {error}", "outcomes": []}
