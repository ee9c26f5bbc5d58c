"""What citations refer to: one record, an item of a document or the whole of it, with all that is known of it.

Everything comes from the manifest.  What it does not state is None or empty here, and stands in no form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.answers import Citation
from embeddings.collection import Collection
from embeddings.dates import spell_date
from embeddings.documents import Document, Item
from embeddings.fields import SHARED_FIELDS
from ui.formats.names import Name, family_names, split_name, split_names
from ui.formats.titles import Title, divide
from ui.formats.words import inline

_NAME_FIELDS = ("author", "recipient", "translator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A record as it is cited."""

    id: str  # document, or document/item: the beginning of its permalinks, and its key in every export
    document_id: str
    document_sha256: str
    title: Title
    file: Title | None  # of the file that an item is part of
    collection: str
    date: str | None = None
    authors: tuple[Name, ...] = ()
    recipients: tuple[Name, ...] = ()
    translators: tuple[Name, ...] = ()
    participants: tuple[Name, ...] = ()  # who speak in it and are known to the manifest, in order of first speech
    fields: dict[str, str] = field(default_factory=dict)  # what else is stated, on one line each

    @property
    def identifiers(self) -> list[str]:
        """Return number, registry number and copy, without a number that the title says."""
        number = self.fields.get("number", "")
        said = set(re.findall(r"\w+", number)[-1:]) & set(re.findall(r"\w+", self.title.full))
        stated = (None if said else number, self.fields.get("system_number"), self.fields.get("copy"))
        return [part for part in stated if part]

    @property
    def addressees(self) -> list[str]:
        """Return the recipients as they stand inside a note, an office with a small article: the Mayor."""
        names = [name.full for name in self.recipients]
        return [f"the {name[4:]}" if name.startswith("The ") else name for name in names]

    @property
    def file_name(self) -> str | None:
        """Return the title of the file as a note sets it."""
        return self.file.in_note if self.file else None

    @property
    def shelf(self) -> list[str]:
        """Return the box and the folder it lies in."""
        return [f"{key} {self.fields[key]}" for key in ("box", "folder") if key in self.fields]

    @property
    def units(self) -> list[str]:
        """Return what it belongs to in the archive, from the smallest unit to the largest."""
        return [self.fields[key] for key in ("file_unit", "series", "subgroup", "fonds") if key in self.fields]

    @property
    def keeper(self) -> str:
        """Return the archive and its place; empty where it is not stated."""
        stated = (self.fields.get("repository"), self.fields.get("repository_place"))
        return ", ".join(part for part in stated if part)

    @property
    def translated(self) -> str | None:
        """Return by whom, and for whom, it was translated."""
        client = self.fields.get("translated_for")
        if not self.translators:
            return None
        names = " and ".join(name.full for name in self.translators)
        return f"{names} for {client}" if client else names


def reference_of(citation: Citation, collection: Collection) -> Reference:
    """Return the record that ``citation`` quotes."""
    document = collection.document(citation.document_id)
    item = document.item(citation.item_id)
    fields = _fields(document, item)
    families = family_names(
        [
            (full, person.name)
            for person in collection.manifest.people
            for full in (person.full_name, person.name)
            if full
        ],
        [inline(name) for key in _NAME_FIELDS for name in fields.get(key, "").split(";")],
        [inline(word) for word in fields.get("family_names", "").split(";")],
    )
    authors, recipients, translators = (split_names(fields.get(key, ""), families) for key in _NAME_FIELDS)
    return Reference(
        id=f"{document.id}/{item.id}" if item else document.id,
        document_id=document.id,
        document_sha256=document.sha256,
        title=divide(item.title if item else document.title, fields.get("type")),
        file=_file(document, item),
        collection=inline(collection.manifest.title),
        date=inline(date) if (date := item.date if item else document.date) else None,
        authors=authors or split_names(fields.get("issuer", ""), {}),
        recipients=recipients,
        translators=translators,
        participants=_participants(document, item, collection),
        fields={key: inline(value) for key, value in fields.items()},
    )


def grouped(citations: Sequence[Citation], collection: Collection) -> list[tuple[Reference, list[Citation]]]:
    """Return every record once, in the order of its first citation, with all citations of it."""
    groups: dict[str, tuple[Reference, list[Citation]]] = {}
    for citation in citations:
        reference = reference_of(citation, collection)
        groups.setdefault(reference.id, (reference, []))[1].append(citation)
    return list(groups.values())


def speaker_of(citation: Citation, collection: Collection) -> Name | None:
    """Return who speaks the words: the name as the manifest states it, else as the text labels the speech."""
    if citation.speaker is None:
        return None
    person = collection.person(citation.speaker)
    full = inline(person.full_name or person.name) if person else inline(citation.speaker)
    return split_name(full, {full: inline(citation.speaker)})


def occasion(reference: Reference) -> list[str]:
    """Return place and date as a note gives them; a place that the title names is not said again."""
    place = reference.fields.get("place")
    said = place is None or place.casefold() in reference.title.full.casefold()
    stated = (None if said else place, spell_date(reference.date) if reference.date else None)
    return [part for part in stated if part]


def _fields(document: Document, item: Item | None) -> dict[str, str]:
    if item is None:
        return document.fields
    own = {"type": item.kind, "author": item.author, "recipient": item.recipient}
    shared = {key: value for key, value in document.fields.items() if key in SHARED_FIELDS}
    return shared | {key: value for key, value in own.items() if value} | item.fields


def _file(document: Document, item: Item | None) -> Title | None:
    """Return the title of the file that holds ``item``, unless it only repeats the item's own."""
    if item is None:
        return None
    if "short_title" in document.fields:
        short = inline(document.fields["short_title"])
        return Title(full=short, head=short)
    title = divide(document.title, document.fields.get("type"))
    return None if inline(item.title) in title.full else title


def _participants(document: Document, item: Item | None, collection: Collection) -> tuple[Name, ...]:
    item_id = item.id if item else None
    speakers = dict.fromkeys(b.speaker for b in document.blocks if b.item_id == item_id and b.speaker)
    people = (collection.person(speaker) for speaker in speakers)
    return tuple(
        split_name(full, {full: inline(person.name)})
        for person in people
        if person and (full := inline(person.full_name or person.name))
    )
