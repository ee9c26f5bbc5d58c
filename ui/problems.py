"""Errors of the HTTP interface as problem documents (RFC 9457): what, the value, what is allowed, how to go on."""

from __future__ import annotations

import inspect
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exception_handlers import http_exception_handler, request_validation_exception_handler
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from bot.errors import BotError, CitationError, QuestionError
from ui.conversations import UnknownConversationError
from ui.waiting import RETRY_SECONDS, BusyError

MEDIA_TYPE = "application/problem+json"
API_PREFIX = "/api/"
PROBLEMS_PATH = "/api/v1/problems"
OPENAPI_PATH = "/api/v1/openapi.json"
MAX_ERRORS = 20  # of one request
MAX_SHOWN = 60  # characters of a wrong value
MAX_INSTANCE = 400  # characters of the path, before quoting

Elsewhere = Callable[[Request, Exception], Response | Awaitable[Response]]


class Kind(Enum):
    """The problems there are: name, status, title, and what to do about it."""

    UNREADABLE = "unreadable", 400, "The request cannot be read", "Send one JSON object in UTF-8."
    FOREIGN = "foreign", 403, "The request came from another site's page", "Send it from a program or from this server."
    NOT_FOUND = "not-found", 404, "Nothing stands there", f"{OPENAPI_PATH} describes every path."
    UNKNOWN_CONVERSATION = (
        "unknown-conversation", 404, "There is no such conversation",
        'Ask again with "conversation_id": "new", or send all questions as "turns".',
    )  # fmt: skip
    NOT_ALLOWED = "not-allowed", 405, "The path does not take this method", "The header Allow names those it takes."
    TOO_LARGE = "too-large", 413, "The body is too large", "Send it in parts."
    NOT_JSON = "not-json", 415, "The body is not declared as JSON", "Send the header Content-Type: application/json."
    INVALID = "invalid", 422, "The request is not what the path takes", "The list of errors says what is allowed."
    TOO_MANY = "too-many", 429, "Too many requests", "Wait as many seconds as the header Retry-After says."
    FAILURE = "failure", 500, "The server failed", "It is no fault of the request; the server's log says more."
    BUSY = "busy", 503, "Too many are waiting", "Ask again after as many seconds as the header Retry-After says."
    NOT_READY = "not-ready", 503, "The server does not answer yet", "The server's log says more."

    def __init__(self, slug: str, status: int, title: str, advice: str) -> None:
        self.slug, self.status, self.title, self.advice = slug, status, title, advice

    @property
    def uri(self) -> str:
        """Return the reference that identifies the kind; it leads to the list of all."""
        return f"{PROBLEMS_PATH}#{self.slug}"


class FieldError(BaseModel):
    """One wrong field."""

    model_config = ConfigDict(extra="forbid")
    field: str = Field(description="Where it stands: a key of the body, a parameter, or an entry such as turns.3")
    problem: str
    allowed: str


class Problem(BaseModel):
    """A problem document (RFC 9457)."""

    model_config = ConfigDict(extra="forbid")
    type: str = Field(description=f"Identifies the kind of problem; {PROBLEMS_PATH} lists them")
    title: str
    status: int
    detail: str
    instance: str | None = Field(default=None, description="The path that was asked for")
    errors: list[FieldError] | None = None


class ProblemError(HTTPException):
    """A problem to be told to the client."""

    def __init__(
        self,
        kind: Kind,
        detail: str | None = None,
        *,
        status: int | None = None,  # another than the kind's: then the document is of no kind
        headers: Mapping[str, str] | None = None,
        errors: Sequence[FieldError] = (),
    ) -> None:
        super().__init__(status or kind.status, detail or kind.advice, headers)
        self.kind, self.errors = kind, tuple(errors)


def add_problem_handlers(app: FastAPI, elsewhere: Elsewhere | None = None) -> None:
    """Make every error under `API_PREFIX` a problem document.

    ``elsewhere`` makes the response for errors of the other paths; without one they are what FastAPI makes of them.
    """

    async def handle(request: Request, error: Exception) -> Response:
        if request.scope["path"].startswith(API_PREFIX):
            return problem_response(request.scope["path"], as_problem(error))
        response = (elsewhere or _plain_response)(request, error)
        return await response if inspect.isawaitable(response) else response

    for kind in (HTTPException, RequestValidationError, BotError, Exception):
        app.add_exception_handler(kind, handle)


