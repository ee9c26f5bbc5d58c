"""QR codes of citations: the permalink where others can reach it, else what can be read without this server."""

from __future__ import annotations

import io
from dataclasses import dataclass
from enum import Enum

import segno

from bot.answers import Citation
from embeddings.collection import Collection
from ui.formats import format_citation
from ui.formats.addresses import permalink_address
from ui.formats.words import inline

# Bytes of a code of 97 by 97 modules (version 20, level M): on five centimetres of paper one is half a millimetre
# wide, which a telephone still reads.
MAX_BYTES = 666
PNG_SCALE = 8  # pixels a module
MEDIA_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


class Holds(Enum):
    """What a code holds, and how that is said of it."""

    PERMALINK = "Leads to this quotation’s page."
    TEXT = "Holds the quotation and its place as text: this server has no public address that a link could name."
    PATH = (
        "Holds the permalink’s path alone: this server has no public address that a link could name, and the "
        "quotation is too long for a code."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCode:
    """What stands in a code."""

    holds: Holds
    content: str
    citation_id: str

    @property
    def alternative(self) -> str:
        """Return what is said in the image's stead."""
        what = "text" if self.holds is Holds.TEXT else "permalink"
        return inline(f"QR code with the {what} of {self.citation_id}")

    def image(self, kind: str) -> bytes:
        """Draw the code, dark on light with the margin that readers need; ``kind`` is ``svg`` or ``png``."""
        code = segno.make(self.content.encode(), error="m", boost_error=False, micro=False)
        drawn = io.BytesIO()
        if kind == "svg":
            said = {"title": self.alternative, "desc": self.holds.value}
            code.save(drawn, kind="svg", dark="#000", light="#fff", omitsize=True, nl=False, svgclass=None, **said)
        else:
            code.save(drawn, kind="png", dark="#000", light="#fff", scale=PNG_SCALE)
        return drawn.getvalue()


def qr_code(citation: Citation, collection: Collection, public_url: str) -> QrCode:
    """Choose what the code of ``citation`` holds: permalink, text, or the permalink's path."""
    permalink = permalink_address(citation, public_url)
    if permalink is not None:
        return QrCode(holds=Holds.PERMALINK, content=permalink, citation_id=citation.id)
    text = format_citation(citation, collection, "text")
    if len(text.encode()) <= MAX_BYTES:
        return QrCode(holds=Holds.TEXT, content=text, citation_id=citation.id)
    return QrCode(holds=Holds.PATH, content=citation.url, citation_id=citation.id)
