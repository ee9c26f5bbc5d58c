"""What memcon holds of an archive: documents, the items inside them, their blocks, and passages to retrieve.

Read this first.  A `Document` is one file whose text was frozen when it was read; everything
else is a span, half-open code-point offsets into that text, and never a copy of words.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from enum import Enum

from embeddings.errors import DocumentError


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open code-point offsets ``[start, end)`` into a document's text."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"a span needs 0 <= start < end, got start={self.start}, end={self.end}")

    def holds(self, other: Span) -> bool:
        """Whether ``other`` lies wholly inside this span."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


class Genre(Enum):
    """How a document is read: by speakers' turns, or by blocks."""

    TRANSCRIPT = "transcript"
    PROSE = "prose"


class BlockKind(Enum):
    """What a block is; the value is the letter-prefix of its id and the word of its locator."""

    TURN = "turn"
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    ENTRY = "entry"  # of a list
    ROW = "row"  # of a table
    FURNITURE = "furniture"  # stamps, running heads, page numbers
    NOTE = "note"  # an editor's words inside the document, e.g. a source note


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A turn, paragraph, heading, list entry, table row, stamp or note, in reading order.

    ``span`` covers the words themselves: a turn's speaker label and an entry's bullet lie
    outside it.  ``sentences`` lie in ``span``, in order.  ``speaker`` is the canonical surname.
    """

    number: int  # 1-based among the blocks of its kind in its item (or document)
    kind: BlockKind
    span: Span
    sentences: tuple[Span, ...]
    item_id: str | None = None
    speaker: str | None = None
    lead_in: int | None = None  # index of the block that introduces this entry or row

    def __post_init__(self) -> None:
        for sentence in self.sentences:
            if not self.span.holds(sentence):
                raise ValueError(f"sentence {sentence} lies outside its block {self.span}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A record inside a document with its own title, date and author."""

    id: str
    title: str
    span: Span
    names: tuple[str, ...] = ()  # what people call it: "the routing slip"
    date: str | None = None
    author: str | None = None
    recipient: str | None = None
    kind: str | None = None
    fields: dict[str, str] = field(default_factory=dict)  # citation fields, as the manifest states them


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file of a collection, its text frozen.

    Raises:
        DocumentError: the blocks overlap, or a block or item reaches outside the text.
    """

    id: str
    title: str
    text: str
    sha256: str  # of the file's bytes
    genre: Genre
    blocks: tuple[Block, ...]
    items: tuple[Item, ...] = ()
    redactions: tuple[Span, ...] = ()
    page_starts: tuple[tuple[int, int], ...] = ()  # (offset, page number) in text order
    date: str | None = None
    fields: dict[str, str] = field(default_factory=dict)  # citation fields, as the manifest states them
    _block_starts: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_block_starts", tuple(block.span.start for block in self.blocks))
        previous = 0
        for block in self.blocks:
            if block.span.start < previous or block.span.end > len(self.text):
                raise DocumentError(
                    f"document {self.id!r}: block {block.kind.value} {block.number} at {block.span} "
                    f"overlaps its neighbour or leaves the text of {len(self.text)} characters"
                )
            previous = block.span.end
        for item in self.items:
            if item.span.end > len(self.text):
                raise DocumentError(
                    f"document {self.id!r}: item {item.id!r} at {item.span} leaves the text of "
                    f"{len(self.text)} characters"
                )

    def words(self, span: Span) -> str:
        """Return the text of ``span``, unchanged."""
        return self.text[span.start : span.end]

    def item(self, item_id: str | None) -> Item | None:
        """Return the item of that id, None for a document without items."""
        return next((item for item in self.items if item.id == item_id), None)

    def page_at(self, offset: int) -> int | None:
        """Return the number of the page that holds ``offset``, None where pages are not known."""
        number = bisect_right(self.page_starts, offset, key=lambda page: page[0])
        return self.page_starts[number - 1][1] if number else None

    def block_at(self, offset: int) -> Block | None:
        """Return the block whose span holds the character at ``offset``."""
        number = self.block_number_at(offset)
        return self.blocks[number] if number is not None else None

    def block_number_at(self, offset: int) -> int | None:
        """Return the index into ``blocks`` of the block whose span holds the character at ``offset``."""
        number = bisect_right(self._block_starts, offset) - 1
        return number if number >= 0 and offset < self.blocks[number].span.end else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The unit of retrieval: a block, or a part of a long one cut at sentence ends.

    ``id`` reads ``document/item/t20`` or ``document/p3.2`` (second part) and is a permalink.
    ``sentences`` are the passage's own, in order.
    """

    id: str
    document_id: str
    block_index: int  # into Document.blocks
    span: Span
    sentences: tuple[Span, ...]
