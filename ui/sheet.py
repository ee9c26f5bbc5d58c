"""``/cite/ID/sheet``: a citation in every form, to print or to be taken into a dialog; and its QR code."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from bot.answers import Citation
from bot.citations import find_citation
from bot.errors import CitationError
from bot.settings import Settings
from embeddings.collection import Collection
from ui.formats import FORMATS, SUFFIXES, format_citation
from ui.formats.addresses import permalink_address
from ui.hits import hit
from ui.pages import FORM_NAMES, error_page, render_page
from ui.problems import shown
from ui.qr import MEDIA_TYPES, qr_code

_READ = ("text", "chicago", "chicago-bibliography", "nara")  # by people; the other forms by programs


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A citation in one form, and the file to keep it in."""

    id: str
    name: str
    text: str
    path: str
    file_name: str
    read: bool  # by people, and so printed


def sheet_router(collection: Collection, settings: Settings) -> APIRouter:
    """Build the two routes; they stand before the one whose ``/cite/{id}`` takes any path."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    def sheet(citation_id: str) -> HTMLResponse:
        """Return a citation in every form, with its permalink and QR code."""
        try:
            citation = find_citation(collection, citation_id)
        except CitationError:
            return _missing(collection, settings, citation_id)
        return render_page(
            collection,
            settings,
            "sheet.html",
            f"{hit(citation, collection).path}/sheet",
            title=f"Citation of {citation.id} · {collection.manifest.title}",
            document=collection.document(citation.document_id),
            hit=hit(citation, collection),
            permalink=permalink_address(citation, settings.public_url) or citation.url,
            qr=qr_code(citation, collection, settings.public_url),
            forms=[_form(citation, collection, form, settings.public_url) for form in FORMATS],
        )

    def qr(citation_id: str, request: Request) -> Response:
        """Return the QR code of a citation, as an image."""
        kind = request.query_params.get("format", "svg")
        if kind not in MEDIA_TYPES:
            told = f"format = {shown(kind)}: the code can be had as {' or '.join(MEDIA_TYPES)}."
            return error_page(collection, settings, 422, "No such image", (told,))
        try:
            citation = find_citation(collection, citation_id)
        except CitationError:
            return _missing(collection, settings, citation_id)
        image = qr_code(citation, collection, settings.public_url).image(kind)
        return Response(image, media_type=MEDIA_TYPES[kind], headers={"cache-control": "no-cache"})

    router.add_api_route("/cite/{citation_id:path}/sheet", sheet, methods=["GET", "HEAD"])
    router.add_api_route("/cite/{citation_id:path}/qr.svg", qr, methods=["GET", "HEAD"])
    return router


def _form(citation: Citation, collection: Collection, form: str, public_url: str) -> Form:
    path = hit(citation, collection).path.removeprefix("/cite/")
    return Form(
        id=form,
        name=FORM_NAMES.get(form, form),
        text=format_citation(citation, collection, form, public_url),
        path=f"/api/v1/citations/{path}?format={form}",
        file_name=f"{citation.id.replace('/', '-').replace(':', '-')}{SUFFIXES[form]}",
        read=form in _READ,
    )


def _missing(collection: Collection, settings: Settings, citation_id: str) -> HTMLResponse:
    told = (f"Nothing in this collection has the id {shown(citation_id)}.", "The page “Cite” finds ids by words.")
    return error_page(collection, settings, 404, "No such passage", told)
