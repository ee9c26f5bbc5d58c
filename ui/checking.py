"""``/quotations``: a text is pasted, and comes back with each of its quotations judged."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse

from bot.errors import BotError, QuestionError
from bot.quotations import MAX_CHARACTERS, QuotationCheck
from ui.hits import hit
from ui.pages import render_page
from ui.problems import Kind, ProblemError, shown
from ui.site import Site
from ui.verdicts import LABELS, judged, pieces, summary
from ui.visits import failed, work_for

QUOTATIONS_PATH = "/quotations"
# Bytes of a form: a character is sent as up to twelve, and a text that is too long is shown again, to be cut.
MAX_PASTED = 2 * 1024 * 1024
_FORM_TYPE = "application/x-www-form-urlencoded"


def checking_router(site: Site) -> APIRouter:
    """Build the page's two routes."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    def paste() -> HTMLResponse:
        """Return the form in which a text is pasted."""
        return _page(site, "")

    async def check(request: Request) -> HTMLResponse:
        """Check a pasted text, and return it marked; whatever goes wrong, the text stands in the form again."""
        text = ""
        try:
            text = _pasted(request, await request.body())
            _check_characters(text)
            checks = await work_for(request, site, lambda: site.answerer.quotations.check_text(text))
        except (BotError, ProblemError) as error:
            return failed(error, lambda code, told: _page(site, text, code=code, problem=told))
        return _page(site, text, checks)

    router.add_api_route(QUOTATIONS_PATH, paste, methods=["GET", "HEAD"])
    router.add_api_route(QUOTATIONS_PATH, check, methods=["POST"])
    return router


def _page(
    site: Site, text: str, checks: Sequence[QuotationCheck] = (), *, code: int = 200, problem: str | None = None
) -> HTMLResponse:
    collection = site.answerer.collection
    told = [judged(number, check, collection) for number, check in enumerate(checks, start=1)]
    return render_page(
        collection,
        site.settings,
        "quotations.html",
        QUOTATIONS_PATH,
        code=code,
        title=f"{'Error: ' if problem else ''}Check a quotation · {collection.manifest.title}",
        here="quotations",
        text=text.replace("\0", ""),
        problem=problem,
        lost=code == Kind.TOO_LARGE.status,
        judged=told,
        pieces=list(pieces(text, checks)) if checks else [],
        summary=summary(checks) if checks else None,
        hits={c.id: hit(c, collection) for check in told for place in check.places for c in place},
        labels=LABELS,
        max_characters=MAX_CHARACTERS,
    )


def _pasted(request: Request, body: bytes) -> str:
    """Read the field ``text`` of a form, its line ends as they were before the browser sent it.

    Raises:
        QuestionError: the body is none of a form's, or its text is not in UTF-8.
    """
    declared = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if declared != _FORM_TYPE:
        raise QuestionError(f"the body is declared as {shown(declared)}; send the form of this page, {_FORM_TYPE}")
    try:
        fields = dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=8))
    except ValueError as error:
        raise QuestionError("the body is no form in UTF-8; send the form of this page") from error
    return fields.get("text", "").replace("\r\n", "\n").replace("\r", "\n")


def _check_characters(text: str) -> None:
    if "\0" in text:
        raise QuestionError("the text holds a NUL character, which is left out below; check what remains")
    if not text.strip():
        raise QuestionError("nothing was pasted; paste the text whose quotations are to be checked")
