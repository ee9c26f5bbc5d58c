"""Citations in the forms that researchers paste: plain text and a Chicago note.

Only what the manifest states appears; what is unknown is left out.
"""

from __future__ import annotations

from datetime import date

from bot.answers import Citation
from embeddings.collection import Collection
from ui.terminal import attribution, plain

FORMATS = ("text", "chicago")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def format_citation(citation: Citation, collection: Collection, form: str) -> str:
    """Return ``citation`` in one of `FORMATS`.

    Raises:
        ValueError: ``form`` is none of them.
    """
    if form == "text":
        return (
            f"“{plain(citation.exact)}”\n{attribution(citation, collection)}\n{citation.id}\n"
            f"sha256 {citation.document_sha256}"
        )
    if form == "chicago":
        return chicago_note(citation, collection)
    raise ValueError(f"format {form!r}: must be one of {', '.join(FORMATS)}")


def chicago_note(citation: Citation, collection: Collection) -> str:
    """Return a Chicago Manual of Style note for manuscripts (14.221-229): item, date, identifiers, collection.

    The speaker comes first where the words are speech, the locator last.
    """
    document = collection.document(citation.document_id)
    item = document.item(citation.item_id)
    fields = document.fields
    person = collection.person(citation.speaker) if citation.speaker else None
    speaker = (person.full_name or person.name) if person else citation.speaker
    when = item.date if item else document.date  # an item without a date has none; the file's is another's
    title = item.title if item else document.title
    translator = fields.get("translator")
    parts = [
        f"{speaker}, in “{title}”" if speaker else f"“{title}”",
        f"by {item.author}" if item and item.author else None,
        spell_date(when) if when else None,
        citation.locator,
        f"trans. {translator}" if translator else None,
        f"for the {fields['translated_for']}" if "translated_for" in fields else None,
        fields.get("number"),
        f"in “{document.title}”" if item else None,
        collection.manifest.title,
    ]
    return ", ".join(part for part in parts if part) + "."


def spell_date(iso: str) -> str:
    """Spell an ISO date as Chicago does, ``December 10, 1987``; anything else is returned as it stands."""
    try:
        day = date.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"
