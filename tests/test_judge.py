"""What a quotation is judged by: the best of its own sentences that was found."""

from __future__ import annotations

import numpy as np
import pytest

from bot.abstention import Judge
from bot.evidence import Region
from bot.retrieval import Found

FOUND = Found(
    numbers=np.array([5, 6, 9]),
    scores=np.array([1.0, 0.5, 2.0], dtype=np.float32),
    fused=np.zeros(3, dtype=np.float32),
    signals=np.zeros((3, 1), dtype=np.float32),
    read=np.zeros((3, 1), dtype=np.float32),
)


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
