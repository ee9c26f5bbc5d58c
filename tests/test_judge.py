"""What a quotation is judged by: the best of its own sentences that was found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.abstention import JUDGED, Judge
from bot.evidence import Region, RegionText
from bot.ranking import Ranker
from bot.reading import QuestionReader
from bot.retrieval import Found
from bot.signals import SIGNALS

FOUND = Found(
    numbers=np.array([5, 6, 9]),
    scores=np.array([1.0, 0.5, 2.0], dtype=np.float32),
    fused=np.zeros(3, dtype=np.float32),
    signals=np.zeros((3, 1), dtype=np.float32),
    read=np.zeros((3, 1), dtype=np.float32),
)

NOTHING = Ranker(
    signals=JUDGED, mean=np.zeros(1), scale=np.ones(1), w1=np.zeros((1, 1)), b1=np.zeros(1), w2=np.zeros(1),
    w=np.zeros(1), b=0.0,
)  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "row"),
    [
        (4, 7, 0),
        (6, 6, 1),
        (6, 9, 2),
    ],
)
def test_a_quotation_is_judged_by_its_best_sentence(first, last, row):
    assert Judge.best_row(FOUND, Region(first=first, last=last, score=0.0)) == row


@pytest.mark.parametrize(
    ("question", "names", "years"),
    [
        ("When did Captain Brandt see the wreck?", 0, 0),
        ("When did Captain Voss see the wreck?", 1, 0),
        ("Did Brandt see the wreck in 1921?", 0, 0),
        ("Did Voss of Tromso see the wreck in 1924?", 2, 1),
        ("who saw it in 1921 or 1922?", 0, 1),
        ("Did Voss stay in 1924, and did Voss leave in 1925?", 1, 1),
        ("Did Voss or Holm or Berg or Lind see the wreck?", 3, 0),
        ("Wann sah der Kapitän das Wrack von Holm und Berg?", 0, 0),
    ],
)
def test_names_and_years_that_stand_nowhere_around_a_quotation_are_counted(seeds, question, names, years):
    judge = Judge(seeds, NOTHING)
    found = replace(FOUND, signals=np.zeros((3, len(SIGNALS)), np.float32), read=np.zeros((3, 5), np.float32))
    text = RegionText(
        words="He saw it.", passage="He saw it.", around="May 4, 1921: log Captain Brandt saw it. He saw it."
    )

    row = dict(zip(JUDGED, judge.judged(QuestionReader(seeds).read(question), found, text, 0), strict=True))

    assert (row["missing_names"], row["missing_years"]) == (names, years)
