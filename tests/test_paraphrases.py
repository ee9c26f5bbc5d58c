"""Training windows of wordings: what asks the same is marked, and what only seems to is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.training.paraphrases import MAX_WORDINGS, Group, read_groups, read_paraphrases
from bot.windows import WORDING_MARKER

MINUTES = Path(__file__).parent / "benchmarks" / "minutes"
GROUPS = [
    Group(
        id=f"q{n}",
        document="a" if n < 4 else "b",
        same=(f"Who built pier {n}?", f"pier {n} builder", f"By whom was pier {n} made?"),
        other=(f"When was pier {n} built?", f"Who paid for pier {n}?"),
    )
    for n in range(6)
]


@pytest.fixture(scope="module")
def windows():
    return read_paraphrases(GROUPS, seed=1)


def test_a_wording_is_marked_where_it_asks_the_same_and_nowhere_else(windows):
    same = {group.id: set(group.same) for group in GROUPS}
    for window in windows:
        for wording, label in zip(window.sentences, window.labels, strict=True):
            asks_the_same = {wording, window.question} <= same[window.question_id] and wording != window.question
            assert label == asks_the_same, (window.question, wording)


def test_a_window_holds_each_wording_once_and_never_the_question_itself(windows):
    for window in windows:
        assert window.question not in window.sentences
        assert len(set(window.sentences)) == len(window.sentences) <= MAX_WORDINGS + 1


def test_windows_are_of_one_document_and_marked_as_wordings(windows):
    document = {wording: g.document for g in GROUPS for wording in (*g.same, *g.other)}
    assert {document[wording] == window.group for window in windows for wording in window.sentences} == {True}
    assert {window.marker for window in windows} == {WORDING_MARKER}


def test_some_windows_hold_nothing_that_asks_the_same(windows):
    silent = sum(not any(window.labels) for window in windows)
    assert 0 < silent < len(windows)


def test_the_same_seed_gives_the_same_windows(windows):
    assert read_paraphrases(GROUPS, seed=1) == windows
    assert read_paraphrases(GROUPS, seed=2) != windows


def test_every_group_of_the_data_set_is_of_a_training_question_and_no_wording_is_both():
    lines = (MINUTES / "train.jsonl").read_text(encoding="utf-8").splitlines()
    asked = {entry["id"]: entry for entry in map(json.loads, lines)}
    groups = read_groups(MINUTES / "paraphrases.jsonl")

    assert len(groups) == 1050
    for group in groups:
        assert group.document == asked[group.id]["document"]
        assert group.same[0] == asked[group.id]["turns"][-1]
        assert (len(group.same), len(group.other)) == (5, 3)
        assert not set(group.same) & set(group.other)
