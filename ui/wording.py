"""The few fixed words around the record's own, shared by every door."""

from __future__ import annotations

import re
from gettext import NullTranslations

from bot.answers import Citation, Reason
from embeddings.collection import Collection
from embeddings.documents import BlockKind
from embeddings.manifest import Certainty
from ui.languages import N_

REASONS = {
    Reason.NOT_IN_COLLECTION: N_("The record does not answer: nothing in this collection is about that."),
    Reason.NOT_STATED: N_("The record does not answer: it comes near this, and does not say."),
    Reason.REDACTED: N_("The record does not answer: the words were withheld when it was released."),
    Reason.OUT_OF_SCOPE: N_("This is no question to the record; it answers only in its own words."),
    Reason.UNCLEAR: N_("No question could be made out. Ask about the people, the documents or what was said."),
}
RELATED = N_("Related, not an answer")
NOTES = N_("Editor’s notes, not part of the record")
CERTAINTIES = {
    Certainty.STATED: N_("stated"),
    Certainty.PROBABLE: N_("probable"),
    Certainty.UNCERTAIN: N_("uncertain"),
}
# Where words stand, as a visitor reads it; in citations, exports and the HTTP interface the locator stays English.
PLACES = {
    BlockKind.TURN: N_("turn %(number)d"),
    BlockKind.PARAGRAPH: N_("paragraph %(number)d"),
    BlockKind.HEADING: N_("heading %(number)d"),
    BlockKind.ENTRY: N_("list entry %(number)d"),
    BlockKind.ROW: N_("table row %(number)d"),
    BlockKind.FURNITURE: N_("stamp %(number)d"),
    BlockKind.NOTE: N_("editor’s note %(number)d"),
}
ON_PAGE = N_("%(place)s, p. %(page)d")


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


def place_of(citation: Citation, collection: Collection, words: NullTranslations) -> str:
    """Return where the words stand in their record, in a visitor's language: its counterpart of the locator."""
    block = collection.document(citation.document_id).block_at(citation.start)
    if block is None:
        return citation.locator
    place = words.gettext(PLACES[block.kind]) % {"number": block.number}
    return place if citation.page is None else words.gettext(ON_PAGE) % {"place": place, "page": citation.page}


def folded(exact: str) -> str:
    """Fold runs of white space to one blank, as every display may; no other character changes."""
    return re.sub(r"\s+", " ", exact)
