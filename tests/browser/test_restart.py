"""A server that ends while pages are open, and one that comes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .serving import Server
from .visitor import exact_of

LASER = "What did Akhromeev say about the laser incident?"
WHO = "Who said that?"
SECONDS_TO_CLOSE = 5
PATIENCE = 60_000  # milliseconds


def test_a_conversation_goes_on_after_the_server_was_started_anew(cache_path, make_visitor):
    with Server(cache_path) as first:
        visitor = make_visitor(first).open()
        visitor.ask(LASER)
        before = visitor.outcomes.first.locator("> .mc-quotation").inner_html()
        first.stop(SECONDS_TO_CLOSE)  # raises where the open page keeps it alive
    with Server(cache_path, port=first.port) as second:
        assert second.address == visitor.address

        outcome = visitor.ask(WHO)

        assert visitor.questions.all_text_contents() == [LASER, WHO]
        assert visitor.quoted(outcome.locator("> .mc-quotation")) == exact_of(
            visitor.outcome_of(LASER, WHO)["citations"]
        )
        assert visitor.outcomes.first.locator("> .mc-quotation").inner_html() == before
        third = visitor.ask("What did Crowe say about that?")
        assert visitor.quoted(third.locator("> .mc-quotation")) == exact_of(
            visitor.outcome_of(LASER, WHO, "What did Crowe say about that?")["citations"]
        )


@pytest.mark.parametrize("n_pages", [3])
def test_a_server_told_to_stop_ends_though_pages_are_open(cache_path, make_visitor, n_pages):
    with Server(cache_path) as server:
        for _ in range(n_pages):
            make_visitor(server).open().ask(LASER)

        server.stop(SECONDS_TO_CLOSE)

        assert server.process.returncode is not None
        assert "Traceback" not in server.log()


def test_asking_while_the_server_is_away_says_so_and_loses_nothing(cache_path, make_visitor):
    with Server(cache_path) as first:
        visitor = make_visitor(first).open()
        visitor.ask(LASER)
    visitor.box.fill(WHO)
    visitor.box.press("Enter")
    print(visitor.page.inner_text("body"))
    with Server(cache_path, port=first.port):
        pass
