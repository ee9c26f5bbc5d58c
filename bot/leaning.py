"""Weigh the two wordings of a follow-up, by itself and joined with the question before it, by what they find."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from bot.nearness import ASKED_PLACE, SAME_DOCUMENT
from bot.reading import Reading
from bot.retrieval import Ranked, Retriever
from embeddings.encoder import Vectors

# Log-odds that a question leans: of its words (`bot.followups`), and of how far the best sentence near the last answer
# falls behind the best of all when the bare question is searched for, fitted together on the minutes' training split.
# The area under the curve on the validation split is 0.997, and 0.996 by words alone; on short questions to a small
# collection the second part is what tells them apart.
ODDS = 3.87
WEIGHT_OF_WORDS = 2.76
WEIGHT_OF_GAP, MAX_GAP = 0.52, 10.0
MAX_WEIGHT = 0.7  # of the joined wording in the ranking: all of it would find again what the question before asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A question as read, and its encoding: float32, (dim,), unit."""

    reading: Reading
    vector: Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """The wording by which a follow-up is read on, whether that is the joined one, and its sentences so far.

    ``probability``: that it leans; ``near``: log-odds by unit number, what the last answer's place lends;
    ``pointed``: log-odds by unit number of the place that the question asks for, to be added after reading: who replied
    is told by where the words stand, and not by what they say.
    """

    bare: Wording
    joined: Wording
    probability: float
    near: Mapping[int, float]
    ranked: Ranked
    pointed: Mapping[int, float]

    @property
    def leans(self) -> bool:
        """Whether the question is read on joined with the one before it."""
        return self.probability >= 0.5

    @property
    def wording(self) -> Wording:
        """Return the wording by which it is read on."""
        return self.joined if self.leans else self.bare


def weigh(retriever: Retriever, bare: Wording, joined: Wording, odds: float, near: Mapping[int, float]) -> Leaning:
    """Rank the sentences for both wordings; ``odds``: that it leans, by its words; ``near``: what its place lends."""
    numbers = np.union1d(
        retriever.candidates(bare.reading, bare.vector), retriever.candidates(joined.reading, joined.vector)
    )
    close = [number for number, lent in near.items() if lent > SAME_DOCUMENT]
    numbers = np.union1d(numbers, np.array(close, dtype=np.int64))
    alone = retriever.rank(bare.reading, bare.vector, numbers)
    together = retriever.rank(joined.reading, joined.vector, numbers)
    beside = np.isin(numbers, close)
    gap = min(MAX_GAP, float(alone.fused.max() - alone.fused[beside].max())) if beside.any() else MAX_GAP
    probability = 1 / (1 + math.exp(-(ODDS + WEIGHT_OF_WORDS * odds - WEIGHT_OF_GAP * gap)))
    weight = min(probability, MAX_WEIGHT)
    lent = np.array([near.get(int(number), 0.0) for number in numbers], dtype=np.float32)
    fused = np.asarray(weight * together.fused + (1 - weight) * alone.fused + probability * lent, dtype=np.float32)
    signals = (together if probability >= 0.5 else alone).signals
    return Leaning(
        bare=bare,
        joined=joined,
        probability=probability,
        near=near,
        ranked=Ranked(numbers=numbers, signals=signals, fused=fused),
        pointed={number: probability * log_odds for number, log_odds in near.items() if log_odds == ASKED_PLACE},
    )
