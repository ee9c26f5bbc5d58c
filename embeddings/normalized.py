"""Text prepared for searching, with a way back to the offsets it came from.

Normalised text is never quoted: a match found in it is mapped back to a span of the document.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from embeddings.documents import Span

_FOLDED = str.maketrans({
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"',
    "\u00ab": '"', "\u00bb": '"', "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-",
    "\u2015": "-", "\u2212": "-", "\u00a0": " ", "\u00ad": "",
})  # fmt: skip
_LINE_BREAK_HYPHEN = re.compile(r"(?<=\w)-[ \t]*\r?\n\s*(?=\w)")
# A letter with the marks that may stand on it (a decomposed accent) or hide after it (a soft hyphen).
_LETTER = r"[^\W_][\u00ad\u0300-\u036f]*"
_TOKEN = re.compile(rf"(?:{_LETTER})+(?:['’](?:{_LETTER})+)*|[%$€£]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word as it is compared (folded, case dropped) and where it stands."""

    text: str
    span: Span


def fold(text: str) -> str:
    """Return ``text`` with curly quotes, dashes, ligatures and white space folded, for showing to an encoder."""
    text = unicodedata.normalize("NFKC", _LINE_BREAK_HYPHEN.sub("-", text)).translate(_FOLDED)
    return re.sub(r"\s+", " ", text).strip()


def tokens(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the words, numbers and unit signs of ``text[start:end]``, each with its span in ``text``.

    Curly and straight apostrophes compare equal; a word hyphenated at a line's end gives its two halves, as
    the same word does when it is written with a hyphen.
    """
    return [Token(text=word, span=Span(first, last)) for word, first, last in read_tokens(text, start, end)]


def read_tokens(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[str, int, int]]:
    """Yield each word as it is compared, with its start and end: `tokens` without objects, for long texts."""
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word = match.group()
        if not word.isascii():
            word = unicodedata.normalize("NFKC", word).translate(_FOLDED)
        yield word.casefold(), match.start(), match.end()
