"""The conversation in a page of another site: a museum's page from another origin, with a strict policy of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Frame, FrameLocator, Locator, Page, expect

from .serving import Server
from .visitor import exact_of, folded

SAMPLE_PATH = Path(__file__).parent.parent.parent / "ui" / "embedding"
SAMPLE_ADDRESS = "https://memcon.museum.example"
PUBLIC_ADDRESS = "https://permalinks.example"
VIENNA = "What is the main obstacle in Vienna?"
AGE = "How old was Admiral Crowe?"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LEAST_TARGET = 24  # CSS pixels

# What the page of the museum was told, in the order in which it came; those who listened before it have heard it.
HEAR = (
    "() => { window.heard = []; addEventListener('message', event => window.heard.push([event.origin, event.data])); }"
)
HEIGHT = "frame => frame.offsetHeight"
STANDS_STILL = """frame => {
  const now = performance.now();
  if (frame.stoodAt !== frame.offsetHeight) [frame.stoodAt, frame.stoodSince] = [frame.offsetHeight, now];
  return now - frame.stoodSince > 500;
}"""
POST = """message => new Promise(resolve => {
  addEventListener("message", () => resolve(), { once: true });
  window.postMessage(message, "*");
})"""

FRAME = """address => {
  const frame = document.createElement("iframe");
  frame.src = address;
  document.body.append(frame);
}"""
# What is wider than its room or than the window, or smaller than a finger hits.
AMISS = """(root, least) => [...root.querySelectorAll("body, #head, #scroller, #ask, .sheet-body, button, a")]
  .filter(part => part.checkVisibility())
  .filter(part => {
    const { left, right, height, width } = part.getBoundingClientRect();
    const target = part.matches("button, a");
    const wide = !target && part.scrollWidth > part.clientWidth + 1;
    return wide || right > innerWidth + 0.5 || left < -0.5 || (target && (height < least || width < least));
  })
  .map(part => part.outerHTML.slice(0, 120))"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Museum:
    """A site of its own: the server of a folder, under an address that may embed, and one that may not."""

    folder: Path
    address: str
    stranger: str  # the same pages under an address that no setting names


@pytest.fixture(scope="module")
def museum(chromium_path: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Museum]:
    folder = tmp_path_factory.mktemp("museum")
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        found = re.search(r"port ([0-9]+)", process.stdout.readline())
        port = found[1]
        yield Museum(folder=folder, address=f"http://localhost:{port}/", stranger=f"http://127.0.0.1:{port}/")
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def memcon(museum: Museum, cache_path: Path) -> Iterator[Server]:
    settings = {"MEMCON_FRAME_ANCESTORS": museum.address.rstrip("/"), "MEMCON_PUBLIC_URL": PUBLIC_ADDRESS}
    with Server(cache_path, environment=settings) as server:
        sample = (SAMPLE_PATH / "museum.html").read_text(encoding="utf-8")
        assert sample.count(SAMPLE_ADDRESS) == 4
        museum_page = sample.replace(SAMPLE_ADDRESS, server.address.rstrip("/"))
        (museum.folder / "index.html").write_text(museum_page, encoding="utf-8")
        shutil.copy(SAMPLE_PATH / "museum.css", museum.folder)
        yield server


WritePage = Callable[[str, str], str]


@pytest.fixture
def write_page(museum: Museum, memcon: Server) -> WritePage:
    """Return ``write(name, body)``, which puts a page with memcon's script on the museum's site, and its address."""

    def write(name: str, body: str) -> str:
        head = f'<!doctype html><meta charset="utf-8"><title>{name}</title><script src="MEMCONembed.js"></script>'
        (museum.folder / name).write_text(f"{head}{body}".replace("MEMCON", memcon.address), encoding="utf-8")
        return f"{museum.address}{name}"

    return write


Visit = Callable[..., Page]


@pytest.fixture
def visit(make_context, museum: Museum, memcon: Server) -> Visit:
    """Return ``visit(address, **options)``, which opens the museum's page, or another, and listens to its console."""

    def open_page(address: str | None = None, **options: object) -> Page:
        page = make_context(**{"viewport": {"width": 1000, "height": 1400}, **options}).new_page()
        page.console = []
        page.on("console", lambda said: page.console.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: page.console.append(str(error)))
        page.goto(address or museum.address)
        return page

    return open_page


def frame_of(page: Page, number: int = 0) -> Locator:
    return page.locator("memcon-chat iframe").nth(number)


def inside(page: Page, number: int = 0) -> FrameLocator:
    return page.frame_locator("memcon-chat iframe").nth(number)


def window_of(page: Page, number: int = 0) -> Frame:
    expect(inside(page, number).locator("#question")).to_be_visible()
    return frame_of(page, number).element_handle().content_frame()


