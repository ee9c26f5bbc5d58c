"""Questions and quotations over HTTP."""

from __future__ import annotations

import json
import secrets
from contextlib import ExitStack
from dataclasses import replace

import pytest
from fastapi import FastAPI
from reachable import is_reachable
from starlette.testclient import TestClient

from bot.answering import answer_turns
from ui.api import OPENAPI, api_router
from ui.limiting import BodyLimit, RateLimit
from ui.outcomes import check_object, outcome_object
from ui.problems import Problem, add_problem_handlers
from ui.site import Site

TURNS = ["What did Akhromeev say about the laser incident?", "Who asked about it?", "And why?"]
JSON = {"Content-Type": "application/json"}


def served(answerer, **settings):
    """Return a site over the seeds, and a client of its interface."""
    site = Site.of(replace(answerer, settings=replace(answerer.settings, **settings)))
    app = FastAPI(**OPENAPI)
    add_problem_handlers(app)
    app.include_router(api_router(site))
    app.add_middleware(BodyLimit)
    app.add_middleware(RateLimit, limiter=site.limiter)
    return site, TestClient(app)


@pytest.fixture(scope="module")
def site_and_client(answerer):
    return served(answerer, requests_per_minute=1_000_000)


@pytest.fixture(scope="module")
def site(site_and_client):
    return site_and_client[0]


@pytest.fixture(scope="module")
def client(site_and_client):
    return site_and_client[1]


def problem(response):
    """Check that a response is a problem document, and return the name of its kind and its detail."""
    assert response.headers["Content-Type"] == "application/problem+json"
    document = response.json()
    Problem.model_validate(document)
    assert document["status"] == response.status_code
    return document["type"].partition("#")[2], document["detail"]


def ask(client, **body):
    return client.post("/api/v1/ask", json=body)


@pytest.mark.parametrize(
    "question",
    [
        "What is the main obstacle in Vienna?",
        "How old was Admiral Crowe?",
        "What did zyzzyva say about Mars?",
        "hello",
        '<script>alert(1)</script> & "Dwarf\'s"',
        "\u202eevil\u202c \u0007 \x1b[31m",
        "Когда и где маршал Ахромеев встретился с адмиралом Крау?",
        "?" * 2000,
        "👩‍🚀 e\u0301\u2028",
    ],
)
def test_an_answer_is_what_the_command_line_prints(client, answerer, question):
    response = ask(client, question=question)
    printed = json.loads(json.dumps(outcome_object(answerer.answer(question))))

    assert response.status_code == 200
    assert response.json() == {**printed, "conversation_id": None}
    assert list(response.json()) == [*printed, "conversation_id"]
    assert response.headers["Cache-Control"] == "no-store"
    assert "Memcon-Conversation" not in response.headers


def test_the_outcome_of_turns_is_that_of_the_last(client, answerer):
    response = ask(client, turns=TURNS)

    assert response.json() == json.loads(json.dumps(outcome_object(answer_turns(answerer, TURNS)[-1])))
    assert "Memcon-Conversation" not in response.headers


def test_a_conversation_goes_on_by_its_id(client, site, answerer):
    n_before = len(site.conversations)
    conversation_id, found = "new", []
    for turn in TURNS:
        response = ask(client, question=turn, conversation_id=conversation_id)
        conversation_id = response.headers["Memcon-Conversation"]
        body = response.json()
        assert body.pop("conversation_id") == conversation_id
        found.append(body)

    assert found == json.loads(json.dumps([outcome_object(o) for o in answer_turns(answerer, TURNS)]))
    assert len(site.conversations) == n_before + 1
    assert [held.question for held in site.conversations.exchanges(conversation_id)] == TURNS


def test_two_conversations_stay_apart(client, site):
    first = ask(client, question=TURNS[0], conversation_id="new").json()["conversation_id"]
    second = ask(client, question="hello", conversation_id="new").json()["conversation_id"]

    assert first != second
    assert [len(site.conversations.exchanges(held)) for held in (first, second)] == [1, 1]


@pytest.mark.parametrize("body", [{"question": "hello"}, {"question": "hello", "conversation_id": None}])
def test_no_conversation_is_opened_unless_it_is_asked_for(client, site, body):
    n_before = len(site.conversations)

    assert ask(client, **body).json()["conversation_id"] is None
    assert len(site.conversations) == n_before


def test_a_question_that_is_not_taken_opens_none(client, site):
    n_before = len(site.conversations)

    assert ask(client, question=" ", conversation_id="new").status_code == 422
    assert len(site.conversations) == n_before


@pytest.mark.parametrize("conversation_id", ["", "NEW", "x", "\0", "../../etc", "null", "é" * 300])
def test_an_unknown_conversation_is_a_problem_that_tells_how_to_go_on(client, conversation_id):
    response = ask(client, question="hello", conversation_id=conversation_id)

    assert response.status_code == 404
    assert problem(response) == (
        "unknown-conversation",
        "there is no conversation of that id: one is forgotten on demand, after 30 minutes without a question, or "
        'when 1000 newer ones are held. Ask again with "conversation_id": "new", or send all questions as "turns".',
    )


