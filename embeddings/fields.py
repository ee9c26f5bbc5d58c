"""The fields by which archives' records are cited, and what each of them means.

A manifest states them in ``[document.citation]`` for a file and in ``[document.item.citation]`` for one record of it.
What is not stated is not known, and no citation shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# True of one record only: a file's does not hold for the records in it.
OWN_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "type": "what it is: letter, minutes, report; an item says it as its kind",
        "author": "who wrote or signed it, several separated by ';'; an item says it as its author",
        "recipient": "whom it is addressed to, several separated by ';'; an item says it as its recipient",
        "issuer": "the body whose letterhead it bears; stands for the author where nobody else does",
        "short_title": "its title in notes after the first, and where it is named as the file of an item",
        "place": "where a conversation took place",
        "time": "the hours of a conversation",
        "number": "its number in a series of such records",
        "system_number": "a registry's or a tracking system's number",
        "copy": "which copy it is",
        "classification": "its classification marks",
    }
)
# True of a file and of every record in it that does not state its own.
SHARED_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "translator": "who translated it",
        "translated_for": "for whom it was translated",
        "family_names": "the family names of those whom these fields name and no [[person]] does, separated by ';'",
        "provenance": "how the text was obtained",
        "language": "the language of the text, as a tag such as en or pt-BR",
        "box": "the number or name of the box",
        "folder": "the number or name of the folder",
        "file_unit": "the title of the file unit in which the archive keeps it",
        "series": "the title of the series",
        "subgroup": "the title of the subgroup",
        "fonds": "the record group, papers or collection in which the archive keeps it",
        "repository": "the archive that keeps it",
        "repository_place": "where that archive is",
        "url": "where the archive shows it",
        "iiif_canvas": "the IIIF canvas of its scans; for pages, shown in no citation",
    }
)
DOCUMENT_FIELDS = frozenset((*OWN_FIELDS, *SHARED_FIELDS))
ADDRESS_FIELDS = ("url", "iiif_canvas")
ITEM_FIELDS = DOCUMENT_FIELDS - {"type", "author", "recipient"}
