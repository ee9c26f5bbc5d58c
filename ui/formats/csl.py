"""CSL-JSON, the input of citation processors: one object for each record, in an array.

The fields are those of the Citation Style Language's schema 1.0.2.  A record with a ``genre`` is a ``manuscript``;
another is a ``document``, for Chicago's styles would call it an 'unpublished manuscript'.  Numbers stand in
``archive_location``, for as ``number`` they would be printed as one with the genre.  The place of the quoted words is
no property of the record, so it stands with them in ``annote``; ``note`` is left alone, for processors read variables
out of it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.answers import Citation
from embeddings.collection import Collection
from embeddings.dates import date_parts
from ui.formats.addresses import document_address
from ui.formats.names import Name
from ui.formats.references import Reference, grouped
from ui.formats.remarks import remarks

_UNITS = ("file_unit", "series", "subgroup")


def csl_json(citations: Sequence[Citation], collection: Collection, public_url: str = "") -> str:
    """Return the array; a record that is cited several times stands in it once."""
    items = [
        _item(reference, list(remarks(reference, quoted, collection, public_url)), public_url)
        for reference, quoted in grouped(citations, collection)
    ]
    return as_json(items)


def as_json(value: Any) -> str:
    """Write JSON that also stands safely inside an HTML page: ``<`` is written as its escape."""
    return json.dumps(value, ensure_ascii=False, indent=1).replace("<", "\\u003c")


def _item(reference: Reference, notes: Sequence[str], public_url: str) -> Mapping[str, Any]:
    fields = reference.fields
    stated = {
        "id": reference.id,
        "type": "manuscript" if reference.title.genre else "document",
        "title": reference.title.bare,
        "title-short": fields.get("short_title"),
        "genre": reference.title.genre,
        "author": [_name(name) for name in reference.authors],
        "recipient": [_name(name) for name in reference.recipients],
        "translator": [_name(name) for name in reference.translators],
        "issued": _date(reference.date) if reference.date else None,
        "event-place": fields.get("place"),
        "container-title": reference.file.full if reference.file else None,
        "collection-title": reference.collection,
        "archive_location": ", ".join(
            [*reference.identifiers, *reference.shelf, *(fields[key] for key in _UNITS if key in fields)]
        ),
        "archive_collection": fields.get("fonds"),
        "archive": fields.get("repository"),
        "archive-place": fields.get("repository_place"),
        "language": fields.get("language"),
        "URL": fields.get("url") or document_address(reference, public_url),
        "annote": "\n".join(notes),
    }
    return {key: value for key, value in stated.items() if value}


def _name(name: Name) -> Mapping[str, Any]:
    if name.family is None:
        return {"literal": name.full}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix, "static-ordering": name.family_first}
    return {key: value for key, value in parts.items() if value}


def _date(text: str) -> Mapping[str, Any]:
    parts = date_parts(text)
    return {"date-parts": [list(parts)]} if parts else {"literal": text}
