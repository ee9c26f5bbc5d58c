"""Typing errors are mended by the collection's words first, and nothing else is touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering import Answerer
from bot.answers import Answer
from bot.spelling import Speller
from embeddings.collection import load_collection

TEXT = "The committee met. The committee read a volume on negotiations. A comittal was read once. Nothing was paid."
NAMES = {"perkins": "Perkins", "ralph perkins": "Perkins", "перкинс": "Perkins", "shaw": "Shaw"}
ENGLISH = frozenset("the what of did say about chair chairs safety shaft touch touches vienna".split())


@pytest.fixture
def speller(make_collection):
    return Speller(load_collection(make_collection({"a.txt": TEXT})), NAMES, ENGLISH)


@pytest.fixture(scope="module")
def seeds_speller(seeds):
    return Speller(seeds, {}, ENGLISH)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("comittee", "committee"),  # dropped; the word that stands more often wins
        ("comimttee", "committee"),  # swapped
        ("volumme", "volume"),  # doubled
        ("volune", "volume"),  # a neighbour on the keyboard
        ("ovlume", "volume"),  # the first letter
        ("COMITTEE", "committee"),
        ("neogtiatiosn", "negotiations"),  # two errors in a long word
        ("saftey", "safety"),  # what only the encoder knows
        ("Perknis", "Perkins"),
        ("perkins", "Perkins"),
        ("Перкинс", "Perkins"),
    ],
)
def test_an_error_is_mended(speller, typed, mended):
    assert speller.spell(f"What of {typed}?") == f"What of {mended}?"


@pytest.mark.parametrize(
    "word",
    [
        "volume",
        "volumes",  # inflected
        "touching",  # inflected, and known to the encoder only
        "rad",  # too short
        "vlm",
        "SHAFR",  # a name that nobody knows is no misspelled word
        "Viena",
        "шафт",
        "état",
        "covvolumme",  # two errors too far from a word
        "cammitttea",
        "1943",
        "re4d",
        "",
    ],
)
def test_what_is_no_error_or_too_far_from_any_word_is_left_alone(speller, word):
    assert speller.spell(f"What of {word}?") == f"What of {word}?"


@given(text=st.text(alphabet="what of the (comite)\u202e\u0301\0-é漢\n 1", max_size=60))
def test_what_stands_between_words_is_kept(seeds_speller, text):
    assert re.findall(r"\W", seeds_speller.spell(text)) == re.findall(r"\W", text)


def test_a_collection_without_words_mends_by_what_the_encoder_knows(make_collection):
    speller = Speller(load_collection(make_collection({"a.txt": "..."})), {}, ENGLISH)

    assert speller.spell("saftey comittee") == "safety comittee"


def test_what_is_quoted_stands_as_it_is_in_the_record_however_it_was_asked_for(answerer: Answerer):
    outcome = answerer.answer("What did Akhromeyev say about lazer binoculers?")

    assert isinstance(outcome, Answer)
    assert outcome.question == "What did Akhromeyev say about lazer binoculers?"
    for citation in outcome.citations:
        assert answerer.collection.document(citation.document_id).text[citation.start : citation.end] == citation.exact


@pytest.mark.parametrize(
    "question",
    ["Wer nahm an der Sitzung teil?", "Was hat er über das Volumen gesagt?", "Qui était à la commitee ?"],
)
def test_words_of_another_language_are_no_typing_errors(speller, question):
    assert speller.spell(question) == question


def test_names_are_mended_in_every_language(speller):
    assert speller.spell("Was hat Perknis über die Sitzung gesagt?") == "Was hat Perkins über die Sitzung gesagt?"
    assert speller.spell("Что сказал Перкинс о заседании?") == "Что сказал Perkins о заседании?"
