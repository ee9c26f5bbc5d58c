"""Find where in a document the words of a permalink stand, and how much speaks for each place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum
from itertools import islice

from bot.permalinks import N_NEAR, Anchor, alike_digest, exact_digest, near_digest
from embeddings.documents import BlockKind, Document, Span
from embeddings.words import DocumentWords

MAX_CANDIDATES = 1000  # places of the same words that are weighed; among more of them none can be told
_MAX_MARKS = 40  # characters before and after the words that are tried as part of the quotation
_MAX_GROWTH, _MAX_ADDED = 4, 50  # edited words are at most so many times as many, and so many more


class Likeness(Enum):
    """How the words of a place resemble those that were cited."""

    EXACT = "exact"
    ALIKE = "alike"  # as words are compared: punctuation, capitals and the like may differ
    FRAMED = "framed"  # other words, between the neighbours of those that were cited


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Words of a document that may be those of a permalink; ``n_near`` of their two neighbours are beside them."""

    document: Document
    span: Span
    likeness: Likeness
    n_near: int


def find_places(document: Document, words: DocumentWords, anchor: Anchor, *, framed: bool) -> list[Place]:
    """Find the words of ``anchor`` in a document; if ``framed``, what stands between their neighbours is a place too.

    The neighbours stood once in the document: what is between them is what was cited, whatever words it has now.
    Unless it holds the exact words, it counts whole, and not the like words in it: what is added may change them.
    """
    found = [_place(document, words, first, anchor) for first in islice(_candidates(words, anchor), MAX_CANDIDATES + 1)]
    if framed and not any(place.n_near == 2 for place in found):
        frame = _frame(document, words, anchor)
        inside = [place for place in found if frame is not None and frame.span.holds(place.span)]
        found = [place for place in found if place not in inside]
        exact = [replace(place, n_near=2) for place in inside if place.likeness is Likeness.EXACT]
        found += exact or ([frame] if frame is not None else [])
    return [place for place in found if parts(document, place.span)]


def parts(document: Document, span: Span) -> list[Span]:
    """Cut ``span`` at the ends of blocks; stamps between others are left out, and so is what no block holds."""
    first, last = document.block_number_at(span.start), document.block_number_at(span.end - 1)
    if first is not None and first == last:
        return [span]
    met = [block for block in document.blocks if block.span.meets(span)]
    kept = [block for block in met if block.kind is not BlockKind.FURNITURE] or met
    cut = [Span(max(span.start, block.span.start), min(span.end, block.span.end)) for block in kept]
    return [trimmed for part in cut if (trimmed := _trim(document.text, part)) is not None]


def _candidates(words: DocumentWords, anchor: Anchor) -> Iterator[int]:
    """Yield the number of each word at which as many words begin as were cited, alike."""
    for first in words.find(anchor.first) if anchor.n_words else ():
        last = first + anchor.n_words - 1
        if last < len(words) and alike_digest(words.between(first, last)) == anchor.alike:
            yield first


def _place(document: Document, words: DocumentWords, first: int, anchor: Anchor) -> Place:
    last = first + anchor.n_words - 1
    exact = _exact_span(document, words, first, last, anchor)
    before = near_digest(words.before(first, N_NEAR)) == anchor.before
    after = near_digest(words.after(last, N_NEAR)) == anchor.after
    return Place(
        document=document,
        span=exact or _with_marks(document, words, first, last),
        likeness=Likeness.EXACT if exact else Likeness.ALIKE,
        n_near=before + after,
    )


def _frame(document: Document, words: DocumentWords, anchor: Anchor) -> Place | None:
    """Return what stands between the neighbours; None where one of these is missing, or stands twice."""
    if anchor.before is None or anchor.after is None:
        return None
    starts = [n for n in range(len(words)) if near_digest(words.before(n, N_NEAR)) == anchor.before]
    ends = [n for n in range(len(words)) if near_digest(words.after(n, N_NEAR)) == anchor.after]
    if len(starts) != 1 or len(ends) != 1:
        return None
    n_words = ends[0] - starts[0] + 1
    if not 0 < n_words <= _MAX_GROWTH * anchor.n_words + _MAX_ADDED:
        return None
    span = _with_marks(document, words, starts[0], ends[0])
    return Place(document=document, span=span, likeness=Likeness.FRAMED, n_near=2)


def _exact_span(document: Document, words: DocumentWords, first: int, last: int, anchor: Anchor) -> Span | None:
    """Return the span of the exact words, with the marks around them that they were quoted with.

    An id may also name a span that begins or ends inside a word; that is tried last.
    """
    low, high = _room(document, words, first, last)
    start, end = words.starts[first], words.ends[last]
    starts = [*range(start, max(low, start - _MAX_MARKS) - 1, -1), *range(start + 1, words.ends[first])]
    ends = [*range(end, min(high, end + _MAX_MARKS) + 1), *range(end - 1, words.starts[last], -1)]
    for start in starts:
        for end in ends if not document.text[start].isspace() else ():
            exact = document.text[start:end]
            if exact and not exact[-1].isspace() and exact_digest(exact) == anchor.exact:
                return Span(start, end)
    return None


def _with_marks(document: Document, words: DocumentWords, first: int, last: int) -> Span:
    """Return the span of words with the punctuation written next to them, within their blocks."""
    low, high = _room(document, words, first, last)
    start, end = words.starts[first], words.ends[last]
    while start > low and not document.text[start - 1].isspace():
        start -= 1
    while end < high and not document.text[end].isspace():
        end += 1
    return Span(start, end)


def _room(document: Document, words: DocumentWords, first: int, last: int) -> tuple[int, int]:
    """Return how far a quotation of these words may reach: to the words beside them and the ends of the blocks."""
    low = words.ends[first - 1] if first else 0
    high = words.starts[last + 1] if last + 1 < len(words) else len(document.text)
    opens, closes = document.block_at(words.starts[first]), document.block_at(words.ends[last] - 1)
    return max(low, opens.span.start if opens else 0), min(high, closes.span.end if closes else high)


def _trim(text: str, span: Span) -> Span | None:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    end = span.end - len(words) + len(words.rstrip())
    return Span(start, end) if start < end else None
