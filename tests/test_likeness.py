"""Likeness: what each column says of a curated question beside the asked one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.likeness import LIKENESS, Likeness
from bot.reading import QuestionReader
from embeddings.collection import load_collection
from embeddings.index import FaissIndex

TALK = """\
Captain Gray. The harbour has nine cranes. They were built by a firm in Leith.

Mayor Holt. Two of them are broken. We shall mend them in May.

Captain Gray. Thank you.
"""
MANIFEST = """\
[collection]
id = "talk"
title = "A talk"

[[document]]
id = "talk"
path = "documents/talk.txt"
title = "A talk"
genre = "transcript"
names = ["the talk"]

[[person]]
name = "Gray"
aliases = ["Captain Gray"]
speaks = true

[[person]]
name = "Holt"
aliases = ["Mayor Holt"]
speaks = true
"""
QUESTIONS = """\
signed = "the testers"

[[question]]
document = "talk"
wordings = ["How many cranes has the harbour?", "number of cranes"]
answers = ["The harbour has nine cranes."]

[[question]]
document = "talk"
wordings = ["Which cranes does the harbour have?"]
answers = ["The harbour has nine cranes.", "Two of them are broken."]

[[question]]
document = "talk"
wordings = ["What did Holt promise about the cranes?"]
answers = ["We shall mend them in May."]

[[question]]
document = "talk"
wordings = ["Who paid for the cranes?"]
reason = "not-stated"
"""


@pytest.fixture(scope="module")
def talk(tmp_path_factory):
    path = tmp_path_factory.mktemp("likeness")
    (path / "documents").mkdir()
    (path / "documents" / "talk.txt").write_text(TALK, encoding="utf-8")
    (path / "manifest.toml").write_text(MANIFEST, encoding="utf-8")
    (path / "questions.toml").write_text(QUESTIONS, encoding="utf-8")
    return load_collection(path)


@pytest.fixture(scope="module")
def ask(talk, encoder):
    likeness = Likeness(talk, FaissIndex.build(talk, encoder))
    reader = QuestionReader(talk, frozenset("number promise paid many which what about were sell".split()))

    def read(question, present=None):
        reading = reader.read(question)
        entries, rows = likeness.read(reading, encoder.encode([reading.text])[0], present)
        return {
            int(e) + 1: dict(zip(LIKENESS, map(float, row), strict=True)) for e, row in zip(entries, rows, strict=True)
        }

    return read


def test_a_wording_of_a_question_leads_the_others(ask):
    found = ask("How many cranes has the harbour?")

    assert next(iter(found)) == 1
    assert (found[1]["alike"], found[1]["gap"]) == (pytest.approx(1.0), 0.0)
    assert all(row["gap"] == pytest.approx(1 - row["alike"]) for row in found.values())


def test_questions_answered_by_the_same_sentence_speak_for_each_other(ask):
    found = ask("How many cranes has the harbour?")

    assert found[1]["agreeing"] == pytest.approx(found[2]["alike"])
    assert found[2]["agreeing"] == pytest.approx(found[1]["alike"])
    assert found[3]["agreeing"] == 0.0
    assert found[1]["lead"] == pytest.approx(1 - max(found[3]["alike"], found[4]["alike"]))
    assert found[1]["silent_lead"] == pytest.approx(1 - found[4]["alike"])
    assert found[4]["silent_lead"] == 0.0


def test_words_asked_for_and_words_added_are_weighed(ask):
    found = ask("Who paid for the harbour?")

    # "paid" stands in no wording of the second question, and "crane", which all have, weighs least.
    assert found[2]["missing_weight"] == 1.0
    assert found[4]["missing_weight"] < 1.0
    assert 0 < found[4]["added_weight"] < found[2]["added_weight"] + 1e-6
    assert found[1]["known"] == 1.0
    assert ask("Who sold zeppelins?")[1]["known"] == 0.0


def test_only_questions_with_answers_have_words_and_speakers(ask):
    found = ask("What did Gray say of the cranes in the talk?")

    assert [found[n]["has_answers"] for n in (1, 3, 4)] == [1.0, 1.0, 0.0]
    assert (found[1]["from_speaker"], found[1]["not_from_speaker"]) == (1.0, 0.0)
    assert (found[3]["from_speaker"], found[3]["not_from_speaker"]) == (0.0, 1.0)
    assert (found[4]["from_speaker"], found[4]["not_from_speaker"]) == (0.0, 0.0)
    assert (found[1]["in_item"], found[1]["out_of_item"]) == (1.0, 0.0)
    assert (found[4]["in_item"], found[4]["out_of_item"]) == (0.0, 0.0)
    assert found[1]["covered_words"] > 0


def test_words_without_a_quantity_are_marked_where_one_is_asked_for(ask):
    found = ask("How many cranes are there?")

    assert (found[1]["lacks_quantity"], found[3]["lacks_quantity"]) == (0.0, 1.0)


def test_wordings_that_are_not_present_leave_no_trace(ask):
    present = np.array([False, True, False, True, True])

    found = ask("How many cranes has the harbour?", present)

    assert set(found) == {1, 3, 4}
    assert found[1]["alike"] < 1
    assert found[1]["agreeing"] == 0.0


def test_questions_without_a_word_have_rows_without_gaps(ask):
    for question in ("?", "12 ...", "\u202eabc", "Кто?"):
        assert all(np.isfinite(list(row.values())).all() for row in ask(question).values())


@given(question=st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and "\0" not in text))
def test_the_most_alike_come_first(ask, question):
    alike = [row["alike"] for row in ask(question).values()]

    assert alike == sorted(alike, reverse=True)
    assert len(alike) == 4
