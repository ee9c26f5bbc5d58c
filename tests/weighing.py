"""A ranker whose scores a person can add up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.ranking import Ranker


def weigh(signals: Sequence[str], b: float = 0.0, **weights: float) -> Ranker:
    """Return the ranker that adds up ``b`` and the named signals, each times its weight; the others do not count."""
    n = len(signals)
    zeros = np.zeros(n, dtype=np.float32)
    assert set(weights) <= set(signals)
    return Ranker(
        signals=tuple(signals),
        mean=zeros,
        scale=zeros + 1,
        w1=np.zeros((n, 1), dtype=np.float32),
        b1=np.zeros(1, dtype=np.float32),
        w2=np.zeros(1, dtype=np.float32),
        w=np.array([weights.get(signal, 0.0) for signal in signals], dtype=np.float32),
        b=b,
    )
