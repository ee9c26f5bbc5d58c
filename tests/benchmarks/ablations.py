"""Take one lever away at a time: ``python -m tests.benchmarks.ablations``, the minutes' test split.

``python -m tests.benchmarks.ablations QUESTIONS [--collection DIR]``: any questions file, of the seeds or DIR.
Each row answers all questions anew; the index is built once.  The last two columns are the difference to the full
system, with the middle 95 per cent of its paired bootstrap over answerable questions (2,000 samples, seed 0).
A signal taken away stands at its mean in the ranker's training, so that it says nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.answering import Answerer, answer_turns
from bot.answers import Outcome
from bot.evaluation import GoldQuestion, read_questions_file, score, tally, without_labels
from bot.loading import build_index, load_answerer, wire
from bot.ranking import Ranker, load_ranker
from bot.reader import Reader
from bot.reading import QuestionReader
from bot.retrieval import READ_SIGNALS, Retriever
from bot.settings import DATA_PATH, SEEDS_PATH, Settings, read_settings
from bot.signals import SIGNALS, SignalReader
from embeddings.collection import load_collection
from embeddings.encoder import Vectors, load_encoder
from embeddings.index import FaissIndex, Grain, Hit, Numbers
from embeddings.normalized import tokens
from embeddings.question_encoder import AskedEncoder

MINUTES = Path(__file__).parent / "minutes"
FIRST_QUESTIONS = "- follow-ups (each asked first)"
N_SAMPLES = 2000
RANK_OFFSET = 60  # of reciprocal rank fusion, as Cormack, Clarke and Buettcher (2009) chose it
DENSE = tuple(s for s in SIGNALS if s.startswith("dense_") or s in ("rank_dense", "document_dense"))
OF_TERMS = ("rank_terms", "document_head", "document_terms", "document_matches", "repeats")
LEXICAL = tuple(s for s in SIGNALS if s.startswith(("terms_", "covered_")) or s in OF_TERMS)
DOCUMENTS = tuple(s for s in SIGNALS if s.startswith("document_"))
WINDOWS = ("dense_window", "terms_window", "covered_window")
STRUCTURE = (
    "is_question", "is_heading", "is_stamp", "is_row", "is_entry", "is_turn", "is_first", "from_speaker",
    "not_from_speaker", "names_speaker", "reply_to_match", "in_item", "out_of_item", "who_spoke_turn", "after_question",
)  # fmt: skip
CHANNELS = ("dense_sentence", "dense_window", "dense_passage", "terms_sentence", "terms_window", "terms_passage")


class NarrowIndex:
    """An index that proposes nothing by vectors, by terms, or by one grain."""

    def __init__(self, index: FaissIndex, *, dense: bool = True, lexical: bool = True, windows: bool = True) -> None:
        self.units = index.units
        self._index, self._dense, self._lexical, self._windows = index, dense, lexical, windows

    def search(self, grain: Grain, query_vector: Vectors, n_hits: int) -> list[Hit]:
        """Return the best hits; of a channel taken away the first sentence, as answering needs one to judge."""
        if self._dense and self._keeps(grain):
            return self._index.search(grain, query_vector, n_hits)
        return [Hit(number=0, score=0.0)] if grain is Grain.SENTENCE else []

    def scores(self, grain: Grain, query_vector: Vectors, numbers: Numbers | None = None) -> Vectors:
        """Score the given texts, or all of them."""
        return self._index.scores(grain, query_vector, numbers)

    def term_scores(self, grain: Grain, query: str) -> NDArray[np.float32]:
        """Score every text by its terms, 0 where that channel is taken away."""
        found = self._index.term_scores(grain, query)
        return found if self._lexical and self._keeps(grain) else np.zeros_like(found)

    def _keeps(self, grain: Grain) -> bool:
        return self._windows or grain is not Grain.WINDOW


@dataclass(frozen=True, slots=True, kw_only=True)
class BluntRanker(Ranker):
    """A ranker that is told nothing by the signals ``taken``."""

    taken: tuple[str, ...]

    def score(self, signals: NDArray[np.float32]) -> NDArray[np.float32]:
        """Score rows of signals, those taken away at their mean."""
        columns = [SIGNALS.index(name) for name in self.taken]
        blunt = signals.copy()
        blunt[:, columns] = self.mean[columns]
        return Ranker.score(self, blunt)


class ReciprocalRanker(Ranker):
    """Orders by reciprocal rank fusion of six channels; the scores are the learned ones, dealt out in that order."""

    def score(self, signals: NDArray[np.float32]) -> NDArray[np.float32]:
        """Score rows of signals."""
        fused = np.zeros(len(signals))
        for name in CHANNELS:
            ranks = np.empty(len(signals))
            ranks[np.argsort(-signals[:, SIGNALS.index(name)], kind="stable")] = np.arange(1, len(signals) + 1)
            fused += 1 / (RANK_OFFSET + ranks)
        dealt = np.empty(len(signals), np.float32)
        dealt[np.argsort(-fused, kind="stable")] = np.sort(Ranker.score(self, signals))[::-1]
        return dealt


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--collection", type=Path)
    options = parser.parse_args()
    collection_path = options.collection or (SEEDS_PATH if options.questions else MINUTES / "test")
    questions = read_questions_file(options.questions or MINUTES / "test.jsonl")
    questions = without_labels(questions, load_collection(collection_path))
    settings = read_settings(collection_path=collection_path)
    _print("", "hit@1", "coverage", "words", "abstention F1", "hit@1, difference", "coverage, difference")
    _print(*["---"] * 7)
    first: tuple[Answerer, dict[str, Outcome], NDArray[np.float64]] | None = None
    for name, answerer in systems(settings, questions):
        outcomes = {}
        for question in questions:
            turns = question.turns[-1:] if name == FIRST_QUESTIONS else question.turns
            same = first is not None and _same(first[0], question.turns, answerer, turns)
            outcomes[question.id] = first[1][question.id] if first and same else answer_turns(answerer, turns)[-1]
        scored = [score(q, outcomes[q.id]) for q in questions]
        figures = tally(scored)
        values = np.array([(s.hit1, s.coverage) for s in scored if not s.question.abstain])
        differences = interval(values - first[2]) if first else ("", "")
        first = first or (answerer, outcomes, values)
        _print(name, figures.hit1, figures.coverage, figures.words, figures.abstention_f1, *differences)


def systems(settings: Settings, questions: Sequence[GoldQuestion]) -> Iterator[tuple[str, Answerer]]:
    """Yield the full system and those with one lever less, by name."""
    index = build_index(settings)
    full = load_answerer(settings)
    yield "full", full
    narrow: dict[str, tuple[tuple[str, ...], dict[str, bool]]] = {
        "- dense": (DENSE, {"dense": False}),
        "- lexical": (LEXICAL, {"lexical": False}),
        "- windows": (WINDOWS, {"windows": False}),
        "- speakers and structure": (STRUCTURE, {}),
        "- documents": (DOCUMENTS, {}),
    }
    for name, (taken, kept) in narrow.items():
        signals = SignalReader(full.collection, NarrowIndex(index, **kept))
        yield name, _with_ranker(full, signals, taken)
    signals = SignalReader(full.collection, index)
    yield "- learned fusion (reciprocal ranks)", _with_ranker(full, signals, None)
    if isinstance(full.encoder, AskedEncoder):
        plain = load_encoder(settings.encoder, settings.cache_path, threads=settings.threads)
        yield "- question encoder", wire(settings, full.collection, plain, FaissIndex.build(full.collection, plain))
    for name, changed in {
        "- reader": replace(settings, reader=False),
        "- regions (single sentences)": replace(settings, max_sentences=1),
        "- curated questions": replace(settings, curated=False),
        "- abstention": replace(settings, min_answer_probability=0.0),
    }.items():
        if name != "- curated questions" or full.curated is not None:
            yield name, wire(changed, full.collection, full.encoder, index)
    if any(len(q.turns) > 1 for q in questions):
        yield FIRST_QUESTIONS, full
    typed = frozenset(token.text for q in questions for turn in q.turns for token in tokens(turn))
    yield "- mending of typing errors", replace(full, reader=QuestionReader(full.collection, typed))


def interval(differences: NDArray[np.float64]) -> list[str]:
    """Return the mean of each column of ``differences`` and the middle 95 per cent of its bootstrap, as text."""
    samples = np.random.default_rng(0).integers(0, len(differences), (N_SAMPLES, len(differences)))
    low, high = np.percentile(differences[samples].mean(axis=1), (2.5, 97.5), axis=0)
    means = differences.mean(axis=0)
    return [f"{m:+.3f} ({a:+.3f} to {b:+.3f})" for m, a, b in zip(means, low, high, strict=True)]


def _same(one: Answerer, turns: Sequence[str], other: Answerer, others: Sequence[str]) -> bool:
    """Whether two systems that differ in how they read at most are asked the same, and will answer the same."""
    if one.retriever is not other.retriever:
        return False
    return [one.reader.read(turn) for turn in turns] == [other.reader.read(turn) for turn in others]


def _with_ranker(full: Answerer, signals: SignalReader, taken: tuple[str, ...] | None) -> Answerer:
    reader = Reader(DATA_PATH / "reader", threads=full.settings.threads) if full.settings.reader else None
    read_ranker = load_ranker(DATA_PATH / "read-ranker.json", READ_SIGNALS) if reader is not None else None
    learned = load_ranker(DATA_PATH / "ranker.json", SIGNALS)
    weights: dict[str, Any] = {name: getattr(learned, name) for name in Ranker.__dataclass_fields__}
    ranker = ReciprocalRanker(**weights) if taken is None else BluntRanker(**weights, taken=taken)
    return replace(full, retriever=Retriever(full.retriever.units, signals, ranker, reader, read_ranker))


def _print(*cells: object) -> None:
    sys.stdout.write("| " + " | ".join(str(cell) for cell in cells) + " |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
