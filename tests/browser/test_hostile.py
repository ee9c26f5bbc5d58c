"""A collection and visitors that try to break out of the page: their words are shown as characters, and do nothing."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from .serving import Server
from .visitor import exact_of, folded

PAYLOADS = (
    "<script>window.pwned=1;alert(1)</script>",
    "<img src=x onerror='window.pwned=1;alert(1)'> <svg onload=alert(1)> <b>bold</b>",
    "<!-- a comment --> <style>*{display:none}</style> </div></body></html>",
    "[a link](javascript:alert(1)) ![remote](https://elsewhere.example/x.png) <a href='javascript:alert(1)'>b</a>",
    "**bold** _slanted_ `code` ~~struck~~ # head ==mark== ^up^ [^1]",
    r"$$\frac{1}{2}$$ \(x\) \[y\] $z$ {{7*7}} {% raw %}",
    ":smile: :rocket: &lt;b&gt; &amp; &#60; &#x3c;",
    "\u202egnp.exe\u202c \u2066isolated\u2069 z\u200be\u200br\u200bo \ufeff soft\u00adhyphen",
    "bell\x07 escape\x1b[31m backspace\x08 delete\x7f next\x85line",
    "<iframe src='//elsewhere.example'></iframe> <form action='//elsewhere.example'><input name=q></form>",
    "</textarea></title><script>window.pwned=1</script> | a | b | --- \\ ` https://elsewhere.example/",
    "שלום עולם العربية 漢字 🛰️ 👩‍🚀 e\u0301",
)
DOCUMENT = "".join(f"Harbour report {n} says {payload} and there it ends.\n\n" for n, payload in enumerate(PAYLOADS, 1))
ALL = " ".join(PAYLOADS)

# Elements and attributes of the messages: ours, and Gradio's span around them with the target of its links.
ELEMENTS = {"a", "blockquote", "button", "cite", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "li", "p",
            "span", "summary", "ul"}  # fmt: skip
ATTRIBUTES = {"class", "dir", "href", "lang", "open", "rel", "target", "type"}
MADE = """root => {
  const elements = new Set(), attributes = new Set(), links = new Set();
  for (const element of root.querySelectorAll("*")) {
    elements.add(element.localName);
    for (const { name } of element.attributes) attributes.add(name);
    if (element.matches("[href]")) links.add(element.getAttribute("href"));
  }
  return { elements: [...elements], attributes: [...attributes], links: [...links] };
}"""
RECORD_WORDS = """text => {
  const copy = text.cloneNode(true);
  for (const apparatus of copy.querySelectorAll("[data-apparatus]")) apparatus.remove();
  return copy.textContent;
}"""


def toml(text: str) -> str:
    """Write ``text`` as a TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


MANIFEST = f"""
suggestions = [{toml("What about " + PAYLOADS[0] + PAYLOADS[3] + "?")}, {toml(ALL)}]

[collection]
id = "hostile"
title = {toml("Harbour " + ALL)}
description = {toml(ALL)}
editor = {toml(ALL)}

[[document]]
id = "reports"
path = "documents/reports.txt"
title = {toml("Reports " + ALL)}
date = {toml(PAYLOADS[1])}

[[term]]
term = "harbour"
aliases = []
note = {toml(ALL)}
ground = {toml(ALL)}
"""


@pytest.fixture(scope="module")
def hostile(chromium_path, cache_path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "documents").mkdir()
    (folder / "documents" / "reports.txt").write_text(DOCUMENT, encoding="utf-8", newline="")
    (folder / "manifest.toml").write_text(MANIFEST, encoding="utf-8", newline="")
    with Server(cache_path, collection_path=folder) as server:
        yield server


@pytest.fixture
def visitor(hostile, make_visitor):
    """Somebody among hostile words; nothing may have happened to them in the end."""
    visitor = make_visitor(hostile)
    yield visitor
    assert visitor.dialogs == []
    assert visitor.page.evaluate("window.pwned") is None
    assert {urlsplit(url).netloc for url in visitor.requests if not url.startswith("data:")} <= {
        urlsplit(hostile.address).netloc
    }
    assert visitor.page.locator("img[src^='http'], iframe, object, embed, [onerror], [onload]").count() == 0


