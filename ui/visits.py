"""A visit to a page that takes work: its turn, its share of a client's requests, and what is told where it fails."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import HTMLResponse

from ui.problems import as_problem
from ui.site import Site

T = TypeVar("T")


async def work_for(request: Request, site: Site, work: Callable[[], T]) -> T:
    """Do ``work`` in turn with the answering, as one of the client's requests.

    Raises:
        ProblemError: the client has sent too many requests.
        BusyError: too many are waiting.
    """
    allowance = site.limiter.take(request.client.host if request.client else None)
    if not allowance.passed:
        raise site.limiter.problem(allowance)
    return await site.work(work)


def failed(error: Exception, page: Callable[[int, str], HTMLResponse]) -> HTMLResponse:
    """Return the ``page`` of an error, made of its status and what is told, with the headers that programs get."""
    problem = as_problem(error)
    told = problem.detail
    response = page(problem.status_code, f"{told[:1].upper()}{told[1:].rstrip('.')}.")
    response.headers.update(problem.headers or {})
    return response
