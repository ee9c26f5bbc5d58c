"""Measure answers and abstentions, with an ablation and bootstrap intervals.

``python -m tests.benchmarks.quality``: the minutes' test split, a collection that nobody curated.
``python -m tests.benchmarks.quality QUESTIONS --collection DIR``: any questions file and collection.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

MINUTES = Path(__file__).parent / "minutes"
N_SAMPLES = 1000
COLUMNS = ("hit1", "coverage", "words", "abstention_f1", "unanswerable_answered", "false_abstentions")


def main() -> None:
    """Print the ablation table."""
    from bot.answering import answer_turns
    from bot.evaluation import read_questions_file, score, tally, without_labels
    from bot.loading import load_answerer
    from bot.settings import read_settings
    from embeddings.collection import load_collection

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, nargs="?", default=MINUTES / "test.jsonl")
    parser.add_argument("--collection", type=Path, default=MINUTES / "test")
    options = parser.parse_args()
    questions = without_labels(read_questions_file(options.questions), load_collection(options.collection))
    base = read_settings(collection_path=options.collection)
    runs = {
        "all": base,
        "- curated questions": replace(base, curated=False),
        "- reader": replace(base, curated=False, reader=False),
        "- regions": replace(base, curated=False, max_sentences=1),
        "- abstention": replace(base, curated=False, min_answer_probability=0.0),
    }
    _print(["", *(c.replace("_", " ") for c in COLUMNS), "coverage, 95% interval"])
    for name, settings in runs.items():
        answerer = load_answerer(settings)
        if name == "- curated questions" and not answerer.collection.questions:
            continue
        scored = [score(q, answer_turns(answerer, q.turns)[-1]) for q in questions]
        figures = tally(scored)
        low, high = _interval([s.coverage for s in scored if not s.question.abstain])
        _print([name, *(str(getattr(figures, c)) for c in COLUMNS), f"{low:.3f}-{high:.3f}"])


def _interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """Return the middle 95 per cent of the mean over bootstrap samples."""
    rng = random.Random(seed)
    means = sorted(sum(rng.choices(values, k=len(values))) / len(values) for _ in range(N_SAMPLES))
    return means[int(0.025 * N_SAMPLES)], means[int(0.975 * N_SAMPLES)]


def _print(cells: Sequence[Any], write: Callable[[str], Any] = sys.stdout.write) -> None:
    write("| " + " | ".join(str(c) for c in cells) + " |\n")


if __name__ == "__main__":
    main()
