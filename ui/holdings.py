"""What the collection holds, over HTTP: documents, passages, citations, and the sentences nearest to a query."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Path, Query, Request
from pydantic import AfterValidator, BaseModel, WithJsonSchema
from starlette.responses import Response

from bot.answers import Citation
from bot.citations import cite, find_citation
from embeddings.documents import Document, Passage
from ui.formats import FORMATS, MEDIA_TYPES, format_citation
from ui.outcomes import citation_object
from ui.problems import FieldError, Kind, ProblemError, problem_responses, shown
from ui.routes import ApiRoute
from ui.schemas import (
    MAX_ID,
    CitationObject,
    DocumentObject,
    DocumentPassagesObject,
    DocumentsObject,
    ItemObject,
    PassageObject,
    Question,
    SearchObject,
    wrong_value,
)
from ui.site import Site

MAX_HITS = 50
MAX_LISTED = 1000
NOTICE = "These are the sentences nearest to the query, not an answer; POST /api/v1/ask answers."


def _one_of_formats(value: str) -> str:
    if value not in FORMATS:
        raise wrong_value(f"is {shown(value)}", f"It must be one of {', '.join(FORMATS)}")
    return value


DocumentId = Annotated[str, Path(max_length=MAX_ID, examples=["minutes-1987"])]
PassageId = Annotated[str, Path(max_length=MAX_ID, examples=["minutes-1987/t20"])]
CitationId = Annotated[str, Path(max_length=MAX_ID, examples=["minutes-1987/t20:12801-12850"])]
Form = Annotated[str, AfterValidator(_one_of_formats), WithJsonSchema({"type": "string", "enum": list(FORMATS)})]
Offset = Annotated[int, Query(ge=0, le=10**9, description="How many to pass over")]
Limit = Annotated[int, Query(ge=1, le=MAX_LISTED, description="How many to list")]
Name = Annotated[str, Query(max_length=MAX_ID)]


def holdings_router(site: Site) -> APIRouter:
    """Build the routes that read the collection."""
    router = APIRouter(prefix="/api/v1", tags=["collection"], route_class=ApiRoute)
    collection = site.answerer.collection

    @router.get("/documents", response_model=DocumentsObject, responses=problem_responses(Kind.INVALID))
    def list_documents(request: Request, offset: Offset = 0, limit: Limit = 100) -> Response:
        """List the documents of the collection, in the manifest's order."""
        listed = collection.documents[offset : offset + limit]
        return _unchanging(
            request,
            DocumentsObject(
                collection=collection.manifest.title,
                n_documents=len(collection.documents),
                documents=[_document_object(site, document) for document in listed],
                next=_next(request, offset, limit, len(collection.documents)),
            ),
        )

    @router.get(
        "/documents/{document_id}",
        response_model=DocumentPassagesObject,
        responses=problem_responses(Kind.NOT_FOUND, Kind.INVALID),
    )
    def show_document(request: Request, document_id: DocumentId, offset: Offset = 0, limit: Limit = 200) -> Response:
        """Describe a document, and list the ids of its passages."""
        document = _document(site, document_id)
        passages = _passage_ids(site, document_id)
        return _unchanging(
            request,
            DocumentPassagesObject(
                **_document_object(site, document).model_dump(),
                passages=passages[offset : offset + limit],
                next=_next(request, offset, limit, len(passages)),
            ),
        )

    @router.get(
        "/passages/{passage_id:path}",
        response_model=PassageObject,
        responses=problem_responses(Kind.NOT_FOUND, Kind.INVALID),
    )
    def show_passage(request: Request, passage_id: PassageId) -> Response:
        """Quote a passage whole, with the ids of its neighbours."""
        passage = _passage(site, passage_id)
        ids = [None, *_passage_ids(site, passage.document_id), None]
        number = ids.index(passage_id)
        return _unchanging(
            request,
            PassageObject(
                citation=_citation(find_citation(collection, passage_id)),
                kind=collection.block(passage).kind.value,
                previous=ids[number - 1],
                next=ids[number + 1],
            ),
        )

    @router.get(
        "/citations/{citation_id:path}",
        response_model=CitationObject,
        responses={
            200: {"content": {MEDIA_TYPES[form]: {"schema": {"type": "string"}} for form in FORMATS}},
            **problem_responses(Kind.NOT_FOUND, Kind.INVALID),
        },
    )
    def show_citation(
        request: Request,
        citation_id: CitationId,
        form: Annotated[Form | None, Query(alias="format", description="Without one: a JSON object")] = None,
    ) -> Response:
        """Return a citation by its id or a passage's, as an object or in a form to paste."""
        _passage(site, citation_id.partition(":")[0])
        citation = find_citation(collection, citation_id)
        if form is None:
            return _unchanging(request, _citation(citation))
        text = format_citation(citation, collection, form, site.settings.public_url)
        return _tagged(request, text.encode(), MEDIA_TYPES[form])

    @router.get("/search", response_model=SearchObject, responses=problem_responses(Kind.INVALID, Kind.BUSY))
    async def search(
        response: Response,
        q: Annotated[Question, Query(description="Words or a question", examples=["harbour closed"])],
        document: Annotated[Name | None, Query(description="Only of this document")] = None,
        speaker: Annotated[Name | None, Query(description="Only in this speaker's words")] = None,
        limit: Annotated[int, Query(ge=1, le=MAX_HITS)] = 10,
    ) -> SearchObject:
        """Find the sentences nearest to a query, best first. This is not an answer."""
        _check_known("document", document, [d.id for d in collection.documents])
        speakers = {name for d in collection.documents for name in _speakers(d)}
        _check_known("speaker", speaker, sorted(speakers))
        response.headers["Cache-Control"] = "no-store"
        return await site.work(lambda: _search(site, q, document, speaker, limit))

    return router


