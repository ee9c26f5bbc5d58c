"""A server that ends while pages are open, and one that comes back in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from .conftest import MILLISECONDS
from .serving import Server
from .visitor import Visitor, exact_of

LASER = "What did Akhromeev say about the laser incident?"
WHO = "Who said that?"
LOST = re.compile("Connection to the server was lost")
SECONDS_TO_CLOSE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """What is there once the server is back."""

    first: Server  # that was told to stop, with two pages open
    second: Server
    patient: Visitor  # asks only now
    hasty: Visitor  # asked while it was away
    told: list[str]  # what that one was shown meanwhile: notices, questions, and what stood in the box


@pytest.fixture(scope="module")
def restart(browser, chromium_path, cache_path) -> Iterator[Restart]:
    contexts = [browser.new_context(locale="en-GB") for _ in range(2)]
    for context in contexts:
        context.set_default_timeout(MILLISECONDS)
    with Server(cache_path) as first:
        patient, hasty = (Visitor(context.new_page(), first.address).open() for context in contexts)
        patient.ask(LASER)
        hasty.ask(LASER)
        first.stop(SECONDS_TO_CLOSE)  # raises where the open pages keep it
    hasty.box.fill(WHO)
    hasty.box.press("Enter")
    expect(hasty.page.get_by_text(LOST)).to_be_visible()
    told = [*hasty.questions.all_text_contents(), hasty.box.input_value()]
    with Server(cache_path, port=first.port) as second:
        yield Restart(first=first, second=second, patient=patient, hasty=hasty, told=told)
    for context in contexts:
        context.close()


def test_a_server_told_to_stop_ends_though_pages_are_open(restart):
    assert restart.first.process.returncode is not None
    assert restart.first.log() == ""


def test_a_conversation_goes_on_after_the_server_was_started_anew(restart):
    visitor = restart.patient
    before = visitor.outcomes.first.locator("> .mc-quotation").inner_html()

    outcome = visitor.ask(WHO)

    assert visitor.questions.all_text_contents() == [LASER, WHO]
    told = visitor.outcome_of(LASER, WHO)["citations"]
    assert told != visitor.outcome_of(WHO)["citations"]
    assert visitor.quoted(outcome.locator("> .mc-quotation")) == exact_of(told)
    assert visitor.outcomes.first.locator("> .mc-quotation").inner_html() == before


def test_a_page_that_asked_while_the_server_was_away_keeps_the_words_and_comes_back_with_it(restart):
    assert restart.told == [LASER, WHO]

    expect(restart.hasty.page.locator(".mc-opening")).to_be_visible()  # the page loads itself anew
    outcome = restart.hasty.ask(LASER)

    expect(outcome.locator("> .mc-quotation").first).to_be_visible()
