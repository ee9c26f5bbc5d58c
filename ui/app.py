"""Every door of the server in one ASGI application: the HTTP interface, the pages, and the chat at ``/``."""

from __future__ import annotations

import gradio as gr
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from ui.api import OPENAPI, api_router, health_router
from ui.chat import HEAD, THEME, chat_page
from ui.checking import MAX_PASTED, QUOTATIONS_PATH
from ui.desk import desk_router
from ui.embed import embed_router
from ui.hardening import FRAMED_PATH, PathList, SecurityHeaders, StripHeaders
from ui.kiosk import KIOSK_PATH, kiosk_router
from ui.limiting import MAX_BODIES, BodyLimit, RateLimit
from ui.pages import STATIC_PATH, STATIC_URL, error_page, pages_router
from ui.problems import API_PREFIX, Kind, ProblemError, add_problem_handlers, problem_response
from ui.saving import saving_router
from ui.site import Site
from ui.speech import SPEECH_PATH, speech_router
from ui.spoken import fixed_sentences
from ui.status import status_router
from ui.streams import EndStreams

# The chat sends the conversation it shows with each question; a hundred bytes of markup for ten of words.
MAX_CHAT_BODY = 1024 * 1024
CHAT_PATH = "/gradio_api/queue/join"


def create_app(site: Site) -> FastAPI:
    """Put the application together; our own routes come first, Gradio's page takes the rest of ``/``.

    A kiosk's server has no other door than the kiosk's.
    """
    settings = site.settings
    app = FastAPI(**OPENAPI)
    app.include_router(health_router(site))
    app.include_router(status_router(site))
    app.include_router(saving_router(site))  # before the one that takes the rest of /api
    app.include_router(desk_router(site))  # so is a part of this; and before the page that takes the rest of /cite
    app.include_router(api_router(site))
    if settings.speech:
        app.include_router(speech_router(site.answerer.collection, settings, fixed_sentences()))
    app.include_router(kiosk_router(site))
    app.include_router(embed_router(site))
    app.include_router(pages_router(site.answerer.collection, settings))
    app.mount(STATIC_URL, StaticFiles(directory=STATIC_PATH))
    errors = _Errors(site)
    add_problem_handlers(app, errors.page)
    # The last added is passed first.  Gradio leaves other sites' requests alone where its host has a CORS policy.
    bodies = {**MAX_BODIES, CHAT_PATH: MAX_CHAT_BODY, QUOTATIONS_PATH: MAX_PASTED}
    app.add_middleware(BodyLimit, most_by_path=bodies)
    app.add_middleware(RateLimit, limiter=site.limiter)
    app.add_middleware(RateLimit, limiter=site.limiter, prefix=CHAT_PATH)
    app.add_middleware(RateLimit, limiter=site.limiter, prefix=f"{SPEECH_PATH}/")
    app.add_middleware(RateLimit, limiter=site.limiter, prefix=f"{KIOSK_PATH}/")
    app.add_middleware(RateLimit, limiter=site.limiter, prefix=f"{FRAMED_PATH}/")
    app.add_middleware(PathList, not_found=errors, kiosk=settings.kiosk)
    app.add_middleware(CORSMiddleware, allow_origins=())
    app.add_middleware(EndStreams, streams=site.streams)
    app.add_middleware(StripHeaders)
    app.add_middleware(SecurityHeaders, frame_ancestors=settings.frame_ancestors.split())
    if settings.kiosk:
        return app
    gr.mount_gradio_app(
        app,
        chat_page(site),
        path="/",
        footer_links=[],
        run_history=False,
        show_error=False,
        max_file_size="1kb",
        enable_monitoring=False,
        pwa=False,
        ssr_mode=False,
        mcp_server=False,
        theme=THEME,
        head=HEAD,
    )
    return app


class _Errors:
    """Says that something went wrong: a page to people, a problem document to programs."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def page(self, request: Request, error: Exception) -> Response:
        """Return the page of an error outside the HTTP interface."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        collection = self._site.answerer.collection
        if status == 404:
            told = ("Nothing stands here", ("The address leads to no page of this collection.",))
        else:
            told = ("This did not work", ("The server could not do what was asked. Go back and try again.",))
        return error_page(collection, self._site.settings, status, *told)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 404 to a path that is not on the list."""
        if scope["path"].startswith((API_PREFIX, "/gradio_api")):
            response = problem_response(scope["path"], ProblemError(Kind.NOT_FOUND))
        else:
            response = self.page(Request(scope), HTTPException(404))
        await response(scope, receive, send)
