"""What a reference manager keeps beside a reference: the words quoted, where they stand, and what else is stated."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answers import Citation
from embeddings.collection import Collection
from ui.formats.addresses import permalink_address
from ui.formats.references import Reference, speaker_of
from ui.formats.words import inline


def quotation(citation: Citation, collection: Collection, public_url: str) -> str:
    """Return the words with speaker, place, id and permalink: ``“...” (A. Speaker, turn 2, p. 1; id)``.

    White space is folded; the exact characters are in the Web Annotation.
    """
    speaker = speaker_of(citation, collection)
    where = ", ".join(part for part in (speaker.full if speaker else None, inline(citation.locator)) if part)
    address = permalink_address(citation, public_url)
    return f"“{inline(citation.exact)}” ({'; '.join(part for part in (where, citation.id, address) if part)})"


def remarks(
    reference: Reference, citations: Sequence[Citation], collection: Collection, public_url: str
) -> Iterator[str]:
    """Yield the quotations in text order, each once, then what is stated and has no field of its own."""
    places = {(citation.start, citation.end): citation for citation in citations}
    for _, citation in sorted(places.items()):
        yield quotation(citation, collection, public_url)
    stated = {
        "Participants": "; ".join(name.full for name in reference.participants),
        "Time": reference.fields.get("time"),
        "Translated by": reference.translated,
        "Classification": reference.fields.get("classification"),
        "Provenance": reference.fields.get("provenance"),
        "SHA-256 of the file": reference.document_sha256,
    }
    yield from (f"{label}: {value}" for label, value in stated.items() if value)
