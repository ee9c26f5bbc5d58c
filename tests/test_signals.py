"""Signals of a sentence's document, and of a sentence that only repeats the question."""

from __future__ import annotations

import numpy as np
import pytest

from bot.reading import QuestionReader
from bot.signals import SIGNALS, SignalReader
from embeddings.collection import load_collection
from embeddings.index import FaissIndex

HARBOUR = """Minutes of the Harbour Board

Valdrun, May 3, 1912

The chairman spoke of the budget. The dredger was sold to the town. Mr. Ambrose objected.
"""
SCHOOL = """Minutes of the School Board

Valdrun, June 9, 1934

The chairman spoke of the budget. A second stove was bought for the lower class. Miss Hale was thanked.
"""


@pytest.fixture
def signals_of(make_collection, encoder):
    collection = load_collection(make_collection({"harbour.txt": HARBOUR, "school.txt": SCHOOL}))
    index = FaissIndex.build(collection, encoder)
    signals, reader = SignalReader(collection, index), QuestionReader(collection)
    of_document = [collection.documents[unit.document].id for unit in index.units]

    def read(question, name):
        """Return a signal's values by document id and the sentence's text."""
        numbers = np.arange(len(index.units))
        rows = signals.read(reader.read(question), encoder.encode_questions([question])[0], numbers)
        values = rows[:, SIGNALS.index(name)].tolist()
        return {(d, unit.text): value for d, unit, value in zip(of_document, index.units, values, strict=True)}

    return read


def by_document(values):
    found = {}
    for (document, _), value in values.items():
        found.setdefault(document, set()).add(value)
    assert all(len(own) == 1 for own in found.values()), "one value a document"
    return {document: own.pop() for document, own in found.items()}


@pytest.mark.parametrize(
    ("question", "meant"),
    [
        ("What did the chairman of the harbour board say in 1912?", "harbour"),
        ("What did the chairman say in June 1934?", "school"),
    ],
)
def test_the_document_whose_head_holds_the_asked_words_stands_first(signals_of, question, meant):
    values = by_document(signals_of(question, "document_head"))
    assert values.pop(meant) == 0.0
    assert all(value < -0.2 for value in values.values())


def test_a_word_that_one_document_alone_holds_tells_for_it(signals_of):
    values = by_document(signals_of("What did the chairman say of the dredger?", "document_terms"))
    assert values["harbour"] == 0.0
    assert values["school"] < -0.2


@pytest.mark.parametrize("name", ["document_dense", "document_matches"])
def test_the_document_with_the_best_sentences_stands_first(signals_of, name):
    values = by_document(signals_of("Which stove was bought for the lower class?", name))
    assert values["school"] == 0.0
    assert values["harbour"] < 0.0


def test_words_that_all_documents_hold_alike_tell_for_none(signals_of):
    assert set(signals_of("budget", "document_terms").values()) == {0.0}
    assert set(signals_of("zeppelin", "document_head").values()) == {0.0}


def test_a_sentence_repeats_the_question_as_far_as_its_words_are_asked(signals_of):
    values = signals_of("What did the chairman of the board say about the budget he spoke of?", "repeats")
    assert values["school", "The chairman spoke of the budget."] == pytest.approx(1.0)
    assert values["harbour", "The dredger was sold to the town."] == 0.0