def test_what_is_forgotten_is_unknown(client):
    conversation_id = ask(client, question="hello", conversation_id="new").json()["conversation_id"]
    path = f"/api/v1/conversations/{conversation_id}"

    response = client.delete(path)
    assert (response.status_code, response.content) == (204, b"")
    assert problem(client.delete(path))[0] == "unknown-conversation"
    assert problem(ask(client, question="hello", conversation_id=conversation_id))[0] == "unknown-conversation"


def test_the_oldest_conversation_makes_room(answerer):
    site, client = served(answerer, max_conversations=2)
    ids = [ask(client, question="hello", conversation_id="new").json()["conversation_id"] for _ in range(3)]
    statuses = [ask(client, question="hello", conversation_id=held).status_code for held in ids]

    assert statuses == [404, 200, 200]
    assert len(site.conversations) == 2


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "the body: has neither a question nor turns; Send either of them"),
        ({"question": None}, "the body: has neither a question nor turns; Send either of them"),
        ({"question": "a", "turns": ["a"]}, "the body: has a question and turns; Send either of them"),
        (
            {"turns": ["a"], "conversation_id": "new"},
            "conversation_id: is given with turns; Turns bring their conversation along",
        ),
        ({"question": ""}, "question: is empty; It must hold words"),
        ({"question": " \t\n\u2003"}, "question: is empty; It must hold words"),
        ({"question": "a\0b"}, "question: holds a NUL character; It must be text"),
        (
            {"question": "a" * 2001},
            f"question: is '{'a' * 60}'… (2001 characters); String should have at most 2000 characters",
        ),
        ({"question": ["a"]}, "question: is a list of 1; Input should be a valid string"),
        ({"question": 7}, "question: is 7; Input should be a valid string"),
        ({"question": True}, "question: is True; Input should be a valid string"),
        ({"turns": "Who?"}, "turns: is 'Who?'; Input should be a valid list"),
        ({"turns": []}, "turns: is a list of 0; List should have at least 1 item after validation, not 0"),
        ({"turns": ["a"] * 51}, "turns: is a list of 51; List should have at most 50 items after validation, not 51"),
        ({"turns": ["a", ""]}, "turns.1: is empty; It must hold words"),
        ({"turns": ["a", None]}, "turns.1: is None; Input should be a valid string"),
        (
            {"question": "a", "conversation_id": "x" * 301},
            f"conversation_id: is '{'x' * 60}'… (301 characters); String should have at most 300 characters",
        ),
        (
            {"question": "a", "Turns": [], "\u202e": 1},
            "'Turns', '\\u202e': is no key here; The keys are question, conversation_id, turns",
        ),
        ([], "the body: is a list of 0; Input should be a valid dictionary or object to extract fields from"),
        ("Who?", "the body: is 'Who?'; Input should be a valid dictionary or object to extract fields from"),
    ],
)
def test_a_body_that_is_no_question_is_a_problem_that_names_what_is_wrong(client, body, detail):
    response = client.post("/api/v1/ask", json=body)

    assert response.status_code == 422
    assert problem(response) == ("invalid", detail)
    assert len(response.json()["errors"]) == 1


@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/quotations"])
@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"question": "\xff\xfe"}', 400),
        (b'{"question": "a"', 400),
        (b"\x00\x01\x02", 400),
        (b"[" * 60_000, 400),
        (b'{"question": ' + b'{"a": ' * 5000 + b"1" + b"}" * 5000 + b"}", 400),
        (b'{"question": ' + b"9" * 60_000 + b"}", 400),
        (b'{"question": ' + b"[" * 400 + b"]" * 400 + b"}", 422),
        (b'{"question": NaN}', 422),
        (b'{"question": 1e999}', 422),
        (b'{"question": "\\ud800", "text": "\\ud800"}', 422),
        (b'{"question": "\\u0000", "text": "\\u0000"}', 422),
        (b"{" + b",".join(b'"k%d": 1' % n for n in range(4000)) + b"}", 422),
        (b"", 422),
    ],
)
def test_bombs_and_broken_bytes_are_problems(client, path, content, status):
    response = client.post(path, content=content, headers=JSON)

    assert response.status_code == status
    assert problem(response)[0] == {400: "unreadable", 422: "invalid"}[status]
    assert len(response.text) < 2000


def test_other_keys_of_any_number_are_named_in_few_words(client):
    body = {"question": "a"} | {f"key {n} {'x' * 100}": n for n in range(300)}
    response = client.post("/api/v1/ask", json=body)

    assert problem(response)[1].startswith("'key 0 xxxx")
    assert len(response.text) < 1500


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "", "x", "json/"]
)
@pytest.mark.parametrize("path", ["/api/v1/ask", "/api/v1/quotations"])  # fmt: skip
def test_a_body_not_declared_as_json_is_a_problem(client, path, kind):
    response = client.post(path, content=b'{"question": "a", "text": "a"}', headers={"Content-Type": kind})

    assert response.status_code == 415
    assert problem(response) == ("not-json", "Send the header Content-Type: application/json.")
    assert response.headers["Accept"] == "application/json"


