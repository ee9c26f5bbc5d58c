"""``/api/v1/conversation.md`` and ``.json``: a conversation written down, from its questions alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Bounded

from bot.answering import Answerer
from bot.answers import Exchange
from bot.errors import QuestionError
from bot.reading import MAX_CHARACTERS
from ui.downloads import conversation_json, conversation_markdown
from ui.problems import Kind, problem_responses
from ui.routes import ApiRoute
from ui.site import Site

MAX_TURNS = 50
_WRITERS = {
    "md": (conversation_markdown, "text/markdown; charset=utf-8"),
    "json": (conversation_json, "application/json"),
}


class Asked(BaseModel):
    """The questions of a conversation, in order."""

    model_config = ConfigDict(extra="forbid")
    turns: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHARACTERS)]],
        Bounded(min_length=1, max_length=MAX_TURNS),
    ]


def saving_router(site: Site) -> APIRouter:
    """Build the two routes. The server keeps nothing of a conversation for them: it is asked again."""
    router = APIRouter(route_class=ApiRoute, tags=["conversation"])
    problems = problem_responses(Kind.UNREADABLE, Kind.TOO_LARGE, Kind.NOT_JSON, Kind.INVALID, Kind.BUSY)

    async def written(form: str, asked: Asked) -> Response:
        write, media_type = _WRITERS[form]
        content = await site.work(lambda: write(_asked_again(site.answerer, asked.turns), site.answerer.collection))
        name = f"{site.answerer.collection.manifest.id}.{form}"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(content, media_type=media_type, headers=headers)

    @router.post("/api/v1/conversation.md", response_class=Response, responses=problems)
    async def markdown(asked: Asked) -> Response:
        """Write a conversation down as Markdown, from its questions."""
        return await written("md", asked)

    @router.post("/api/v1/conversation.json", response_class=Response, responses=problems)
    async def json(asked: Asked) -> Response:
        """Write a conversation down as JSON, with what proves its quotations."""
        return await written("json", asked)

    return router


def _asked_again(answerer: Answerer, turns: Sequence[str]) -> list[Exchange]:
    exchanges: list[Exchange] = []
    for turn in turns:
        try:
            exchanges.append(Exchange(question=turn, outcome=answerer.answer(turn, exchanges)))
        except QuestionError:
            continue  # as in the chat, where it was not taken and left no exchange
    return exchanges
