"""The HTTP interface as a whole: its description, its methods, and what a watcher asks."""

from __future__ import annotations

from dataclasses import replace

import jsonschema
import pytest
from fastapi import FastAPI
from pydantic import BaseModel
from starlette.routing import Mount
from starlette.testclient import TestClient

from bot.answers import Note
from bot.citations import find_citation
from bot.quotations import QuotationChecker
from embeddings.manifest import Certainty
from ui import schemas
from ui.api import OPENAPI, api_router, health_router
from ui.outcomes import check_object, citation_object, note_object, outcome_object
from ui.problems import Kind, Problem, add_problem_handlers
from ui.site import Site

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO")


async def page(scope, receive, send):
    """Answer every path, as an application mounted at the root does."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": b"<h1>page</h1>"})


@pytest.fixture(scope="module")
def site(answerer):
    return Site.of(answerer)


@pytest.fixture(scope="module")
def client(site):
    app = FastAPI(**OPENAPI)
    add_problem_handlers(app)
    app.include_router(api_router(site))
    app.include_router(health_router(site))
    app.routes.append(Mount("/", app=page))
    return TestClient(app)


@pytest.fixture(scope="module")
def description(client):
    return client.get("/api/v1/openapi.json").json()


def operations(description):
    return [
        (method.upper(), path, operation)
        for path, methods in description["paths"].items()
        for method, operation in methods.items()
    ]


def validate(value, schema, description):
    """Check a value against a schema of the description."""
    whole = {**schema, "components": description["components"]}
    jsonschema.Draft202012Validator.check_schema(whole)
    jsonschema.Draft202012Validator(whole).validate(value)


def test_the_description_names_every_path(description):
    assert description["openapi"].startswith("3.1")
    assert {(method, path) for method, path, _ in operations(description)} == {
        ("POST", "/api/v1/ask"),
        ("DELETE", "/api/v1/conversations/{conversation_id}"),
        ("POST", "/api/v1/quotations"),
        ("GET", "/api/v1/documents"),
        ("GET", "/api/v1/documents/{document_id}"),
        ("GET", "/api/v1/passages/{passage_id}"),
        ("GET", "/api/v1/citations/{citation_id}"),
        ("GET", "/api/v1/search"),
        ("GET", "/api/v1/problems"),
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
    }


def test_every_operation_is_explained(description):
    for _, _, operation in operations(description):
        assert operation["description"].endswith(".")
        assert operation["tags"]
    assert len({operation["operationId"] for _, _, operation in operations(description)}) == 12


def test_every_operation_lists_its_problems(description):
    for method, path, operation in operations(description):
        if path.startswith("/api/"):
            wanted = {"429", "500"}
            wanted |= {"400", "413", "415", "422", "503"} if method == "POST" else set()
            wanted |= {"404"} if "{" in path else set()
            assert wanted <= set(operation["responses"]), path
    assert "404" in description["paths"]["/api/v1/ask"]["post"]["responses"]
    assert "503" in description["paths"]["/readyz"]["get"]["responses"]


def test_every_problem_is_described_as_a_problem_document(description):
    for _, path, operation in operations(description):
        for status, response in operation["responses"].items():
            if status >= "400":
                assert list(response["content"]) == ["application/problem+json"], path
                content = response["content"]["application/problem+json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                for example in content["examples"].values():
                    validate(example["value"], content["schema"], description)
                    assert example["value"]["status"] == int(status)


def test_every_reference_in_the_description_leads_somewhere(description):
    def references(value):
        if isinstance(value, dict):
            yield from ([value["$ref"]] if "$ref" in value else [])
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    for reference in references(description):
        assert reference.removeprefix("#/components/schemas/") in description["components"]["schemas"]


def test_the_examples_are_valid(description):
    n_examples = 0
    for name, schema in description["components"]["schemas"].items():
        for example in schema.get("examples", []):
            validate(example, {"$ref": f"#/components/schemas/{name}"}, description)
            n_examples += 1
    for _, _, operation in operations(description):
        for parameter in operation.get("parameters", []):
            for example in parameter["schema"].get("examples", []):
                validate(example, parameter["schema"], description)
                n_examples += 1

    assert n_examples >= 8


def test_the_examples_of_requests_are_taken(client, description):
    for name, path in (("AskRequest", "/api/v1/ask"), ("QuotationsRequest", "/api/v1/quotations")):
        for example in description["components"]["schemas"][name]["examples"]:
            assert client.post(path, json=example).status_code == 200


@pytest.mark.parametrize(
    "body", [{}, {"question": "a", "turns": ["a"]}, {"question": "a", "x": 1}, {"turns": []}, {"question": "a" * 2001}]
)
def test_the_schema_refuses_what_the_server_refuses(client, description, body):
    assert client.post("/api/v1/ask", json=body).status_code == 422
    with pytest.raises(jsonschema.ValidationError):
        validate(body, {"$ref": "#/components/schemas/AskRequest"}, description)


@pytest.mark.parametrize(
    ("method", "path", "template", "body"),
    [
        ("POST", "/api/v1/ask", "/api/v1/ask", {"question": "What is the main obstacle in Vienna?"}),
        ("POST", "/api/v1/ask", "/api/v1/ask", {"question": "How old was Crowe?", "conversation_id": "new"}),
        ("POST", "/api/v1/ask", "/api/v1/ask", {"turns": ["Who chairs the Interagency Group?", "And the other?"]}),
        ("POST", "/api/v1/quotations", "/api/v1/quotations", {"text": "“Blood shed together is never forgotten”"}),
        ("GET", "/api/v1/documents", "/api/v1/documents", None),
        ("GET", "/api/v1/documents/nsdd-311", "/api/v1/documents/{document_id}", None),
        ("GET", "/api/v1/passages/nsdd-311/directive/e5", "/api/v1/passages/{passage_id}", None),
        ("GET", "/api/v1/citations/nsdd-311/directive/e5", "/api/v1/citations/{citation_id}", None),
        ("GET", "/api/v1/search?q=laser", "/api/v1/search", None),
        ("GET", "/api/v1/problems", "/api/v1/problems", None),
        ("GET", "/healthz", "/healthz", None),
        ("GET", "/readyz", "/readyz", None),
    ],
)
def test_every_response_is_as_described(client, description, method, path, template, body):
    response = client.request(method, path, json=body)
    content = description["paths"][template][method.lower()]["responses"]["200"]["content"]

    assert response.status_code == 200
    validate(response.json(), content[response.headers["Content-Type"]]["schema"], description)


def test_every_problem_that_comes_is_as_described(client, description):
    responses = [
        client.post("/api/v1/ask", json={"question": ["a", "b"], "x": "\u202e"}),
        client.post("/api/v1/ask", json={"turns": ["", 5]}),
        client.get("/api/v1/documents/x"),
        client.delete("/api/v1/conversations/x"),
        client.get("/api/v1/nothing"),
        client.put("/api/v1/ask"),
    ]

    assert [response.status_code for response in responses] == [422, 422, 404, 404, 404, 405]
    for response in responses:
        validate(response.json(), {"$ref": "#/components/schemas/Problem"}, description)


def test_the_objects_have_the_keys_of_the_command_line(answerer, seeds):
    citation = find_citation(seeds, seeds.passages[0].id)
    note = Note(about="a", text="b", ground="c", certainty=Certainty.PROBABLE)
    outcome = answerer.answer("What is the main obstacle in Vienna?")
    check = QuotationChecker(seeds).check("Blood shed together is never forgotten")

    for model, value in (
        (schemas.CitationObject, citation_object(citation)),
        (schemas.NoteObject, note_object(note)),
        (schemas.OutcomeObject, outcome_object(outcome)),
        (schemas.CheckObject, check_object(check)),
    ):
        assert list(model.model_fields) == list(value)
        assert model.model_validate(value).model_dump(mode="json") == value


def test_no_object_takes_a_key_that_it_does_not_have():
    models = [m for m in vars(schemas).values() if isinstance(m, type) and issubclass(m, BaseModel)]
    models.remove(BaseModel)

    assert len(models) > 10
    assert all(model.model_config["extra"] == "forbid" for model in models)


def test_there_are_no_pages_that_load_from_elsewhere(client):
    assert client.get("/docs").text == client.get("/redoc").text == "<h1>page</h1>"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/v1/ask", "OPTIONS, POST"),
        ("/api/v1/quotations", "OPTIONS, POST"),
        ("/api/v1/conversations/x", "DELETE, OPTIONS"),
        ("/api/v1/documents", "GET, HEAD, OPTIONS"),
        ("/api/v1/documents/nsdd-311", "GET, HEAD, OPTIONS"),
        ("/api/v1/passages/nsdd-311/directive/e5", "GET, HEAD, OPTIONS"),
        ("/api/v1/citations/nsdd-311/directive/e5", "GET, HEAD, OPTIONS"),
        ("/api/v1/search", "GET, HEAD, OPTIONS"),
        ("/api/v1/problems", "GET, HEAD, OPTIONS"),
        ("/api/v1/openapi.json", "GET, HEAD, OPTIONS"),
        ("/healthz", "GET, HEAD, OPTIONS"),
        ("/readyz", "GET, HEAD, OPTIONS"),
        ("/metrics", "GET, HEAD, OPTIONS"),
    ],
)
def test_every_path_says_which_methods_it_takes(client, path, allowed):
    options = client.options(path)
    assert (options.status_code, options.headers["Allow"], options.content) == (204, allowed, b"")
    for method in METHODS:
        if method not in allowed:
            response = client.request(method, path)
            assert (response.status_code, response.headers["Allow"]) == (405, allowed)


@pytest.mark.parametrize(
    "path", ["/api/v1/documents", "/api/v1/search?q=laser", "/healthz", "/metrics", "/api/v1/openapi.json"]
)
def test_head_is_get_without_a_body(client, path):  # fmt: skip
    head, get = client.head(path), client.get(path)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1", "/api/v1/", "/api/v2/ask", "/api/v1/ask/", "/api/v1/%2e%2e/x", "/api/x/y"]
)
def test_what_is_not_there_is_a_problem_and_no_page(client, method, path):  # fmt: skip
    response = client.request(method, path)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    if method != "HEAD":
        assert response.json()["type"] == Kind.NOT_FOUND.uri


def test_other_paths_are_left_to_others(client):
    assert client.get("/").text == client.get("/apis").text == "<h1>page</h1>"


def test_the_kinds_of_problems_are_listed(client):
    problems = client.get("/api/v1/problems").json()

    assert [problem["type"] for problem in problems] == [kind.uri for kind in Kind]
    for problem in problems:
        Problem.model_validate(problem)
        assert client.get(problem["type"]).status_code == 200


def test_the_server_lives_and_answers(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_a_server_whose_models_fail_lives_and_is_not_ready(answerer):
    broken = replace(answerer, encoder=None, curated=None)
    app = FastAPI(**OPENAPI)
    app.include_router(health_router(Site.of(broken)))
    response = TestClient(app).get("/readyz")

    assert TestClient(app).get("/healthz").status_code == 200
    assert response.status_code == 503
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == Kind.NOT_READY.uri
    assert "NoneType" not in response.text


def test_the_figures_count_what_was_asked(client, site):
    def answered():
        return [line for line in client.get("/metrics").text.splitlines() if 'seconds_count{door="api"}' in line]

    before = answered()
    client.post("/api/v1/ask", json={"question": "Who said zyzzyva?"})
    response = client.get("/metrics")

    assert answered() != before
    assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert "zyzzyva" not in response.text
    assert f"memcon_passages {len(site.answerer.collection.passages)}.0" in response.text
