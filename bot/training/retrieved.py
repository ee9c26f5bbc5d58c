"""Windows as the reader meets them: the places that retrieval puts first, right or wrong.

A reader that has seen but places chosen by chance, or by words in common, does not learn what retrieval cannot tell.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from bot.ranking import Ranker
from bot.retrieval import N_WINDOWS, Retriever, choose_places
from bot.training.collections import Asked, Studied, query, study_minutes
from bot.training.examples import Window, window_at
from bot.windows import window_around
from embeddings.encoder import Encoder


def read_retrieved(folder: Path, split: str, encoder: Encoder, ranker: Ranker, seed: int = 0) -> list[Window]:
    """Return for each question of a split the windows that retrieval would have read, and one that answers."""
    rng = random.Random(seed)
    return [
        window
        for studied in study_minutes(folder, split, encoder, together=False)
        for asked in studied.asked
        for window in _windows(studied, asked, encoder, ranker, rng)
    ]


def _windows(
    studied: Studied,
    asked: Asked,
    encoder: Encoder,
    ranker: Ranker,
    rng: random.Random,
) -> Iterator[Window]:
    gold = frozenset().union(*asked.gold)
    if not gold and asked.kind not in ("none", "false"):
        return  # its gold was not found: nothing can be learned from it
    units = studied.index.units
    retriever = Retriever(units, studied.signals, ranker, None, None)
    question = query(asked)
    reading = studied.reader.read(question)
    vector = encoder.encode_questions([reading.text])[0]
    ranked = retriever.rank(reading, vector)
    centers = choose_places(ranked.numbers, ranked.fused, N_WINDOWS)
    if gold and not any(gold & set(window_around(units, center)) for center in centers):
        centers.append(rng.choice(sorted(gold)))
    for center in centers:
        yield window_at(units, center, gold, question, studied.name, "retrieved", asked.id)
