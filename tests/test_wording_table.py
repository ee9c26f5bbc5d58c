"""The table of wordings: how alike a question is to them by letters, and what words they share."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.wordings import WordingTable

WORDINGS = ("Who built the pier?", "Which builders made the pier?", "When did the harbour close?", "?!")
OWNER = (0, 0, 1, 2)


@pytest.fixture(scope="module")
def shares():
    return WordingTable.build(WORDINGS, OWNER).shares


def test_a_wording_asked_again_is_shared_whole_both_ways(shares):
    of_asked, of_wording = shares("Which builders made the pier?")

    assert (of_asked[0], of_wording[0]) == (pytest.approx(1.0), pytest.approx(1.0))
    assert (of_asked[1], of_wording[1]) == (0.0, 0.0)


def test_words_of_several_wordings_of_one_entry_count_together(shares):
    of_asked, of_wording = shares("Who built it, which builders?")

    assert of_asked[0] == pytest.approx(1.0)
    assert 0 < of_wording[0] < 1


def test_an_unknown_word_takes_from_what_is_asked_and_not_from_the_wording(shares):
    of_asked, of_wording = shares("When did the harbour close, zebrafish?")

    assert 0 < of_asked[1] < 1
    assert of_wording[1] == pytest.approx(1.0)


def test_a_rare_word_weighs_more_than_a_common_one():
    shares = WordingTable.build(("pier red", "pier blue", "pier green"), range(3)).shares

    of_asked, _ = shares("pier red")

    assert of_asked[0] - of_asked[1] > of_asked[1]


@pytest.mark.parametrize("question", ["", "?!", "\u202e", "12 %", "и в"])
def test_what_has_no_words_shares_nothing_of_any_wording(shares, question):
    of_asked, of_wording = shares(question)

    assert of_asked.max() == of_wording.max() == 0.0


def test_no_entries_have_no_shares():
    of_asked, of_wording = WordingTable.build((), ()).shares("Who built the pier?")

    assert (of_asked.shape, of_wording.shape) == ((0,), (0,))


@given(question=st.text(max_size=80))
def test_shares_are_numbers_between_nought_and_one(shares, question):
    for found in shares(question):
        assert found.shape == (3,)
        assert np.all((found >= 0) & (found <= 1 + 1e-9))


def test_letters_find_the_wording_through_a_typing_error_and_an_inflection():
    table = WordingTable.build(
        ("Who built the pier?", "When did the harbour close?", "Когда закрыли гавань?"), range(3)
    )

    assert table.letters("Who built the pier?")[0] == pytest.approx(1.0, abs=1e-6)
    assert int(np.argmax(table.letters("when did teh harbuor closed"))) == 1
    assert int(np.argmax(table.letters("Закрыта ли гавань?"))) == 2
    assert table.letters("zzzz qqqq").max() == 0.0


@given(question=st.text(max_size=80))
def test_saved_and_loaded_a_table_says_the_same(tmp_path_factory, question):
    path = tmp_path_factory.mktemp("table") / "wordings.npz"
    table = WordingTable.build(WORDINGS, OWNER)
    table.save(path)
    loaded = WordingTable.load(path)

    assert loaded.letters(question).tolist() == table.letters(question).tolist()
    for mine, its in zip(table.shares(question), loaded.shares(question), strict=True):
        assert mine.tolist() == its.tolist()
    assert loaded.best(np.array([0.1, 0.4, -1.0, 0.2])).tolist() == [0.4, 0.0, 0.2]


def test_a_table_of_nothing_can_be_saved_and_loaded(tmp_path):
    WordingTable.build((), ()).save(tmp_path / "wordings.npz")

    assert WordingTable.load(tmp_path / "wordings.npz").letters("Who?").shape == (0,)
