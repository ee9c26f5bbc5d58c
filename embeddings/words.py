"""The words of documents in the form in which they are compared, to find and to count them: never to quote them.

A document's words are one string, searched at the speed of `str.find`, with the offsets of each word beside it.  They
are read when first asked for: some seconds and 20 MB for a million words.
"""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from embeddings.documents import Document, Span
from embeddings.normalized import read_tokens

EDGE = "^"  # stands for the beginning and the end of a document among its words; no word is written so
MAX_MARKS = 30  # on one letter: the limit of Unicode's Stream-Safe Text Format (UAX 15), so that no text takes for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentWords:
    """All words of one document, numbered from 0; labels, bullets and stamps are words too."""

    joined: str  # " word word word ", so that words are found whole
    at: Sequence[int]  # offset of each word in ``joined``
    starts: Sequence[int]  # offset of each word in the document's text
    ends: Sequence[int]

    def __len__(self) -> int:
        return len(self.at)

    def between(self, first: int, last: int) -> str:
        """Return the words ``first`` to ``last``, both included, one blank between them."""
        return self.joined[self.at[first] : self._end(last)]

    def before(self, number: int, n_words: int) -> str:
        """Return the ``n_words`` words before the word ``number``, fewer where the document begins."""
        first = number - n_words
        words = self.joined[self.at[max(first, 0)] : self._end(number - 1)] if number else ""
        return words if first >= 0 else f"{EDGE} {words}".strip()

    def after(self, number: int, n_words: int) -> str:
        """Return the ``n_words`` words after the word ``number``, fewer where the document ends."""
        last = number + n_words
        words = self.joined[self.at[number + 1] : self._end(min(last, len(self) - 1))] if number + 1 < len(self) else ""
        return words if last < len(self) else f"{words} {EDGE}".strip()

    def meeting(self, span: Span) -> range:
        """Return the numbers of the words that share a character with ``span`` of the document's text."""
        return range(bisect_right(self.ends, span.start), bisect_left(self.starts, span.end))

    def find(self, words: str) -> Iterator[int]:
        """Yield the number of each word at which ``words`` begin; the last of them may be the beginning of a word."""
        found = self.joined.find(f" {words}")
        while found >= 0:
            yield bisect_left(self.at, found + 1)
            found = self.joined.find(f" {words}", found + 1)

    def holds(self, words: str, n_times: int = 1) -> bool:
        """Whether ``words``, whole ones, stand in the document ``n_times`` at least."""
        found = -1
        for _ in range(n_times):
            found = self.joined.find(f" {words} ", found + 1)
            if found < 0:
                return False
        return True

    def _end(self, number: int) -> int:
        return self.at[number + 1] - 1 if number + 1 < len(self) else len(self.joined) - 1


class WordIndex(Mapping[str, DocumentWords]):
    """The words of a collection's documents by document id, each read when first asked for."""

    def __init__(self, documents: Sequence[Document]) -> None:
        self._documents = {document.id: document for document in documents}
        self._words: dict[str, DocumentWords] = {}

    def __getitem__(self, document_id: str) -> DocumentWords:
        if document_id not in self._words:  # two threads may both read it, to the same end
            self._words[document_id] = read_words(self._documents[document_id].text)
        return self._words[document_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._documents)

    def __len__(self) -> int:
        return len(self._documents)


def read_words(text: str) -> DocumentWords:
    """Read the words of ``text``; composed and decomposed characters (Unicode NFC and NFD) give the same words."""
    composed, starts_at, ends_at = _compose(text)
    joined, at, starts, ends = [""], array("I"), array("I"), array("I")
    length = 1
    for word, start, end in read_tokens(composed):
        joined.append(word)
        at.append(length)
        starts.append(starts_at[start])
        ends.append(ends_at[end - 1])
        length += len(word) + 1
    return DocumentWords(joined=" ".join([*joined, ""]), at=at, starts=starts, ends=ends)


def _compose(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """Return ``text`` composed (NFC), and where in ``text`` each of its characters starts and ends."""
    if unicodedata.is_normalized("NFC", text):
        return text, range(len(text)), range(1, len(text) + 1)
    composed: list[str] = []
    starts, ends = array("I"), array("I")
    held, start = "", 0
    for offset, character in enumerate([*text, ""]):
        joint = unicodedata.normalize("NFC", held + character)
        alone = unicodedata.normalize("NFC", character)
        marks = bool(character) and unicodedata.combining(character)
        if offset - start >= MAX_MARKS or (not marks and joint == held + alone):
            composed.append(held)
            starts.extend([start] * len(held))
            ends.extend([offset] * len(held))
            held, start = alone, offset
        else:
            held = joint
    return "".join(composed), starts, ends
