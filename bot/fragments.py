"""Text fragments: the end of a URL by which a browser scrolls to words and marks them, on anybody's page.

The form is that of the WICG's "URL Fragment Text Directives".  They prove nothing: for that there are permalinks.
"""

from __future__ import annotations

import re
from urllib.parse import quote

MAX_WHOLE = 300  # characters; from longer words Chromium's own "copy link to highlight" takes start and end, too
N_WORDS = 5  # at either end of a long quotation, at first
_BREAK = r"(?:\r\n|\r(?!\n)|\n)"
_APART = re.compile(rf"\t|{_BREAK}\s*{_BREAK}")  # pages set these in cells and paragraphs of their own


def text_fragment(exact: str) -> str:
    """Return ``#:~:text=...`` for a quotation that stands on some page.

    A browser looks for a text in one block of a page only, but for ``start,end`` over several: long words, and those
    of several paragraphs or cells, are given by their two ends.

    Raises:
        ValueError: there are no words in ``exact``.
    """
    pieces = [piece.split() for piece in _APART.split(exact) if piece.split()]
    if not pieces:
        raise ValueError(f"a text fragment needs words, got {exact!r}")
    half = len(pieces[0]) // 2
    if len(pieces) == 1 and half and len(" ".join(pieces[0])) > MAX_WHOLE:
        pieces = [pieces[0][:half], pieces[0][half:]]
    if len(pieces) == 1:
        return f"#:~:text={_encode(' '.join(pieces[0]))}"
    start = " ".join(pieces[0][:N_WORDS])
    return f"#:~:text={_encode(start)},{_encode(_last(pieces))}"


def _last(pieces: list[list[str]]) -> str:
    """Return the last words, so many that they stand nowhere before the end: a browser stops at the first place."""
    words, last = " ".join(word for piece in pieces for word in piece).casefold(), pieces[-1]
    for n_words in range(min(N_WORDS, len(last)), len(last)):
        end = " ".join(last[-n_words:])
        if words.find(end.casefold()) == len(words) - len(end.casefold()):
            return end
    return " ".join(last)


def _encode(words: str) -> str:
    """Percent-encode words; a hyphen, a comma and an ampersand would have a meaning of their own."""
    return quote(words, safe="").replace("-", "%2D")
