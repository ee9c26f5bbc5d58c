"""The kiosk keeps questions without an answer where it is asked to, and only there."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from bot.journal import read_unanswered
from ui.app import create_app
from ui.site import Site

SILENT = "How old was Admiral Crowe?"
ANSWERED = "What is the main obstacle in Vienna?"


@pytest.fixture
def visit(answerer, tmp_path) -> Callable[[int], Path]:
    """Return ``visit(days)``: ask at the kiosk, and return the folder of what is kept."""

    def ask(days: int) -> Path:
        settings = replace(answerer.settings, kiosk=True, keep_questions=days, state_path=tmp_path / "state")
        site = Site.of(replace(answerer, settings=settings))
        with TestClient(create_app(site), base_url="http://127.0.0.1:8000") as client:
            for question in (SILENT, ANSWERED, SILENT):
                said = client.post("/kiosk/ask", json={"question": question, "visit": None, "language": "de"})
                assert said.status_code == 200
        site.journal.close()
        return settings.questions_path

    return ask


def test_unless_it_is_asked_for_nothing_is_kept(visit):
    assert not visit(0).parent.exists()


def test_what_got_no_answer_is_kept_in_the_visits_language_and_no_answered_question_is(visit):
    folder = visit(30)

    assert [(kept.question, kept.language) for kept in read_unanswered(folder)] == [(SILENT, "de")] * 2
    lines = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text().splitlines()]
    assert {tuple(sorted(line)) for line in lines} == {("day", "language", "question", "reason")}
