"""How far up the answering sentence stands at each step, on the minutes: ``python -m tests.benchmarks.retrieval``.

Of the answerable questions of a split, each asked of all its documents, a follow-up joined with the question before it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import numpy as np

from bot.loading import load_answerer
from bot.retrieval import N_WINDOWS, Retriever, choose_windows
from bot.settings import read_settings
from bot.training.collections import Asked, Studied, query, study_minutes
from embeddings.encoder import DEFAULT_ENCODER, Encoder, Vectors, load_encoder
from embeddings.encoders import choose_encoder
from embeddings.index import Grain
from tests.benchmarks.quality import MINUTES

FIRST = (1, 5, 20)  # ranks


def main() -> None:
    """Print a row a step: the share of questions whose answering sentence is among the first so many."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("split", nargs="?", default="test", choices=("test", "validation", "invented_test"))
    split = parser.parse_args().split
    cache_path = read_settings().cache_path
    encoder, plain = choose_encoder(DEFAULT_ENCODER, cache_path), load_encoder(DEFAULT_ENCODER, cache_path)
    studied = study_minutes(MINUTES, split, encoder)
    asked = [a for a in studied.asked if a.gold]
    retriever = load_answerer(read_settings(collection_path=MINUTES / split)).retriever
    ranks: dict[str, list[float]] = {}
    for number, one in enumerate(asked, start=1):
        for step, rank in _ranks(studied, retriever, one, encoder, plain):
            ranks.setdefault(step, []).append(rank)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{number} of {len(asked)} ")
    sys.stdout.write(f"| {len(asked)} questions, {len(studied.index.units)} sentences | ")
    sys.stdout.write(" | ".join(f"first {n}" for n in FIRST) + " | mean reciprocal rank |\n|---|---|---|---|---|\n")
    for step, found in ranks.items():
        shares = [np.mean(np.array(found) <= n) for n in FIRST]
        sys.stdout.write(
            f"| {step} | " + " | ".join(f"{x:.3f}" for x in (*shares, np.mean(1 / np.array(found)))) + " |\n"
        )


def _ranks(
    studied: Studied, retriever: Retriever, asked: Asked, encoder: Encoder, plain: Encoder
) -> Iterator[tuple[str, float]]:
    """Yield the rank of the best answering sentence by every step, infinite where a step does not give it at all."""
    gold = frozenset().union(*asked.gold)
    reading = studied.reader.read(query(asked))
    vector, plain_vector = (e.encode_questions([reading.text])[0] for e in (encoder, plain))
    every = np.arange(len(studied.index.units))
    index = studied.index
    yield "vectors of the default encoder", _rank(every, index.scores(Grain.SENTENCE, plain_vector), gold)
    yield "vectors of the question encoder", _rank(every, index.scores(Grain.SENTENCE, vector), gold)
    yield "terms (BM25)", _rank(every, index.term_scores(Grain.SENTENCE, reading.text), gold)
    ranked = retriever.rank(reading, vector)
    yield "all channels, fused", _rank(ranked.numbers, ranked.fused, gold)
    windows = choose_windows(index.units, ranked.numbers, ranked.fused)
    held = [not gold.isdisjoint(window) for window in windows]
    yield f"the {N_WINDOWS} windows to read (a window a rank)", held.index(True) + 1 if any(held) else np.inf
    found = retriever.read(reading, ranked)
    yield "after reading", _rank(found.numbers, found.scores, gold)


def _rank(numbers: np.ndarray, scores: Vectors, gold: frozenset[int]) -> float:
    right = np.isin(numbers, list(gold))
    return float((scores > scores[right].max()).sum()) + 1 if right.any() else np.inf


if __name__ == "__main__":
    main()
