"""Conversations of our own pages, the kiosk's and the embedded one: begun, asked, shown again, ended.

What is said comes as fragments of HTML in the visitor's language, which ``static/talk.js`` puts into the page.  A
conversation is held in memory under an id that only its page knows, until the page ends it or it expires; one that the
server does not know, since it was started anew meanwhile, begins anew without a word about it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from typing import Annotated, Any

from cachetools import TTLCache
from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from bot.answers import Exchange
from bot.errors import BotError
from ui.asking import require_json
from ui.conversations import ConversationStore, UnknownConversationError
from ui.languages import DEFAULT_LANGUAGE, known_language
from ui.metrics import Ending
from ui.problems import as_problem, problem_response
from ui.routes import ApiRoute
from ui.schemas import MAX_ID, ClosedModel, Question
from ui.showing import Showing
from ui.site import Site

VISIT_HEADER = "Memcon-Visit"
PRIVATE = {"Cache-Control": "no-store"}
LONGEST_VISIT = 4 * 3600.0  # seconds; of a longer one the length is not known

VisitId = Annotated[str, Field(max_length=MAX_ID)] | None
Language = Annotated[str, Field(max_length=MAX_ID)]


class VisitRequest(ClosedModel):
    """A visit, None before it has an id, and the language it is in."""

    visit: VisitId = None
    language: Language = DEFAULT_LANGUAGE


class QuestionRequest(VisitRequest):
    """A question of a visit."""

    question: Question


class EndRequest(VisitRequest):
    """The end of a visit, and what brought it about."""

    ended: Ending = Ending.CLOSED


class Visits:
    """The conversations of one door, and when each began."""

    def __init__(self, site: Site, door: str) -> None:
        minutes, most = site.settings.conversation_minutes, site.settings.max_conversations
        self._held = ConversationStore(max_conversations=most, minutes=minutes)
        self._began: TTLCache[str, float] = TTLCache(most, LONGEST_VISIT)
        self._lock = threading.Lock()
        self._metrics, self._door = site.metrics, door

    def __len__(self) -> int:
        return len(self._held)

    def begin(self) -> str:
        """Begin a visit and return its id."""
        visit = self._held.open()
        with self._lock:
            self._began[visit] = time.monotonic()
        self._metrics.count_visit(self._door)
        return visit

    def resume(self, visit: str | None) -> tuple[str, tuple[Exchange, ...]]:
        """Return a visit's id and what was said in it; one that is not known begins anew."""
        if visit is not None:
            with suppress(UnknownConversationError):
                return visit, self._held.exchanges(visit)
        return self.begin(), ()

    def add(self, visit: str, exchange: Exchange) -> None:
        """Keep an exchange; of a visit that was ended meanwhile nothing is kept."""
        with suppress(UnknownConversationError):
            self._held.add(visit, exchange)

    def end(self, visit: str | None, ending: Ending, language: str) -> None:
        """Forget a visit with all that was said in it, and count that it ended; one that is not known is no matter."""
        with self._lock:
            began = self._began.pop(visit or "", None)
        with suppress(UnknownConversationError):
            self._held.forget(visit or "")
        if began is not None:
            self._metrics.count_visit_end(self._door, ending, language, time.monotonic() - began)


class _TalkRoute(ApiRoute):
    """A route whose errors are problem documents: a script reads them."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_told(request: Request) -> Response:
            try:
                return await handle(request)
            except (HTTPException, RequestValidationError, BotError) as error:
                return problem_response(request.scope["path"], as_problem(error))

        return handle_told


def talking_router(site: Site, door: str, *, permalinks: bool = False) -> APIRouter:
    """Build the routes under ``/DOOR`` that ``talk.js`` asks.

    ``POST begin`` (a visit's id in the header `VISIT_HEADER`), ``ask``, ``shown`` (all that was said, in another
    language) and ``end``; ``GET place/ID`` (a citation, passage, item or document in the record) and ``keep/ID`` (a
    citation's QR code), both with ``?language=``.  With ``permalinks`` quotations lead to their pages.
    """
    router = APIRouter(prefix=f"/{door}", route_class=_TalkRoute, include_in_schema=False)
    visits = Visits(site, door)
    show = Showing(site.answerer.collection, site.settings, permalinks=permalinks)
    as_json = [Depends(require_json)]

    @router.post("/begin", dependencies=as_json)
    async def begin(body: VisitRequest) -> Response:
        return Response(status_code=204, headers={**PRIVATE, VISIT_HEADER: visits.begin()})

    @router.post("/ask", dependencies=as_json)
    async def ask(request: Request, body: QuestionRequest) -> Response:
        visit, held = visits.resume(body.visit)
        new = await site.ask_turns([body.question], held, door)
        site.journal.keep(new[0].outcome, _language(body.language))
        if visit != body.visit and await request.is_disconnected():  # nobody learns its id, so that nobody would end it
            visits.end(visit, Ending.CLOSED, _language(body.language))
        visits.add(visit, new[0])
        said: Sequence[Exchange] = (*held, *new)
        return _fragment(show.exchanges(said[-1:], _language(body.language), held), {VISIT_HEADER: visit})

    @router.post("/shown", dependencies=as_json)
    async def shown(body: VisitRequest) -> Response:
        visit, held = visits.resume(body.visit)
        return _fragment(show.exchanges(held, _language(body.language)), {VISIT_HEADER: visit})

    @router.post("/end", dependencies=as_json)
    async def end(body: EndRequest) -> Response:
        visits.end(body.visit, body.ended, _language(body.language))
        return Response(status_code=204, headers=PRIVATE)

    @router.get("/place/{identifier:path}")
    def place(identifier: str, language: str = DEFAULT_LANGUAGE) -> Response:
        return _fragment(show.place(identifier, _language(language)))

    @router.get("/keep/{identifier:path}")
    def keep(identifier: str, language: str = DEFAULT_LANGUAGE) -> Response:
        return _fragment(show.keepsake(identifier, _language(language)))

    return router


def _language(tag: str) -> str:
    return known_language(tag) or DEFAULT_LANGUAGE


def _fragment(content: str, headers: dict[str, str] | None = None) -> HTMLResponse:
    return HTMLResponse(content, headers={**PRIVATE, **(headers or {})})
