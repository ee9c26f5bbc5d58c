"""A quotation's words beside the record's."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quoting.alignment import Change, find_changes, find_stretches, matched
from bot.quoting.quoted_words import Quoted

NUMBERS = st.lists(st.integers(0, 6), min_size=1, max_size=12)
WORDS = st.lists(st.sampled_from(["we", "We", "go", "dual-use", "dualuse", "5%", "6%", "not"]), min_size=1, max_size=10)


def changes(quoted, record):
    return find_changes(Quoted(quoted).plain, [word.form for word in Quoted(record).plain])


@pytest.mark.parametrize(
    ("quoted", "record", "expected"),
    [
        ("we go home", "we go home", [("same", "we go home", "we go home")]),
        ("We go", "we go", [("same", "we go", "We go")]),  # the first letter may turn
        ("we go", "we do not go", [("same", "we", "we"), ("dropped", "do not", ""), ("same", "go", "go")]),
        ("we may go", "we go", [("same", "we", "we"), ("added", "", "may"), ("same", "go", "go")]),
        ("by 6% now", "by 5% now", [("same", "by", "by"), ("changed", "5%", "6%"), ("same", "now", "now")]),
        (
            "the us forces",
            "the US forces",
            [("same", "the", "the"), ("case", "US", "us"), ("same", "forces", "forces")],
        ),
        ("we resign", "we re-sign", [("same", "we", "we"), ("changed", "re-sign", "resign")]),
        ("we [all] go", "we go", [("same", "we", "we"), ("inserted", "", "all"), ("same", "go", "go")]),
        ("[Ada] goes", "She goes", [("inserted", "She", "Ada"), ("same", "goes", "goes")]),
        ("and [we] go", "and We go", [("same", "and", "and"), ("case", "We", "we"), ("same", "go", "go")]),
        ("and [w]e go", "and We go", [("same", "and We go", "and we go")]),
    ],
)
def test_changes_are_told_word_by_word(quoted, record, expected):
    assert changes(quoted, record) == [Change(kind=kind, record=r, quoted=q) for kind, r, q in expected]


@given(quoted=WORDS, record=WORDS)
def test_the_changes_read_as_the_record_and_as_the_quotation(quoted, record):
    found = changes(" ".join(quoted), " ".join(record))

    assert " ".join(filter(None, (change.record for change in found))) == " ".join(record)
    assert " ".join(filter(None, (change.quoted for change in found))) == " ".join(quoted)
    assert all(a.kind != b.kind for a, b in itertools.pairwise(found))


def test_what_is_marked_is_known():
    marked = [change.marked for change in changes("we [all] go 6%", "we go 5%")]

    assert marked == [True, True, True, False]


@given(quoted=NUMBERS, record=NUMBERS)
def test_matched_words_are_the_same_in_both(quoted, record):
    for a, b, length in matched(np.array(quoted), np.array(record)):
        assert quoted[a : a + length] == record[b : b + length]


def best_by_hand(quoted, record):
    """Lay all of ``quoted`` along any stretch of ``record``, by cells: a word in both earns 40, any other costs 20."""
    row = [0] * (len(record) + 1)
    for key in quoted:
        following = [row[0] - 20]
        for n, other in enumerate(record):
            following.append(max(row[n] + (40 if key == other else -20), row[n + 1] - 20, following[n] - 20))
        row = following
    return max(row)


@given(quoted=NUMBERS, records=st.lists(NUMBERS, min_size=1, max_size=3))
def test_the_stretch_found_is_the_likest(quoted, records):
    windows = [np.array(record, dtype=np.int32) for record in records]

    found = find_stretches(np.array(quoted), windows, np.full(len(quoted), 4.0))

    for (score, start, end), record in zip(found, records, strict=True):
        assert score == best_by_hand(quoted, record)
        assert 0 <= start <= end <= len(record)
        assert best_by_hand(quoted, record[start:end]) == score


def test_a_rare_word_is_worth_more_than_a_common_one():
    windows = [np.array([1, 2, 3, 9, 9, 9, 9, 7, 8])]

    assert find_stretches(np.array([1, 5, 7]), windows, np.array([2.0, 2.0, 9.0]))[0] == (50, 5, 8)
    assert find_stretches(np.array([1, 5, 7]), windows, np.array([9.0, 2.0, 2.0]))[0] == (50, 0, 1)