def ask(chat: FrameLocator, question: str) -> Locator:
    """Type a question, and return its exchange once it is answered."""
    exchanges = chat.locator(".talk-exchange:not(.talk-waiting)")
    n_asked = exchanges.count()
    chat.locator("#question").fill(question)
    chat.locator("#question").press("Enter")
    expect(exchanges).to_have_count(n_asked + 1)
    return exchanges.last


def quoted(exchange: Locator) -> list[str]:
    words = exchange.locator(".talk-outcome > .talk-quotation > .talk-words")
    return [folded(text) for text in words.all_text_contents()]


def outcome_of(page: Page, memcon: Server, question: str):
    return page.request.post(f"{memcon.address}api/v1/ask", data={"question": question}).json()


def height_of(page: Page, number: int = 0) -> int:
    """Return a frame's height, once it has told its own and nothing changed it for half a second."""
    frame = frame_of(page, number)
    expect(frame.content_frame.locator("#suggestions button").first).to_be_visible()
    page.wait_for_function(STANDS_STILL, arg=frame.element_handle())
    return frame.evaluate(HEIGHT)


def test_a_visitor_asks_in_the_museums_page_and_the_frame_grows_with_the_conversation(visit, memcon):
    page = visit()
    chat = inside(page)
    expect(chat.locator("#suggestions button")).to_have_count(4)
    before = height_of(page)

    exchange = ask(chat, VIENNA)
    assert quoted(exchange) == exact_of(outcome_of(page, memcon, VIENNA)["citations"])
    expect(exchange.locator(".talk-question")).to_be_focused()
    page.wait_for_function(
        "([frame, before]) => frame.offsetHeight > before", arg=[frame_of(page).element_handle(), before]
    )
    scroller = chat.locator("#scroller")
    expect(scroller).to_have_js_property("scrollTop", 0)
    assert scroller.evaluate("part => part.scrollHeight - part.clientHeight") == 0

    silence = ask(chat, AGE)
    expect(silence).to_have_class(re.compile("talk-silence"))
    page.wait_for_function("frame => frame.offsetHeight === innerHeight * 0.9", arg=frame_of(page).element_handle())
    assert page.console == []


def test_a_new_conversation_begins_as_the_first_did(visit):
    page = visit()
    chat = inside(page)
    expect(chat.locator("#anew")).to_be_hidden()
    before = height_of(page)
    ask(chat, VIENNA)

    chat.locator("#anew").click()

    expect(chat.locator(".talk-exchange")).to_have_count(0)
    expect(chat.locator("#opening")).to_be_visible()
    expect(chat.locator("#question")).to_be_focused()
    page.wait_for_function(
        "([frame, before]) => frame.offsetHeight === before", arg=[frame_of(page).element_handle(), before]
    )


