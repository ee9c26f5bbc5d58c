"""Cut words of a document into runs that are shown alike, with no character lost, added or out of order."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from embeddings.documents import Document, Span

_STRUCK = re.compile(r"~~((?=\S)[^~\r\n]*[^~\s])~~")
# Characters that show nothing and change what is shown around them, or nothing at all: controls, the embeddings,
# overrides and isolates of bidirectional text, invisible operators, tags.  Joiners, directional marks and soft hyphens
# belong to the spelling of many languages and stay as they are.
_UNSEEN = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u180e\u200b\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0001\U000e0020-\U000e007f]"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Neighbouring characters that are shown alike."""

    kind: ClassVar[str] = "run"
    text: str
    quoted: bool = False
    opens: bool = False  # it begins the quotation
    closes: bool = False  # it ends the quotation
    withheld: bool = False  # a mark left where words were withheld
    struck: bool = False  # stands between the text's own marks of words struck through
    unseen: str | None = None  # code point and name of a character that no reader would see


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMark:
    """Where a page begins; ``number`` is the page's own, ``anchor`` an element id."""

    kind: ClassVar[str] = "page"
    number: int
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineBreak:
    """Where a line of the document ends by its author's will, and not for want of room."""

    kind: ClassVar[str] = "break"


Inline = Run | PageMark | LineBreak


def words(inlines: Iterable[Inline]) -> str:
    """Return the characters of ``inlines``, as they stand in the document."""
    return "".join(inline.text for inline in inlines if isinstance(inline, Run))


def split_unseen(text: str) -> Iterator[Run]:
    """Cut ``text`` at every character that a reader could not see, and name that character."""
    position = 0
    for match in _UNSEEN.finditer(text):
        if position < match.start():
            yield Run(text=text[position : match.start()])
        yield Run(text=match.group(), unseen=_name(match.group()))
        position = match.end()
    if position < len(text):
        yield Run(text=text[position:])


def _name(character: str) -> str:
    return f"U+{ord(character):04X} {unicodedata.name(character, '')}".strip()


class Cutter:
    """Cuts spans of one document into inlines.

    ``pages`` maps the offset of a page's first word to the marks to be shown there; entries that were shown otherwise
    may be taken out of it between cuts.
    """

    def __init__(self, document: Document, quotation: Span | None, pages: Mapping[int, Sequence[PageMark]]) -> None:
        self._text, self._quotation, self._pages = document.text, quotation, pages
        self._withheld = _joined(document.redactions)
        self._struck = [Span(*match.span(1)) for match in _STRUCK.finditer(document.text)]
        spans = [*self._withheld, *self._struck, *([quotation] if quotation else [])]
        self._cuts = sorted({offset for s in spans for offset in (s.start, s.end)} | set(pages))

    def cut(self, start: int, end: int, lines: Sequence[int] = ()) -> tuple[Inline, ...]:
        """Return ``text[start:end]`` as inlines, with a break before each offset of ``lines``, which are in order."""
        return tuple(self._inlines(start, end, set(lines[bisect_left(lines, start) : bisect_left(lines, end)])))

    def _inlines(self, start: int, end: int, lines: set[int]) -> Iterator[Inline]:
        inner = self._cuts[bisect_right(self._cuts, start) : bisect_left(self._cuts, end)]
        for a, b in pairwise(sorted({start, end, *inner, *lines})):
            yield from self._pages.get(a, ())
            if a in lines:
                yield LineBreak()
            yield from self._runs(a, b)

    def _runs(self, start: int, end: int) -> Iterator[Run]:
        """Cut a stretch whose characters differ in nothing but in being seen."""
        quotation = self._quotation
        quoted = quotation is not None and quotation.start <= start < quotation.end
        withheld, struck = _holds(self._withheld, start), _holds(self._struck, start)
        position = start
        for run in split_unseen(self._text[start:end]):
            yield Run(
                text=run.text,
                quoted=quoted,
                opens=quotation is not None and position == quotation.start,
                closes=quotation is not None and position + len(run.text) == quotation.end,
                withheld=withheld,
                struck=struck,
                unseen=run.unseen,
            )
            position += len(run.text)


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _holds(spans: list[Span], offset: int) -> bool:
    """Whether one of ``spans``, in order and apart, holds the character at ``offset``."""
    n = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return n >= 0 and offset < spans[n].end
