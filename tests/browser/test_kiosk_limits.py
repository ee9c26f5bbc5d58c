"""The kiosk at its limits: every state for everybody, everything tapped, every layout, and what is left of a visit."""

from __future__ import annotations

import json
import os
import signal
import time
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from bot.settings import Settings
from ui.languages import LANGUAGES

from .guest import BROAD, UPRIGHT
from .serving import Server
from .test_privacy import SECONDS_TO_FORGET, Watched

pytestmark = pytest.mark.slow

SCREENS = {"upright": UPRIGHT, "broad": BROAD}
AGE = "How old was Admiral Crowe?"
VIENNA = "What is the main obstacle in Vienna?"
VIEWS = ("home", "people", "timeline", "themes", "compare")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LEAST_TARGET = 60  # CSS pixels
N_TAPS = 150

SMALL_TARGETS = """least => [...document.querySelectorAll("button, summary, textarea")]
  .filter(element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .map(element => [element.getBoundingClientRect(), element.outerHTML.slice(0, 120)])
  .filter(([box]) => Math.min(Math.round(box.width * 10), Math.round(box.height * 10)) < least * 10)
  .map(([box, html]) => `${box.width} x ${box.height}: ${html}`)"""

OUT_OF_SIGHT = """() => [...document.querySelectorAll(":is(#bar, #asking, .still-buttons) :is(button, textarea)")]
  .filter(element => element.checkVisibility())
  .filter(element => {
    const box = element.getBoundingClientRect();
    return box.left < 0 || box.top < 0 || box.right > innerWidth + 0.5 || box.bottom > innerHeight + 0.5
      || element.scrollWidth > element.clientWidth + 1;
  })
  .map(element => element.outerHTML.slice(0, 120))"""


def states(guest, query=""):
    """Yield the name of each state when the screen shows it."""
    page = guest.open(query).page
    yield "attract"
    guest.begin(query)
    for view in VIEWS:
        guest.show(view)
        if view == "people":
            page.locator("#people [data-do=person]").nth(1).tap()
        yield view
    guest.ask(AGE)
    yield "silence"
    exchange = guest.ask("What did Akhromeev say about the laser incident?")
    exchange.locator(".talk-before summary").tap()
    yield "answer"
    exchange.locator("[data-talk=place]").first.tap()
    expect(guest.sheet.locator("mark").first).to_be_visible()
    yield "source"
    guest.sheet.locator("[data-talk=close]").tap()
    exchange.locator("[data-talk=keep]").first.tap()
    expect(guest.sheet.locator("img")).to_be_visible()
    yield "take home"
    guest.sheet.locator("[data-talk=close]").tap()
    guest.do("type")
    expect(page.locator("#keyboard .key").first).to_be_visible()
    yield "keyboard"
    page.locator("[data-key=more]").tap()
    yield "numbers and accents"
    page.locator("[data-key=hide]").tap()
    guest.do("tongues")
    yield "languages"
    page.locator("[data-do=close-tongues]").tap()
    page.clock.run_for(91_000)
    expect(guest.still).to_be_visible()
    yield "still reading"


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("chosen", [(), ("contrast", "larger")], ids=["as it is", "contrast and larger"])
def test_every_state_is_for_everybody(make_guest, screen, chosen):
    guest = make_guest(viewport=SCREENS[screen])
    guest.page.clock.install()
    found = {}
    for state in states(guest):
        if state == "home":
            for choice in chosen:
                guest.do(choice)
        violations = Axe().run(guest.page, options=RULES).response["violations"]
        found[state] = [f"{v['id']}: {len(v['nodes'])} x {v['nodes'][0]['html'][:200]}" for v in violations]
        found[state] += guest.page.evaluate(SMALL_TARGETS, LEAST_TARGET)
        found[state] += guest.page.evaluate(OUT_OF_SIGHT)

    assert {state: wrong for state, wrong in found.items() if wrong} == {}
    assert len(found) == 14


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS)
def test_every_language_has_room_in_the_foot(make_guest, language, screen):
    guest = make_guest(viewport=SCREENS[screen]).begin(f"?lang={language}")
    for choice in (None, "larger"):
        if choice:
            guest.do(choice)
        assert guest.page.evaluate(OUT_OF_SIGHT) == []
        assert guest.page.evaluate(SMALL_TARGETS, LEAST_TARGET) == []
    foot = guest.page.locator("#bar").bounding_box()
    assert foot["height"] < SCREENS[screen]["height"] / 4


