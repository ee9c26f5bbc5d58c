"""Make citations: the one place where words of a document become a quotation, by slicing."""

from __future__ import annotations

import re

from bot.answers import Citation
from bot.errors import CitationError
from bot.permalinks import make_anchor, permalink
from embeddings.collection import Collection
from embeddings.documents import Block, BlockKind, Document, Passage, Span

_LOCATORS = {
    BlockKind.TURN: "turn",
    BlockKind.PARAGRAPH: "paragraph",
    BlockKind.HEADING: "heading",
    BlockKind.ENTRY: "list entry",
    BlockKind.ROW: "table row",
    BlockKind.FURNITURE: "stamp",
    BlockKind.NOTE: "editor's note",
}
_CITATION_ID = re.compile(r"(?P<passage>[^:]+):(?P<start>[0-9]{1,9})-(?P<end>[0-9]{1,9})")


def cite(collection: Collection, document_id: str, span: Span, score: float) -> Citation:
    """Cite ``span`` of a document: its words as they stand, verified against the frozen text.

    Raises:
        CitationError: the span leaves the text, starts outside every block, or runs from one speaker's words
            into another's.
    """
    document = collection.document(document_id)
    if span.end > len(document.text):
        raise CitationError(
            f"{document_id}: {span.start}-{span.end} leaves the text of {len(document.text)} characters"
        )
    first, last = document.block_number_at(span.start), document.block_number_at(span.end - 1)
    if first is None or last is None:
        raise CitationError(f"{document_id}: {span.start}-{span.end} does not begin and end inside a turn or paragraph")
    if not may_join(document, first, last):
        raise CitationError(f"{document_id}: {span.start}-{span.end} would join words that stand apart in the record")
    block, passage = document.blocks[first], passage_at(collection, document, span.start)
    exact = document.text[span.start : span.end]
    citation_id = f"{passage.id}:{span.start}-{span.end}"
    return Citation(
        id=citation_id,
        passage_id=passage.id,
        document_id=document.id,
        item_id=block.item_id,
        exact=exact,
        start=span.start,
        end=span.end,
        speaker=block.speaker,
        page=document.page_at(span.start),
        locator=locate(document, block, span.start),
        document_sha256=document.sha256,
        score=round(score, 4),
        url=permalink(citation_id, make_anchor(collection, document, span)),
    )


def may_join(document: Document, first: int, last: int) -> bool:
    """Whether one quotation may run from block ``first`` to block ``last``.

    Within a block always; else only along the entries of one list or the rows of one table, with nothing
    (no stamp, no page heading, no redaction, nobody's speech) between them.
    """
    if first == last:
        return True
    run = document.blocks[first : last + 1]
    same = run[0].kind in (BlockKind.ENTRY, BlockKind.ROW) and all(
        block.kind is run[0].kind and block.lead_in == run[0].lead_in and block.item_id == run[0].item_id
        for block in run
    )
    between = Span(run[0].span.end - 1, run[-1].span.start + 1)
    return same and not any(redaction.meets(between) for redaction in document.redactions)


def find_citation(collection: Collection, identifier: str) -> Citation:
    """Cite what an id names: a passage (``minutes-1987/t20``) or a span of it (``...:12801-12850``).

    Raises:
        CitationError: there is no such passage, or the span is not in it.
    """
    match = _CITATION_ID.fullmatch(identifier.strip())
    try:
        passage = collection.passage(match["passage"] if match else identifier.strip())
    except KeyError as error:
        raise CitationError(
            f"{identifier!r} names no passage or citation. An id looks like {collection.passages[0].id!r} or "
            f"{collection.passages[0].id}:{collection.passages[0].span.start}-{collection.passages[0].span.end}; "
            f"'memcon documents --passages' lists them"
        ) from error
    if match is None:
        return cite(collection, passage.document_id, passage.span, 1.0)
    start, end = int(match["start"]), int(match["end"])
    if not passage.span.start <= start < end or start >= passage.span.end:
        raise CitationError(
            f"{identifier!r}: the passage {passage.id} runs from {passage.span.start} to "
            f"{passage.span.end}; {start}-{end} does not begin in it"
        )
    return cite(collection, passage.document_id, Span(start, end), 1.0)


def passage_at(collection: Collection, document: Document, offset: int) -> Passage:
    """Return the passage that holds the character at ``offset``.

    Raises:
        CitationError: no passage does.
    """
    passage = collection.passage_at(document.id, offset)
    if passage is None:
        raise CitationError(f"{document.id}: no passage stands at {offset}")
    return passage


def locate(document: Document, block: Block, offset: int) -> str:
    """Say where ``offset`` stands in its record: ``turn 20, p. 4``."""
    page = document.page_at(offset)
    where = f"{_LOCATORS[block.kind]} {block.number}"
    return f"{where}, p. {page}" if page is not None else where
