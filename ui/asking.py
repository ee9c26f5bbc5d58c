"""Questions and quotations over HTTP: what is asked, checked, and forgotten on demand."""

from __future__ import annotations

import email.message
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response

from bot.answers import Exchange
from ui.outcomes import check_object, outcome_object
from ui.problems import Kind, ProblemError, problem_responses
from ui.routes import ApiRoute
from ui.schemas import MAX_ID, AskedObject, AskRequest, ChecksObject, QuotationsRequest
from ui.site import Site

DOOR = "api"
NEW = "new"
CONVERSATION_HEADER = "Memcon-Conversation"
_POSTED = (Kind.UNREADABLE, Kind.TOO_LARGE, Kind.NOT_JSON, Kind.INVALID, Kind.BUSY)


def require_json(request: Request) -> None:
    """Raise a problem unless the body is declared as JSON.

    Raises:
        ProblemError: it is declared as something else, or as nothing.
    """
    declared = request.headers.get("content-type", "")
    message = email.message.Message()
    message["content-type"] = declared
    kind = message.get_content_type()
    if not declared or not (kind == "application/json" or kind.endswith("+json")):
        raise ProblemError(Kind.NOT_JSON, headers={"Accept": "application/json"})


def asking_router(site: Site) -> APIRouter:
    """Build the routes that need the models."""
    router = APIRouter(prefix="/api/v1", route_class=ApiRoute)

    @router.post(
        "/ask",
        tags=["asking"],
        dependencies=[Depends(require_json)],
        response_model=AskedObject,
        response_model_exclude_unset=True,
        responses={
            200: {
                "headers": {
                    CONVERSATION_HEADER: {
                        "description": "The conversation that the question belongs to, if to any",
                        "schema": {"type": "string"},
                    }
                }
            },
            **problem_responses(Kind.UNKNOWN_CONVERSATION, *_POSTED),
        },
    )
    async def ask(request: Request, response: Response, body: AskRequest) -> dict[str, Any]:
        """Answer a question in the record's own words, or say why the record does not answer.

        With `turns`, the outcome is that of the last one.
        """
        response.headers["Cache-Control"] = "no-store"
        if body.turns is not None:
            charge(site, request, len(body.turns))
            exchanges = await site.ask_turns(body.turns, (), DOOR)
            return outcome_object(exchanges[-1].outcome)
        exchange, conversation_id = await _ask_one(site, body.question or "", body.conversation_id)
        if conversation_id is not None:
            response.headers[CONVERSATION_HEADER] = conversation_id
        return {**outcome_object(exchange.outcome), "conversation_id": conversation_id}

    @router.delete(
        "/conversations/{conversation_id}",
        tags=["asking"],
        status_code=204,
        responses=problem_responses(Kind.UNKNOWN_CONVERSATION, Kind.INVALID),
    )
    def forget(conversation_id: Annotated[str, Path(max_length=MAX_ID)]) -> None:
        """Forget a conversation and all that was asked in it."""
        site.conversations.forget(conversation_id)

    @router.post(
        "/quotations",
        tags=["quotations"],
        dependencies=[Depends(require_json)],
        response_model=ChecksObject,
        responses=problem_responses(*_POSTED),
    )
    async def check_quotations(response: Response, body: QuotationsRequest) -> dict[str, Any]:
        """Find the quotations in a text, and say of each whether the record has it exactly, altered, or not at all."""
        response.headers["Cache-Control"] = "no-store"
        checks = await site.work(lambda: site.answerer.quotations.check_text(body.text))
        return {"checks": [check_object(check) for check in checks]}

    return router


async def _ask_one(site: Site, question: str, conversation_id: str | None) -> tuple[Exchange, str | None]:
    """Answer a question of a conversation, of a new one, or of none."""
    held = conversation_id not in (None, NEW)
    earlier = site.conversations.exchanges(conversation_id or "") if held else ()
    (exchange,) = await site.ask_turns([question], earlier, DOOR)
    if conversation_id == NEW:
        return exchange, site.conversations.open([exchange])
    if held:
        site.conversations.add(conversation_id or "", exchange)
    return exchange, conversation_id


def charge(site: Site, request: Request, n_turns: int) -> None:
    """Count the turns after the first as requests too; more than a minute allows take all that is left of a whole one.

    Raises:
        ProblemError: the client has sent too many requests for that.
    """
    n_more = min(n_turns, site.limiter.per_minute) - 1
    if n_more:
        allowance = site.limiter.take(request.client.host if request.client else None, n_more)
        if not allowance.passed:
            raise site.limiter.problem(allowance)