def _search(site: Site, query: str, document_id: str | None, speaker: str | None, limit: int) -> SearchObject:
    answerer = site.answerer
    reading = answerer.reader.read(query)
    ranked = answerer.retriever.rank(reading, answerer.encoder.encode_questions([reading.text])[0])
    hits: list[CitationObject] = []
    for number, score in ranked.hits():
        unit = answerer.retriever.units[number]
        held_by = answerer.collection.documents[unit.document].id
        if document_id in (None, held_by) and speaker in (None, unit.speaker):
            hits.append(_citation(cite(answerer.collection, held_by, unit.span, score)))
        if len(hits) == limit:
            break
    return SearchObject(kind="search", notice=NOTICE, query=reading.text, hits=hits)


def _document(site: Site, document_id: str) -> Document:
    try:
        return site.answerer.collection.document(document_id)
    except KeyError as error:
        raise ProblemError(
            Kind.NOT_FOUND, f"The collection holds no document {shown(document_id)}; GET /api/v1/documents lists them"
        ) from error


def _passage(site: Site, passage_id: str) -> Passage:
    try:
        return site.answerer.collection.passage(passage_id)
    except KeyError as error:
        raise ProblemError(
            Kind.NOT_FOUND,
            f"{shown(passage_id)} names no passage of the collection; GET /api/v1/documents/ID lists a document's",
        ) from error


def _passage_ids(site: Site, document_id: str) -> list[str]:
    return [passage.id for passage in site.answerer.collection.passages if passage.document_id == document_id]


def _check_known(field: str, value: str | None, known: Sequence[str]) -> None:
    if value is not None and value not in known:
        allowed = f"It must be one of {', '.join(known[:MAX_HITS])}" if known else "There is none in this collection"
        wrong = FieldError(field=field, problem=f"is {shown(value)}", allowed=allowed)
        raise ProblemError(Kind.INVALID, f"{field}: {wrong.problem}; {allowed}", errors=[wrong])


def _document_object(site: Site, document: Document) -> DocumentObject:
    return DocumentObject(
        id=document.id,
        title=document.title,
        date=document.date,
        genre=document.genre,
        items=[
            ItemObject(
                id=item.id,
                title=item.title,
                kind=item.kind,
                date=item.date,
                author=item.author,
                recipient=item.recipient,
            )
            for item in document.items
        ],
        speakers=_speakers(document),
        sha256=document.sha256,
        n_pages=len(document.page_starts) or None,
        n_passages=len(_passage_ids(site, document.id)),
        url=f"/documents/{quote(document.id)}",
    )


def _speakers(document: Document) -> list[str]:
    return sorted({block.speaker for block in document.blocks if block.speaker})


def _citation(citation: Citation) -> CitationObject:
    return CitationObject(**citation_object(citation))


def _next(request: Request, offset: int, limit: int, n_all: int) -> str | None:
    if offset + limit >= n_all:
        return None
    return f"{quote(request.scope['path'])}?{urlencode({'offset': offset + limit, 'limit': limit})}"


def _unchanging(request: Request, value: BaseModel) -> Response:
    return _tagged(request, value.model_dump_json().encode(), "application/json")


def _tagged(request: Request, content: bytes, media_type: str) -> Response:
    """Return ``content`` with its hash as ETag, or nothing but 304 to a client that has it.

    The documents' own hashes would not do: the manifest may say something new about the same file.
    """
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    known = {held.strip().removeprefix("W/") for held in request.headers.get("if-none-match", "").split(",")}
    if known & {tag, "*"}:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)