# The middle of something that was not touched yet and can be: none of what lies behind an open dialog can.
FRESH = """seen => {
  const done = new Set(seen);
  for (const one of document.querySelectorAll("button, summary, textarea, figure, h1, h2, cite, mark, img")) {
    const key = one.outerHTML.slice(0, 160);
    if (one.disabled || done.has(key) || !one.checkVisibility()) continue;
    one.scrollIntoView({ block: "center" });
    const box = one.getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    if (one.contains(document.elementFromPoint(x, y))) return { key, x, y };
  }
  return null;
}"""


@pytest.mark.parametrize("screen", SCREENS)
def test_whoever_taps_everything_stays_in_the_kiosk(make_guest, screen):
    guest = make_guest(viewport=SCREENS[screen])
    page = guest.begin().page
    tapped: list[str] = []
    views = [view for view in (*VIEWS, "talk") for _ in range(2)]
    while views and len(tapped) < N_TAPS:
        fresh = page.evaluate(FRESH, tapped)
        if fresh is None:
            close = page.locator("dialog[open] button").last
            if close.is_visible():
                close.tap()
            else:
                guest.show(views.pop())
            continue
        tapped.append(fresh["key"])
        touch = partial(page.touchscreen.tap, fresh["x"], fresh["y"])
        if 'data-do="over"' in fresh["key"]:
            guest.end(touch)
            guest.begin()
        else:
            touch()
        assert guest.is_at_home()
    assert len(tapped) > 60
    assert guest.asked_elsewhere() == []
    assert guest.console == []


def test_no_menu_no_drag_no_key_and_no_gesture_leads_out(make_guest):
    guest = make_guest()
    page = guest.begin().page
    page.evaluate(
        "window.prevented = {};"
        "for (const kind of ['contextmenu', 'dragstart', 'drop', 'auxclick', 'keydown'])"
        " window.addEventListener(kind, e => { window.prevented[kind + (e.key ?? '')] = e.defaultPrevented; });"
    )
    page.locator("#home h1").click(button="right")
    page.locator("#home h1").click(button="middle")
    page.evaluate(
        "for (const kind of ['dragstart', 'drop'])"
        " document.querySelector('#home').dispatchEvent(new Event(kind, { bubbles: true, cancelable: true }))"
    )
    for chord in ("F5", "F1", "Alt+ArrowLeft", "Control+l", "Control+t", "Control+p", "Alt+Home"):
        page.keyboard.press(chord)
    prevented = page.evaluate("window.prevented")

    assert {name: stopped for name, stopped in prevented.items() if name not in ("keydownAlt", "keydownControl")} == {
        "contextmenu": True, "auxclick": True, "dragstart": True, "drop": True, "keydownF5": True, "keydownF1": True,
        "keydownArrowLeft": True, "keydownl": True, "keydownt": True, "keydownp": True, "keydownHome": True,
    }  # fmt: skip
    assert page.evaluate("getComputedStyle(document.querySelector('#home p')).userSelect") == "none"
    assert guest.is_at_home()


LAYOUTS = {
    "en": ("how old was crowe?", "qwertyuiop"),
    "ru": ("кто такой крау, съел щи?", "йцукенгшщзхъ"),
    "de": ("größe über maß?", "qwertzuiopü"),
    "fr": ("où est l’élève, ça?", "azertyuiop"),
    "es": ("mañana, el niño?", "qwertyuiop"),
}
ON_THE_OTHER_SIDE = {"fr": "ù"}  # letters that a layout keeps with the numbers


@pytest.mark.parametrize("language", LAYOUTS)
def test_each_language_has_the_keys_of_its_country(make_guest, language):
    words, first_row = LAYOUTS[language]
    guest = make_guest()
    page = guest.begin(f"?lang={language}").page
    guest.do("type")
    row = page.locator("#keyboard .keys").first.locator(".key")
    expect(row).to_have_count(len(first_row))
    assert "".join(row.all_inner_texts()) == first_row

    for letter in words:
        other = letter in ON_THE_OTHER_SIDE.get(language, "")
        if other:
            page.locator("[data-key=more]").tap()
        guest.press_keys(letter)
        if other:
            page.locator("[data-key=more]").tap()

    expect(guest.box).to_have_value(words)