def letters(text: str) -> str:
    """Leave out white space."""
    return "".join(text.split())


def made(locator) -> dict[str, set[str]]:
    return {kind: set(names) for kind, names in locator.evaluate(MADE).items()}


def test_the_opening_shows_a_hostile_manifest_as_its_characters(visitor):
    visitor.open()

    opening = visitor.page.locator(".mc-opening")
    assert folded(visitor.page.locator("h1").text_content()) == folded(f"Harbour {ALL}")
    assert folded(opening.locator(".mc-about").text_content()) == folded(ALL)
    assert folded(opening.locator(".mc-ask").last.text_content()) == folded(ALL)
    assert folded(opening.locator(".mc-documents a").text_content()) == folded(f"Reports {ALL}")
    found = made(opening)
    assert found["elements"] <= ELEMENTS
    assert found["attributes"] <= ATTRIBUTES
    assert found["links"] == {"documents/reports"}
    visitor.console[:] = []


def test_hostile_words_quoted_and_typed_in_the_chat_stay_words(visitor):
    visitor.open()
    n_quoted = 0

    for number, payload in enumerate(PAYLOADS, start=1):
        question = f'Where does it say "Harbour report {number} says"? {payload}'
        outcome = visitor.ask(question)
        told = visitor.outcome_of(*visitor.questions.all_text_contents())
        assert folded(visitor.questions.last.text_content()) == folded(question)
        assert visitor.quoted(outcome.locator("> .mc-quotation")) == exact_of(told["citations"])
        n_quoted += sum(letters(payload) in letters(citation["exact"]) for citation in told["citations"])
    conversation = made(visitor.page.locator("#mc-conversation .message-wrap"))
    messages = [made(content) for content in visitor.page.locator("#mc-conversation .message-content").all()]

    assert n_quoted >= len(PAYLOADS) // 2  # most of the hostile words themselves were quoted
    assert set().union(*(m["elements"] for m in messages)) <= ELEMENTS
    assert set().union(*(m["attributes"] for m in messages)) <= ATTRIBUTES
    assert all(link.startswith("/cite/reports/") for link in conversation["links"])
    for note in visitor.page.locator(".mc-notes dd").all():
        assert folded(ALL) in folded(note.text_content())


def test_a_hostile_suggestion_is_asked_as_it_reads(visitor):
    visitor.open()
    suggestion = visitor.page.locator(".mc-opening .mc-ask").first
    words = folded(suggestion.text_content())

    suggestion.click()
    visitor.answered(1)

    assert folded(visitor.questions.last.text_content()) == words


def test_the_panel_shows_hostile_words_as_their_characters(visitor):
    visitor.open()
    visitor.ask('Where does it say "Harbour report 1 says"?').locator(".mc-marker").first.click()
    expect(visitor.panel.locator("mark").first).to_be_visible()

    assert letters(visitor.panel.locator("#record .text").evaluate(RECORD_WORDS)) == letters(DOCUMENT)
    assert "window.pwned=1" in visitor.marked()
    assert not made(visitor.panel)["elements"] & {"script", "img", "svg", "style", "form", "iframe", "b"}


@pytest.mark.parametrize("path", ["documents", "documents/reports", "cite/reports/p1", "documents/<script>alert(1)"])
def test_the_pages_show_hostile_words_as_their_characters(visitor, path):
    visitor.page.goto(visitor.address + path)

    found = made(visitor.page.locator("body"))
    assert not found["elements"] & {"script", "img", "svg", "style", "form", "iframe", "b", "textarea"}
    assert not [name for name in found["attributes"] if name.startswith("on") or name == "style"]
    assert all(link.startswith(("/", "#", "http://127.0.0.1")) for link in found["links"])
    assert folded(ALL) in folded(visitor.page.locator("body").text_content())
    if visitor.page.locator("#record").count():
        assert letters(visitor.page.locator("#record .text").evaluate(RECORD_WORDS)) == letters(DOCUMENT)
    assert [said for said in visitor.console if "404" not in said] == []
