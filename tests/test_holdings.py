"""What the collection holds, over HTTP."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from bot.citations import find_citation
from embeddings.collection import load_collection
from ui.api import OPENAPI, api_router
from ui.formats import FORMATS, MEDIA_TYPES, format_citation
from ui.outcomes import citation_object
from ui.problems import Problem, add_problem_handlers
from ui.site import Site

LASER = "/api/v1/search?q=laser"


def served(answerer):
    app = FastAPI(**OPENAPI)
    add_problem_handlers(app)
    app.include_router(api_router(Site.of(answerer)))
    return TestClient(app)


@pytest.fixture(scope="module")
def client(answerer):
    return served(answerer)


def problem(response, status):
    """Check that a response is a problem document, and return its detail."""
    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    Problem.model_validate(response.json())
    return response.json()["detail"]


def test_the_documents_are_listed_as_the_manifest_describes_them(client, seeds):
    found = client.get("/api/v1/documents").json()

    assert (found["collection"], found["n_documents"], found["next"]) == (seeds.manifest.title, 2, None)
    assert [
        {key: document[key] for key in ("id", "title", "date", "genre", "sha256", "n_pages", "n_passages", "url")}
        for document in found["documents"]
    ] == [
        {
            "id": document.id,
            "title": document.title,
            "date": document.date,
            "genre": document.genre.value,
            "sha256": document.sha256,
            "n_pages": len(document.page_starts),
            "n_passages": len([p for p in seeds.passages if p.document_id == document.id]),
            "url": f"/documents/{document.id}",
        }
        for document in seeds.documents
    ]
    assert [len(document["items"]) for document in found["documents"]] == [0, 4]
    assert "Akhromeev" in found["documents"][0]["speakers"]
    assert found["documents"][1]["speakers"] == []


def test_an_item_is_described_with_its_own_date_and_author(client):
    items = client.get("/api/v1/documents/nsdd-311").json()["items"]
    memorandum = next(item for item in items if item["id"] == "memorandum")

    assert memorandum == {
        "id": "memorandum",
        "title": "Memorandum: US-Soviet Defense and Military Relations",
        "kind": "memorandum",
        "date": "1988-07-28",
        "author": "Colin L. Powell",
        "recipient": memorandum["recipient"],
    }
    assert memorandum["recipient"].startswith("The Secretary of State")


def pages(client, path, key):
    """Follow a list to its end."""
    found = []
    while path is not None:
        page = client.get(path).json()
        found += page[key]
        path = page["next"]
    return found


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_lists_can_be_read_part_by_part_to_the_end(client, seeds, limit):
    documents = pages(client, f"/api/v1/documents?limit={limit}", "documents")
    passages = [
        passage
        for document in documents
        for passage in pages(client, f"/api/v1/documents/{document['id']}?limit={limit}", "passages")
    ]

    assert [document["id"] for document in documents] == [document.id for document in seeds.documents]
    assert passages == [passage.id for passage in seeds.passages]


def test_a_part_after_the_end_is_empty(client):
    found = client.get("/api/v1/documents?offset=1000000000").json()

    assert (found["documents"], found["next"]) == ([], None)


def test_every_passage_is_quoted_with_its_neighbours(client, seeds):
    for document in seeds.documents:
        ids = [passage.id for passage in seeds.passages if passage.document_id == document.id]
        identifier, chain = ids[0], []
        while identifier is not None:
            found = client.get(f"/api/v1/passages/{identifier}").json()
            assert found["citation"] == citation_object(find_citation(seeds, identifier))
            assert found["previous"] == (chain[-1] if chain else None)
            chain.append(identifier)
            identifier = found["next"]
        assert chain == ids


def test_a_citation_over_http_equals_the_slice_of_its_document(client, seeds):
    for passage in seeds.passages:
        for span in (passage.span, *passage.sentences):
            found = client.get(f"/api/v1/citations/{passage.id}:{span.start}-{span.end}").json()

            assert found["exact"] == seeds.document(found["document_id"]).text[found["start"] : found["end"]]
            assert (found["start"], found["end"]) == (span.start, span.end)


def test_an_id_may_be_sent_with_its_slashes_quoted(client):
    identifier = "nsdd-311/directive/e5"

    plain, quoted = (client.get(f"/api/v1/citations/{i}").json() for i in (identifier, quote(identifier, safe="")))
    assert plain == quoted
    assert client.get(plain["url"].replace("/cite/", "/api/v1/citations/")).json() == plain


@pytest.mark.parametrize("form", FORMATS)
def test_a_citation_comes_in_every_form(client, seeds, form):
    identifier = "akhromeev-crowe-1987/t20:10005-10068"
    response = client.get(f"/api/v1/citations/{identifier}", params={"format": form})

    assert response.text == format_citation(find_citation(seeds, identifier), seeds, form)
    assert response.headers["Content-Type"].startswith(MEDIA_TYPES[form])


def test_another_form_is_a_problem_that_lists_those_there_are(client):
    detail = problem(client.get("/api/v1/citations/nsdd-311/directive/e5?format=mla"), 422)

    assert detail == f"format: is 'mla'; It must be one of {', '.join(FORMATS)}"


@pytest.mark.parametrize("kind", ["passages", "citations", "documents"])
@pytest.mark.parametrize(
    "identifier",
    ["x", "nsdd-311/", "/nsdd-311", "nsdd-311/directive", "../../etc/passwd", "%00", "%FF", "<b>", "a:1-2", "é" * 100],
)
def test_what_the_collection_does_not_hold_is_not_found(client, kind, identifier):
    detail = problem(client.get(f"/api/v1/{kind}/{identifier}"), 404)

    assert "GET /api/v1/documents" in detail or detail == "/api/v1/openapi.json describes every path."


@pytest.mark.parametrize(
    ("identifier", "detail"),
    [
        (
            "zyzzyva/t1",
            "'zyzzyva/t1' names no passage of the collection; GET /api/v1/documents/ID lists a document's",
        ),
        (
            "nsdd-311/directive/e5:1-2",
            "'nsdd-311/directive/e5:1-2': the passage nsdd-311/directive/e5 runs from 4375 to 4615; "
            "1-2 does not begin in it",
        ),
        (
            "nsdd-311/directive/e5:4375-999999999",
            "nsdd-311: 4375-999999999 leaves the text of 4988 characters",
        ),
    ],
)
def test_a_citation_that_cannot_be_made_says_why(client, seeds, identifier, detail):
    expected = detail.replace("4988", str(len(seeds.document("nsdd-311").text)))

    assert problem(client.get(f"/api/v1/citations/{identifier}"), 404) == expected


@pytest.mark.parametrize("path", ["passages", "citations", "documents"])
def test_an_id_of_any_length_is_a_problem(client, path):
    assert "at most 300 characters" in problem(client.get(f"/api/v1/{path}/{'a' * 301}"), 422)
    assert "at most 300 characters" in problem(client.get(f"/api/v1/{path}/{'a' * 60_000}"), 422)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/documents",
        "/api/v1/documents/nsdd-311",
        "/api/v1/passages/nsdd-311/directive/e5",
        "/api/v1/citations/nsdd-311/directive/e5",
        "/api/v1/citations/nsdd-311/directive/e5?format=chicago",
    ],
)
def test_who_has_it_already_is_sent_nothing(client, path):
    first = client.get(path)
    tag = first.headers["ETag"]

    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        response = client.get(path, headers={"If-None-Match": known})
        assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", tag)
    assert client.get(path, headers={"If-None-Match": '"other"'}).content == first.content
    assert client.head(path).headers["ETag"] == tag
    assert client.head(path).content == b""


def test_different_parts_have_different_tags(client):
    paths = ["/api/v1/documents", "/api/v1/documents?limit=1", "/api/v1/documents/nsdd-311?offset=1"]

    assert len({client.get(path).headers["ETag"] for path in paths}) == 3


def test_a_search_finds_sentences_and_says_that_they_are_no_answer(client, seeds):
    response = client.get(LASER)
    found = response.json()

    assert (found["kind"], found["query"]) == ("search", "laser")
    assert found["notice"] == ("These are the sentences nearest to the query, not an answer; POST /api/v1/ask answers.")
    assert response.headers["Cache-Control"] == "no-store"
    assert len(found["hits"]) == 10
    assert "laser" in found["hits"][0]["exact"]
    for hit in found["hits"]:
        assert hit["exact"] == seeds.document(hit["document_id"]).text[hit["start"] : hit["end"]]
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)


def test_the_same_search_has_the_same_hits(client):
    assert client.get(LASER).content == client.get(LASER).content


@pytest.mark.parametrize("limit", [1, 3, 50])
def test_a_search_gives_as_many_hits_as_wanted(client, limit):
    found = client.get(f"{LASER}&limit={limit}").json()["hits"]

    assert len(found) == limit
    assert found[:3] == client.get(LASER).json()["hits"][: min(3, limit)]


def test_a_search_keeps_to_a_document_or_a_speaker(client):
    in_directive = client.get("/api/v1/search?q=dangerous incidents&document=nsdd-311&limit=50").json()["hits"]
    by_crowe = client.get("/api/v1/search?q=dangerous incidents&speaker=Crowe&limit=50").json()["hits"]
    neither = client.get("/api/v1/search?q=incidents&speaker=Crowe&document=nsdd-311").json()["hits"]

    assert {hit["document_id"] for hit in in_directive} == {"nsdd-311"}
    assert {hit["speaker"] for hit in by_crowe} == {"Crowe"}
    assert neither == []


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("", "q: is missing; Field required"),
        ("?q=", "q: is empty; It must hold words"),
        ("?q=%00", "q: holds a NUL character; It must be text"),
        ("?q=" + "a" * 2001, f"q: is '{'a' * 60}'… (2001 characters); String should have at most 2000 characters"),
        ("?q=a&limit=0", "limit: is '0'; Input should be greater than or equal to 1"),
        ("?q=a&limit=51", "limit: is '51'; Input should be less than or equal to 50"),
        (
            "?q=a&limit=x",
            "limit: is 'x'; Input should be a valid integer, unable to parse string as an integer",
        ),
        ("?q=a&document=zyzzyva", "document: is 'zyzzyva'; It must be one of akhromeev-crowe-1987, nsdd-311"),
        (
            "?q=a&speaker=Zyzzyva",
            "speaker: is 'Zyzzyva'; It must be one of Akhromeev, Crowe, Dean, Herres, Throst, Welch, Wickham",
        ),
    ],
)
def test_a_search_that_cannot_be_made_says_why(client, query, detail):
    assert problem(client.get(f"/api/v1/search{query}"), 422) == detail


@pytest.mark.parametrize("query", ["%FF%FE", "%ED%A0%80", "\u202e", "<script>", "?!", "的", "%F0%9F%91%A9", "a+" * 900])
def test_a_search_takes_any_text(client, query):
    assert client.get(f"/api/v1/search?q={query}").status_code == 200


@pytest.mark.parametrize(
    "query", ["offset=-1", "limit=0", "limit=1001", "limit=", "offset=1e3", f"offset={'9' * 5000}"]
)
@pytest.mark.parametrize("path", ["documents", "documents/nsdd-311"])
def test_a_part_that_cannot_be_is_a_problem(client, path, query):
    problem(client.get(f"/api/v1/{path}?{query}"), 422)


def test_a_collection_that_nobody_described_can_be_read_too(answerer, make_collection):
    path = make_collection({"a b/harbour & <pier>.txt": "The harbour was closed.\n\nA storm broke the pier.\n"})
    client = served(replace(answerer, collection=load_collection(path)))
    (document,) = client.get("/api/v1/documents").json()["documents"]
    (first, second) = client.get(document["url"].replace("/documents", "/api/v1/documents")).json()["passages"]

    assert (document["title"], document["date"], document["n_pages"]) == ("Harbour & <pier>", None, None)
    assert client.get(f"/api/v1/passages/{first}").json()["citation"]["exact"] == "The harbour was closed."
    assert client.get(f"/api/v1/passages/{second}").json()["previous"] == first
