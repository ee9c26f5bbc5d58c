"""What leaves the browser, what leaves the server, and what is left of a visitor in its memory and on its disk."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from .serving import Server

LASER = "What did Akhromeev say about the laser incident?"
WATCHED = Path(__file__).with_name("watched.py")
SECONDS_TO_FORGET = 60
POLICY = ("default-src 'none'", "script-src 'self'", "object-src 'none'", "base-uri 'self'")


class Watched(Server):
    """A server that tells what its process holds and does."""

    def __init__(self, cache_path: Path) -> None:
        super().__init__(cache_path, command=(str(WATCHED),))

    def _asked(self, question: dict[str, object]):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def find(self, *words: str) -> dict[str, list[str]]:
        """Return where in the server's memory each word stands."""
        found = self._asked({"find": [word.encode().hex() for word in words]})
        return {bytes.fromhex(word).decode(): places for word, places in found.items()}

    def events(self) -> dict[str, list[str]]:
        """Return the connections, look-ups, processes and files for writing, of its starting and of its serving."""
        return self._asked({"events": True})

    def files_with(self, word: str) -> list[Path]:
        """Return the files of the server's folders that hold ``word``."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return [path for path in files if word.encode() in path.read_bytes()]


@pytest.fixture(scope="module")
def watched(chromium_path, cache_path):
    with Watched(cache_path) as watched:
        yield watched


def wander(visitor) -> None:
    """Visit every kind of page, and do everything that the chat can do."""
    page = visitor.open().page
    outcome = visitor.ask(LASER)
    outcome.locator(".mc-marker").first.click()
    expect(visitor.panel.locator("mark").first).to_be_visible()
    page.keyboard.press("Escape")
    outcome.get_by_role("button", name="Cite this").first.click()
    visitor.sheet.get_by_role("button", name="Copy", exact=True).click()
    expect(visitor.sheet.get_by_role("status")).not_to_be_empty()
    visitor.sheet.get_by_role("button", name="Close").click()
    for name in ("Save as Markdown", "Save as JSON"):
        with page.expect_download():
            page.get_by_role("button", name=name).click()
    visitor.ask("How old was Admiral Crowe?")
    page.get_by_role("button", name="Start over").click()
    expect(page.locator(".mc-opening")).to_be_visible()
    cite = visitor.outcome_of(LASER)["citations"][0]["url"].lstrip("/")
    for path in ("documents", "documents/nsdd-311", "documents/nsdd-311/directive", "documents/none", cite,
                 f"{cite.partition('?')[0]}/sheet", "cite", "cite?words=laser+binoculars", "quotations"):  # fmt: skip
        page.goto(visitor.address + path)
    page.get_by_role("textbox", name="Text to check").fill("“It turned out that the ships had laser binoculars.”")
    page.get_by_role("button", name="Check").click()
    expect(page.locator(".check.exact")).to_be_visible()


def test_the_browser_asks_this_server_only_and_every_response_has_the_policy(make_visitor):
    visitor = make_visitor()

    wander(visitor)

    here = urlsplit(visitor.address).netloc
    asked = [url for url in visitor.requests if not url.startswith(("data:", "blob:"))]
    assert len(asked) > 20
    assert [url for url in asked if urlsplit(url).netloc != here] == []
    policies = {r.url: r.header_value("content-security-policy") or "" for r in visitor.responses if r.url in asked}
    assert len(policies) > 20
    assert [url for url, policy in policies.items() if not all(part in policy for part in POLICY)] == []
    assert [r.url for r in visitor.responses if r.header_value("set-cookie")] == []


def test_the_console_reports_nothing_but_the_inline_scripts_that_the_policy_keeps_from_running(make_visitor):
    visitor = make_visitor()
    page = visitor.page.request.get(visitor.address).text()
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page)  # Gradio's own: its page works without them

    wander(visitor)

    told = [said for said in visitor.console if "404 (Not Found)" not in said]  # the visit to a page that is not there
    blocked = [said for said in told if said.startswith("Executing inline script violates")]
    assert [said for said in told if said not in blocked] == []
    assert 0 < len(blocked) <= len(inline)


def test_two_visitors_never_see_each_others_questions(make_visitor):
    visitors = [make_visitor().open() for _ in range(2)]
    words = ("zebrafish7731", "heron4402")

    for visitor, word in zip(visitors, words, strict=True):
        visitor.ask(f"What was said about {word}?")
    for visitor, word in zip(visitors, words, strict=True):
        visitor.ask(f"And once more about {word}?")

    for visitor, own, other in ((visitors[0], *words), (visitors[1], *reversed(words))):
        assert own in visitor.page.content()
        assert other not in visitor.page.content()
        assert visitor.questions.count() == 2


def test_after_its_page_is_closed_nothing_of_a_conversation_is_left_in_memory_or_on_disk(watched, make_visitor):
    words = ("zebrafish7731", "heron4402")
    visitor = make_visitor(watched).open()
    visitor.ask(f"What was said about {words[0]}?")
    visitor.ask(f"And what about {words[1]}?")
    visitor.page.get_by_role("button", name="Ask again").click()
    visitor.answered(2)
    assert all(watched.find(*words).values()), "the search of the memory finds nothing at all"

    visitor.box.fill(f"And what of both, {words[0]} and {words[1]}?")
    with visitor.page.expect_request("**/gradio_api/queue/join*"):
        visitor.box.press("Enter")
    visitor.page.close()  # while it is being answered

    deadline = time.monotonic() + SECONDS_TO_FORGET
    while any((left := watched.find(*words)).values()) and time.monotonic() < deadline:
        pass
    assert left == {word: [] for word in words}
    assert [path for word in words for path in watched.files_with(word)] == []
    assert words[0] not in watched.log()


def test_the_server_looks_up_nothing_connects_nowhere_and_writes_no_file(watched, make_visitor):
    wander(make_visitor(watched))

    events = watched.events()
    assert any("getaddrinfo ('127.0.0.1', 0" in event for event in events["starting"]), "nothing is watched"
    assert [e for e in events["starting"] if e.startswith("socket.") and "127.0.0.1" not in e] == []
    assert events["serving"] == []
