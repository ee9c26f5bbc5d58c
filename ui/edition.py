"""What a reader is shown of a document: its words, every one once and in order, as sections of parts.

Nothing here knows HTML.  An `Edition` partitions the text that it shows: its runs, joined, are that text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from embeddings.documents import Document, Item, Span
from ui.runs import Inline, PageMark, words


class PartKind(Enum):
    """What a part of an edition is."""

    SPEECH = "speech"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    LIST = "list"
    TABLE = "table"
    STAMPS = "stamps"  # stamps, running heads, page numbers
    WITHHELD = "withheld"  # nothing but a mark left where words were withheld
    NOTE = "note"  # an editor's words inside the document
    LINES = "lines"  # what belongs to no block: ruled lines, a label without speech


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Inlines of one passage, or of none: labels, bullets, the white space between passages."""

    inlines: tuple[Inline, ...]
    passage_id: str | None = None
    first: bool = False  # the passage begins here


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of a block; ``pages`` begin right before it."""

    stretches: tuple[Stretch, ...]
    pages: tuple[PageMark, ...] = ()

    @property
    def text(self) -> str:
        """Return the paragraph's characters, as they stand in the document."""
        return "".join(words(stretch.inlines) for stretch in self.stretches)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A table row; one without passage is ruled for words that were never filled in."""

    cells: tuple[tuple[Inline, ...], ...]
    passage_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A speech, paragraph or heading, or a whole list, table or group of stamps.

    ``entries`` holds one tuple of paragraphs a block; a table has ``rows`` in their place.
    """

    kind: PartKind
    pages: tuple[PageMark, ...] = ()  # begin right before it
    entries: tuple[tuple[Paragraph, ...], ...] = ()
    rows: tuple[Row, ...] = ()
    headed: bool = False  # the first row names the columns
    label: Paragraph | None = None  # the speaker as the text spells the name
    speaker: str | None = None  # the canonical surname
    introduces: bool = False  # the speaker's first words in this section


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The parts of an item, of a document without items, or of what stands outside all items."""

    item: Item | None
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A document, or one item of it, set for reading."""

    document: Document
    item: Item | None  # None: the whole document
    quotation: Span | None
    sections: tuple[Section, ...]

    def inlines(self) -> Iterator[Inline]:
        """Yield every run, page mark and line break inside the parts, in reading order."""
        for section in self.sections:
            for part in section.parts:
                yield from _inlines(part)


def _inlines(part: Part) -> Iterator[Inline]:
    for paragraph in (*([part.label] if part.label else []), *(p for entry in part.entries for p in entry)):
        for stretch in paragraph.stretches:
            yield from stretch.inlines
    for row in part.rows:
        for cell in row.cells:
            yield from cell