def test_capitals_corrections_numbers_and_another_layout(make_guest):
    guest = make_guest()
    page = guest.begin().page
    guest.do("type")
    guest.press_keys("Was crox")
    page.locator("[data-key=backspace]").tap()
    guest.press_keys("we")
    page.locator("[data-key=more]").tap()
    guest.press_keys(" 19é")
    page.locator("[data-key=more]").tap()
    page.locator("[data-key=layout]").tap()
    guest.press_keys("Да")
    expect(guest.box).to_have_value("Was crowe 19éДа")

    guest.box.evaluate("box => box.setSelectionRange(0, 4)")
    guest.press_keys("ё")
    expect(guest.box).to_have_value("ёcrowe 19éДа")
    expect(guest.box).to_be_focused()
    box, keyboard = guest.box.bounding_box(), page.locator("#keyboard").bounding_box()
    assert box["y"] + box["height"] <= keyboard["y"]


def test_the_german_sharp_s_has_one_capital(make_guest):
    guest = make_guest().begin("?lang=de")
    guest.do("type")
    guest.page.locator("[data-key=shift]").tap()
    guest.page.locator("[data-key='letter:ß']").tap()

    expect(guest.box).to_have_value("ẞ")


def test_a_keyboard_of_ones_own_does_everything(make_guest):
    guest = make_guest(has_touch=False, viewport=BROAD)
    page = guest.open().page
    page.keyboard.press("Enter")
    expect(page.locator("#home h1")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#home .asks button").first).to_be_focused()
    page.keyboard.press("Enter")
    exchange = guest.answered(1)
    expect(exchange.locator(".talk-question")).to_be_focused()
    page.keyboard.press("Tab")
    expect(exchange.locator("[data-talk=place]").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(guest.sheet.locator("mark").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(guest.sheet).to_be_hidden()
    expect(exchange.locator("[data-talk=place]").first).to_be_focused()

    page.locator("#bar [data-do=type]").focus()
    page.keyboard.press("Enter")
    expect(guest.box).to_be_focused()
    page.keyboard.type(AGE)
    page.keyboard.press("Enter")
    expect(guest.answered(2).locator(".talk-question")).to_have_text(AGE)
    page.locator("#bar [data-do=type]").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#asking")).to_be_hidden()
    expect(page.locator("#bar [data-do=type]")).to_be_focused()


def test_the_keys_of_the_screen_are_one_stop_and_walked_with_arrows(make_guest):
    guest = make_guest(has_touch=False)
    page = guest.begin_with_mouse().page
    page.locator("#bar [data-do=type]").click()
    guest.box.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.locator("[data-key='letter:q']")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-key='letter:s']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(guest.box).to_have_value("s")


def test_what_is_news_is_told_once_by_one_live_region(make_guest):
    guest = make_guest()
    page = guest.begin().page
    assert page.locator("[aria-live], [role=status], [role=log], [role=alert]").count() == 1

    guest.ask(VIENNA)

    live = page.locator("#live")
    expect(live).to_contain_text("The record says:")
    expect(live).to_contain_text("dual-use weapons")
    expect(live).not_to_contain_text("What was said just before")


def test_nothing_of_a_visit_is_left_in_the_servers_memory_or_on_its_disk(chromium_path, cache_path, make_guest):
    words = ("zebrafish7731", "heron4402", "kingfisher5518")
    with Watched(cache_path) as watched:
        guest = make_guest(watched)
        page = guest.begin().page
        guest.ask(f"What was said about {words[0]}?")
        guest.ask(f"And what about {words[1]}?")
        guest.do("tongues")
        page.locator("dialog#tongues [data-language=de]").tap()
        expect(page.locator("html")).to_have_attribute("lang", "de")
        expect(guest.exchanges.last.locator(".talk-question")).to_contain_text(words[1])
        assert all(watched.find(*words[:2]).values()), "the search of the memory finds nothing at all"
        guest.do("type")
        guest.box.fill(f"and {words[2]}")

        guest.end(lambda: guest.do("over"))

        deadline = time.monotonic() + SECONDS_TO_FORGET
        while any((left := watched.find(*words)).values()) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert left == {word: [] for word in words}
        assert [path for word in words for path in watched.files_with(word)] == []
        assert not any(word in watched.log() for word in words)
        assert not any(word in page.content() for word in words)
        stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
        assert json.loads(stored) == [{}, {}, ""]
        guest.attract.locator("button").first.tap()  # asks before the next visit is known to the server
        guest.answered(1)
        figures = page.request.get(f"{watched.address}metrics").text()
        assert 'memcon_visits_ended_total{door="kiosk",ended="start-over",language="de"} 1.0' in figures
        assert 'memcon_visits_total{door="kiosk"} 2.0' in figures


def test_a_question_on_its_way_when_the_visit_ends_is_forgotten_too(chromium_path, cache_path, make_guest):
    word = "zebrafish7731"
    with Watched(cache_path) as watched:
        guest = make_guest(watched)
        page = guest.begin().page
        guest.do("type")
        guest.box.fill(f"What was said about {word}, and what about the ships, and who said all of that?")
        with page.expect_request("**/kiosk/ask"):
            page.locator("[data-do=send]").tap()
        guest.end(lambda: guest.do("over"))

        deadline = time.monotonic() + SECONDS_TO_FORGET
        while any((left := watched.find(word)).values()) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert left == {word: []}
        assert word not in page.content()


def test_a_visit_goes_on_after_the_server_was_killed_and_started_again(cache_path, make_guest):
    with Server(cache_path) as first:
        port = first.port
        guest = make_guest(first)
        page = guest.begin().page
        guest.ask(VIENNA)
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()
        guest.do("type")
        guest.box.fill(AGE)
        page.locator("[data-do=send]").tap()
        expect(page.locator(".talk-waiting")).to_contain_text("asked again by itself")
    with Server(cache_path, port=port):
        expect(guest.exchanges).to_have_count(2, timeout=60_000)
        expect(guest.exchanges.last.locator(".talk-question")).to_have_text(AGE)
        guest.end(lambda: guest.do("over"))


def test_a_visit_that_ends_while_the_server_is_away_is_wiped_at_once(cache_path, make_guest):
    with Server(cache_path) as first:
        port = first.port
        guest = make_guest(first)
        page = guest.begin().page
        guest.ask("What was said about zebrafish7731?")
        os.kill(first.process.pid, signal.SIGKILL)
        first.process.wait()
        guest.do("over")
        expect(guest.attract).to_be_visible()
        assert "zebrafish7731" not in page.content()
        assert guest.is_at_home()
    with Server(cache_path, port=port), page.expect_navigation(timeout=60_000):
        pass
    expect(guest.attract).to_be_visible()


def test_the_quotations_of_the_first_screen_follow_one_another(make_guest):
    guest = make_guest()
    guest.page.clock.install()
    page = guest.open().page
    seen = set()
    for _ in range(page.locator(".opening").count() + 1):
        expect(page.locator(".opening:visible")).to_have_count(1)
        seen.add(page.locator(".opening:visible blockquote").inner_text())
        page.clock.run_for(12_500)

    assert len(seen) == page.locator(".opening").count() >= 5


def test_a_hostile_collection_shows_its_characters(cache_path, tmp_path, make_guest):
    folder = tmp_path / "hostile"
    (folder / "documents").mkdir(parents=True)
    said = "The harbour <img src=x onerror=alert(1)> was closed </script><script>alert(2)</script> in May \u202ekcatta."
    (folder / "documents" / "minutes.txt").write_text(
        f"Anna. {said}\n\nBert. And why was it closed?\n", encoding="utf-8"
    )
    with Server(cache_path, collection_path=folder) as server:
        guest = make_guest(server)
        exchange = guest.begin().ask("<b>Who</b> closed the harbour </script><script>alert(3)</script>?")
        expect(exchange.locator(".talk-question")).to_contain_text("</script><script>alert(3)</script>?")
        answer = guest.ask("When was the harbour closed?")
        expect(answer).to_contain_text("<img src=x onerror=alert(1)>")
        answer.locator("[data-talk=place]").first.tap()
        expect(guest.sheet).to_contain_text("</script><script>alert(2)</script>")
        assert guest.page.locator("#log img, #sheet img, #attract img").count() == 0
        assert guest.console == [] and guest.asked_elsewhere() == []


def test_settings_of_the_time_out_reach_the_page(cache_path, make_guest):
    environment = {"MEMCON_KIOSK_IDLE_SECONDS": "12", "MEMCON_KIOSK_COUNTDOWN_SECONDS": "20", "MEMCON_KIOSK": "true"}
    assert (Settings().kiosk_idle_seconds, Settings().kiosk_countdown_seconds) == (90, 30)
    with Server(cache_path, environment=environment) as server:
        guest = make_guest(server)
        guest.page.clock.install()
        guest.begin()
        guest.page.clock.run_for(12_500)
        expect(guest.still).to_be_visible()
        expect(guest.page.locator("#seconds")).to_have_text("20")
        guest.end(lambda: guest.page.clock.run_for(21_000))
