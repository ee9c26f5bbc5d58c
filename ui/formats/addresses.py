"""Addresses of passages and documents on this server, where its public address is set; else there are none."""

from __future__ import annotations

from bot.answers import Citation
from ui.formats.references import Reference


def permalink_address(citation: Citation, public_url: str) -> str | None:
    """Return the whole permalink, which also proves that it found the words: for programs."""
    return f"{public_url.rstrip('/')}{citation.url}" if public_url else None


def passage_address(citation: Citation, public_url: str) -> str | None:
    """Return the permalink without its proof, short enough for a printed note."""
    return f"{public_url.rstrip('/')}{_path(citation)}" if public_url else None


def document_address(reference: Reference, public_url: str) -> str | None:
    """Return the page that shows the whole document."""
    return f"{public_url.rstrip('/')}/documents/{reference.document_id}" if public_url else None


def annotation_address(citation: Citation, public_url: str) -> str | None:
    """Return where the HTTP interface gives the Web Annotation."""
    identifier = _path(citation).removeprefix("/cite/")
    return f"{public_url.rstrip('/')}/api/v1/citations/{identifier}?format=web-annotation" if public_url else None


def _path(citation: Citation) -> str:
    return citation.url.partition("?")[0]
