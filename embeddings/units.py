"""Sentences of a collection, each with the words around it that its vector and terms should know of."""

from __future__ import annotations

import re
from dataclasses import dataclass

from embeddings.collection import Collection
from embeddings.dates import spell_date
from embeddings.documents import Block, BlockKind, Document, Passage, Span
from embeddings.normalized import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One sentence of a passage, numbered through the collection, with its texts for searching (never for quoting).

    ``text``: the sentence; ``window_text``: with its neighbours in the block and its speaker; ``passage_text``:
    the whole passage with its speaker, lead-in or column names; ``record``: the date and title of what it stands in.
    """

    number: int
    passage: int  # into Collection.passages
    document: int  # into Collection.documents
    block_index: int
    span: Span
    speaker: str | None
    text: str
    window_text: str
    passage_text: str
    record: str


def read_units(collection: Collection) -> list[Unit]:
    """List every sentence of ``collection`` in reading order."""
    units: list[Unit] = []
    numbers = {document.id: number for number, document in enumerate(collection.documents)}
    for number, passage in enumerate(collection.passages):  # these stand in the order of their documents
        document_number = numbers[passage.document_id]
        _add(units, collection.documents[document_number], document_number, passage, number)
    return units


def _add(units: list[Unit], document: Document, document_number: int, passage: Passage, number: int) -> None:
    block = document.blocks[passage.block_index]
    context = describe(document, block)
    whole = fold(f"{context} {document.words(passage.span)}")
    record = name_record(document, block)
    for n, span in enumerate(passage.sentences):
        around = Span(
            passage.sentences[max(0, n - 1)].start, passage.sentences[min(n + 1, len(passage.sentences) - 1)].end
        )
        units.append(
            Unit(
                number=len(units),
                passage=number,
                document=document_number,
                block_index=passage.block_index,
                span=span,
                speaker=block.speaker,
                text=fold(document.words(span)) if block.kind is not BlockKind.ROW else whole,
                window_text=fold(f"{context} {document.words(around)}"),
                passage_text=whole,
                record=record,
            )
        )


def name_record(document: Document, block: Block) -> str:
    """Name the record that ``block`` is of, an item of a file or the document: its date in words and its title."""
    record = document.item(block.item_id) or document
    if not record.date:
        return fold(record.title)
    title = re.sub(rf"^{re.escape(record.date)}[\s,_-]*|[\s,_(-]*{re.escape(record.date)}\)?$", "", record.title)
    return fold(": ".join(filter(None, [spell_date(record.date), title])))


def describe(document: Document, block: Block) -> str:
    """Say what a reader of ``block`` alone would miss: its speaker, its lead-in, its columns, its item."""
    parts = []
    if block.speaker:
        parts.append(f"{block.speaker}:")
    if block.kind is BlockKind.ROW:
        parts.append(_columns(document, block))
    elif block.lead_in is not None:
        parts.append(document.words(document.blocks[block.lead_in].sentences[-1]))
    return " ".join(parts)


def _columns(document: Document, block: Block) -> str:
    """Name the columns in which a row has an entry, after its item."""
    item = document.item(block.item_id)
    columns: list[str] = []
    if block.lead_in is not None:
        heads = [head.strip() for head in document.words(document.blocks[block.lead_in].span).split("\t")]
        cells = [cell.strip() for cell in document.words(block.span).split("\t")]
        # A header that leaves the first columns unnamed was trimmed at its start.
        heads = [""] * max(0, _width(document, block) - len(heads)) + heads
        columns = [head for head, cell in zip(heads, cells, strict=False) if head and cell]
    said = ": ".join(filter(None, [item.title if item else "", ", ".join(columns)]))
    return f"{said}:" if said else ""


def _width(document: Document, block: Block) -> int:
    """Count the columns of the row's table by its untrimmed line."""
    end = document.text.find("\n", block.span.end)
    line = document.text[block.span.start : end if end >= 0 else len(document.text)]
    return line.count("\t") + 1
