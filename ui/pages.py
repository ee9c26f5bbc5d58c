"""The pages that need no script: documents, items, citations, and errors, rendered from ``templates/``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from http.client import responses
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.anchoring import Anchored, State, resolve
from bot.answers import Citation
from bot.errors import CitationError
from bot.permalinks import read_anchor
from bot.settings import Settings
from embeddings.collection import Collection
from embeddings.dates import spell_date
from embeddings.documents import Document, Item, Span
from embeddings.manifest import Person
from ui import contents
from ui.edition import Edition
from ui.formats import FORMATS, chicago_note, format_citation
from ui.templating import environment
from ui.typesetting import typeset
from ui.wording import speaker_name, speaker_role

STATIC_PATH = Path(__file__).parent / "static"
STATIC_URL = "/site"  # where the application serves STATIC_PATH; Gradio has /static for itself
MAX_SHOWN = 120  # characters of a wrong id
MAX_LISTED = 50  # documents on an error page
FORM_NAMES = {
    "text": "Plain text",
    "chicago": "Chicago, note",
    "chicago-bibliography": "Chicago, bibliography",
    "nara": "National Archives",
    "ris": "RIS",
    "bibtex": "BibTeX",
    "csl-json": "CSL JSON",
    "web-annotation": "Web Annotation",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the record's template draws."""

    edition: Edition
    title: str
    date: str | None
    language: str
    people: dict[str, Person]
    citation: Citation | None
    canvas: str | None


