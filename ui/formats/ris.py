"""RIS, which reference managers import: one entry for each record, its quotations as notes.

The tags are those of the RIS specification of 2011 (EndNote's and Zotero's).  A line holds one value; line ends are
single line feeds, which every importer takes and text streams keep.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answers import Citation
from embeddings.collection import Collection
from embeddings.dates import date_parts
from ui.formats.addresses import document_address
from ui.formats.references import Reference, grouped
from ui.formats.remarks import remarks


def ris(citations: Sequence[Citation], collection: Collection, public_url: str = "") -> str:
    """Return the entries; ``ID`` is the record's own id, the same in every export."""
    lines: list[str] = []
    for reference, quoted in grouped(citations, collection):
        tags = [*_tags(reference, public_url), *_notes(reference, quoted, collection, public_url)]
        lines += [f"{tag}  - {value}" for tag, value in tags if value]
        lines.append("ER  - ")
    return "\n".join(lines)


def _tags(reference: Reference, public_url: str) -> Iterator[tuple[str, str | None]]:
    fields = reference.fields
    yield "TY", "MANSCPT"
    yield "ID", reference.id
    yield from (("AU", name.inverted) for name in reference.authors)
    yield "TI", reference.title.bare
    yield "ST", fields.get("short_title")
    yield "M3", reference.title.genre
    yield "T2", reference.file.full if reference.file else None
    yield "T3", reference.collection
    yield from _date(reference.date)
    yield "CY", fields.get("place")
    yield from (("A4", name.inverted) for name in reference.translators)
    yield "M1", ", ".join(reference.identifiers)
    yield "AN", ", ".join([*reference.shelf, *reference.units])
    yield "DB", reference.keeper
    yield "LA", fields.get("language")
    yield from (("UR", address) for address in (fields.get("url"), document_address(reference, public_url)))


def _date(text: str | None) -> Iterator[tuple[str, str | None]]:
    """Yield the year, and the date as ``YYYY/MM/DD/other``; a date that is none of the calendar's is ``other``."""
    if text is None:
        return
    parts = date_parts(text)
    if parts:
        yield "PY", f"{parts[0]:04}"
        yield "DA", "/".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:]), "", "", ""][:3]) + "/"
    else:
        yield "DA", f"///{text}"


def _notes(
    reference: Reference, quoted: Sequence[Citation], collection: Collection, public_url: str
) -> Iterator[tuple[str, str]]:
    if reference.recipients:
        yield "N1", f"To: {'; '.join(name.full for name in reference.recipients)}"
    yield from (("N1", remark) for remark in remarks(reference, quoted, collection, public_url))
