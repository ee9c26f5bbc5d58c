"""Problem documents: every error of the interface is one, and tells nothing of the machine."""

from __future__ import annotations

import json

import pytest
from fastapi import FastAPI, Response
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from bot.errors import BotError, CitationError, QuestionError
from ui.conversations import UnknownConversationError
from ui.problems import (
    Kind,
    Problem,
    ProblemError,
    add_problem_handlers,
    as_problem,
    problem_response,
    problem_responses,
    shown,
)
from ui.waiting import BusyError

SECRET = "/home/somebody/secret.py"
NO_OBJECT = "Input should be a valid dictionary or object to extract fields from"


class Wanted(BaseModel):
    name: str
    numbers: list[int] = []


def served(elsewhere=None):
    app = FastAPI()
    add_problem_handlers(app, elsewhere)
    errors = {
        "crash": RuntimeError(SECRET), "odd": BotError(SECRET), "question": QuestionError("it is empty"),
        "citation": CitationError("no passage 'x'"), "teapot": HTTPException(418, "short and stout"),
        "forbidden": HTTPException(403), "busy": BusyError("too many wait"),
        "conversation": UnknownConversationError("it is gone"), "kind": ProblemError(Kind.TOO_LARGE),
    }  # fmt: skip

    def fail(name: str) -> None:
        raise errors[name]

    def take(wanted: Wanted, limit: int = 1) -> None: ...

    for prefix in ("/api", "/pages"):
        app.add_api_route(prefix + "/fail/{name}", fail)
        app.add_api_route(prefix + "/take", take, methods=["POST"])
    return TestClient(app, raise_server_exceptions=False)


def problem(response):
    """Check that a response is a problem document, and return it."""
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"
    document = response.json()
    Problem.model_validate(document)
    assert document["status"] == response.status_code
    assert document["instance"] == response.request.url.raw_path.decode().partition("?")[0]
    return document


@pytest.mark.parametrize(
    ("name", "status", "slug", "detail"),
    [
        ("crash", 500, "failure", "It is no fault of the request; the server's log says more."),
        ("odd", 500, "failure", "It is no fault of the request; the server's log says more."),
        ("question", 422, "invalid", "it is empty"),
        ("citation", 404, "not-found", "no passage 'x'"),
        ("kind", 413, "too-large", "Send it in parts."),
        ("busy", 503, "busy", "too many wait"),
        (
            "conversation",
            404,
            "unknown-conversation",
            'it is gone. Ask again with "conversation_id": "new", or send all questions as "turns".',
        ),
    ],
)
def test_every_error_is_a_problem_of_its_kind(name, status, slug, detail):
    document = problem(served().get(f"/api/fail/{name}"))

    assert (document["status"], document["type"]) == (status, f"/api/v1/problems#{slug}")
    assert document["detail"] == detail


def test_a_crash_tells_nothing_of_the_machine():
    for name in ("crash", "odd"):
        response = served().get(f"/api/fail/{name}")

        assert SECRET not in response.text
        assert "Traceback" not in response.text
        assert ".py" not in response.text


def test_a_busy_server_says_when_to_come_back():
    assert served().get("/api/fail/busy").headers["Retry-After"] == "5"


@pytest.mark.parametrize(
    ("name", "status", "title", "detail"),
    [("teapot", 418, "I'm a Teapot", "short and stout"), ("forbidden", 403, "Forbidden", "Forbidden")],
)
def test_an_error_of_no_kind_is_known_by_its_status(name, status, title, detail):
    document = problem(served().get(f"/api/fail/{name}"))

    assert (document["type"], document["title"], document["detail"]) == ("about:blank", title, detail)
    assert document["status"] == status


def test_paths_and_methods_that_are_not_there_are_problems():
    client = served()

    assert problem(client.get("/api/nothing"))["type"] == "/api/v1/problems#not-found"
    response = client.get("/api/take")
    assert problem(response)["type"] == "/api/v1/problems#not-allowed"
    assert response.headers["Allow"] == "POST"


@pytest.mark.parametrize(
    ("content", "errors"),
    [
        ({}, [{"field": "name", "problem": "is missing", "allowed": "Field required"}]),
        ([], [{"field": "the body", "problem": "is a list of 0", "allowed": NO_OBJECT}]),
        ({"name": 5}, [{"field": "name", "problem": "is 5", "allowed": "Input should be a valid string"}]),
        (
            {"name": {"a": 1}, "numbers": [1, "x" * 70]},
            [
                {"field": "name", "problem": "is an object of 1 keys", "allowed": "Input should be a valid string"},
                {
                    "field": "numbers.1",
                    "problem": f"is '{'x' * 60}'… (70 characters)",
                    "allowed": "Input should be a valid integer, unable to parse string as an integer",
                },
            ],
        ),
    ],
)  # fmt: skip
def test_wrong_fields_are_named_with_what_is_wrong_and_what_is_allowed(content, errors):
    document = problem(served().post("/api/take", json=content))

    assert (document["status"], document["errors"]) == (422, errors)
    assert document["detail"].startswith(f"{errors[0]['field']}: {errors[0]['problem']}; {errors[0]['allowed']}")
    assert document["detail"].endswith("(and 1 more)") == (len(errors) == 2)


