"""The real server's doors: Gradio's own are shut, forged requests change nothing, too much is refused in words."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

LASER = "What did Akhromeev say about the laser incident?"
SHUT = (
    "gradio_api/file=/etc/passwd", "gradio_api/file%3D/etc/passwd", "gradio_api/file/etc/passwd",
    "gradio_api/proxy=http://127.0.0.1:1/", "gradio_api/upload", "gradio_api/upload_progress", "gradio_api/deep_link",
    "gradio_api/deep_link?session_hash=x", "gradio_api/stream/a/b/c/playlist.m3u8", "gradio_api/queue/status",
    "gradio_api/call/ask", "gradio_api/call/ask/x", "gradio_api/custom_component/x/y/z/f.js", "gradio_api/openapi.json",
    "gradio_api/mcp/sse", "monitoring", "monitoring/summary", "docs", "redoc", "openapi.json", "login",
    "static/img/logo.svg", "manifest.json",
)  # fmt: skip


@pytest.fixture
def asker(make_context, server):
    """What sends requests that no page would."""
    return make_context(base_url=server.address).request


def test_the_doors_that_gradio_opens_and_a_chat_does_not_need_are_shut(asker):
    for method in ("GET", "POST"):
        statuses = {path: asker.fetch(f"/{path}", method=method, max_redirects=0).status for path in SHUT}
        assert (method, [path for path, status in statuses.items() if status != 404]) == (method, [])


def test_a_deep_link_in_the_address_shows_the_opening_and_no_conversation(make_visitor):
    visitor = make_visitor()

    visitor.page.goto(f"{visitor.address}?deep_link=x&__theme=dark&view=api")

    expect(visitor.page.locator(".mc-opening")).to_be_visible()
    expect(visitor.questions).to_have_count(0)


@pytest.mark.parametrize("path", ["", "config", "documents", "api/v1/documents"])
def test_a_forged_address_changes_nothing(asker, path):
    usual = asker.get(f"/{path}").text()
    forged = {  # not the scheme: this machine may be its own proxy, and is believed that it speaks TLS
        "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil", "X-Forwarded-Port": "1",
        "X-Gradio-Server": "http://evil.example", "Forwarded": "host=evil.example", "X-Forwarded-For": "8.8.8.8",
    }  # fmt: skip

    assert asker.get(f"/{path}", headers=forged).text() == usual


def test_another_sites_page_is_told_nothing_and_can_ask_nothing(asker):
    headers = {"Origin": "http://evil.example"}

    for path in ("/", "/config", "/api/v1/documents", "/gradio_api/info"):
        response = asker.get(path, headers=headers)
        assert (path, [name for name in response.headers if name.startswith("access-control")]) == (path, [])
    for path in ("/gradio_api/queue/join", "/gradio_api/run/predict", "/api/v1/ask", "/api/v1/conversation.md"):
        assert (path, asker.post(path, headers=headers, data={"turns": [LASER]}).status) == (path, 403)


@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/run/predict", "/api/v1/ask"])
def test_a_body_of_two_mebibytes_is_refused(asker, path):
    body = json.dumps({"data": ["x" * 2 * 1024 * 1024], "fn_index": 0, "session_hash": "abc"})

    response = asker.post(path, data=body, headers={"content-type": "application/json"})

    assert response.status == 413


def test_a_question_of_a_hundred_thousand_characters_is_refused_in_words(visitor):
    def lengthen(route) -> None:
        body = json.loads(route.request.post_data)
        body["data"][0] *= 5000
        route.continue_(post_data=json.dumps(body))

    visitor.page.route("**/gradio_api/queue/join*", lengthen)
    outcome = visitor.ask("What is a mnemonic? ")
    visitor.page.unroute("**/gradio_api/queue/join*")

    expect(outcome).to_have_class(re.compile("mc-problem"))
    expect(outcome).to_contain_text("2000")
    expect(visitor.page.locator("#mc-announce")).to_contain_text("2000")
    again = ask_after_a_problem(visitor)
    expect(again.locator("> .mc-quotation").first).to_be_visible()
    assert visitor.questions.all_text_contents() == [LASER]


def ask_after_a_problem(visitor):
    """Ask; a question that was not taken leaves the page with the next."""
    visitor.box.fill(LASER)
    visitor.box.press("Enter")
    expect(visitor.page.locator(".mc-problem")).to_have_count(0)
    return visitor.answered(1)


def test_what_no_page_would_send_does_no_harm(asker, visitor):
    for body in ("", "{", "[]", "null", '{"data": null}', '{"data": [], "fn_index": 999, "session_hash": "abc"}',
                 '{"data": ["x", {"a": 1}, 5], "fn_index": 0, "session_hash": "abc"}'):  # fmt: skip
        response = asker.post(
            "/gradio_api/queue/join", data=body, headers={"content-type": "application/json", "connection": "close"}
        )
        assert "Traceback" not in response.text()

    visitor.ask(LASER)

    expect(visitor.outcomes.first.locator("> .mc-quotation").first).to_be_visible()
    assert asker.get("/readyz").ok
