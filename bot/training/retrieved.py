"""Windows as the reader meets them: those that retrieval chooses, right or wrong.

A reader that has seen but windows chosen by chance, or by words in common, does not learn what retrieval cannot tell.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from bot.ranking import Ranker
from bot.retrieval import Retriever, choose_windows
from bot.training.collections import Asked, Studied, query, study_minutes
from bot.training.examples import Window, window_of
from bot.windows import window_around
from embeddings.encoder import Encoder


def read_retrieved(folder: Path, split: str, encoder: Encoder, ranker: Ranker, seed: int = 0) -> list[Window]:
    """Return for each question of a split the windows that would be read of all its documents, and one that answers."""
    rng = random.Random(seed)
    studied = study_minutes(folder, split, encoder)
    return [window for asked in studied.asked for window in _windows(studied, asked, encoder, ranker, rng)]


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
    windows = choose_windows(units, ranked.numbers, ranked.fused)
    if gold and not any(gold & set(window) for window in windows):
        windows.append(window_around(units, rng.choice(sorted(gold))))
    for window in windows:
        yield window_of(units, window, gold, question, asked.document or studied.name, "retrieved", asked.id)
