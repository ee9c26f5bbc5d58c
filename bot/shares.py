"""Shares of words: how much of a question some wordings say, and how much of a wording the question says."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from embeddings.lexical import terms

Floats = NDArray[np.float64]


class WordShares:
    """Compares the words of a question with those of entries that have several wordings each; rare words weigh more.

    ``owner`` names the entry of each wording, 0 to ``n_entries`` - 1.
    """

    def __init__(self, wordings: Sequence[str], owner: NDArray[np.int64], n_entries: int) -> None:
        said = [frozenset(terms(wording)) for wording in wordings]
        together: list[set[str]] = [set() for _ in range(n_entries)]
        for words, entry in zip(said, owner, strict=True):
            together[entry] |= words
        self._columns = {term: n for n, term in enumerate(sorted(set().union(*together)))}
        self._owner, self._n_entries = owner, n_entries
        self._entries = self._rows(together)
        counts = np.asarray(self._entries.sum(axis=0)).ravel()
        self._weights = np.log((n_entries + 1) / (counts + 0.5))
        self._weight_unknown = float(np.log((n_entries + 1) / 0.5))  # of a word that no wording has
        self._wordings = self._rows(said)
        self._totals = self._wordings @ self._weights

    def compare(self, question: str) -> tuple[Floats, Floats]:
        """Return two shares of each entry, 0 to 1, float64, (n_entries,).

        The first is that of the question's words which any of the entry's wordings has; the second that of a wording's
        words which the question has, of the wording where it is greatest.
        """
        asked = set(terms(question))
        known = [self._columns[term] for term in sorted(asked) if term in self._columns]
        weights = np.zeros(len(self._weights))
        weights[known] = self._weights[known]
        total = float(weights.sum()) + self._weight_unknown * (len(asked) - len(known))
        in_wordings = np.zeros(self._n_entries)
        of_wordings = (self._wordings @ weights) / np.maximum(self._totals, 1e-9)
        np.maximum.at(in_wordings, self._owner, of_wordings)
        return np.asarray(self._entries @ weights) / max(total, 1e-9), in_wordings

    def _rows(self, texts: Sequence[set[str] | frozenset[str]]) -> csr_matrix:
        columns = [self._columns[term] for text in texts for term in sorted(text)]
        ends = np.cumsum([0, *map(len, texts)])
        return csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(texts), len(self._columns)))
