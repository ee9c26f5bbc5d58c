"""Wordings: how curated questions are worded, and how alike each wording is to what was asked."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from bot.reading import Reading
from embeddings.encoder import Vectors
from embeddings.index import Grain, PassageIndex
from embeddings.lexical import terms
from embeddings.normalized import fold
from embeddings.questions import CuratedQuestion

N_GRAM = 4  # letters; short enough for inflected words and typing errors, long enough to be telling
WEIGHT_OF_LETTERS = 0.5  # beside the cosine of the encoder; letters carry the languages that the encoder does not know
_GAP = re.compile(r"[\W_]+")


class Wordings:
    """The wordings of a collection's curated questions, in file order."""

    def __init__(self, questions: Sequence[CuratedQuestion], index: PassageIndex) -> None:
        self._index = index
        texts = [wording for question in questions for wording in question.wordings]
        self.owner = np.array([n for n, q in enumerate(questions) for _ in q.wordings], dtype=np.int64)
        ends = np.cumsum([len(question.wordings) for question in questions], dtype=np.int64)
        self.of = [range(int(end) - len(q.wordings), int(end)) for q, end in zip(questions, ends, strict=True)]
        self.terms = [frozenset(terms(fold(text))) for text in texts]
        self._weights = _term_weights([frozenset().union(*self.terms[own.start : own.stop]) for own in self.of])
        self._most = max(self._weights.values(), default=1.0)
        self._grams: dict[str, int] = {}
        rows = [_letters(text) for text in texts]
        counts: list[int] = []
        for row in rows:
            for gram in row:
                number = self._grams.setdefault(gram, len(self._grams))
                if number == len(counts):
                    counts.append(0)
                counts[number] += 1
        self._idf = np.log((1 + len(rows)) / (1 + np.array(counts or [0]))) + 1.0
        self._postings = self._rows(rows).T.tocsr()

    def compare(self, reading: Reading, vector: Vectors) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return cosine (at least 0) and likeness of letters of every wording: float32, (n_wordings,) each, 0 to 1."""
        numbers = np.arange(len(self.owner), dtype=np.int64)
        cosine = np.maximum(self._index.scores(Grain.QUESTION, vector, numbers), 0.0)
        letters = (self._rows([_letters(reading.text)]) @ self._postings).toarray().ravel()
        return cosine, letters.astype(np.float32)

    def weigh(self, found: frozenset[str]) -> float:
        """Return how telling ``found`` terms are together: the sum of their idf over the curated questions."""
        return math.fsum(self._weights.get(term, self._most) for term in found)  # whatever order a set has

    def heaviest(self, found: frozenset[str]) -> float:
        """Return how telling the most telling of ``found`` terms is: 0 for none, 1 for one that no wording has."""
        return max((self._weights.get(term, self._most) for term in found), default=0.0) / self._most

    def known(self, found: frozenset[str]) -> float:
        """Return the share of terms that some wording has, 0 to 1."""
        return sum(term in self._weights for term in found) / max(1, len(found))

    def _rows(self, rows: Sequence[tuple[str, ...]]) -> csr_matrix:
        """Return tf-idf rows of letter n-grams: float64, (n_rows, n_grams), unit rows."""
        data: list[float] = []
        columns: list[int] = []
        ends = [0]
        most = float(self._idf.max())
        for row in rows:
            known = sorted(self._grams[gram] for gram in row if gram in self._grams)
            weights = self._idf[known]
            unknown = len(row) - len(known)
            length = float(np.sqrt(weights @ weights + unknown * most**2)) or 1.0
            data += (weights / length).tolist()
            columns += known
            ends.append(len(columns))
        return csr_matrix((data, columns, ends), shape=(len(rows), max(1, len(self._grams))))


def _term_weights(held: Sequence[frozenset[str]]) -> dict[str, float]:
    counts: dict[str, int] = {}
    for found in held:
        for term in found:
            counts[term] = counts.get(term, 0) + 1
    return {term: float(np.log((1 + len(held)) / n)) for term, n in counts.items()}


def _letters(text: str) -> tuple[str, ...]:
    padded = f" {_GAP.sub(' ', fold(text).casefold()).strip()} "
    return tuple(dict.fromkeys(padded[i : i + N_GRAM] for i in range(max(1, len(padded) - N_GRAM + 1))))
