"""The conversation in other sites' pages: ``/embed`` for their frames, and ``/embed.js``, which makes such a frame.

Only the sites of the setting ``frame_ancestors`` may frame the page (`ui.hardening`).  It sets no cookie and stores
nothing, so that it works where browsers keep both from the frames of other sites.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, HTMLResponse, Response

from bot.reading import MAX_CHARACTERS
from ui.hardening import FRAMED_PATH, SHARED_PATH
from ui.languages import best_language, known_language
from ui.pages import STATIC_PATH, STATIC_URL
from ui.showing import Showing
from ui.site import Site
from ui.talking import talking_router

DOOR = FRAMED_PATH.removeprefix("/")
THEMES = ("light", "dark")
N_SUGGESTED = 4
_PAGE_HEADERS = {"Cache-Control": "no-cache", "Vary": "Accept-Language"}
_SCRIPT_HEADERS = {"Cache-Control": "public, max-age=3600"}  # a new version is everywhere within the hour


def embed_router(site: Site) -> APIRouter:
    """Build the routes of the framed page, of what it asks, and of the script for the page around it."""
    router = APIRouter(include_in_schema=False)
    router.include_router(talking_router(site, DOOR, permalinks=True))
    collection = site.answerer.collection
    show = Showing(collection, site.settings)

    def page(request: Request, lang: str | None = None, theme: str | None = None) -> Response:
        language = known_language(lang) or best_language(request.headers.get("accept-language"))
        phrases = show.phrases(language)
        content = show.render(
            "embed.html",
            language,
            door=FRAMED_PATH,
            static=STATIC_URL,
            theme=theme if theme in THEMES else None,
            max_characters=MAX_CHARACTERS,
            title=phrases.phrase(collection.manifest.title),
            description=phrases.phrase(collection.manifest.description),
            suggestions=phrases.questions(collection.manifest.suggestions)[:N_SUGGESTED],
        )
        return HTMLResponse(content, headers=_PAGE_HEADERS)

    def script() -> Response:
        return FileResponse(STATIC_PATH / "embed.js", media_type="text/javascript", headers=_SCRIPT_HEADERS)

    router.add_api_route(FRAMED_PATH, page, methods=["GET", "HEAD"])
    router.add_api_route(SHARED_PATH, script, methods=["GET", "HEAD"])
    return router
