"""The few fixed words around the record's own, shared by every door."""

from __future__ import annotations

import re

from bot.answers import Citation, Reason
from embeddings.collection import Collection

REASONS = {
    Reason.NOT_IN_COLLECTION: "The record does not answer: nothing in this collection is about that.",
    Reason.NOT_STATED: "The record does not answer: it comes near this, and does not say.",
    Reason.REDACTED: "The record does not answer: the words were withheld when it was released.",
    Reason.OUT_OF_SCOPE: "This is no question to the record; it answers only in its own words.",
    Reason.UNCLEAR: "No question could be made out. Ask about the people, the documents or what was said.",
}
RELATED = "Related, not an answer"
NOTES = "Editor’s notes, not part of the record"


def speaker_name(citation: Citation, collection: Collection) -> str | None:
    """Return the speaker's full name as the manifest states it, else the name as the text labels the speech."""
    person = collection.person(citation.speaker) if citation.speaker else None
    return person.full_name or person.name if person else citation.speaker


def speaker_role(citation: Citation, collection: Collection) -> str | None:
    """Return the speaker's office as the manifest states it."""
    person = collection.person(citation.speaker) if citation.speaker else None
    return person.role if person else None


def title_of(citation: Citation, collection: Collection) -> str:
    """Return the title of the record that holds the words: the item's, else the document's."""
    document = collection.document(citation.document_id)
    item = document.item(citation.item_id)
    return item.title if item else document.title


def date_of(citation: Citation, collection: Collection) -> str | None:
    """Return the date of the record that holds the words; an item without one has none."""
    document = collection.document(citation.document_id)
    item = document.item(citation.item_id)
    return item.date if item else document.date


def folded(exact: str) -> str:
    """Fold runs of white space to one blank, as every display may; no other character changes."""
    return re.sub(r"\s+", " ", exact)
