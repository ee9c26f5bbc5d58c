"""The citation desk in a browser: looking up, checking, and "Cite this" wherever a quotation stands."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from .test_accessibility import (
    DESK,
    LEAST_TARGET,
    LEAST_WIDTH,
    PHONE,
    REACHES_OUT,
    SMALL_TARGETS,
    violations,
    violations_by_state,
)
from .test_keyboard import Hands
from .visitor import folded

LASER = "What did Akhromeev say about the laser incident?"
OBSTACLE = "the main obstacle is the issue of dual-use weapons"
TEXT = (
    'Crowe said: "Blood shed together is never forgotten" and "the main obstacle is the issue of dual-use weapons".\n\n'
    'They quote "This work ... and the main obstacle is the issue of weapons." Then “we will all dance in moonlight”.'
)


def dialog_of(visitor):
    """Return the open dialog once it shows its citation."""
    dialog = visitor.page.locator("#mc-citation")
    expect(dialog.locator("pre")).to_be_visible()
    return dialog


def cite_first(visitor):
    visitor.page.get_by_role("button", name="Cite this").first.click()
    return dialog_of(visitor)


def check(visitor, text=TEXT):
    visitor.page.goto(f"{visitor.address}quotations")
    visitor.page.get_by_label("Text to check").fill(text)
    visitor.page.get_by_role("button", name="Check").click()
    expect(visitor.page.locator(".checks")).to_be_visible()


def walk(visitor):
    """Yield the name of each state of the desk when the page is in it."""
    page, address = visitor.page, visitor.address
    page.goto(f"{address}cite")
    yield "look-up"
    page.goto(f"{address}cite?words={OBSTACLE}")
    yield "results"
    cite_first(visitor)
    yield "dialog"
    page.goto(f"{address}cite?speaker=Crowe&from=1987#found")
    yield "list"
    page.goto(f"{address}cite?words=laser&from=1900&to=1901")
    yield "nothing found"
    page.goto(f"{address}cite?page=four&from=never&speaker=Nobody")
    yield "mistakes"
    page.goto(f"{address}quotations")
    yield "paste"
    check(visitor)
    yield "checked"
    page.goto(f"{address}cite/akhromeev-crowe-1987/t20:9547-9670/sheet")
    yield "sheet"
    page.goto(f"{address}cite/nsdd-311/directive/e1")
    cite_first(visitor)
    yield "dialog of a page"


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state_of_the_desk(make_visitor, scheme, viewport):
    visitor = make_visitor(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")

    assert violations_by_state(visitor, walk(visitor)) == {}


def test_axe_finds_nothing_in_the_dialog_over_the_chat(make_visitor):
    visitor = make_visitor(viewport=PHONE, color_scheme="dark", reduced_motion="reduce").open()
    visitor.ask(LASER)
    cite_first(visitor)

    assert violations(visitor.page) == []


def test_nothing_of_the_desk_reaches_out_of_the_narrowest_window_and_every_target_can_be_hit(make_visitor):
    visitor = make_visitor(viewport=LEAST_WIDTH, has_touch=True)
    wide, small = {}, {}

    for state in walk(visitor):
        if pixels := visitor.page.evaluate(REACHES_OUT):
            wide[state] = pixels
        if targets := visitor.page.evaluate(SMALL_TARGETS, LEAST_TARGET):
            small[state] = targets

    assert wide == {}
    assert small == {}


def test_every_quotation_of_the_chat_can_be_cited_in_every_form(visitor):
    outcome = visitor.ask(LASER)
    citations = visitor.outcome_of(LASER)["citations"]
    buttons = outcome.locator("> .mc-quotation").get_by_role("button", name="Cite this")
    expect(buttons).to_have_count(len(citations))
    visitor.console.clear()  # of what Gradio's page tries and may not

    for number, citation in enumerate(citations):
        buttons.nth(number).click()
        dialog = dialog_of(visitor)
        select = dialog.get_by_label("Format")
        shown = {}
        for form in select.locator("option").evaluate_all("options => options.map(option => option.value)"):
            select.select_option(form)
            shown[form] = dialog.locator("pre").text_content()
        told = {
            form: visitor.page.request.get(f"{visitor.address}api/v1/citations/{citation['id']}?format={form}").text()
            for form in shown
        }

        assert shown == told and len(shown) >= 8
        expect(dialog.locator(".mc-whose")).to_contain_text(citation["locator"])
        expect(dialog.locator(".mc-permalink")).to_have_text(visitor.address.rstrip("/") + citation["url"])
        loaded = "image => image.complete && image.naturalWidth > 0"
        visitor.page.wait_for_function(loaded, arg=dialog.locator("img").element_handle())
        dialog.get_by_role("button", name="Close").click()
        expect(buttons.nth(number)).to_be_focused()
    assert visitor.console == []


def test_copying_takes_the_very_text_and_the_permalink(make_visitor):
    visitor = make_visitor(permissions=["clipboard-read", "clipboard-write"]).open()
    visitor.ask(LASER)
    dialog = cite_first(visitor)
    held = "navigator.clipboard.readText()"

    assert dialog.get_by_role("button").first.text_content() == "Copy"
    dialog.get_by_role("button", name="Copy", exact=True).click()
    expect(dialog.get_by_role("status")).to_have_text("Copied")
    citation = visitor.outcome_of(LASER)["citations"][0]
    plain = visitor.page.request.get(f"{visitor.address}api/v1/citations/{citation['id']}?format=text").text()
    assert visitor.page.evaluate(held) == plain
    dialog.get_by_role("button", name="Copy permalink").click()
    visitor.page.wait_for_function(f"async () => (await {held}).startsWith('http')")
    assert visitor.page.evaluate(held) == visitor.address.rstrip("/") + citation["url"]


def test_copying_works_where_there_is_no_clipboard(make_visitor):
    visitor = make_visitor(permissions=["clipboard-read", "clipboard-write"])
    visitor.page.goto(f"{visitor.address}cite?words={OBSTACLE}")
    dialog = cite_first(visitor)
    visitor.page.evaluate("Object.defineProperty(window, 'isSecureContext', { value: false })")
    copy = dialog.get_by_role("button", name="Copy", exact=True)

    copy.click()

    expect(dialog.get_by_role("status")).to_have_text("Copied")
    expect(copy).to_be_focused()
    assert visitor.page.evaluate("navigator.clipboard.readText()") == dialog.locator("pre").text_content()


def test_a_download_is_the_file_of_the_form_chosen(visitor):
    visitor.ask(LASER)
    dialog = cite_first(visitor)
    dialog.get_by_label("Format").select_option("ris")

    with visitor.page.expect_download() as kept:
        dialog.get_by_role("link", name="Download").click()

    assert kept.value.suggested_filename.endswith(".ris")
    assert kept.value.path().read_text(encoding="utf-8") == dialog.locator("pre").text_content()


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["over", "beside"])
def test_the_source_beside_the_conversation_can_be_cited_and_stays_open(make_visitor, viewport):
    visitor = make_visitor(viewport=viewport).open()
    citation = visitor.outcome_of(LASER)["citations"][0]
    visitor.ask(LASER).locator(".mc-marker").first.click()
    expect(visitor.panel.locator("mark").first).to_be_visible()
    button = visitor.panel.get_by_role("button", name="Cite this")

    button.click()
    dialog = dialog_of(visitor)
    expect(dialog.locator("pre")).to_contain_text(citation["id"])
    visitor.page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(visitor.panel).to_be_visible()
    expect(button).to_be_focused()


def test_the_dialog_is_worked_by_keyboard_alone_and_gives_the_focus_back(make_visitor):
    visitor = make_visitor()
    visitor.page.goto(f"{visitor.address}cite")
    hands = Hands(visitor)
    hands.walk_to(visitor.page.get_by_label("Words"))
    visitor.page.keyboard.type(OBSTACLE)
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator("#found")).to_be_in_viewport()
    cite = visitor.page.get_by_role("button", name="Cite this").first
    cite.evaluate("button => document.querySelector('#found').setAttribute('tabindex', -1)")
    visitor.page.locator("#found").focus()
    visitor.page.keyboard.press("Tab")
    hands.walk_to(cite)
    hands.press("Enter")
    dialog = dialog_of(visitor)
    expect(dialog.get_by_role("heading", name="Cite this")).to_be_focused()
    before = dialog.locator("pre").text_content()

    for target in (dialog.get_by_role("button", name="Copy", exact=True), dialog.get_by_label("Format", exact=True)):
        hands.walk_to(target)
    hands.press("ArrowDown")
    expect(dialog.locator("pre")).not_to_have_text(before)
    for target in (
        dialog.get_by_role("link", name="Download"), dialog.locator("pre"), dialog.locator(".mc-permalink"),
        dialog.get_by_role("button", name="Copy permalink"), dialog.get_by_role("button", name="Close"),
    ):  # fmt: skip
        hands.walk_to(target)
    visitor.page.keyboard.press("Tab")
    inside = "document.activeElement.matches('body, #mc-citation *')"
    assert visitor.page.evaluate(inside)  # the page beneath cannot be reached
    dialog.get_by_role("button", name="Close").focus()
    visitor.page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(cite).to_be_focused()
    assert (hands.lost, hands.unseen) == ([], [])


def test_the_quotations_page_is_worked_by_keyboard_alone(make_visitor):
    visitor = make_visitor()
    visitor.page.goto(f"{visitor.address}quotations")
    hands = Hands(visitor)
    hands.walk_to(visitor.page.get_by_label("Text to check"))
    visitor.page.keyboard.insert_text(TEXT)
    hands.walk_to(visitor.page.get_by_role("button", name="Check"))
    visitor.page.keyboard.press("Enter")
    expect(visitor.page.locator(".checks")).to_be_visible()
    hands.walk_to(visitor.page.locator("a.tag").first)
    hands.press("Enter")
    expect(visitor.page.locator("#check-1")).to_be_in_viewport()
    hands.walk_to(visitor.page.locator("#check-1 .back"))
    hands.walk_to(visitor.page.locator("#check-1 button.mc-cite"))

    assert (hands.lost, hands.unseen) == ([], [])
    assert visitor.page.get_by_label("Text to check").input_value() == TEXT


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
def test_a_browser_sends_the_form_and_gets_each_verdict(make_visitor, scripts):
    visitor = make_visitor(java_script_enabled=scripts)
    check(visitor)

    expect(visitor.page.locator(".checks h3")).to_have_text(
        ["1 attributed to another", "2 exact", "3 altered", "4 absent"]
    )
    assert folded(visitor.page.locator("#claim-2").text_content()) == f"{OBSTACLE}2 exact"


def test_without_scripts_each_result_leads_to_its_forms(make_visitor):
    visitor = make_visitor(java_script_enabled=False)
    visitor.page.goto(f"{visitor.address}cite")
    visitor.page.get_by_label("Words").fill(OBSTACLE)
    visitor.page.get_by_role("button", name="Look up").click()
    visitor.page.get_by_role("link", name="Cite this").first.click()

    expect(visitor.page.locator("#sheet pre")).to_have_count(8)
    expect(visitor.page.locator("#sheet img")).to_be_visible()
    visitor.page.get_by_role("link", name="Read it in place").click()
    expect(visitor.page.locator("#record mark").first).to_be_visible()
    expect(visitor.page.locator("details summary").first).to_be_visible()


def test_on_paper_there_are_the_results_and_no_form(make_visitor):
    visitor = make_visitor()
    check(visitor)
    visitor.page.emulate_media(media="print")
    page = visitor.page

    expect(page.locator("textarea")).to_be_hidden()
    expect(page.locator(".masthead nav")).to_be_hidden()
    expect(page.get_by_role("button", name="Print", exact=True)).to_be_hidden()
    expect(page.locator("#check-1 del")).to_be_visible()
    expect(page.locator("#claim-1 .tag")).to_have_text("1 attributed to another")
    page.goto(f"{visitor.address}cite/akhromeev-crowe-1987/t20:9547-9670/sheet")
    expect(page.locator("[data-form=chicago] pre")).to_be_visible()
    expect(page.locator("#sheet img")).to_be_visible()
    expect(page.locator("[data-form=bibtex]")).to_be_hidden()


def test_the_print_button_prints(make_visitor):
    visitor = make_visitor()
    visitor.page.add_init_script("window.print = () => { window.printed = true; }")
    visitor.page.goto(f"{visitor.address}cite/nsdd-311/directive/e1/sheet")

    visitor.page.get_by_role("button", name="Print").click()

    assert visitor.page.evaluate("window.printed")


@pytest.mark.parametrize(("answer", "told"), [
    (lambda route: route.abort(), "The server cannot be reached. Try again in a moment."),
    (lambda route: route.fulfill(status=404, body="gone"), "This citation could not be opened (404)."),
], ids=["away", "gone"])  # fmt: skip
def test_a_citation_that_cannot_be_fetched_says_so(make_visitor, answer, told):
    visitor = make_visitor()
    visitor.page.goto(f"{visitor.address}cite/nsdd-311/directive/e1")
    visitor.page.route("**/sheet", answer)

    visitor.page.get_by_role("button", name="Cite this").click()

    expect(visitor.page.locator("#mc-citation").get_by_role("status")).to_have_text(told)
    visitor.page.keyboard.press("Escape")
    expect(visitor.page.get_by_role("button", name="Cite this")).to_be_focused()


def test_the_four_doors_stand_in_the_chats_head_and_lead_there(visitor):
    nav = visitor.page.locator("#mc-head .mc-nav")
    expect(nav).to_contain_text("Ask")

    for name in ("Documents", "Cite", "Check a quotation"):
        with visitor.page.expect_popup() as opened:  # beside the conversation, which would be lost
            nav.get_by_role("link", name=name, exact=True).click()
        expect(opened.value.locator(".masthead a[aria-current=page]")).to_have_text(name)
        expect(opened.value.locator(".masthead a").first).to_have_text("Ask")
