"""Linked words: whole sentences, joined where they stand together, none too short to be understood."""

from __future__ import annotations

import pytest

from bot.citations import cite
from bot.linking import MAX_SENTENCE_WORDS, MAX_WITH_NEIGHBOUR, MAX_WORDS, MIN_WORDS, linked_evidence
from embeddings.collection import load_collection
from embeddings.parsing import find_words

LONG = f"The commission shall meet {' '.join(['again'] * MAX_SENTENCE_WORDS)} and then be dissolved."
TEXT = f"""\
HARBOUR OFFICE

The harbour was closed in March, after the second storm of that year had broken the pier. It was opened in May. \
Nobody was hurt, though three boats that lay at the pier were lost with all their nets and gear. \
The pilot, who had seen the storm coming, moved to Odessa with his family in the summer after it.

{LONG}

- Ropes
- Nets
"""


@pytest.fixture
def quote(make_collection):
    """Return ``quote(*words)``: what is quoted where the editors linked these words, best first."""
    collection = load_collection(make_collection({"harbour.txt": TEXT}))
    document = collection.document("harbour")

    def quoted(*words, wants_list=False):
        answers = [("harbour", find_words(document.text, each)) for each in words]
        found = linked_evidence(collection, answers, 0.5, wants_list=wants_list)
        for evidence in found:
            cite(collection, evidence.document_id, evidence.span, evidence.score)  # it can be quoted
        return [document.words(evidence.span) for evidence in found]

    return quoted


def test_words_of_a_sentence_are_quoted_with_the_sentence(quote):
    assert quote("in March") == [
        "The harbour was closed in March, after the second storm of that year had broken the pier."
    ]


def test_a_very_short_sentence_is_quoted_with_the_one_before_it(quote):
    (words,) = quote("It was opened in May.")

    assert words.startswith("The harbour was closed")
    assert words.endswith("It was opened in May.")
    assert MIN_WORDS <= len(words.split()) <= MAX_WITH_NEIGHBOUR


def test_sentences_that_nearly_meet_are_quoted_as_one_where_the_first_stood(quote):
    pilot, closed = "moved to Odessa", "closed in March"

    assert quote(pilot, "Nobody was hurt") == [
        "Nobody was hurt, though three boats that lay at the pier were lost with all their nets and gear. "
        "The pilot, who had seen the storm coming, moved to Odessa with his family in the summer after it."
    ]
    assert len(quote(pilot, closed)) == 2
    assert len(quote(pilot, closed, "Nobody was hurt")) == 1


def test_a_sentence_too_long_to_be_quoted_whole_is_quoted_as_linked(quote):
    assert quote("and then be dissolved") == ["and then be dissolved"]


def test_headings_and_list_entries_take_no_neighbour(quote):
    assert quote("HARBOUR") == ["HARBOUR OFFICE"]
    assert quote("Nets") == ["Nets"]


def test_one_word_linked_twice_is_quoted_once(quote):
    assert quote("Nets", "Nets") == ["Nets"]


def test_only_as_many_as_fit_are_quoted_unless_a_list_is_asked_for(quote):
    words = ["closed in March", LONG.strip("."), "moved to Odessa"]

    assert len(" ".join(quote(*words)).split()) <= MAX_WORDS < len(" ".join(quote(*words, wants_list=True)).split())
    assert len(quote(*words, wants_list=True)) == len(words)
