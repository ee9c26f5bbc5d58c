"""All doors together: each leads where it should, and Gradio's others are shut."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from bot.answering import Answerer, answer_turns
from bot.answers import Exchange
from ui.app import MAX_CHAT_BODY, create_app
from ui.downloads import conversation_json, conversation_markdown
from ui.outcomes import outcome_object
from ui.site import Site

TURNS = ["What is the main obstacle in Vienna?", "Who said that?"]


@pytest.fixture(scope="module")
def client(answerer: Answerer) -> Iterator[TestClient]:
    async def make():
        return create_app(Site.of(answerer))

    with TestClient(asyncio.run(make()), base_url="http://museum.example") as client:
        yield client


@pytest.mark.parametrize("path", ["/", "/documents", "/healthz", "/readyz", "/metrics", "/site/chat.css",
                                  "/site/site.js", "/site/tokens.css", "/api/v1/documents", "/api/v1/openapi.json",
                                  "/config", "/theme.css"])  # fmt: skip
def test_each_door_opens_with_the_policy_of_contents(client, path):
    response = client.get(path)

    assert response.status_code == 200
    assert response.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")


def test_every_document_and_passage_has_its_page(client, answerer):
    collection = answerer.collection
    for document in collection.documents:
        assert client.get(f"/documents/{document.id}").status_code == 200
    for passage in collection.passages[::10]:
        assert client.get(f"/cite/{passage.id}").status_code == 200


def test_the_same_answer_comes_through_every_door(client, answerer):
    outcome = client.post("/api/v1/ask", json={"question": TURNS[0]}).json()
    saved = client.post("/api/v1/conversation.json", json={"turns": TURNS[:1]}).json()

    assert {k: v for k, v in outcome.items() if k != "conversation_id"} == saved["outcomes"][0]
    assert saved["outcomes"][0] == json.loads(json.dumps(outcome_object(answerer.answer(TURNS[0]))))


def test_a_conversation_is_saved_to_the_byte(client, answerer):
    outcomes = answer_turns(answerer, TURNS)
    exchanges = [Exchange(question=q, outcome=o) for q, o in zip(TURNS, outcomes, strict=True)]
    markdown = client.post("/api/v1/conversation.md", json={"turns": TURNS})

    assert markdown.text == conversation_markdown(exchanges, answerer.collection)
    assert markdown.headers["content-disposition"].startswith("attachment; filename=")
    assert client.post("/api/v1/conversation.json", json={"turns": TURNS}).text == conversation_json(
        exchanges, answerer.collection
    )


@pytest.mark.parametrize("turns", [[], ["x"] * 51, ["x" * 2001], [""], "x", [1], None])
def test_a_conversation_out_of_bounds_is_not_saved(client, turns):
    assert client.post("/api/v1/conversation.md", json={"turns": turns}).status_code == 422


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/deep_link", "/gradio_api/file=/etc/passwd",
                                  "/gradio_api/proxy=http://x.example/", "/monitoring", "/login", "/nowhere", "/docs",
                                  "/static/x", "/manifest.json"])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_door_that_is_not_ours_is_not_there(client, method, path):
    assert client.request(method, path).status_code == 404


def test_what_is_not_there_is_a_page_to_people_and_a_problem_to_programs(client):
    assert "<h1>" in client.get("/nowhere").text
    assert client.get("/gradio_api/upload").headers["content-type"] == "application/problem+json"
    assert client.get("/api/v1/nowhere").headers["content-type"] == "application/problem+json"


def test_no_other_site_is_let_in(client):
    for path in ("/config", "/api/v1/documents", "/gradio_api/info"):
        headers = client.get(path, headers={"Origin": "http://evil.example"}).headers
        assert not [name for name in headers if name.startswith("access-control")]
    preflight = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    assert client.options("/api/v1/ask", headers=preflight).status_code == 400


def test_a_claimed_address_changes_nothing(client):
    claimed = client.get(
        "/config", headers={"X-Forwarded-Host": "evil.example", "X-Gradio-Server": "http://evil.example"}
    )

    assert "evil.example" not in claimed.text
    assert "evil.example" not in client.get("/", headers={"X-Forwarded-Host": "evil.example"}).text


def test_an_enormous_question_is_stopped_at_the_door(client):
    response = client.post("/gradio_api/queue/join", content=b"x" * (MAX_CHAT_BODY + 1))

    assert response.status_code == 413


def test_the_page_names_nothing_but_this_server(client):
    page = client.get("/").text

    assert "googleapis" not in page and "gstatic" not in page and "huggingface" not in page.split("<body")[0]
