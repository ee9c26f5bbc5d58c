"""``/api/v1/conversation.md`` and ``.json``: a conversation written down, from its questions alone."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Bounded

from bot.reading import MAX_CHARACTERS
from ui.asking import DOOR, charge, require_json
from ui.downloads import conversation_json, conversation_markdown
from ui.problems import Kind, problem_responses
from ui.routes import ApiRoute
from ui.site import Site

MAX_TURNS = 50
_WRITERS = {
    "md": (conversation_markdown, "text/markdown; charset=utf-8"),
    "json": (conversation_json, "application/json"),
}


class Asked(BaseModel):
    """The questions of a conversation, in order."""

    model_config = ConfigDict(extra="forbid")
    turns: Annotated[
        list[Annotated[str, StringConstraints(min_length=1, max_length=MAX_CHARACTERS)]],
        Bounded(min_length=1, max_length=MAX_TURNS),
    ]


def saving_router(site: Site) -> APIRouter:
    """Build the two routes. The server keeps nothing of a conversation for them: it is asked again."""
    router = APIRouter(route_class=ApiRoute, tags=["conversation"])
    described: dict[str, Any] = {
        "response_class": Response,
        "responses": problem_responses(Kind.UNREADABLE, Kind.TOO_LARGE, Kind.NOT_JSON, Kind.INVALID, Kind.BUSY),
        "dependencies": [Depends(require_json)],
    }

    async def written(form: str, asked: Asked, request: Request) -> Response:
        charge(site, request, len(asked.turns))
        exchanges = await site.ask_turns(asked.turns, (), DOOR)
        write, media_type = _WRITERS[form]
        name = f"{site.answerer.collection.manifest.id}.{form}"
        headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
        return Response(write(exchanges, site.answerer.collection), media_type=media_type, headers=headers)

    @router.post("/api/v1/conversation.md", **described)
    async def markdown(asked: Asked, request: Request) -> Response:
        """Write a conversation down as Markdown, from its questions."""
        return await written("md", asked, request)

    @router.post("/api/v1/conversation.json", **described)
    async def json(asked: Asked, request: Request) -> Response:
        """Write a conversation down as JSON, with what proves its quotations."""
        return await written("json", asked, request)

    return router
