"""The HTTP interface: everything under ``/api/v1``, and what a watcher of the server asks."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from ui.asking import asking_router
from ui.holdings import holdings_router
from ui.metrics import MEDIA_TYPE
from ui.problems import (
    OPENAPI_PATH,
    PROBLEMS_PATH,
    Kind,
    Problem,
    ProblemError,
    problem_example,
    problem_response,
    problem_responses,
)
from ui.routes import ApiRoute, Missing
from ui.schemas import StatusObject
from ui.site import Site

# What the FastAPI application is made with. Its own pages of documentation would load scripts from elsewhere.
OPENAPI: dict[str, Any] = {
    "title": "memcon",
    "version": version("memcon"),
    "summary": "Ask an archival collection, and be answered in its own words",
    "description": (
        "Every answer is made of verified quotations with speaker, place and hash; where the record does not answer, "
        "the outcome is an abstention with its reason. Errors are problem documents (RFC 9457). Requests are limited "
        "by client; the header RateLimit says what is left."
    ),
    "openapi_url": None,  # served below, as the other paths are
    "docs_url": None,
    "redoc_url": None,
}


def api_router(site: Site) -> APIRouter:
    """Build everything under ``/api``; what is not there is a problem too."""
    router = APIRouter(route_class=ApiRoute)

    @router.get(OPENAPI_PATH, include_in_schema=False)
    def describe(request: Request) -> Response:
        return JSONResponse(request.app.openapi())

    @router.get(
        PROBLEMS_PATH,
        response_model=list[Problem],
        response_model_exclude_none=True,
        tags=["interface"],
        responses=problem_responses(),
    )
    def list_problems() -> list[dict[str, Any]]:
        """List the kinds of problem documents."""
        return [problem_example(kind) for kind in Kind]

    router.include_router(asking_router(site))
    router.include_router(holdings_router(site))
    router.add_route("/api/{rest:path}", Missing(), include_in_schema=False)  # type: ignore[arg-type]  # an ASGI application
    return router


def health_router(site: Site) -> APIRouter:
    """Build what tells whether the server lives, answers, and how it fares."""
    router = APIRouter(tags=["operation"], route_class=ApiRoute)

    @router.get("/healthz")
    def alive() -> StatusObject:
        """Say that the server runs."""
        return StatusObject(status="alive")

    @router.get("/readyz", response_model=StatusObject, responses=problem_responses(Kind.NOT_READY))
    def ready() -> Any:
        """Say whether a real question went through."""
        if not site.is_ready():
            return problem_response("/readyz", ProblemError(Kind.NOT_READY))
        return StatusObject(status="ready")

    @router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    def metrics() -> Response:
        """Return the figures of the server in Prometheus' text form."""
        return Response(site.metrics.text(), headers={"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"})

    return router