def test_a_wrong_parameter_is_named_too():
    document = problem(served().post("/api/take?limit=many", json={"name": "a"}))

    assert [error["field"] for error in document["errors"]] == ["limit"]


def test_of_a_thousand_wrong_fields_twenty_are_told():
    document = problem(served().post("/api/take", json={"name": "a", "numbers": ["x"] * 1000}))

    assert len(document["errors"]) == 20
    assert document["detail"].endswith("(and 999 more)")


@pytest.mark.parametrize(
    "content",
    [b"{", b"nonsense", b'{"name": "\xff"}', b"\x00", b"[" * 100_000, b'{"name": ' + b"9" * 5000 + b"}", b"\xff\xfe{"],
)
def test_what_is_no_json_cannot_be_read(content):
    response = served().post("/api/take", content=content, headers={"Content-Type": "application/json"})

    assert problem(response)["type"] == "/api/v1/problems#unreadable"


def test_json_that_breaks_off_is_told_where():
    response = served().post("/api/take", content=b'{"name": }', headers={"Content-Type": "application/json"})

    assert problem(response)["detail"] == "The body is no JSON at character 9: Expecting value"


@pytest.mark.parametrize(
    "text",
    ['"\\ud800"', '"\\u0000"', '"\\u202e\\u0007"', "NaN", "1e999", "[" * 400 + "]" * 400, f'{{"{"k" * 5000}": 1}}'],
)  # fmt: skip
def test_strange_values_are_told_in_plain_letters(text):
    content = f'{{"name": ["a"], "numbers": [{text}]}}'
    response = served().post("/api/take", content=content, headers={"Content-Type": "application/json"})

    problem(response)
    assert response.text.isascii()
    assert not set("\0\a\u202e") & set(response.json()["detail"])
    assert len(response.text) < 2000


@pytest.mark.parametrize(
    "path", ["/api/" + "a" * 5000, "/api/%00", "/api/%FF%FE", "/api/<script>", "/api/é", "/api/%0d%0aX: y"]
)
def test_the_path_is_named_within_bounds(path):  # fmt: skip
    response = served().get(path)
    instance = response.json()["instance"]

    assert response.status_code == 404
    assert instance.isascii()
    assert len(instance) <= 1300
    assert not set("<>\r\n \0") & set(instance)


def test_half_a_character_in_a_path_does_no_harm():
    document = json.loads(problem_response("/api/\ud800", ProblemError(Kind.NOT_FOUND)).body)

    assert document["instance"] == "/api/%3F"


def test_other_paths_keep_their_own_errors():
    client = served()

    assert client.get("/pages/nothing").json() == {"detail": "Not Found"}
    assert client.post("/pages/take", json={}).json()["detail"][0]["type"] == "missing"
    assert client.get("/pages/fail/crash").text == "Internal Server Error"
    assert client.get("/pages/fail/crash").status_code == 500


def test_the_errors_of_other_paths_may_be_made_elsewhere():
    async def as_page(request, error):
        return Response(f"<h1>{type(error).__name__}</h1>", status_code=getattr(error, "status_code", 500))

    def at_once(request, error):
        return Response("at once", status_code=400)

    client = served(as_page)
    assert client.get("/pages/nothing").text == "<h1>HTTPException</h1>"
    assert client.get("/pages/fail/citation").text == "<h1>CitationError</h1>"
    assert client.get("/pages/fail/crash").text == "<h1>RuntimeError</h1>"
    problem(client.get("/api/nothing"))
    assert served(at_once).get("/pages/nothing").text == "at once"


def test_kinds_differ_in_name_and_tell_what_to_do():
    assert len({kind.slug for kind in Kind}) == len(Kind)
    for kind in Kind:
        assert as_problem(ProblemError(kind)).detail == kind.advice
        assert 400 <= kind.status < 600


def test_problems_of_one_status_are_described_together():
    described = problem_responses(Kind.NOT_FOUND, Kind.UNKNOWN_CONVERSATION)

    assert set(described) == {404, 429, 500}
    assert set(described[404]["content"]["application/problem+json"]["examples"]) == {
        "not-found",
        "unknown-conversation",
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("short", "'short'"), ("a" * 61, f"'{'a' * 60}'… (61 characters)"), ("\u202e", "'\\u202e'"), (None, "None"),
        (1.5, "1.5"), (True, "True"), ([[[]]], "a list of 1"), ({}, "an object of 0 keys"),
        (10**1000, "1" + "0" * 59),
    ],
)  # fmt: skip
def test_a_wrong_value_is_shown_whole_if_short(value, text):
    assert shown(value) == text
