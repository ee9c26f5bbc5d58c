"""A server that ends while pages are open, and one that comes back."""

from __future__ import annotations

from playwright.sync_api import expect

from .serving import Server
from .visitor import exact_of

LASER = "What did Akhromeev say about the laser incident?"
WHO = "Who said that?"
SECONDS_TO_CLOSE = 5


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


def test_a_server_told_to_stop_ends_though_pages_are_open(cache_path, make_visitor):
    with Server(cache_path) as ending:
        for _ in range(2):
            make_visitor(ending).open().ask(LASER)

        ending.stop(SECONDS_TO_CLOSE)  # raises where it goes on

        assert ending.process.returncode is not None


def test_a_page_that_asked_while_the_server_was_away_says_so_and_comes_back_with_it(cache_path, make_visitor):
    with Server(cache_path) as first:
        visitor = make_visitor(first).open()
        visitor.ask(LASER)
    visitor.box.fill(WHO)
    visitor.box.press("Enter")

    expect(visitor.page.get_by_text("Connection to the server was lost")).to_be_visible()
    expect(visitor.questions).to_have_text([LASER])
    expect(visitor.box).to_have_value(WHO)

    with Server(cache_path, port=first.port):
        expect(visitor.page.locator(".mc-opening")).to_be_visible()  # the page loads itself anew
        outcome = visitor.ask(LASER)
        expect(outcome.locator("> .mc-quotation").first).to_be_visible()
