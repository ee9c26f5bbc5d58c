"""Shares of words: what of a question some wordings say, and what of a wording the question says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shares import WordShares

WORDINGS = ("Who built the pier?", "Which builders made the pier?", "When did the harbour close?", "?!")
OWNER = np.array([0, 0, 1, 2], dtype=np.int64)


@pytest.fixture(scope="module")
def shares() -> WordShares:
    return WordShares(WORDINGS, OWNER, 3)


def test_a_wording_asked_again_is_shared_whole_both_ways(shares):
    of_asked, of_wording = shares.compare("Which builders made the pier?")

    assert (of_asked[0], of_wording[0]) == (pytest.approx(1.0), pytest.approx(1.0))
    assert (of_asked[1], of_wording[1]) == (0.0, 0.0)


def test_words_of_several_wordings_of_one_entry_count_together(shares):
    of_asked, of_wording = shares.compare("Who built it, which builders?")

    assert of_asked[0] == pytest.approx(1.0)
    assert 0 < of_wording[0] < 1


def test_an_unknown_word_takes_from_what_is_asked_and_not_from_the_wording(shares):
    of_asked, of_wording = shares.compare("When did the harbour close, zebrafish?")

    assert 0 < of_asked[1] < 1
    assert of_wording[1] == pytest.approx(1.0)


def test_a_rare_word_weighs_more_than_a_common_one():
    shares = WordShares(("pier red", "pier blue", "pier green"), np.arange(3), 3)

    of_asked, _ = shares.compare("pier red")

    assert of_asked[0] - of_asked[1] > of_asked[1]


@pytest.mark.parametrize("question", ["", "?!", "\u202e", "12 %", "и в"])
def test_what_has_no_words_shares_nothing_of_any_wording(shares, question):
    of_asked, of_wording = shares.compare(question)

    assert of_asked.max() == of_wording.max() == 0.0


def test_no_entries_have_no_shares():
    of_asked, of_wording = WordShares((), np.zeros(0, dtype=np.int64), 0).compare("Who built the pier?")

    assert (of_asked.shape, of_wording.shape) == ((0,), (0,))


@given(question=st.text(max_size=80))
def test_shares_are_numbers_between_nought_and_one(shares, question):
    for found in shares.compare(question):
        assert found.shape == (3,)
        assert np.all((found >= 0) & (found <= 1 + 1e-9))
