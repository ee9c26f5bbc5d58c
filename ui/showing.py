"""What a conversation's page shows, as fragments of HTML in one language: exchanges, places, keepsakes."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from bot.answers import Answer, Citation, Exchange
from bot.citations import find_citation
from bot.onward import next_questions, words_before
from bot.settings import Settings
from embeddings.collection import Collection
from embeddings.documents import Document, Item
from ui.contents import language as language_of
from ui.languages import translation
from ui.pages import record_view
from ui.phrases import Phrase, Phrases
from ui.qr import qr_code
from ui.speech import SPEECH_PATH
from ui.templating import environment
from ui.wording import CERTAINTIES, REASONS, date_of, place_of, speaker_name, speaker_role, title_of

MAX_KEPT = 16  # records set for reading, kept for the next who opens them


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """What is shown of a citation: whose words, of which record and date, and where they stand in it."""

    citation: Citation
    language: str  # of the words
    who: str | None
    role: Phrase | None
    title: str
    date: str | None
    place: str
    sound: str  # the address of its recording


class Showing:
    """Draws the fragments of one collection."""

    def __init__(self, collection: Collection, settings: Settings, *, permalinks: bool = False) -> None:
        self._collection, self._settings = collection, settings
        self._public_url = settings.public_url.rstrip("/") if permalinks else ""
        self._phrases = lru_cache(maxsize=None)(lambda language: Phrases(collection, language))
        self._place = lru_cache(maxsize=MAX_KEPT)(self._draw_place)

    def phrases(self, language: str) -> Phrases:
        """Return the editors' words in ``language``."""
        return self._phrases(language)

    def quotation(self, citation: Citation, language: str) -> Quotation:
        """Return what is shown of ``citation`` to a visitor who reads ``language``."""
        collection = self._collection
        document, role = collection.document(citation.document_id), speaker_role(citation, collection)
        return Quotation(
            citation=citation,
            language=language_of(collection, document, document.item(citation.item_id)),
            who=speaker_name(citation, collection),
            role=self.phrases(language).phrase(role) if role else None,
            title=title_of(citation, collection),
            date=date_of(citation, collection),
            place=place_of(citation, collection, translation(language)),
            sound=f"{SPEECH_PATH}/{quote(citation.id, safe='/:')}.wav",
        )

    def exchanges(self, said: Sequence[Exchange], language: str, earlier: Sequence[Exchange] = ()) -> str:
        """Return what was ``said`` after what was said ``earlier``; the last outcome tells how to go on."""
        asked = [exchange.question for exchange in (*earlier, *said)]
        return self.render(
            "talk.html",
            language,
            exchanges=[
                self._exchange(exchange, language, asked if exchange is said[-1] else None) for exchange in said
            ],
        )

    def place(self, identifier: str, language: str) -> str:
        """Return the record that a citation, passage, item or document names, with the words of a citation marked.

        Raises:
            CitationError: the id names nothing.
        """
        return self._place(identifier, language)

    def keepsake(self, identifier: str, language: str) -> str:
        """Return what a visitor can take home of a citation: its QR code, and what that holds.

        Raises:
            CitationError: the id names nothing.
        """
        citation = find_citation(self._collection, identifier)
        code = qr_code(citation, self._collection, self._settings.public_url)
        return self.render(
            "talk_keepsake.html",
            language,
            quotation=self.quotation(citation, language),
            code=code,
            image=f"data:image/svg+xml;base64,{base64.b64encode(code.image('svg')).decode()}",
        )

    def render(self, template: str, language: str, **given: object) -> str:
        """Return ``template`` with its own words in ``language``."""
        shared = {
            "phrases": self.phrases(language),
            "speech": self._settings.speech,
            "collection": self._collection,
            "public_url": self._public_url,  # that quotations lead to
            "reasons": REASONS,
            "certainties": CERTAINTIES,
        }
        return environment(language, linked=False).get_template(template).render(shared | given)

    def _exchange(self, exchange: Exchange, language: str, asked: Sequence[str] | None) -> dict[str, object]:
        outcome, collection = exchange.outcome, self._collection
        cited = outcome.citations if isinstance(outcome, Answer) else outcome.related
        before = words_before(collection, cited[0]) if isinstance(outcome, Answer) else None
        onward = next_questions(collection, outcome, asked) if asked is not None else ()
        return {
            "question": exchange.question,
            "reason": None if isinstance(outcome, Answer) else outcome.reason,
            "quotations": [self.quotation(citation, language) for citation in cited],
            "before": self.quotation(before, language) if before else None,
            "notes": outcome.notes,
            "onward": self.phrases(language).questions(onward),
        }

    def _draw_place(self, identifier: str, language: str) -> str:
        collection = self._collection
        document, item = self._record(identifier)
        citation = None
        if document is None:
            citation = find_citation(collection, identifier)
            document = collection.document(citation.document_id)
            item = document.item(citation.item_id)
        return self.render("talk_place.html", language, view=record_view(collection, document, item, citation))

    def _record(self, identifier: str) -> tuple[Document | None, Item | None]:
        """Return the document, and the item of it, that an id names; neither where it names words."""
        for document in self._collection.documents:
            if identifier == document.id:
                return document, None
            for item in document.items:
                if identifier == f"{document.id}/{item.id}":
                    return document, item
        return None, None
