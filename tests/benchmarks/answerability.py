"""Measure the reader alone on SQuAD 2.0 articles it never saw: ``python -m tests.benchmarks.answerability DATA``.

``DATA`` holds ``squad2/squad2-half-dev.json``.  Prints sentence accuracy within answerable windows, the AUROC of
answerable against unanswerable questions, and the best balanced accuracy.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from pathlib import Path


def main() -> None:
    """Print the figures."""
    from bot.reader import Reader
    from bot.settings import DATA_PATH
    from bot.training.examples import read_squad
    from bot.training.train import HELD_OUT_ARTICLES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    reader = Reader(DATA_PATH / "reader")
    right = total = 0
    scores: list[tuple[float, bool]] = []
    for window in read_squad(options.data / "squad2" / "squad2-half-dev.json", random.Random(0)):
        if window.group not in HELD_OUT_ARTICLES or window.origin != "squad2":
            continue
        read = reader.read_sentences(window.question, window.context, window.sentences)
        answerable = any(window.labels)
        scores.append((read.any_score, answerable))
        if answerable:
            total += 1
            best = max(range(len(read.sentence_scores)), key=lambda n: read.sentence_scores[n])
            right += window.labels[best]
    sys.stdout.write(
        f"windows {len(scores)}, sentence accuracy {right / total:.3f}, AUROC {auroc(scores):.3f}, "
        f"best balanced accuracy {balanced(scores):.3f}\n"
    )


def auroc(scores: Sequence[tuple[float, bool]]) -> float:
    """Return the share of (answerable, unanswerable) pairs that the score puts in order; ties count half."""
    ranked = sorted(scores)
    ranks: dict[float, list[int]] = {}
    for rank, (score, _) in enumerate(ranked, start=1):
        ranks.setdefault(score, []).append(rank)
    positive = [sum(ranks[s]) / len(ranks[s]) for s, answerable in ranked if answerable]
    n_pos, n_neg = len(positive), len(ranked) - len(positive)
    return (sum(positive) - n_pos * (n_pos + 1) / 2) / (n_pos * n_neg)


def balanced(scores: Sequence[tuple[float, bool]]) -> float:
    """Return the best mean of sensitivity and specificity over all thresholds."""
    ranked = sorted(scores)
    n_pos = sum(answerable for _, answerable in ranked)
    n_neg = len(ranked) - n_pos
    best, below_pos, below_neg = 0.5, 0, 0
    for _, answerable in ranked:
        below_pos += answerable
        below_neg += not answerable
        best = max(best, ((n_pos - below_pos) / n_pos + below_neg / n_neg) / 2)
    return best


if __name__ == "__main__":
    main()
