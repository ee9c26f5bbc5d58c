"""Editor's notes that bear on a question or its answer: shown apart, never quoted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.answers import Citation, Note
from bot.reading import Reading
from embeddings.collection import Collection

MAX_NOTES = 3


def find_notes(collection: Collection, reading: Reading, citations: Sequence[Citation]) -> tuple[Note, ...]:
    """Return the manifest's notes on people and terms that the question or the quotations name, at most three."""
    words = " ".join([reading.text, *(citation.exact for citation in citations)])
    people = {*reading.people, *(citation.speaker for citation in citations if citation.speaker)}
    return tuple(_notes(collection, words, people))[:MAX_NOTES]


def _notes(collection: Collection, words: str, people: set[str]) -> Iterable[Note]:
    for term in collection.manifest.terms:
        if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words) for name in (term.term, *term.aliases)):
            yield Note(about=term.term, text=term.note, ground=term.ground, certainty=term.certainty)
    for person in collection.manifest.people:
        if person.name in people and person.note:
            yield Note(
                about=person.full_name or person.name,
                text=person.note,
                ground=person.ground or "",
                certainty=person.certainty,
            )
