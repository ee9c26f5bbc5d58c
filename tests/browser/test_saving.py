"""Taking words away: a conversation as a file, a quotation with its citation on the clipboard."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from .conftest import ARGUMENTS, MILLISECONDS
from .visitor import Visitor

LASER = "What did Akhromeev say about the laser incident?"
AGE = "How old was Admiral Crowe?"
TURNS = [LASER, "Who said that?", AGE]


def saved(visitor, name: str) -> tuple[str, bytes]:
    """Press the button and return the file's name and bytes."""
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("button", name=name).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_a_conversation_is_saved_to_the_byte_as_the_http_interface_writes_it(visitor):
    for turn in TURNS:
        visitor.ask(turn)

    for name, form in (("Save as Markdown", "md"), ("Save as JSON", "json")):
        file_name, first = saved(visitor, name)
        again = saved(visitor, name)[1]
        written = visitor.page.request.post(f"{visitor.address}api/v1/conversation.{form}", data={"turns": TURNS})
        assert file_name.endswith(f".{form}")
        assert first == again == written.body()
        assert visitor.outcome_of(*TURNS[:1])["citations"][0]["exact"].split()[0].encode() in first


@pytest.fixture
def plain_visitor(browser, server, chromium_path):
    """Somebody who reaches the server by a name and without TLS, where a page is given no clipboard."""
    rules = "--host-resolver-rules=MAP museum.example 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    assert shutil.which("chromium") == chromium_path
    arguments = [argument for argument in ARGUMENTS if "host-resolver-rules" not in argument]
    plain = browser.browser_type.launch(executable_path=chromium_path, args=[*arguments, rules])
    context = plain.new_context()
    context.set_default_timeout(MILLISECONDS)
    yield Visitor(context.new_page(), f"http://museum.example:{server.port}/").open()
    plain.close()


def test_a_quotation_is_copied_where_the_page_has_no_clipboard(plain_visitor, visitor):
    assert plain_visitor.page.evaluate("window.isSecureContext") is False
    opener = plain_visitor.ask(LASER).get_by_role("button", name="Cite this").first
    opener.press("Enter")
    button = plain_visitor.sheet.get_by_role("button", name="Copy", exact=True)

    button.press("Enter")

    expect(plain_visitor.sheet.get_by_role("status")).to_have_text("Copied")
    expect(button).to_be_focused()
    plain_visitor.page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    plain_visitor.box.press("Control+V")
    citation = visitor.outcome_of(LASER)["citations"][0]
    plain = visitor.page.request.get(f"{visitor.address}api/v1/citations/{citation['id']}?format=text")
    assert plain_visitor.box.input_value().strip() == plain.text().strip()
