"""Mend typing errors in a question, by the collection's own words first: for searching, never in what is quoted.

An error swaps two letters, drops, doubles or replaces one: one step of optimal string alignment, as Damerau counted
four in five of them (1964).  A word that the record, the encoder, or a common stem of either knows is no error.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from embeddings.collection import Collection
from embeddings.languages import language_of
from embeddings.lexical import stems
from embeddings.normalized import tokens

MIN_LETTERS = 4  # a shorter word is near too many others
MIN_LONG = 8  # letters from which two errors in a word are mended, by the collection's words only
MIN_NAME_RATIO = 86.0  # percent of letters in common (rapidfuzz ratio) for a misspelled name: one wrong letter in seven
N_NEAREST = 8
SAMPLE = 2000  # characters of a document by which its language is told


class Speller:
    """Knows a collection's names and words, and which other words are no typing errors."""

    def __init__(
        self,
        collection: Collection,
        names: Mapping[str, str],
        known_words: frozenset[str],
        called: frozenset[str] = frozenset(),
    ) -> None:
        """Take ``names`` by their folded spelling, whole words that the encoder knows, and words of other names."""
        self._language = language_of(" ".join(document.text[:SAMPLE] for document in collection.documents))
        counts = Counter(token.text for document in collection.documents for token in tokens(document.text))
        self._names = {name: person for name, person in names.items() if " " not in name}
        self._counts = {word: n for word, n in counts.items() if len(word) >= MIN_LETTERS}
        self._words = sorted({word for word in self._counts if word.isalpha()} | set(self._names))
        self._known = known_words | called | set(self._counts)
        self._stems = frozenset(stems(sorted(self._known)))
        self._general = sorted(word for word in known_words if len(word) >= MIN_LETTERS and word.isascii())

    def spell(self, text: str) -> str:
        """Put names in the record's spelling and mend words that nobody knows.

        In another language than the collection's, no word but a name is known: all others stay as they are.
        """
        mends = language_of(text) in (None, self._language)
        return "".join(self._word(word, mends=mends) for word in re.split(r"(\W+)", text))

    def _word(self, word: str, *, mends: bool) -> str:
        lowered = word.casefold()
        if lowered in self._names:
            return self._names[lowered]
        if len(word) < MIN_LETTERS or not word.isalpha() or lowered in self._known:
            return word
        name = process.extractOne(lowered, self._names.keys(), scorer=fuzz.ratio, score_cutoff=MIN_NAME_RATIO)
        if name is not None:
            return self._names[name[0]]
        if not mends:
            near = process.extractOne(lowered, self._names.keys(), scorer=OSA.distance, score_cutoff=1)
            return self._names[near[0]] if near is not None and word[0].isupper() else word
        return word if set(stems([lowered])) <= self._stems else self._mend(word)

    def _mend(self, word: str) -> str:
        """Return the nearest word: of the collection, the most frequent of those; else of what the encoder knows.

        A capital says that it is a name: one that the collection does not hold stays as it is.
        """
        lowered = word.casefold()
        n_errors = 2 if len(word) >= MIN_LONG else 1
        found = process.extract(lowered, self._words, scorer=OSA.distance, score_cutoff=n_errors, limit=N_NEAREST)
        near = [(distance, -self._counts.get(other, 0), other) for other, distance, _ in found]
        if (not near or min(near)[0] > 1) and word.islower() and word.isascii():
            general = process.extractOne(lowered, self._general, scorer=OSA.distance, score_cutoff=1)
            near = [(1, 0, general[0])] if general is not None else near
        mended = min(near)[2] if near else word
        return self._names.get(mended, mended)