def pages_router(collection: Collection, settings: Settings) -> APIRouter:
    """Return the routes of the pages."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    pages = _Pages(collection, settings)
    for path, page in (
        ("/documents", pages.documents),
        ("/documents/{document_id}", pages.document),
        ("/documents/{document_id}/{item_id}", pages.document),
        ("/cite/{citation_id:path}", pages.citation),
    ):
        router.add_api_route(path, page, methods=["GET", "HEAD"])
    return router


def error_page(
    collection: Collection, settings: Settings, status: int, heading: str, message: Sequence[str]
) -> HTMLResponse:
    """Return an error as a page: what went wrong, what to do, and the documents there are."""
    return _Pages(collection, settings).error(status, heading, message)


def render_page(
    collection: Collection, settings: Settings, template: str, path: str | None, *, code: int = 200, **given: object
) -> HTMLResponse:
    """Return ``template`` as a page in the frame of all; ``path`` is its own address, None where it has none."""
    return _Pages(collection, settings).render(template, path, code=code, **given)


def record_view(
    collection: Collection, document: Document, item: Item | None, citation: Citation | None = None
) -> View:
    """Return what is drawn of a document, or of one item of it, with the words of ``citation`` marked."""
    quotation = Span(citation.start, citation.end) if citation else None
    edition = typeset(document, collection.passages, item, quotation)
    return View(
        edition=edition,
        title=edition.item.title if edition.item else document.title,
        date=edition.item.date if edition.item else document.date,
        language=contents.language(collection, document, item),
        people={person.name: person for person in collection.manifest.people},
        citation=citation,
        canvas=contents.canvas(document, item),
    )


class _Pages:
    """Renders the pages of one collection."""

    def __init__(self, collection: Collection, settings: Settings) -> None:
        self._collection, self._settings = collection, settings

    def documents(self) -> HTMLResponse:
        """Return the list of documents."""
        manifest = self._collection.manifest
        return self.render("documents.html", "/documents", title=f"Documents · {manifest.title}", here="documents")

    def document(self, document_id: str, item_id: str | None = None) -> HTMLResponse:
        """Return a document, or one item of it, with its whole text."""
        document = next((d for d in self._collection.documents if d.id == document_id), None)
        item = document.item(item_id) if document else None
        if document is None or (item_id is not None and item is None):
            return self._no_document(document, item_id or document_id)
        view = record_view(self._collection, document, item)
        path = f"/documents/{document_id}" + (f"/{item_id}" if item_id else "")
        return self.render(
            "document.html",
            path,
            title=f"{view.title} · {self._collection.manifest.title}",
            document=document,
            view=view,
            facts=contents.facts(document, item),
            speakers=contents.speakers(self._collection, document, item),
            pages=(pages := contents.pages(document, item)),
            n_pages=sum(len(marks) for _, marks in pages),
        )

    def citation(self, citation_id: str, request: Request) -> HTMLResponse:
        """Return what a permalink leads to: a quotation with the record around it, or what became of the words."""
        try:
            anchor = read_anchor(request.query_params)
        except CitationError as error:
            return self.error(404, "A damaged link", (str(error),))
        found = resolve(self._collection, citation_id, anchor)
        if found.state is State.GONE:
            return self.error(410, "No longer in the collection", (found.sentence,))
        if not found.places:
            return self._no_citation(citation_id)
        if len(found.places) > 1:
            return self.render("places.html", None, title=found.sentence, found=found)
        return self._quotation(found)

    def _quotation(self, found: Anchored) -> HTMLResponse:
        collection, citation = self._collection, found.places[0]
        document = collection.document(citation.document_id)
        view = record_view(self._collection, document, document.item(citation.item_id), citation)
        who, role = speaker_name(citation, collection), speaker_role(citation, collection)
        author = view.edition.item.author if view.edition.item and not who else None
        date = spell_date(view.date) if view.date else None
        heading = f"{who}, {citation.locator}" if who else citation.locator[:1].upper() + citation.locator[1:]
        address = self._settings.public_url
        before, after = contents.neighbours(collection, citation.passage_id)
        return self.render(
            "cite.html",
            citation.url,
            title=f"{heading} · {view.title}",
            document=document,
            view=view,
            citation=citation,
            checked=found.sentence,
            heading=heading,
            attribution=[part for part in (who, role, author, date, citation.locator) if part],
            permalink=address.rstrip("/") + citation.url,
            note=chicago_note(citation, collection, address),
            formats=[(FORM_NAMES.get(f, f), format_citation(citation, collection, f, address)) for f in FORMATS],
            before=before,
            after=after,
        )

    def error(self, status: int, heading: str, message: Sequence[str]) -> HTMLResponse:
        """Return an error page."""
        return self.render(
            "error.html",
            None,
            code=status,
            title=f"{heading} · {self._collection.manifest.title}",
            status=f"{status} {responses.get(status, '')}".strip(),
            heading=heading,
            message=message,
            listed_documents=self._collection.documents[:MAX_LISTED],
        )

    def _no_citation(self, citation_id: str) -> HTMLResponse:
        passage = self._collection.passages[0]
        return self.error(
            404,
            "No such passage",
            (
                f"Nothing in this collection has the id “{_shortened(citation_id)}”.",
                f"An id looks like {passage.id}, which is a passage, or like "
                f"{passage.id}:{passage.span.start}-{passage.span.end}, which is words of it, counted in characters "
                "from the start of the document. Each passage of a document below has its id beside it.",
            ),
        )

    def _no_document(self, document: Document | None, wrong_id: str) -> HTMLResponse:
        if document is None:
            first = self._collection.documents[0].id
            looks = f"No document has the id “{_shortened(wrong_id)}”. An id looks like {first}."
        elif document.items:
            ids = ", ".join(item.id for item in document.items)
            looks = f"This document has no item “{_shortened(wrong_id)}”; its items are {ids}."
        else:
            looks = f"The document {document.id} is not divided into items."
        return self.error(404, "No such document" if document is None else "No such item", (looks,))

    def render(self, template: str, path: str | None, *, code: int = 200, **given: object) -> HTMLResponse:
        """Return ``template`` as a page; ``path`` is the page's own address, None for a page that has none."""
        address = self._settings.public_url.rstrip("/")
        shared: dict[str, object] = {
            "collection": self._collection,
            "static": STATIC_URL,
            "canonical": address + path if address and path else None,
            "document": None,
            "verified": None,
            "here": None,
        }
        document = given.get("document")
        if isinstance(document, Document):
            shared["verified"] = contents.verification(self._collection, document)
        return HTMLResponse(environment().get_template(template).render(shared | given), status_code=code)


def _shortened(wrong: str) -> str:
    return wrong if len(wrong) <= MAX_SHOWN else f"{wrong[:MAX_SHOWN]}…"
