"""The wordings of curated questions by their letters and words: how alike a question is to each entry's wordings.

Letters carry typing errors, other forms of a word, and languages that the encoder does not know; words tell apart what
is asked about one and the same thing.  Rare ones weigh more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from embeddings.lexical import terms
from embeddings.normalized import fold

N_GRAM = 4  # letters; short enough for inflected words and typing errors, long enough to be telling
Floats = NDArray[np.float64]


class WordingTable:
    """What wordings hold, by letter n-gram and by word: a row for each of these, a column for each wording or entry.

    ``owner`` names the entry of each wording, 0 to n - 1, in order; every entry has at least one.
    """

    def __init__(self, tables: dict[str, NDArray[Any]]) -> None:
        self._tables = tables
        self._owner = tables["owner"]
        self.n_entries = int(self._owner[-1]) + 1 if len(self._owner) else 0
        self._first = np.searchsorted(self._owner, np.arange(self.n_entries))  # wording of each entry
        self._grams = {str(gram): n for n, gram in enumerate(tables["grams"])}
        self._words = {str(word): n for n, word in enumerate(tables["words"])}
        self._by_gram = _matrix(tables, "by_gram", len(self._grams), len(self._owner))
        self._by_word = _matrix(tables, "by_word", len(self._words), len(self._owner))
        self._entries = _matrix(tables, "entries", len(self._words), self.n_entries)
        self._weight_unknown = float(np.log((self.n_entries + 1) / 0.5))  # of a word that no wording has

    @classmethod
    def build(cls, wordings: Sequence[str], owner: Sequence[int]) -> WordingTable:
        """Read ``wordings``; ``owner`` names the entry of each."""
        owners = np.array(owner, dtype=np.int64)
        n_entries = int(owners[-1]) + 1 if len(owners) else 0
        of_letters = [_grams(wording) for wording in wordings]
        grams, by_gram = _postings(of_letters)
        rarity = np.log((1 + len(wordings)) / (1 + np.asarray(by_gram.sum(axis=1)).ravel())) + 1.0
        squares = (rarity**2) @ by_gram
        by_gram = csr_matrix(by_gram.multiply(rarity[:, None]).multiply(1.0 / np.sqrt(np.maximum(squares, 1e-12))))

        said = [set(terms(wording)) for wording in wordings]
        together: list[set[str]] = [set() for _ in range(n_entries)]
        for own, entry in zip(said, owners, strict=True):
            together[entry] |= own
        words, entries = _postings(together)
        _, by_word = _postings(said, words)
        weights = np.log((n_entries + 1) / (np.asarray(entries.sum(axis=1)).ravel() + 0.5))
        totals = np.maximum(weights @ by_word, 1e-9)
        by_word = csr_matrix(by_word.multiply(weights[:, None]).multiply(1.0 / totals))
        tables = {"owner": owners, "grams": np.array(grams, dtype=str), "words": np.array(words, dtype=str)}
        tables |= {"rarity": rarity, "weights": weights}
        for name, matrix in (("by_gram", by_gram), ("by_word", by_word), ("entries", entries)):
            tables |= {f"{name}_data": matrix.data.astype(np.float32)}
            tables |= {f"{name}_columns": matrix.indices.astype(np.int32), f"{name}_ends": matrix.indptr}
        return cls(tables)

    def letters(self, question: str) -> Floats:
        """Return the cosine of letter n-grams with each wording: (n_wordings,), 0 to 1."""
        asked = _grams(question)
        known = sorted(self._grams[gram] for gram in asked if gram in self._grams)
        rarity = self._tables["rarity"]
        unknown = (len(asked) - len(known)) * rarity.max(initial=0.0) ** 2
        own = rarity[known]
        return np.asarray(own @ self._by_gram[known] / np.sqrt(max(float(own @ own) + unknown, 1e-12)))

    def shares(self, question: str) -> tuple[Floats, Floats]:
        """Return two shares of each entry, (n_entries,), 0 to 1.

        The first is that of the question's words which any of the entry's wordings has; the second that of a wording's
        words which the question has, of the wording where it is greatest.
        """
        asked = set(terms(question))
        known = sorted(self._words[word] for word in asked if word in self._words)
        weights = self._tables["weights"][known]
        total = float(weights.sum()) + self._weight_unknown * (len(asked) - len(known))
        of_asked = weights @ self._entries[known] / max(total, 1e-9)
        return np.asarray(of_asked), self.best(np.ones(len(known)) @ self._by_word[known])

    def best(self, scores: NDArray[np.floating[Any]]) -> Floats:
        """Return the best of each entry's wordings, at least 0: (n_entries,); ``scores``: (n_wordings,)."""
        if not self.n_entries:
            return np.zeros(0)
        return np.maximum(np.maximum.reduceat(scores, self._first), 0.0).astype(np.float64)

    def save(self, path: Path) -> None:
        """Write the tables to ``path``, an npz file."""
        with path.open("wb") as file:
            np.savez(file, **self._tables)  # type: ignore[arg-type]

    @classmethod
    def load(cls, path: Path) -> WordingTable:
        """Read what `save` wrote."""
        with np.load(path, allow_pickle=False) as file:
            return cls({name: file[name] for name in file.files})


def _grams(text: str) -> set[str]:
    words = "".join(c if c.isalnum() else " " for c in fold(text).casefold()).split()
    padded = f" {' '.join(words)} "
    return {padded[i : i + N_GRAM] for i in range(max(1, len(padded) - N_GRAM + 1))}


def _postings(texts: Sequence[set[str]], features: Sequence[str] | None = None) -> tuple[list[str], csr_matrix]:
    """Return the features of ``texts``, in order, and which text has which: float64, (n_features, n_texts), 0 or 1."""
    counts = Counter(feature for text in texts for feature in text)
    names = sorted(counts) if features is None else list(features)
    rows = {name: n for n, name in enumerate(names)}
    row = np.array([rows[feature] for text in texts for feature in sorted(text)], dtype=np.int64)
    column = np.repeat(np.arange(len(texts)), [len(text) for text in texts]) if texts else np.zeros(0, dtype=np.int64)
    return names, csr_matrix((np.ones(len(row)), (row, column)), shape=(len(names), len(texts)))


def _matrix(tables: dict[str, NDArray[Any]], name: str, n_rows: int, n_columns: int) -> csr_matrix:
    parts = (tables[f"{name}_data"], tables[f"{name}_columns"], tables[f"{name}_ends"])
    return csr_matrix(parts, shape=(n_rows, n_columns))
