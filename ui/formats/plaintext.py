"""The words, who says them, where they stand, their id and the file's hash, as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import Citation
from embeddings.collection import Collection
from ui.formats.addresses import permalink_address
from ui.formats.words import inline
from ui.wording import date_of, speaker_name, title_of


def plain_text(citation: Citation, collection: Collection, public_url: str = "") -> str:
    """Return a citation in four lines, and its permalink where the server has an address."""
    who, title, date = (stated(citation, collection) for stated in (speaker_name, title_of, date_of))
    lines = (
        f"“{inline(citation.exact)}”",
        inline(", ".join(part for part in (who, title, date, citation.locator) if part)),
        citation.id,
        f"sha256 {citation.document_sha256}",
        permalink_address(citation, public_url),
    )
    return "\n".join(line for line in lines if line)


def plain_texts(citations: Sequence[Citation], collection: Collection, public_url: str = "") -> str:
    """Return citations in the order given, an empty line between them."""
    return "\n\n".join(plain_text(citation, collection, public_url) for citation in citations)