def problem_response(path: str, error: ProblemError) -> Response:
    """Return the problem document of ``error``, which happened at ``path``."""
    status = error.status_code
    known = error.kind.status == status
    problem = Problem(
        type=error.kind.uri if known else "about:blank",
        title=error.kind.title if known else HTTPStatus(status).phrase,
        status=status,
        detail=error.detail,
        instance=quote(path[:MAX_INSTANCE], safe="/:@-._~!$&'()*+,;=", errors="replace"),
        errors=list(error.errors) or None,
    )
    content = json.dumps(problem.model_dump(exclude_none=True))  # ASCII: a wrong value may hold half a character
    headers = {"Cache-Control": "no-store", **(error.headers or {})}
    return Response(content, status, headers, MEDIA_TYPE)


def problem_responses(*kinds: Kind) -> dict[int | str, dict[str, Any]]:
    """Describe the problems of a path for its OpenAPI document."""
    described: dict[int | str, dict[str, Any]] = {}
    for kind in (*kinds, Kind.TOO_MANY, Kind.FAILURE):
        response = described.setdefault(
            kind.status,
            {
                "description": kind.title,
                "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": {}}},
            },
        )
        response["content"][MEDIA_TYPE]["examples"][kind.slug] = {"value": problem_example(kind)}
    return described


def problem_example(kind: Kind) -> dict[str, Any]:
    """Return a problem document of this kind."""
    return Problem(type=kind.uri, title=kind.title, status=kind.status, detail=kind.advice).model_dump(
        exclude_none=True
    )


def as_problem(error: Exception) -> ProblemError:
    """Say what went wrong, without a word on the inside of the machine."""
    match error:
        case ProblemError():
            return error
        case RequestValidationError():
            return _of_validation(error.errors())
        case QuestionError():
            return ProblemError(Kind.INVALID, str(error))
        case CitationError():
            return ProblemError(Kind.NOT_FOUND, str(error))
        case UnknownConversationError():
            return ProblemError(Kind.UNKNOWN_CONVERSATION, f"{error}. {Kind.UNKNOWN_CONVERSATION.advice}")
        case BusyError():
            return ProblemError(Kind.BUSY, str(error), headers={"Retry-After": str(RETRY_SECONDS)})
        case HTTPException():
            return _of_status(error)
        case _:
            return ProblemError(Kind.FAILURE)


def shown(value: object) -> str:
    """Return a wrong value for a message: whole if short, its beginning and its length if long."""
    if isinstance(value, str):
        return repr(value) if len(value) <= MAX_SHOWN else f"{value[:MAX_SHOWN]!r}… ({len(value)} characters)"
    if isinstance(value, (list, dict)):  # never looked into: it may nest a thousand deep
        return f"a list of {len(value)}" if isinstance(value, list) else f"an object of {len(value)} keys"
    return repr(value)[:MAX_SHOWN]


def _of_status(error: HTTPException) -> ProblemError:
    kinds = {kind.status: kind for kind in (Kind.UNREADABLE, Kind.NOT_FOUND, Kind.NOT_ALLOWED, Kind.TOO_LARGE)}
    kind = kinds.get(error.status_code)
    if kind is not None:
        return ProblemError(kind, headers=error.headers)
    return ProblemError(Kind.FAILURE, str(error.detail), status=error.status_code, headers=error.headers)


def _of_validation(errors: Sequence[Mapping[str, Any]]) -> ProblemError:
    first = errors[0]
    if first["type"] == "json_invalid":
        return ProblemError(
            Kind.UNREADABLE, f"The body is no JSON at character {first['loc'][-1]}: {first['ctx']['error']}"
        )
    fields = [_field_error(error) for error in errors[:MAX_ERRORS]]
    detail = f"{fields[0].field}: {fields[0].problem}; {fields[0].allowed}"
    if len(errors) > 1:
        detail += f" (and {len(errors) - 1} more)"
    return ProblemError(Kind.INVALID, detail, errors=fields)


def _field_error(error: Mapping[str, Any]) -> FieldError:
    context = error.get("ctx") or {}
    place = ".".join(str(part) for part in error["loc"][1:]) or "the body"
    seen = "is missing" if error["type"] == "missing" else f"is {shown(error.get('input'))}"
    return FieldError(
        field=context.get("field", place), problem=context.get("problem", seen), allowed=str(error["msg"])
    )


async def _plain_response(request: Request, error: Exception) -> Response:
    if isinstance(error, HTTPException):
        return await http_exception_handler(request, error)
    if isinstance(error, RequestValidationError):
        return await request_validation_exception_handler(request, error)
    return PlainTextResponse("Internal Server Error", status_code=500)
