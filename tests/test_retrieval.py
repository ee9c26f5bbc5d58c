"""Which windows are read closely: those whose sentences are together the likeliest to answer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.retrieval import N_WINDOWS, choose_windows
from bot.windows import window_around
from embeddings.collection import load_collection
from embeddings.units import read_units

SENTENCE = "This is a sentence of thirteen words in a record about nothing at all."


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    path = tmp_path_factory.mktemp("windows")
    (path / "documents").mkdir()
    for name in "ab":
        (path / "documents" / f"{name}.txt").write_text(" ".join([SENTENCE] * 40), encoding="utf-8")
    return read_units(load_collection(path))


def chosen(units, scores):
    numbers = np.array(sorted(scores), dtype=np.int64)
    return choose_windows(units, numbers, np.array([scores[n] for n in numbers.tolist()], dtype=np.float32))


def test_the_likeliest_sentence_is_read_first_where_it_outweighs_all_others(units):
    assert 20 in chosen(units, {2: 0.0, 20: 9.0, 60: 1.0})[0]


def test_several_likely_sentences_together_are_read_before_one_that_is_a_little_likelier(units):
    first, second = chosen(units, {10: 1.0, 11: 1.0, 12: 1.0, 60: 1.2})[:2]

    assert {10, 11, 12} <= set(first)
    assert 60 in second


def test_what_is_read_already_counts_no_more(units):
    windows = chosen(units, {10: 5.0, 12: 4.9, 30: -3.0, 50: -3.0, 70: -3.0, 79: -3.0})

    assert [next(n for n in (10, 30, 50, 70, 79) if n in window) for window in windows] == [10, 30, 50, 70, 79]


@pytest.mark.parametrize("n_scored", [1, 2])
def test_fewer_are_read_where_fewer_were_found(units, n_scored):
    assert len(chosen(units, {20 * n: 0.0 for n in range(n_scored)})) == n_scored


@given(st.dictionaries(st.integers(0, 79), st.floats(-30, 30, width=32), min_size=1, max_size=40))
def test_every_window_is_one_around_a_sentence_that_was_found(units, scores):
    windows = chosen(units, scores)

    assert 1 <= len(windows) <= N_WINDOWS
    assert len(set(windows)) == len(windows)
    assert all(window in [window_around(units, n) for n in scores] for window in windows)
    assert windows == chosen(units, scores)
