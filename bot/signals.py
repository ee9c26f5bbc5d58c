"""Signals: how each candidate sentence bears on a question, as a row of numbers.

The fused score is a learned combination of these (`bot.ranking`); none of them knows any collection.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from bot.reading import Reading
from embeddings.collection import Collection
from embeddings.documents import Block, BlockKind, Genre
from embeddings.encoder import Vectors
from embeddings.index import Grain, PassageIndex
from embeddings.lexical import terms

Matrix = NDArray[np.float32]

SIGNALS = (
    "dense_sentence", "dense_window", "dense_passage", "dense_before", "dense_after",
    "terms_sentence", "terms_window", "terms_passage", "terms_before", "terms_after",
    "covered_sentence", "covered_window", "length", "is_question", "is_heading", "is_stamp", "is_row", "is_entry",
    "is_turn", "is_first", "from_speaker", "not_from_speaker", "names_speaker", "reply_to_match", "in_item",
    "out_of_item", "number_wanted", "date_wanted", "name_wanted", "reason_wanted", "who_spoke_turn", "after_question",
    "rank_dense", "rank_terms", "document_head", "document_terms", "document_dense", "document_matches", "repeats",
)  # fmt: skip
TEXT_GRAINS = (Grain.SENTENCE, Grain.WINDOW, Grain.PASSAGE)
HEAD_WORDS = 150  # of a document's first words, which say what it is: title, date, people, source
N_BEST = 3  # sentences of a document whose mean speaks for it, or so many as were found
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|"
    r"hundred|thousand|million|half|dozen|several|none|no)\b",
    re.I,
)
_DATE = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\byears?\b|"
    r"\b\d{1,2}[.:]\d\d\b|\byesterday\b|\btoday\b|\bmonths?\b|\bweeks?\b|\ba\.?m\b|\bp\.?m\b",
    re.I,
)
_NAME = re.compile(r"(?<=\s)[A-Z][a-z]+")
_REASON = re.compile(
    r"\bbecause\b|\bsince\b|\bin order\b|\bdue to\b|\bas a result\b|\bso that\b|\btherefore\b|\bowing\b|"
    r"\breason\b|\bfor this\b|\bto avoid\b|\bthat is why\b",
    re.I,
)


class SignalReader:
    """Computes the signals of candidate sentences; holds what does not change between questions."""

    def __init__(self, collection: Collection, index: PassageIndex) -> None:
        self._index = index
        units = index.units
        n = len(units)
        blocks = [collection.documents[u.document].blocks[u.block_index] for u in units]
        self._speaker = [block.speaker for block in blocks]
        self._place = [(collection.documents[u.document].id, b.item_id) for u, b in zip(units, blocks, strict=True)]
        self._passage = np.array([u.passage for u in units], dtype=np.int64)
        self._document = np.array([u.document for u in units], dtype=np.int64)
        self._block = [(u.document, u.block_index) for u in units]
        texts = [u.text for u in units]
        self._lowered = [u.window_text.casefold() for u in units]
        self._terms = [frozenset(terms(t)) for t in texts]
        self._window_terms = [frozenset(terms(u.window_text)) for u in units]
        self._idf = _idf(self._terms)
        self._weights = np.array([sum(self._idf[t] for t in sorted(held)) for held in self._terms])
        heads = [f"{d.title} {' '.join(d.text.split(maxsplit=HEAD_WORDS)[:HEAD_WORDS])}" for d in collection.documents]
        self._heads = _Holdings([frozenset(terms(head)) for head in heads])
        held: list[set[str]] = [set() for _ in collection.documents]
        for unit, own in zip(units, self._terms, strict=True):
            held[unit.document] |= own
        self._contents = _Holdings([frozenset(own) for own in held])
        first = [n == 0 or self._block[n] != self._block[n - 1] for n in range(n)]
        self._static = np.array(
            [
                [
                    min(2.0, np.log1p(len(text.split())) / 2),
                    text.rstrip().endswith("?"),
                    block.kind is BlockKind.HEADING,
                    block.kind in (BlockKind.FURNITURE, BlockKind.NOTE),
                    block.kind is BlockKind.ROW,
                    block.kind is BlockKind.ENTRY,
                    block.kind is BlockKind.TURN,
                    is_first,
                ]
                for text, block, is_first in zip(texts, blocks, first, strict=True)
            ],
            dtype=np.float32,
        ).reshape(n, 8)
        self._kinds = {
            "number": np.array([bool(_NUMBER.search(t)) for t in texts]),
            "date": np.array([bool(_DATE.search(t)) for t in texts]),
            "name": np.array([bool(_NAME.search(t)) for t in texts]),
            "reason": np.array([bool(_REASON.search(t)) for t in texts]),
        }
        self._previous_turn = _previous_turns(collection)
        self._asks = self._static[:, 1] > 0
        self._transcript = [d.genre is Genre.TRANSCRIPT for d in collection.documents]

    def candidates(self, reading: Reading, vector: Vectors, n_each: int) -> NDArray[np.int64]:
        """Choose the sentences worth scoring: the best of every channel, in reading order."""
        chosen: set[int] = set()
        for grain in (Grain.SENTENCE, Grain.WINDOW):
            chosen |= {hit.number for hit in self._index.search(grain, vector, n_each)}
            chosen |= set(_top(self._index.term_scores(grain, reading.text), n_each))
        passages = {hit.number for hit in self._index.search(Grain.PASSAGE, vector, n_each // 3)}
        passages |= set(_top(self._index.term_scores(Grain.PASSAGE, reading.text), n_each // 3))
        chosen |= set(np.flatnonzero(np.isin(self._passage, list(passages))).tolist())
        near = {m for n in chosen for m in (n - 1, n + 1) if 0 <= m < len(self._block)}
        return np.array(sorted(chosen | near), dtype=np.int64)

    def read(self, reading: Reading, vector: Vectors, numbers: NDArray[np.int64]) -> Matrix:
        """Compute the signals of the units ``numbers``: float32, (n_numbers, n_signals), columns as `SIGNALS`."""
        n_units = len(self._block)
        before, after = np.maximum(numbers - 1, 0), np.minimum(numbers + 1, n_units - 1)
        index = self._index
        dense = {
            grain: index.scores(grain, vector, numbers if grain is not Grain.PASSAGE else self._passage[numbers])
            for grain in TEXT_GRAINS
        }
        asked = list(dict.fromkeys(terms(reading.text)))
        query_terms = [t for t in asked if t in self._idf]
        weight = sum(self._idf[t] for t in query_terms) or 1.0
        lexical = {grain: index.term_scores(grain, reading.text) / weight for grain in TEXT_GRAINS}
        columns = [
            dense[Grain.SENTENCE], dense[Grain.WINDOW], dense[Grain.PASSAGE],
            index.scores(Grain.SENTENCE, vector, before), index.scores(Grain.SENTENCE, vector, after),
            lexical[Grain.SENTENCE][numbers], lexical[Grain.WINDOW][numbers],
            lexical[Grain.PASSAGE][self._passage[numbers]], lexical[Grain.SENTENCE][before],
            lexical[Grain.SENTENCE][after],
            self._covered(query_terms, weight, numbers, self._terms),
            self._covered(query_terms, weight, numbers, self._window_terms),
            *self._static[numbers].T,
            *self._structural(reading, numbers, dense[Grain.PASSAGE]),
            _reciprocal_rank(dense[Grain.SENTENCE]), _reciprocal_rank(lexical[Grain.SENTENCE][numbers]),
            *self._of_document(asked, numbers, dense[Grain.WINDOW], lexical[Grain.WINDOW][numbers]),
            self._repeats(query_terms, numbers),
        ]  # fmt: skip
        return np.column_stack(columns).astype(np.float32)

    def _covered(
        self, query_terms: Sequence[str], weight: float, numbers: NDArray[np.int64], held: Sequence[frozenset[str]]
    ) -> Matrix:
        return np.array([sum(self._idf[t] for t in query_terms if t in held[n]) / weight for n in numbers], np.float32)

    def _of_document(
        self, asked: Sequence[str], numbers: NDArray[np.int64], dense: Matrix, lexical: Matrix
    ) -> Iterator[Matrix]:
        """Yield how well the documents that the sentences are of match the question: 0 for the best, others less."""
        own, row_of = np.unique(self._document[numbers], return_inverse=True)
        for holdings in (self._heads, self._contents):
            shares = np.array([holdings.share(asked, document) for document in own], np.float32)
            yield (shares - shares.max(initial=0.0))[row_of]
        for scores in (dense, lexical):
            best = np.array([np.sort(scores[row_of == n])[-N_BEST:].mean() for n in range(len(own))], np.float32)
            yield (best - best.max(initial=-1.0))[row_of]

    def _repeats(self, asked: Sequence[str], numbers: NDArray[np.int64]) -> Matrix:
        """Say which share of a sentence's own words the question has already: what only repeats it answers nothing."""
        repeated = [sum(self._idf[t] for t in asked if t in self._terms[n]) for n in numbers]
        weights = self._weights[numbers]
        return np.where(weights > 0, np.array(repeated) / np.maximum(weights, 1e-6), 1.0).astype(np.float32)

    def _structural(self, reading: Reading, numbers: NDArray[np.int64], dense_passage: Matrix) -> list[Matrix]:
        asked = set(reading.speakers)
        speaker = [self._speaker[n] for n in numbers]
        spoken = np.array([s in asked for s in speaker]) if asked else np.zeros(len(numbers), bool)
        unspoken = np.array([s is not None and s not in asked for s in speaker]) if asked else spoken
        names = np.array([any(p.casefold() in self._lowered[n] for p in reading.people) for n in numbers])
        reply = self._replies(reading, numbers, dense_passage)
        in_item, out_of_item = self._in_items(reading, numbers)
        kind = self._kinds
        asks_before = np.array([bool(n) and self._asks[n - 1] for n in numbers])
        wants_turn = np.array([reading.asks_who_spoke and s is not None for s in speaker])
        flags = [
            spoken, unspoken, names, reply, in_item, out_of_item,
            kind["number"][numbers] & (reading.kind == "how-many"),
            kind["date"][numbers] & (reading.kind == "when"),
            kind["name"][numbers] & (reading.kind == "who"),
            kind["reason"][numbers] & (reading.kind == "why"),
            wants_turn, asks_before,
        ]  # fmt: skip
        return [np.asarray(flag, dtype=np.float32) for flag in flags]

    def _replies(self, reading: Reading, numbers: NDArray[np.int64], dense_passage: Matrix) -> Matrix:
        """For a question after a reply: how well the turn before a candidate's own matches the question."""
        scores = np.zeros(len(numbers), np.float32)
        if not reading.asks_reply:
            return scores
        best: dict[tuple[int, int], float] = {}
        for n, score in zip(numbers, dense_passage, strict=True):
            best[self._block[n]] = max(best.get(self._block[n], 0.0), float(score))
        for row, n in enumerate(numbers):
            previous = self._previous_turn.get(self._block[n])
            if previous is not None:
                scores[row] = best.get(previous, 0.0)
        return scores

    def _in_items(self, reading: Reading, numbers: NDArray[np.int64]) -> tuple[Matrix, Matrix]:
        if not reading.items:
            return np.zeros(len(numbers), np.float32), np.zeros(len(numbers), np.float32)
        inside = np.array(
            [
                any(d == document and (i is None or i == item) for d, i in reading.items)
                for document, item in (self._place[n] for n in numbers)
            ]
        )
        return inside.astype(np.float32), (~inside).astype(np.float32)


