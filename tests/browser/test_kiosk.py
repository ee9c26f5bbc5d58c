"""A visit to the kiosk by touch alone, its end, and that nothing leads out of it."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from .guest import BROAD, UPRIGHT

SCREENS = {"upright": UPRIGHT, "broad": BROAD}
AGE = "How old was Admiral Crowe?"
VIENNA = "What is the main obstacle in Vienna?"


@pytest.fixture(params=SCREENS)
def guest(request, make_guest):
    return make_guest(viewport=SCREENS[request.param])


def exact_words(guest, citation_id: str) -> str:
    return guest.page.request.get(f"{guest.address}api/v1/citations/{citation_id}").json()["exact"]


def folded(words: str) -> str:
    return " ".join(words.split())


def test_a_whole_visit_by_touch_alone(guest):
    page = guest.open().page
    opening = page.locator(".opening:visible")
    asked = opening.locator("button").inner_text()
    opening.locator("button").tap()  # begins the visit and asks
    exchange = guest.answered(1)
    expect(exchange.locator(".talk-question")).to_have_text(asked)
    quotation = exchange.locator(".talk-outcome > .talk-quotation").first
    citation_id = quotation.get_attribute("data-citation")
    exact = exact_words(guest, citation_id)
    assert folded(quotation.locator(".talk-words").inner_text()) == folded(exact)
    expect(quotation.locator(".talk-speaker")).not_to_be_empty()

    quotation.get_by_role("button", name="See it in the record").tap()
    expect(guest.sheet.locator("mark").first).to_be_in_viewport()
    assert folded("".join(guest.sheet.locator("mark").all_text_contents())) == folded(exact)
    guest.sheet.get_by_role("button", name="Close").tap()
    expect(guest.sheet).to_be_hidden()

    listen = quotation.locator("[data-talk=listen]")
    with page.expect_response("**/speech/**") as spoken:
        listen.tap()
    assert spoken.value.status in (200, 206)
    expect(listen).to_have_attribute("aria-pressed", "true")
    listen.tap()
    expect(listen).to_have_attribute("aria-pressed", "false")
    sound = wave.open(
        io.BytesIO(page.request.get(guest.address.rstrip("/") + listen.get_attribute("data-sound")).body())
    )
    heard = np.frombuffer(sound.readframes(sound.getnframes()), dtype=np.int16)
    assert sound.getnframes() / sound.getframerate() > 1.0
    assert np.abs(heard.astype(np.int32)).max() > 3000

    quotation.get_by_role("button", name="Take it home").tap()
    code = guest.sheet.locator("img")
    expect(code).to_be_visible()
    decoded = zxingcpp.read_barcode(Image.open(io.BytesIO(code.screenshot())))
    assert folded(exact) in folded(decoded.text)
    guest.sheet.get_by_role("button", name="Close").tap()

    exchange.locator(".talk-onward button").first.tap()
    guest.answered(2)
    people = guest.show("people")
    people.get_by_role("button", name="William J. Crowe").tap()
    expect(people.get_by_text("Editor’s note, not part of the record").first).to_be_visible()
    people.locator(".person:visible .asks button").first.tap()
    guest.answered(3)
    guest.show("timeline").get_by_role("button", name="Read it").nth(2).tap()
    expect(guest.sheet.locator(".record")).to_be_visible()
    guest.sheet.get_by_role("button", name="Close").tap()
    guest.show("themes").get_by_role("button", name="What laser device was found on the ships?").tap()
    expect(guest.answered(4)).to_contain_text("laser binoculars")
    guest.show("compare").locator(".asks button").first.tap()
    assert len({q.split("/")[0] for q in cited(guest.answered(5))}) == 2

    guest.do("type")
    guest.press_keys("vienna, who?")
    expect(guest.box).to_have_value("vienna, who?")
    page.locator("[data-do=send]").tap()
    expect(guest.answered(6).locator(".talk-question")).to_have_text("vienna, who?")

    guest.end(lambda: guest.do("over"))
    assert "vienna, who?" not in page.content()
    assert page.locator("#log").inner_html() == ""
    assert guest.is_at_home() and guest.asked_elsewhere() == [] and guest.console == []


def cited(exchange) -> list[str]:
    quotations = exchange.locator(".talk-outcome > .talk-quotation")
    return [quotations.nth(n).get_attribute("data-citation") for n in range(quotations.count())]


def test_silence_is_asked_about_counted_down_extended_by_a_touch_and_then_forgets(make_guest):
    guest = make_guest()
    guest.page.clock.install()
    page = guest.begin().page
    guest.ask(VIENNA)
    guest.do("larger")
    guest.do("contrast")

    page.clock.run_for(89_000)
    expect(guest.still).to_be_hidden()
    page.clock.run_for(2_000)
    expect(guest.still).to_be_visible()
    expect(guest.still).to_contain_text("Still reading?")
    page.clock.run_for(20_000)
    left = int(page.locator("#seconds").inner_text())
    assert 5 <= left <= 10

    page.touchscreen.tap(20, 20)  # beside the dialog: any touch extends
    expect(guest.still).to_be_hidden()
    assert guest.exchanges.count() == 1
    page.clock.run_for(89_000)
    expect(guest.still).to_be_hidden()

    page.clock.run_for(3_000)
    expect(guest.still).to_be_visible()
    with page.expect_request("**/kiosk/end") as ended:
        guest.end(lambda: page.clock.run_for(31_000))
    assert ended.value.post_data_json["ended"] == "time-out"
    assert VIENNA not in page.content()
    assert page.locator("html").get_attribute("data-larger") is None
    assert page.evaluate("history.length") <= 2  # the blank page of a new browser, and this one
    page.go_back()
    page.go_forward()
    expect(guest.attract).to_be_visible()
    assert VIENNA not in page.content()


def test_a_touch_on_go_on_touches_nothing_behind_it(make_guest):
    guest = make_guest()
    guest.page.clock.install()
    guest.begin()
    guest.ask(VIENNA)
    guest.page.clock.run_for(91_000)

    guest.still.get_by_role("button", name="Go on reading").tap()

    expect(guest.still).to_be_hidden()
    expect(guest.page.locator("#talk")).to_be_visible()
    assert guest.exchanges.count() == 1


def test_while_the_server_is_away_the_question_is_kept_and_asked_again_by_itself(make_guest):
    guest = make_guest()
    guest.page.clock.install()
    page = guest.begin().page
    page.route("**/kiosk/ask", lambda route: route.abort())
    guest.do("type")
    guest.box.fill(VIENNA)
    page.locator("[data-do=send]").tap()
    waiting = page.locator(".talk-waiting")
    expect(waiting).to_contain_text("will be asked again by itself")
    expect(waiting).to_contain_text(VIENNA)
    page.clock.run_for(2_000)
    expect(waiting).to_contain_text(VIENNA)

    page.unroute("**/kiosk/ask")
    page.clock.run_for(16_000)

    expect(guest.answered(1)).to_contain_text("dual-use weapons")


@pytest.mark.parametrize(
    ("status", "told"), [(429, "Many questions"), (503, "Many questions"), (500, "cannot be fetched")]
)
def test_a_busy_server_is_told_in_words(make_guest, status, told):
    guest = make_guest()
    guest.page.clock.install()
    page = guest.begin().page
    page.route("**/kiosk/ask", lambda route: route.fulfill(status=status, headers={"retry-after": "1"}, body="{}"))
    guest.do("type")
    guest.box.fill(VIENNA)
    page.locator("[data-do=send]").tap()
    expect(page.locator(".talk-waiting")).to_contain_text(told)

    page.get_by_role("button", name="Stop trying").tap()

    expect(guest.box).to_have_value(VIENNA)
    expect(page.locator(".talk-waiting")).to_have_count(0)


def test_a_question_that_is_not_taken_goes_back_to_where_it_was_typed(make_guest):
    guest = make_guest()
    page = guest.begin().page
    guest.do("type")
    guest.box.evaluate("box => { box.removeAttribute('maxlength'); box.value = 'x '.repeat(1500); }")
    page.locator("[data-do=send]").tap()

    expect(page.locator("#log")).to_contain_text("Please put it in other words")
    assert len(guest.box.input_value()) == 2999


def test_the_language_is_changed_in_the_middle_of_a_visit_and_gone_with_it(make_guest):
    guest = make_guest()
    page = guest.begin().page
    guest.ask(VIENNA)
    guest.do("type")
    guest.box.fill("half a question")
    guest.do("tongues")
    page.locator("dialog#tongues").get_by_role("button", name="Русский").tap()
    expect(page.locator("html")).to_have_attribute("lang", "ru")

    expect(guest.exchanges).to_have_count(1)
    expect(guest.exchanges.last).to_contain_text("10 декабря 1987")
    expect(guest.exchanges.last.locator("blockquote").first).to_have_attribute("lang", "en")
    expect(guest.box).to_have_value("half a question")
    expect(page.locator("#keyboard [data-key='letter:щ']")).to_be_visible()
    page.locator("[data-do=send]").tap()
    guest.answered(2)
    guest.end(lambda: guest.do("over"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert "half a question" not in page.content()
