"""Choosing: linked words, words found, or silence, with rankers that add up what they are told to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.choosing import (
    LINKED,
    NOTHING,
    REGION,
    SILENCE,
    SURE,
    Chooser,
    Proposal,
    linked_rows,
    region_row,
    silence_row,
)
from bot.curated import Match
from bot.evidence import Region
from embeddings.documents import Span
from embeddings.questions import CuratedQuestion
from tests.weighing import weigh


def match(number, log_odds, *sentences, similarity=0.5):
    """Return a match answered by ``sentences``, or by nothing where there are none."""
    question = CuratedQuestion(
        number=number,
        wordings=("?",),
        answers=(("a", Span(number, number + 1)),) if sentences else (),
        reason=None if sentences else "not-stated",
        signed="x",
    )
    return Match(question=question, log_odds=log_odds, similarity=similarity, sentences=frozenset(sentences))


def proposal(log_odds, first=5, last=6, unknown=0.25):
    return Proposal(region=Region(first=first, last=last, score=0.0), log_odds=log_odds, unknown_terms=unknown)


@pytest.fixture
def chooser():
    return Chooser(
        linked=weigh(LINKED, likeness=1.0), region=weigh(REGION, found=1.0), silence=weigh(SILENCE, silent=1.0)
    )


def test_without_curated_questions_what_was_found_is_all(chooser):
    choice = chooser.choose((), proposal(1.0))

    assert (choice.match, choice.silent) == (None, False)
    assert choice.probability == pytest.approx(1 / (1 + np.exp(-1)))


def test_the_likelier_of_linked_words_and_words_found_is_chosen(chooser):
    best, next_best = match(1, 2.0, 1), match(2, 1.0, 2)

    assert chooser.choose((best, next_best), proposal(1.5)).match is best
    assert chooser.choose((best, next_best), proposal(2.5)).match is None
    assert chooser.choose((best, next_best), proposal(2.5)).probability == pytest.approx(1 / (1 + np.exp(-2.5)))


def test_silence_is_kept_when_it_is_likelier_than_any_words(chooser):
    answered, silent = match(1, 1.0, 1), match(2, 1.5)

    choice = chooser.choose((silent, answered), proposal(0.0))

    assert (choice.match, choice.silent) == (silent, True)
    assert not chooser.choose((silent, answered), proposal(1.6)).silent


def test_a_silence_that_is_unlikely_gives_no_reason(chooser):
    silent = match(2, -0.5)

    choice = chooser.choose((silent,), proposal(-2.0))

    assert (choice.match, choice.silent) == (None, True)


def test_the_first_match_is_sure_when_it_was_asked_in_its_own_words(chooser):
    silent = match(1, -3.0, similarity=0.99)

    assert chooser.sure((silent, match(2, 5.0, 1)), 0.0) is silent


def test_an_answered_match_is_sure_when_it_is_likely_enough_and_comes_first(chooser):
    enough = float(np.log(SURE / (1 - SURE))) + 0.01
    likely, unlikely, silent = match(1, enough, 1), match(1, enough - 0.02, 1), match(2, enough + 1)

    assert chooser.sure((likely, match(3, 0.0, 2)), 0.0) is likely
    assert chooser.sure((unlikely,), 0.0) is None
    assert chooser.sure((silent, likely), 0.0) is None
    assert chooser.sure((silent,), 0.0) is None
    assert chooser.sure((), 0.0) is None


def test_each_answered_match_is_weighed_beside_the_others():
    first, second, third, silent = match(1, 2.0, 1), match(2, 1.0, 1), match(3, 0.5, 2), match(4, 0.25)

    rows = linked_rows((first, second, third, silent), 0.75)

    assert rows.tolist() == [
        [2.0, 1.0, 0.5, 0.25, 0.0, 0.75],
        [1.0, 2.0, 0.5, 0.25, 1.0, 0.75],
        [0.5, NOTHING, 2.0, 0.25, 1.5, 0.75],
    ]
    assert linked_rows((silent,), 0.75).shape == (0, len(LINKED))


def test_words_found_are_weighed_beside_those_linked_to_them_and_to_others():
    inside, outside, silent = match(1, 2.0, 6), match(2, 1.0, 7), match(3, 0.5)

    assert region_row((inside, outside, silent), proposal(3.0)).tolist() == [3.0, 2.0, 1.0, 0.5, 0.25]
    assert region_row((), proposal(3.0)).tolist() == [3.0, NOTHING, NOTHING, NOTHING, 0.25]


def test_silence_is_weighed_by_all_that_speaks_for_and_against_it():
    matches = (match(1, 2.0, similarity=0.6), match(2, 1.0, 1, similarity=0.7), match(3, 0.5), match(4, 0.0, 2))

    row = silence_row(matches, proposal(3.0), 1.25, -1.0)

    assert row.tolist() == pytest.approx([2.0, 0.5, 0.5, 1.0, 0.7, 3.0, 0.25, 1.25, -1.0])


@given(
    odds=st.lists(st.floats(-9, 9, width=32), max_size=6),
    quiet=st.lists(st.booleans(), min_size=6, max_size=6),
    found=st.floats(-9, 9, width=32),
)
def test_a_choice_is_silent_or_has_words(odds, quiet, found):
    chooser = Chooser(
        linked=weigh(LINKED, likeness=1.0), region=weigh(REGION, found=1.0), silence=weigh(SILENCE, silent=1.0)
    )
    matches = tuple(match(n, score, *([] if quiet[n] else [n])) for n, score in enumerate(odds))

    choice = chooser.choose(matches, proposal(found))

    assert 0 <= choice.probability <= 1
    if choice.match is not None:
        assert choice.silent is not bool(choice.match.question.answers)
