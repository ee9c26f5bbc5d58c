"""A question that asks several things is divided where each can be asked by itself."""

from __future__ import annotations

import pytest

from bot.plan import split_question


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("Who led the Survey, and where was the Board set up?", ("Who led the Survey?", "where was the Board set up?")),
        ("What did Brandt offer and what did Castell refuse?", ("What did Brandt offer?", "what did Castell refuse?")),
        # A part that leans on the other by a pronoun, or has too few words of its own
        ("Where might the load ease, and why wouldn't that help the keepers of Tern Island?", None),
        ("When did the survey of Tern Island come out, and which years does it cover?", None),
        ("How much time and how many keepers were reckoned for each light in 1921?", None),
        ("Who were the newcomers to the Survey in 1921, and who brought each?", None),
        (
            "Wer leitete die Kommission und wann wurde das Komitee in Wien gegründet?",
            ("Wer leitete die Kommission?", "wann wurde das Komitee in Wien gegründet?"),
        ),
        ("Who led the Survey?", None),
        ("What did Brandt and Castell offer?", None),
    ],
)
def test_only_parts_that_stand_by_themselves_are_asked_apart(question, parts):
    assert split_question(question) == (parts or (question,))
