"""A citation as the pages of the desk show it: whose words, of which record and date, and where it is cited."""

from __future__ import annotations

from dataclasses import dataclass

from bot.answers import Citation
from embeddings.collection import Collection
from ui.contents import language
from ui.wording import date_of, speaker_name, speaker_role, title_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """What is shown of a citation."""

    citation: Citation
    who: str | None
    role: str | None
    title: str
    date: str | None
    language: str

    @property
    def path(self) -> str:
        """Return the permalink without what proves its words."""
        return self.citation.url.partition("?")[0]


def hit(citation: Citation, collection: Collection) -> Hit:
    """Return what is shown of ``citation``."""
    document = collection.document(citation.document_id)
    return Hit(
        citation=citation,
        who=speaker_name(citation, collection),
        role=speaker_role(citation, collection),
        title=title_of(citation, collection),
        date=date_of(citation, collection),
        language=language(collection, document, document.item(citation.item_id)),
    )
