"""``POST /api/v1/citations``: many citations as one file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints
from starlette.responses import Response

from bot.answers import Citation
from bot.citations import find_citation
from ui.asking import require_json
from ui.formats import FORMATS, MEDIA_TYPES, SUFFIXES, format_citations
from ui.holdings import Form
from ui.lookup import MAX_EXPORTED
from ui.problems import Kind, problem_responses
from ui.routes import ApiRoute
from ui.schemas import MAX_ID, ClosedModel
from ui.site import Site

Identifier = Annotated[str, StringConstraints(min_length=1, max_length=MAX_ID)]


class CitationsRequest(ClosedModel):
    """Ids of citations or passages, and the form in which they are wanted."""

    ids: Annotated[list[Identifier], Field(min_length=1, max_length=MAX_EXPORTED)]
    format: Form = "text"


def exports_router(site: Site) -> APIRouter:
    """Build the route; it stands before the one that takes the rest of ``/api``."""
    router = APIRouter(prefix="/api/v1", tags=["collection"], route_class=ApiRoute)

    @router.post(
        "/citations",
        dependencies=[Depends(require_json)],
        response_class=Response,
        responses={
            200: {"content": {MEDIA_TYPES[form]: {"schema": {"type": "string"}} for form in FORMATS}},
            **problem_responses(
                Kind.UNREADABLE, Kind.NOT_FOUND, Kind.TOO_LARGE, Kind.NOT_JSON, Kind.INVALID, Kind.BUSY
            ),
        },
    )
    async def export_citations(body: CitationsRequest) -> Response:
        """Write citations as one file, in the order of their ids."""
        collection = site.answerer.collection
        return await site.work(lambda: exported(site, [find_citation(collection, i) for i in body.ids], body.format))

    return router


def exported(site: Site, citations: Sequence[Citation], form: str) -> Response:
    """Return ``citations`` as a file to keep."""
    collection = site.answerer.collection
    text = format_citations(citations, collection, form, site.settings.public_url)
    name = f"{collection.manifest.id}{SUFFIXES[form]}"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(text.encode(), media_type=MEDIA_TYPES[form], headers=headers)
