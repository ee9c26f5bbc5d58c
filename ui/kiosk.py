"""``/kiosk``: the page of an exhibition's touch screen, for visitors nobody attends to.

The page is one document with all that can be tapped on it, so that a visitor sees it even while the server is starting
anew, and it holds no link.  What a visitor does lives in the page and in one conversation of `ui.talking`, and both are
gone after the visit.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from bot.reading import MAX_CHARACTERS
from embeddings.manifest import Person
from ui.exhibits import Dated, Exhibits, Opening, Portrait
from ui.languages import DEFAULT_LANGUAGE, LANGUAGE_NAMES, LANGUAGES, known_language
from ui.phrases import Phrase
from ui.showing import Quotation, Showing
from ui.site import Site
from ui.talking import PRIVATE, talking_router

KIOSK_PATH = "/kiosk"
DOOR = "kiosk"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownOpening:
    """A quotation to open with, and the question that it answers."""

    quotation: Quotation
    question: Phrase | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPortrait:
    """A person, their words and questions about them; ``note`` and ``ground`` are the editor's."""

    person: Person
    name: str
    role: Phrase | None
    note: Phrase | None
    ground: Phrase | None
    speaks: bool
    quotations: tuple[Quotation, ...]
    questions: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRecord:
    """A record on the line of time."""

    identifier: str
    date: str | None
    title: Phrase
    kind: Phrase | None
    questions: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTheme:
    """A theme and the questions that lead into it."""

    title: Phrase
    questions: tuple[Phrase, ...]


def kiosk_router(site: Site) -> APIRouter:
    """Build the page and its conversation's routes."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    page = lru_cache(maxsize=len(LANGUAGES))(_Kiosk(site).page)

    def kiosk(request: Request) -> HTMLResponse:
        language = known_language(request.query_params.get("lang")) or DEFAULT_LANGUAGE
        return HTMLResponse(page(language), headers=PRIVATE)

    router.add_api_route(KIOSK_PATH, kiosk, methods=["GET", "HEAD"])
    router.include_router(talking_router(site, DOOR))
    return router


class _Kiosk:
    """Draws the page of one collection, in one language after another."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._exhibits = Exhibits(site.answerer.collection)
        self._showing = Showing(site.answerer.collection, site.settings)

    def page(self, language: str) -> str:
        """Return the page; it is the same for every visitor who reads ``language``."""
        manifest, settings = self._site.answerer.collection.manifest, self._site.settings
        phrases = self._showing.phrases(language)
        return self._showing.render(
            "kiosk.html",
            language,
            languages=LANGUAGE_NAMES,
            title=phrases.phrase(manifest.title),
            description=phrases.phrase(manifest.description),
            suggestions=phrases.questions(manifest.suggestions),
            openings=[self._opening(opening, language) for opening in self._exhibits.openings],
            portraits=[self._portrait(portrait, language) for portrait in self._exhibits.portraits],
            records=[self._record(dated, language) for dated in self._exhibits.dated],
            themes=[
                ShownTheme(title=phrases.phrase(theme.title), questions=phrases.questions(theme.questions))
                for theme in manifest.exhibition.themes
            ],
            comparisons=phrases.questions(self._exhibits.comparisons),
            idle_seconds=settings.kiosk_idle_seconds,
            countdown_seconds=settings.kiosk_countdown_seconds,
            max_characters=MAX_CHARACTERS,
        )

    def _opening(self, opening: Opening, language: str) -> ShownOpening:
        question = self._showing.phrases(language).question(opening.question) if opening.question else None
        return ShownOpening(quotation=self._showing.quotation(opening.citation, language), question=question)

    def _portrait(self, portrait: Portrait, language: str) -> ShownPortrait:
        person, phrases = portrait.person, self._showing.phrases(language)
        role, note, ground = (phrases.phrase(w) if w else None for w in (person.role, person.note, person.ground))
        return ShownPortrait(
            person=person,
            name=person.full_name or person.name,
            role=role,
            note=note,
            ground=ground,
            speaks=portrait.speaks,
            quotations=tuple(self._showing.quotation(citation, language) for citation in portrait.citations),
            questions=phrases.questions(portrait.questions),
        )

    def _record(self, dated: Dated, language: str) -> ShownRecord:
        phrases = self._showing.phrases(language)
        kind = dated.item.kind if dated.item else dated.document.fields.get("type")
        return ShownRecord(
            identifier=dated.identifier,
            date=dated.date,
            title=phrases.phrase(dated.item.title if dated.item else dated.document.title),
            kind=phrases.phrase(kind) if kind else None,
            questions=phrases.questions(dated.questions),
        )
