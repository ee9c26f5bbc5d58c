"""``/cite``: look up what can be cited, by id, words, speaker, record, page and date; and all the desk's routes."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.anchoring import State, open_permalink
from bot.errors import BotError, QuestionError
from ui.checking import checking_router
from ui.exports import exported, exports_router
from ui.formats import FORMATS
from ui.hits import hit
from ui.lookup import MAX_EXPORTED, MAX_RESULTS, Found, look_up
from ui.pages import FORM_NAMES, render_page
from ui.problems import ProblemError, shown
from ui.sheet import sheet_router
from ui.site import Site
from ui.visits import failed, work_for
from ui.wanted import FIELDS, Wanted, read_wanted, record_names, speakers_of

CITE_PATH = "/cite"


def desk_router(site: Site) -> APIRouter:
    """Build the desk's routes; they stand before those of the pages and of the rest of ``/api``."""
    router = APIRouter()
    router.include_router(exports_router(site))
    router.include_router(sheet_router(site.answerer.collection, site.settings))
    router.include_router(checking_router(site))
    desk = _Desk(site)
    for path in (CITE_PATH, f"{CITE_PATH}/"):
        router.add_api_route(path, desk.look_up, methods=["GET", "HEAD"], include_in_schema=False)
    return router


class _Desk:
    """Looks up citations of one collection."""

    def __init__(self, site: Site) -> None:
        self._site, self._collection = site, site.answerer.collection

    async def look_up(self, request: Request) -> Response:
        """Return the form, and what was found by its fields; or the file, or the page, that they lead to."""
        fields = dict(request.query_params)
        wanted, problems = read_wanted(fields, self._collection)
        if problems or wanted.empty:
            return self._form(fields, wanted, problems)
        if wanted.link:
            return self._follow(fields, wanted)
        try:
            return await work_for(request, self._site, lambda: self._found(fields, wanted))
        except QuestionError:
            return self._form(fields, wanted, {"words": f"{shown(wanted.words)} holds no words; give some to look for"})
        except (BotError, ProblemError) as error:
            return failed(error, lambda code, told: self._form(fields, wanted, {}, code=code, failure=told))

    def _found(self, fields: Mapping[str, str], wanted: Wanted) -> Response:
        """Return what is wanted: the first of it as a file, where a form is named, or a part of it as a page."""
        results = look_up(self._site.answerer, wanted, MAX_EXPORTED if wanted.form else MAX_RESULTS)
        if wanted.form and results.citations:
            return exported(self._site, [citation for _, citation in results.citations], wanted.form)
        query = {name: fields[name] for name in FIELDS if fields.get(name)}
        starts = {
            "Previous": max(wanted.start - MAX_RESULTS, 0) if wanted.start else None,
            "Next": results.n_shown if results.n_shown < results.n_all else None,
        }
        return self._form(
            fields,
            wanted,
            {},
            results=results,
            groups=[(found, [hit(c, self._collection) for c in results.of(found)]) for found in Found],
            steps={
                name: f"{CITE_PATH}?{urlencode(query | {'start': start})}"
                for name, start in starts.items()
                if start is not None
            },
            query=query,
        )

    def _follow(self, fields: Mapping[str, str], wanted: Wanted) -> Response:
        """Lead to what an id or permalink names; its page says what became of the words."""
        found = open_permalink(self._collection, wanted.link)
        if found.state is State.UNKNOWN:
            problem = found.problem if "?" in wanted.link else f"{shown(wanted.link)} names nothing in this collection."
            return self._form(fields, wanted, {"id": problem}, code=404)
        parameters = urlsplit("".join(wanted.link.split())).query if "?" in wanted.link else ""
        path = f"{CITE_PATH}/{quote(found.identifier, safe='/:')}"
        query = urlencode(parse_qsl(parameters))
        return RedirectResponse(f"{path}?{query}" if query else path, status_code=303)

    def _form(
        self,
        fields: Mapping[str, str],
        wanted: Wanted,
        problems: Mapping[str, str],
        *,
        code: int | None = None,
        **given: object,
    ) -> HTMLResponse:
        collection, names = self._collection, record_names(self._collection)
        people = [(person.full_name or name if (person := collection.person(name)) else name, name)
                  for name in speakers_of(collection)]  # fmt: skip
        passage = collection.passages[0]
        return render_page(
            collection,
            self._site.settings,
            "desk.html",
            CITE_PATH,
            code=code or (422 if problems else 200),
            title=f"{'Error: ' if problems else ''}Cite · {collection.manifest.title}",
            here="cite",
            fields={name: fields.get(name, "").replace("\0", "") for name in FIELDS},
            problems=problems,
            wanted=wanted,
            narrowed=any(fields.get(name) for name in FIELDS[1:]),
            people=sorted(people, key=lambda person: person[0].casefold()),
            records=[
                (d, names[d.id, None], [(item, names[d.id, item.id]) for item in d.items]) for d in collection.documents
            ],
            example=f"{passage.id}:{passage.span.start}-{passage.span.end}",
            example_passage=passage.id,
            forms=[(form, FORM_NAMES.get(form, form)) for form in FORMATS],
            max_exported=MAX_EXPORTED,
            **{"results": None, "failure": None} | given,
        )
