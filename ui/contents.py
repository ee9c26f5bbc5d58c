"""What stands before a document's text: its facts, its speakers, its pages, and what proves it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answers import Note
from embeddings.collection import Collection
from embeddings.dates import spell_date
from embeddings.documents import BlockKind, Document, Item, Passage
from embeddings.manifest import Person
from ui.runs import PageMark
from ui.typesetting import page_marks

# Fields that serve the forms of citation or the page itself, and tell a reader nothing.
_SILENT_FIELDS = frozenset({"type", "short_title", "family_names", "language", "iiif_canvas"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Someone who speaks in a document, and where: (turn's number, id of its first passage)."""

    shown_name: str  # the full name, where the manifest states it
    role: str | None
    note: Note | None  # the editor's
    turns: tuple[tuple[int, str], ...]


def facts(document: Document, item: Item | None) -> list[tuple[str, str]]:
    """Return what the manifest states of a document, or of one item of it, as (name, value)."""
    about = item if item is not None else document
    stated: list[tuple[str, str | None]] = [
        ("kind", item.kind if item else document.fields.get("type")),
        ("date", spell_date(about.date) if about.date else None),
        ("author", item.author if item else None),
        ("recipient", item.recipient if item else None),
        *((name, value) for name, value in about.fields.items() if name not in _SILENT_FIELDS),
    ]
    return [(name.replace("_", " ").capitalize(), value) for name, value in stated if value]


def speakers(collection: Collection, document: Document, item: Item | None) -> list[Speaker]:
    """Return those who speak in ``document``, or in ``item`` of it, in the order of their first words."""
    turns: dict[str, list[tuple[int, str]]] = {}
    for passage in passages_of(collection, document):
        block = document.blocks[passage.block_index]
        if block.kind is not BlockKind.TURN or not block.speaker or (item and block.item_id != item.id):
            continue
        spoken = turns.setdefault(block.speaker, [])
        if not spoken or spoken[-1][0] != block.number:
            spoken.append((block.number, passage.id))
    return [_speaker(name, collection.person(name), spoken) for name, spoken in turns.items()]


def _speaker(name: str, person: Person | None, turns: Sequence[tuple[int, str]]) -> Speaker:
    if person is None:
        return Speaker(shown_name=name, role=None, note=None, turns=tuple(turns))
    shown_name = person.full_name or person.name
    note = (
        Note(about=shown_name, text=person.note, ground=person.ground or "", certainty=person.certainty)
        if person.note
        else None
    )
    return Speaker(shown_name=shown_name, role=person.role, note=note, turns=tuple(turns))


def pages(document: Document, item: Item | None) -> list[tuple[Item | None, list[PageMark]]]:
    """Return the pages of ``document``, or of ``item``, grouped by the item they begin in."""
    grouped: dict[str | None, list[PageMark]] = {}
    for offset, mark in page_marks(document):
        of = next((i.id for i in document.items if i.span.start <= offset < i.span.end), None)
        if item is None or of == item.id:
            grouped.setdefault(of, []).append(mark)
    return [(document.item(of), marks) for of, marks in grouped.items()]


def neighbours(collection: Collection, passage_id: str) -> tuple[Passage | None, Passage | None]:
    """Return the passages before and after one of a document, stamps left out."""
    passage = collection.passage(passage_id)
    document = collection.document(passage.document_id)
    line = [
        p
        for p in passages_of(collection, document)
        if p.id == passage_id or document.blocks[p.block_index].kind is not BlockKind.FURNITURE
    ]
    n = line.index(passage)
    return line[n - 1] if n else None, line[n + 1] if n + 1 < len(line) else None


def passages_of(collection: Collection, document: Document) -> Iterator[Passage]:
    """Yield the passages of ``document`` in order."""
    return (passage for passage in collection.passages if passage.document_id == document.id)


def language(collection: Collection, document: Document, item: Item | None) -> str:
    """Return the language tag of the text, as the item, the document or the collection states it."""
    for fields in (item.fields if item else {}, document.fields):
        if "language" in fields:
            return fields["language"]
    return collection.manifest.language


def canvas(document: Document, item: Item | None) -> str | None:
    """Return the address of the IIIF canvas that shows the scans, None where the manifest gives none."""
    address = (item.fields if item else {}).get("iiif_canvas") or document.fields.get("iiif_canvas")
    return address if address and re.match(r"https?://", address) else None


def verification(collection: Collection, document: Document) -> str:
    """Say whether the document's hash is the one that the manifest states; both were compared at loading."""
    stated = next((entry.sha256 for entry in collection.manifest.documents if entry.id == document.id), None)
    if stated == document.sha256:
        return "yes: this is the hash that the collection’s manifest states"
    return "no: the collection’s manifest states no hash to compare this one with"