class _Holdings:
    """Which terms each document holds, each weighed by how few documents do."""

    def __init__(self, held: Sequence[frozenset[str]]) -> None:
        self._held = held
        self._idf = _idf(held)

    def share(self, asked: Sequence[str], document: int) -> float:
        """Return the share of the asked words that a document holds, 0 to 1."""
        weight = sum(self._idf.get(t, 0.0) for t in asked) or 1.0
        return sum(self._idf[t] for t in asked if t in self._held[document]) / weight


def _previous_turns(collection: Collection) -> dict[tuple[int, int], tuple[int, int]]:
    """Map each turn's block to that of the turn before it, by (document, block) numbers."""
    before: dict[tuple[int, int], tuple[int, int]] = {}
    for d, document in enumerate(collection.documents):
        last: tuple[int, Block] | None = None
        for b, block in enumerate(document.blocks):
            if block.kind is BlockKind.TURN:
                if last is not None and last[1].speaker != block.speaker:
                    before[d, b] = (d, last[0])
                last = (b, block)
    return before


def _idf(held: Sequence[frozenset[str]]) -> dict[str, float]:
    counts: dict[str, int] = {}
    for found in held:
        for term in found:
            counts[term] = counts.get(term, 0) + 1
    return {term: float(np.log(1 + (len(held) - n + 0.5) / (n + 0.5))) for term, n in counts.items()}


def _top(scores: Matrix, n: int) -> list[int]:
    order = np.argsort(-scores, kind="stable")[:n]
    return [int(i) for i in order if scores[i] > 0]


def _reciprocal_rank(scores: Matrix) -> Matrix:
    ranks = np.empty(len(scores), np.float32)
    ranks[np.argsort(-scores, kind="stable")] = np.arange(len(scores), dtype=np.float32)
    return 1.0 / (1.0 + ranks)
