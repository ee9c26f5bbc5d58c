"""Opening a source: the record beside the conversation, and the page that the marker links to."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .visitor import exact_of

LASER = "What did Akhromeev say about the laser incident?"
GOALS = "What five goals does the directive set?"
NARROW = {"width": 360, "height": 740}


def test_the_panel_highlights_exactly_the_quoted_words_of_every_marker(visitor):
    for question in (LASER, GOALS):
        outcome = visitor.ask(question)
        citations = visitor.outcome_of(question)["citations"]
        markers = outcome.locator("> .mc-quotation .mc-marker")
        for number, citation in enumerate(citations):
            markers.nth(number).click()
            expect(visitor.panel.locator("#record")).to_have_attribute("data-citation", citation["id"])
            assert [visitor.marked()] == exact_of([citation])
            expect(visitor.panel.locator("mark").first).to_be_in_viewport()
            expect(visitor.panel.locator("#mc-source-title")).to_be_in_viewport(ratio=1)
            expect(visitor.panel.get_by_role("button", name="Close")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, NARROW], ids=["beside", "over"])
def test_escape_closes_the_source_and_gives_the_focus_back_to_its_marker(make_visitor, viewport):
    visitor = make_visitor(viewport=viewport).open()
    marker = visitor.ask(LASER).locator(".mc-marker").first
    marker.focus()

    marker.press("Enter")
    expect(visitor.panel.locator("mark").first).to_be_visible()
    expect(visitor.panel.locator("#mc-source-title")).to_be_focused()
    assert visitor.page.evaluate("document.querySelector('#mc-source').matches(':modal')") == (viewport == NARROW)
    visitor.page.keyboard.press("Escape")

    expect(visitor.panel).to_be_hidden()
    expect(marker).to_be_focused()
    assert len(visitor.page.context.pages) == 1  # the link was not followed besides


def test_previous_and_next_walk_through_the_quotations(visitor):
    visitor.ask(LASER)
    visitor.ask(GOALS)
    markers = visitor.page.locator("#mc-conversation .mc-marker")
    addresses = [marker.get_attribute("href") for marker in markers.all()]
    assert len(addresses) >= 3
    back = visitor.panel.get_by_role("button", name="Previous quotation")
    on = visitor.panel.get_by_role("button", name="Next quotation")
    shown = visitor.panel.get_by_role("link", name="Open as a page")

    markers.first.click()
    expect(back).to_be_disabled()
    for address in addresses[1:]:
        on.click()
        expect(shown).to_have_attribute("href", visitor.address.rstrip("/") + address)
    expect(on).to_be_disabled()
    back.click()
    expect(shown).to_have_attribute("href", visitor.address.rstrip("/") + addresses[-2])
    expect(visitor.page.locator(".mc-marker[aria-current=true]")).to_have_attribute("href", addresses[-2])
    visitor.panel.get_by_role("button", name="Close").click()

    expect(markers.nth(len(addresses) - 2)).to_be_focused()


@pytest.mark.parametrize("click", [{"button": "middle"}, {"modifiers": ["Control"]}], ids=["middle", "control"])
def test_a_marker_opened_in_another_tab_leads_to_the_same_highlight(visitor, click):
    citation = visitor.outcome_of(LASER)["citations"][0]
    marker = visitor.ask(LASER).locator(".mc-marker").first

    with visitor.page.context.expect_page() as opened:
        marker.click(**click)
    page = opened.value
    page.wait_for_load_state()

    assert page.url == visitor.address.rstrip("/") + citation["url"]
    expect(visitor.panel).to_be_hidden()
    marker.click()
    expect(visitor.panel.locator("mark").first).to_be_visible()
    assert "".join(page.locator("#record mark").all_text_contents()) == "".join(
        visitor.panel.locator("mark").all_text_contents()
    )


def test_a_permalink_shows_the_same_highlight_without_scripts(make_visitor):
    visitor = make_visitor(java_script_enabled=False)
    citations = [c for question in (LASER, GOALS) for c in visitor.outcome_of(question)["citations"]]

    for citation in citations:
        visitor.page.goto(visitor.address.rstrip("/") + citation["url"])
        assert [visitor.marked()] == exact_of([citation])
        expect(visitor.page.locator("blockquote")).to_have_text(exact_of([citation])[0])


def test_what_was_said_just_before_opens_like_any_quotation(visitor):
    before = visitor.ask(LASER).locator(".mc-before")
    before.locator("summary").click()
    words = visitor.quoted(before)

    before.locator(".mc-marker").click()

    expect(visitor.panel.locator("mark").first).to_be_visible()
    assert [visitor.marked()] == words


def test_a_source_that_cannot_be_fetched_says_so(visitor):
    marker = visitor.ask(LASER).locator(".mc-marker").first
    visitor.page.route("**/cite/**", lambda route: route.abort())

    marker.click()

    expect(visitor.panel).to_contain_text("The server cannot be reached. Try again in a moment.")
    visitor.page.keyboard.press("Escape")
    expect(marker).to_be_focused()