@pytest.mark.parametrize("kind", ["application/json", "APPLICATION/JSON; charset=utf-8", "application/ld+json"])
def test_json_may_be_declared_in_its_ways(client, kind):
    response = client.post("/api/v1/ask", content='{"question": "é?"}'.encode(), headers={"Content-Type": kind})

    assert response.json()["question"] == "é?"


def test_a_body_too_large_is_a_problem(client):
    response = client.post("/api/v1/ask", content=b'{"question": "' + b"a" * 65_536 + b'"}', headers=JSON)

    assert response.status_code == 413
    assert problem(response)[0] == "too-large"


def test_each_turn_counts_as_a_request(answerer):
    _, client = served(answerer, requests_per_minute=5)

    assert ask(client, turns=["a", "b", "c", "d"]).status_code == 200
    assert ask(client, turns=["a", "b"]).status_code == 429
    response = ask(client, question="a")
    assert response.status_code == 429
    assert problem(response)[0] == "too-many"
    assert 1 <= int(response.headers["Retry-After"]) <= 60


def test_a_conversation_longer_than_a_minute_allows_may_be_sent_alone(answerer):
    _, client = served(answerer, requests_per_minute=3)

    assert [ask(client, turns=["a"] * 6).status_code, ask(client, turns=["a"]).status_code] == [200, 429]


def test_when_too_many_wait_the_server_says_so(client, site):
    with ExitStack() as places:
        for _ in range(site.settings.threads + 64):
            places.enter_context(site.line.place())
        responses = [
            ask(client, question="Who?"),
            ask(client, turns=["Who?"]),
            client.get("/api/v1/search?q=laser"),
        ]

    for response in responses:
        assert response.status_code == 503
        assert response.headers["Retry-After"] == "5"
        assert problem(response)[0] == "busy"
    assert ask(client, question="Who?").status_code == 200


def test_quotations_of_a_text_are_checked(client, answerer):
    text = "He said “Blood shed together is never forgotten”, and “the moon is made of cheese by sailors”."
    response = client.post("/api/v1/quotations", json={"text": text})

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    checks = [check_object(check) for check in answerer.quotations.check_text(text)]
    assert response.json() == {"checks": json.loads(json.dumps(checks))}
    assert [check["verdict"] for check in response.json()["checks"]] == ["altered", "absent"]


@pytest.mark.parametrize(
    ("text", "verdict", "kinds"),
    [
        ("Blood that was shed together is never forgotten", "exact", set()),
        ("Blood shed together is never forgotten", "altered", {"same", "dropped"}),
        ("Blood that was really shed together is not forgotten", "altered", {"same", "added", "changed"}),
        ("Blood that was SHED together is never forgotten", "altered", {"same", "case"}),
        ("Blood that was ... together is never forgotten", "altered", {"same", "elided"}),
        ("Blood that was [always] shed together is never forgotten", "altered", {"same", "inserted"}),
        ("Crowe said: “Blood that was shed together is never forgotten”", "misattributed", set()),
        ("The moon is made of cheese by sailors", "absent", set()),
    ],
)
def test_every_verdict_and_every_change_can_be_told(client, text, verdict, kinds):
    (check,) = client.post("/api/v1/quotations", json={"text": text}).json()["checks"]

    assert check["verdict"] == verdict
    assert {change["kind"] for change in check["changes"]} == kinds


@pytest.mark.parametrize("text", ["?!", "…", "___ --- ~~~"])
def test_a_text_without_words_is_a_problem(client, text):
    response = client.post("/api/v1/quotations", json={"text": text})

    assert response.status_code == 422
    assert problem(response)[0] == "invalid"


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "text: is missing; Field required"),
        ({"text": ""}, "text: is empty; It must hold words"),
        ({"text": ["a"]}, "text: is a list of 1; Input should be a valid string"),
        ({"text": "a", "question": "b"}, "'question': is no key here; The keys are text"),
        (
            {"text": "a" * 100_001},
            f"text: is '{'a' * 60}'… (100001 characters); String should have at most 100000 characters",
        ),
    ],
)
def test_a_body_that_is_no_text_is_a_problem(client, body, detail):
    assert problem(client.post("/api/v1/quotations", json=body)) == ("invalid", detail)


def converse_about(client, word):
    conversation_id = ask(client, question=f"Who said {word}?", conversation_id="new").json()["conversation_id"]
    ask(client, question=f"And when {word}?", conversation_id=conversation_id)
    ask(client, turns=[f"Who said {word}?", "Why?"])
    client.get("/api/v1/search", params={"q": word})
    ask(client, question=f"{word} " * 2000, conversation_id=conversation_id)
    return conversation_id


def test_after_forgetting_no_word_of_the_questions_is_reachable_in_the_whole_server(client):
    word = secrets.token_hex(8)
    conversation_id = converse_about(client, word)
    assert is_reachable(word)

    client.delete(f"/api/v1/conversations/{conversation_id}")

    assert not is_reachable(word)