def test_the_record_opens_inside_the_frame_with_the_words_marked(visit, memcon):
    page = visit()
    chat = inside(page)
    exchange = ask(chat, VIENNA)
    exchange.locator("[data-talk=place]").first.click()

    marks = chat.locator("#sheet mark")
    expect(marks.first).to_be_in_viewport()
    assert folded("".join(marks.all_text_contents())) == quoted(exchange)[0]
    expect(chat.locator("#sheet [data-talk=close]")).to_be_in_viewport(ratio=1)
    expect(chat.locator("#sheet a")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(chat.locator("#sheet")).to_be_hidden()
    expect(exchange.locator("[data-talk=place]").first).to_be_focused()


def test_a_permalink_opens_in_a_tab_of_its_own_that_knows_nothing_of_this_one(visit, memcon):
    page = visit()
    page.context.route(
        f"{PUBLIC_ADDRESS}/**", lambda route: route.fulfill(body="<title>here</title>", content_type="text/html")
    )
    exchange = ask(inside(page), VIENNA)

    with page.context.expect_page() as opened:
        exchange.get_by_role("link", name="Link to this quotation").first.click()

    opened.value.wait_for_load_state()
    assert opened.value.url == PUBLIC_ADDRESS + outcome_of(page, memcon, VIENNA)["citations"][0]["url"]
    assert opened.value.evaluate("[window.opener, document.referrer]") == [None, ""]


def test_it_works_where_the_browser_keeps_cookies_and_storage_from_the_frames_of_other_sites(visit, memcon):
    page = visit()
    window = window_of(page)
    assert window.evaluate("document.cookie = 'crumb=1; SameSite=None; Secure'; document.cookie") == ""
    with pytest.raises(Error, match="Access is denied"):
        window.evaluate("localStorage.length")

    exchange = ask(inside(page), VIENNA)
    assert quoted(exchange) == exact_of(outcome_of(page, memcon, VIENNA)["citations"])
    follow_up = ask(inside(page), "And who said so?")
    expect(follow_up.locator(".talk-question")).to_have_text("And who said so?")
    assert page.context.cookies() == []
    assert page.console == []


def test_a_site_that_no_setting_names_is_refused_by_the_browser(visit, memcon, museum):
    page = visit(museum.stranger)
    with page.expect_console_message(lambda said: "frame-ancestors" in said.text):
        page.reload()

    assert not [frame.url for frame in page.frames if frame.url.startswith(memcon.address)]
    assert inside(page).locator("#question").count() == 0
    assert frame_of(page).evaluate(HEIGHT) == 420


@pytest.mark.parametrize("path", ["", "kiosk", "documents", "cite", "embed/place/nsdd-311"])
def test_no_other_page_can_be_framed_even_by_a_site_that_the_settings_name(visit, memcon, write_page, path):
    address = write_page("other.html", "<p>framed")
    page = visit(address)

    with page.expect_console_message(lambda said: "frame-ancestors 'self'" in said.text):
        page.evaluate(FRAME, f"{memcon.address}{path}")


def test_messages_from_any_other_window_or_origin_change_nothing(visit, museum, write_page):
    (museum.folder / "attacker.html").write_text(
        '<script>onmessage = event => parent.postMessage(event.data, "*")</script>', encoding="utf-8"
    )
    address = write_page(
        "attacked.html",
        f'<memcon-chat></memcon-chat><iframe src="{museum.stranger}attacker.html"></iframe>'
        '<iframe src="MEMCONembed"></iframe>',
    )
    page = visit(address)
    window = window_of(page)
    page.evaluate(HEAR)
    before = height_of(page)
    message = {"type": "memcon:height", "height": 1111, "title": "evil"}

    page.evaluate(POST, message)
    stranger, second = (page.locator("body > iframe").nth(n).element_handle().content_frame() for n in (0, 1))
    for n_heard, frame in ((1, stranger), (2, second)):
        frame.evaluate("message => parent.postMessage(message, '*')", message)
        page.wait_for_function("n => window.heard.filter(([, data]) => data.height === 1111).length > n", arg=n_heard)

    origins = {origin for origin, data in page.evaluate("window.heard") if data["height"] == 1111}
    assert len(origins) == 3
    assert height_of(page) == before
    assert frame_of(page).get_attribute("title") != "evil"
    window.evaluate("message => parent.postMessage(message, '*')", message)
    page.wait_for_function("frame => frame.offsetHeight === 1111", arg=frame_of(page).element_handle())


@pytest.mark.parametrize(
    "message",
    ["null", "7", "'memcon:height'", "[]", "{type: 'memcon:height'}", "{type: 'memcon:height', height: '900'}",
     "{type: 'memcon:height', height: NaN}", "{type: 'memcon:height', height: Infinity}",
     "{type: 'other', height: 900}", "{type: 'memcon:height', height: -900}",
     "{type: 'memcon:height', height: {valueOf: 900}}"],
)  # fmt: skip
def test_a_message_that_is_none_changes_nothing(visit, message):
    page = visit()
    window = window_of(page)
    before = height_of(page)
    page.evaluate(HEAR)

    window.evaluate(f"parent.postMessage({message}, '*')")
    page.wait_for_function("() => window.heard.length > 0")

    assert height_of(page) == (420 if "-900" in message else before)
    assert page.console == []


def test_a_monstrous_height_leaves_the_page_usable(visit):
    page = visit()
    window_of(page).evaluate("parent.postMessage({type: 'memcon:height', height: 1e300}, '*')")

    page.wait_for_function("frame => frame.offsetHeight === innerHeight * 0.9", arg=frame_of(page).element_handle())


def test_heights_are_told_to_the_page_that_holds_the_frame_and_to_no_other_origin(visit, memcon, write_page):
    told = visit(write_page("told.html", '<iframe src="MEMCONembed" referrerpolicy="origin" title="x"></iframe>'))
    silent = visit(
        write_page("silent.html", '<iframe src="MEMCONembed" referrerpolicy="no-referrer" title="x"></iframe>')
    )
    for page in (told, silent):
        page.evaluate(HEAR)
        chat = page.frame_locator("iframe")
        ask(chat, VIENNA)
    told.wait_for_function("() => window.heard.length > 0")

    origin = memcon.address.rstrip("/")
    assert {(o, d["type"], tuple(sorted(d))) for o, d in told.evaluate("window.heard")} == {
        (origin, "memcon:height", ("height", "title", "type"))
    }
    assert silent.evaluate("window.heard") == []


def test_two_conversations_on_one_page_stay_apart(visit, write_page):
    page = visit(
        write_page("two.html", '<memcon-chat src-lang="de"></memcon-chat><memcon-chat height="300"></memcon-chat>')
    )
    frame_of(page, 1).scroll_into_view_if_needed()
    german, english = inside(page, 0), inside(page, 1)
    expect(german.locator("html")).to_have_attribute("lang", "de")
    expect(english.locator("html")).to_have_attribute("lang", "en")
    expect(german.locator("#question")).to_be_visible()
    heights = [height_of(page, 0), height_of(page, 1)]

    ask(english, VIENNA)

    page.wait_for_function(
        "([frame, before]) => frame.offsetHeight > before", arg=[frame_of(page, 1).element_handle(), heights[1]]
    )
    expect(german.locator(".talk-exchange")).to_have_count(0)
    assert height_of(page, 0) == heights[0]


def test_attributes_say_language_theme_height_and_title_and_are_followed_when_they_change(visit, write_page):
    page = visit(
        write_page(
            "attributes.html",
            '<memcon-chat src-lang="ru" theme="dark" height="910" label="<b>Papers</b>"></memcon-chat>',
        )
    )
    chat = inside(page)
    expect(chat.locator("html")).to_have_attribute("lang", "ru")
    expect(chat.locator("html")).to_have_attribute("data-theme", "dark")
    assert height_of(page) == 910
    assert frame_of(page).get_attribute("title") == "<b>Papers</b>"

    element = page.locator("memcon-chat")
    for change in ("setAttribute('src-lang', 'fr')", "removeAttribute('theme')", "setAttribute('height', 'x')"):
        element.evaluate(f"element => element.{change}")
    element.evaluate("element => element.removeAttribute('label')")
    expect(chat.locator("html")).to_have_attribute("lang", "fr")
    expect(chat.locator("html")).not_to_have_attribute("data-theme", "dark")
    page.wait_for_function("frame => frame.offsetHeight < 910", arg=frame_of(page).element_handle())
    expect(frame_of(page)).to_have_attribute("title", chat.locator("html").evaluate("root => root.ownerDocument.title"))


def test_an_element_that_is_moved_or_made_by_a_script_works_and_one_taken_away_listens_no_more(visit, write_page):
    page = visit(write_page("moved.html", "<main></main><aside></aside>"))
    page.evaluate("document.querySelector('main').append(document.createElement('memcon-chat'))")
    ask(inside(page), VIENNA)
    page.evaluate("document.querySelector('aside').append(document.querySelector('memcon-chat'))")

    expect(inside(page).locator("#opening")).to_be_visible()
    ask(inside(page), VIENNA)
    page.evaluate("document.querySelector('memcon-chat').remove()")
    page.evaluate(POST, {"type": "memcon:height", "height": 1})
    assert page.console == []


def test_the_script_may_come_twice(visit, write_page):
    page = visit(write_page("twice.html", '<script src="MEMCONembed.js"></script><memcon-chat></memcon-chat>'))

    ask(inside(page), VIENNA)
    assert page.console == []


def test_where_scripts_do_not_run_there_is_a_link(visit, memcon):
    page = visit(java_script_enabled=False)

    expect(page.get_by_role("link", name="Ask the archive")).to_have_attribute("href", memcon.address)


@pytest.mark.parametrize("language", ["en", "ru", "de", "fr", "es"])
def test_nothing_reaches_out_at_280_pixels_and_every_target_can_be_hit(visit, write_page, language):
    body = f'<style>body {{ margin: 0 }}</style><memcon-chat src-lang="{language}"></memcon-chat>'
    page = visit(write_page("narrow.html", body), viewport={"width": 280, "height": 700})
    chat = inside(page)
    expect(chat.locator("#opening")).to_be_visible()
    states = [chat.locator("html").evaluate(AMISS, LEAST_TARGET)]
    ask(chat, VIENNA)
    states.append(chat.locator("html").evaluate(AMISS, LEAST_TARGET))
    ask(chat, "a" * 400)
    states.append(chat.locator("html").evaluate(AMISS, LEAST_TARGET))
    chat.locator("[data-talk=place]").first.click()
    expect(chat.locator("#sheet .record")).to_be_visible()
    states.append(chat.locator("html").evaluate(AMISS, LEAST_TARGET))

    assert states == [[]] * 4


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(visit, memcon, scheme):
    page = visit(f"{memcon.address}embed", viewport={"width": 320, "height": 700}, color_scheme=scheme)
    chat = page.locator("body")

    def check(state: str) -> None:
        found = Axe().run(page, options=RULES).response["violations"]
        assert (state, [(v["id"], v["nodes"][0]["html"][:200]) for v in found]) == (state, [])

    check("opening")
    for question in (VIENNA, AGE):
        n_asked = chat.locator(".talk-exchange").count()
        chat.locator("#question").fill(question)
        chat.get_by_role("button", name="Ask", exact=True).click()
        expect(chat.locator(".talk-exchange:not(.talk-waiting)")).to_have_count(n_asked + 1)
        check(question)
    chat.locator("[data-talk=place]").first.click()
    expect(chat.locator("#sheet mark").first).to_be_visible()
    check("record")
