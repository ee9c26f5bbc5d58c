"""Set a document, or an item of it, for reading: divide its text among parts so that every character stands once."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from embeddings.documents import Block, BlockKind, Document, Item, Passage, Span
from ui.edition import Edition, Paragraph, Part, PartKind, Row, Section, Stretch
from ui.paragraphs import End, line_ends, usual_line
from ui.runs import Cutter, PageMark

_WORD = re.compile(r"[^\s\ufeff]")  # the byte order mark is no white space to Python, and no word either
_LINE = re.compile(r"[^\r\n\f]+")
_RULED = re.compile(r"[\s\ufeff\-*_=]*")
_KINDS = {
    BlockKind.TURN: PartKind.SPEECH,
    BlockKind.PARAGRAPH: PartKind.PARAGRAPH,
    BlockKind.HEADING: PartKind.HEADING,
    BlockKind.ENTRY: PartKind.LIST,
    BlockKind.ROW: PartKind.TABLE,
    BlockKind.FURNITURE: PartKind.STAMPS,
    BlockKind.NOTE: PartKind.NOTE,
}
_GROUPED = (PartKind.LIST, PartKind.TABLE, PartKind.STAMPS, PartKind.LINES)


def typeset(
    document: Document, passages: Sequence[Passage], item: Item | None = None, quotation: Span | None = None
) -> Edition:
    """Set ``document``, or only ``item``; ``passages`` may be those of a whole collection.

    A ``quotation`` that leaves the item is shown in the whole document.
    """
    if item is not None and quotation is not None and not item.span.holds(quotation):
        item = None
    setter = _Setter(document, [p for p in passages if p.document_id == document.id], quotation)
    shown = [(item, item.span)] if item else list(_divided(document))
    sections = tuple(Section(item=of, parts=tuple(setter.parts(span))) for of, span in shown)
    return Edition(document=document, item=item, quotation=quotation, sections=sections)


def page_marks(document: Document) -> list[tuple[int, PageMark]]:
    """Return the pages of ``document`` that hold words as (offset of the first word, mark), in order."""
    found = [(_WORD.search(document.text, start), number) for start, number in document.page_starts]
    return [
        (word.start(), PageMark(number=number, anchor=f"record-page-{n}"))
        for n, (word, number) in enumerate(found, start=1)
        if word is not None
    ]


def _divided(document: Document) -> Iterator[tuple[Item | None, Span]]:
    """Divide the text among the items and what stands outside them; mere white space goes with what precedes it."""
    starts: list[tuple[int, Item | None]] = []
    position = 0
    for item in document.items:
        if _WORD.search(document.text, position, item.span.start):
            starts.append((position, None))
        starts.append((item.span.start, item))
        position = item.span.end
    if not starts or _WORD.search(document.text, position):
        starts.append((position, None))
    starts[0] = (0, starts[0][1])
    for (start, of), (end, _) in pairwise([*starts, (len(document.text), None)]):
        yield of, Span(start, end)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """A block with what belongs to it outside its span, or a line that belongs to no block."""

    kind: PartKind
    start: int
    end: int
    block: Block | None
    passages: Sequence[Passage]
    pages: tuple[PageMark, ...]


class _Setter:
    """Sets the parts of one document; each page is marked once, where it is first met."""

    def __init__(self, document: Document, passages: Sequence[Passage], quotation: Span | None) -> None:
        self._document, self._text = document, document.text
        self._usual = usual_line(document.text)
        self._pages: dict[int, list[PageMark]] = defaultdict(list)
        for offset, mark in page_marks(document):
            self._pages[offset].append(mark)
        self._cutter = Cutter(document, quotation, self._pages)
        self._passages: dict[int, list[Passage]] = defaultdict(list)
        for passage in passages:
            self._passages[passage.block_index].append(passage)

    def parts(self, window: Span) -> Iterator[Part]:
        """Yield the parts that make up the text of ``window``."""
        heard: set[str | None] = set()
        group: list[_Unit] = []
        for unit in self._units(window):
            if group and (unit.kind is not group[0].kind or unit.kind not in _GROUPED or unit.pages):
                yield self._part(group, heard)
                group = []
            group.append(unit)
        yield self._part(group, heard)

    def _units(self, window: Span) -> Iterator[_Unit]:
        """Cut ``window`` into units without a gap: white space goes with what stands before it, if anything does."""
        starts = list(self._starts(window))
        starts[0] = (window.start, *starts[0][1:])
        for (start, kind, index), (end, *_) in pairwise([*starts, (window.end, PartKind.LINES, None)]):
            yield _Unit(
                kind=kind,
                start=start,
                end=end,
                block=None if index is None else self._document.blocks[index],
                passages=() if index is None else self._passages[index],
                pages=self._pages_at(start, end),
            )

    def _starts(self, window: Span) -> Iterator[tuple[int, PartKind, int | None]]:
        """Yield where each unit starts, what it is, and the index of its block."""
        position = window.start
        for index, block in enumerate(self._document.blocks):
            if not block.span.meets(window):
                continue
            start = self._attached(block, position)
            yield from self._strays(position, start)
            withheld = block.kind is BlockKind.FURNITURE and any(r.holds(block.span) for r in self._document.redactions)
            yield start, PartKind.WITHHELD if withheld else _KINDS[block.kind], index
            position = min(block.span.end, window.end)
        yield from self._strays(position, window.end)

    def _attached(self, block: Block, position: int) -> int:
        """Return where what belongs to ``block`` begins, after ``position``: a label, a bullet, a row's empty cells."""
        start = block.span.start
        if start <= position:
            return position
        before = list(self._lines_with_words(position, start))
        if block.kind is BlockKind.ROW:
            return 1 + max(position - 1, *(self._text.rfind(mark, position, start) for mark in "\r\n\f"))
        if block.kind is BlockKind.TURN:
            label = next((line for line in reversed(before) if not _RULED.fullmatch(line.group())), None)
            return self._first_word(label.start(), label.end()) if label else start
        if block.kind is BlockKind.ENTRY and before and before[-1].end() == start:
            return self._first_word(before[-1].start(), start)
        return start

    def _strays(self, start: int, end: int) -> Iterator[tuple[int, PartKind, None]]:
        for line in self._lines_with_words(start, end):
            if "\t" in line.group().strip():
                yield line.start(), PartKind.TABLE, None
            else:
                yield self._first_word(line.start(), line.end()), PartKind.LINES, None

    def _part(self, units: Sequence[_Unit], heard: set[str | None]) -> Part:
        first = units[0]
        block = first.block
        if first.kind is PartKind.TABLE:
            rows = tuple(self._row(unit) for unit in units)
            return Part(kind=first.kind, pages=first.pages, rows=rows, headed=self._headed(units))
        if first.kind is not PartKind.SPEECH or block is None:
            entries = tuple(tuple(self._paragraphs(unit, unit.start)) for unit in units)
            return Part(kind=first.kind, pages=first.pages, entries=entries)
        speech = max(first.start, block.span.start)
        label = self._first_word(first.start, speech) < speech
        introduces = block.speaker not in heard
        heard.add(block.speaker)
        return Part(
            kind=first.kind,
            pages=first.pages,
            entries=(tuple(self._paragraphs(first, speech if label else first.start)),),
            label=Paragraph(stretches=tuple(self._stretches(first.start, speech, (), ()))) if label else None,
            speaker=block.speaker,
            introduces=introduces,
        )

    def _paragraphs(self, unit: _Unit, start: int) -> Iterator[Paragraph]:
        ends = line_ends(self._document, unit.block, self._usual, unit.start) if unit.block else {}
        lines = [offset for offset, end in ends.items() if end is End.LINE and start < offset < unit.end]
        breaks = [offset for offset, end in ends.items() if end is End.PARAGRAPH and start < offset < unit.end]
        for a, b in pairwise([start, *breaks, unit.end]):
            pages = self._pages_at(a, b)
            yield Paragraph(stretches=tuple(self._stretches(a, b, unit.passages, lines)), pages=pages)

    def _stretches(self, start: int, end: int, passages: Sequence[Passage], lines: Sequence[int]) -> Iterator[Stretch]:
        position = start
        for passage in passages[bisect_right(passages, start, key=lambda passage: passage.span.end) :]:
            if passage.span.start >= end:
                break
            a, b = max(passage.span.start, start), min(passage.span.end, end)
            if position < a:
                yield Stretch(inlines=self._cutter.cut(position, a, lines))
            first = a == passage.span.start
            yield Stretch(inlines=self._cutter.cut(a, b, lines), passage_id=passage.id, first=first)
            position = b
        if position < end:
            yield Stretch(inlines=self._cutter.cut(position, end, lines))

    def _row(self, unit: _Unit) -> Row:
        """Cut a row after its tabs, or before the bars of a Markdown row but the first and the last, which frame it."""
        text = self._text[unit.start : unit.end]
        if "\t" in text.strip():
            cuts = [unit.start + n + 1 for n, character in enumerate(text) if character == "\t"]
        else:
            cuts = [unit.start + n for n, character in enumerate(text.rstrip()[:-1]) if character == "|"][1:]
        edges = [unit.start, *(cut for cut in cuts if cut < unit.end), unit.end]
        # A row cut in two by an item's border has its id only where it begins.
        begins = unit.block is not None and unit.start <= unit.block.span.start
        return Row(
            cells=tuple(self._cutter.cut(a, b) for a, b in pairwise(edges)),
            passage_id=unit.passages[0].id if begins and unit.passages else None,
        )

    def _headed(self, units: Sequence[_Unit]) -> bool:
        """Whether the first row names the columns of the rest: it does where the blocks after it refer to it."""
        first, *rest = (unit.block for unit in units)
        if first is None or not rest:
            return False
        return all(block is None or self._is_lead(first, block) for block in rest)

    def _is_lead(self, first: Block, block: Block) -> bool:
        return block.lead_in is not None and self._document.blocks[block.lead_in] is first

    def _lines_with_words(self, start: int, end: int) -> Iterator[re.Match[str]]:
        return (line for line in _LINE.finditer(self._text, start, end) if _WORD.search(line.group()))

    def _first_word(self, start: int, end: int) -> int:
        """Return the offset of the first word in a range, ``end`` where there is none."""
        word = _WORD.search(self._text, start, end)
        return word.start() if word else end

    def _pages_at(self, start: int, end: int) -> tuple[PageMark, ...]:
        return tuple(self._pages.pop(self._first_word(start, end), ()))
