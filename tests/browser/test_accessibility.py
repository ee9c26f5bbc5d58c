"""What assistive technology, small screens and large letters meet, in every state of every page."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

LASER = "What did Akhromeev say about the laser incident?"
AGE = "How old was Admiral Crowe?"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOUR_RULES = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
LEAST_WIDTH = {"width": 320, "height": 256}  # what 1280 x 1024 is at 400 %
LEAST_TARGET = 24  # CSS pixels
RECORDS = ("documents/akhromeev-crowe-1987", "documents/nsdd-311", "documents/nsdd-311/directive")

# Links in running text may be as high as their line (WCAG 2.5.8 exempts them).
SMALL_TARGETS = """least => [...document.querySelectorAll("button, summary, input, textarea, a[href]")]
  .filter(element => element.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter(element => !element.closest(".mc-unseen, .skip, .unseen"))
  .filter(element => {
    const { width, height } = element.getBoundingClientRect();
    const inline = element.matches("a") && getComputedStyle(element).display === "inline";
    return width > 0 && !inline && (width < least || height < least);
  })
  .map(element => element.outerHTML.slice(0, 150))"""

REACHES_OUT = """() => {
  const root = document.documentElement;
  return root.scrollWidth > root.clientWidth ? root.scrollWidth - root.clientWidth : 0;
}"""

# What is spoken unasked: each change of the text of a region that is live, and of no other.
LISTEN = """() => {
  window.spoken = [];
  const live = "[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]:not([aria-live=off])";
  const hear = () => {
    for (const region of document.querySelectorAll(live)) {
      const text = region.textContent.trim();
      if (text && text !== region.heard) window.spoken.push(text);
      region.heard = text;
    }
  };
  hear();
  window.spoken = [];
  new MutationObserver(hear).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def violations(page) -> list[str]:
    """Return what axe finds wrong with the page as it stands, with the first element of each.

    At its end: further up, the foot of the chat stands before the conversation, and axe takes what is half covered, and
    comes out on scrolling, for a small target. In the dark only what colours can break: the rest is found in the light.
    """
    page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    found = Axe().run(page, options=COLOUR_RULES if dark else RULES).response["violations"]
    return [f"{v['id']}: {len(v['nodes'])} x {v['nodes'][0]['html'][:200]}" for v in found]


def violations_by_state(visitor, states):
    """Return what axe finds in the page, by the states that it goes through; those without a violation are left out."""
    return {state: told for state in states if (told := violations(visitor.page))}


def walk(visitor):
    """Yield the name of each state when the page is in it."""
    visitor.open()
    yield "opening"
    visitor.ask(AGE)
    yield "abstention"
    outcome = visitor.ask(LASER)
    outcome.locator(".mc-before summary").click()
    yield "answer"
    outcome.locator(".mc-marker").first.click()
    expect(visitor.panel.locator("mark").first).to_be_visible()
    yield "source"
    for path in ("documents", *RECORDS):
        visitor.page.goto(visitor.address + path)
        yield path
    visitor.page.goto(visitor.address.rstrip("/") + visitor.outcome_of(LASER)["citations"][0]["url"])
    visitor.page.locator("details summary").first.click()
    yield "citation"
    visitor.page.goto(f"{visitor.address}documents/none")
    yield "error"


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(make_visitor, scheme, viewport):
    visitor = make_visitor(viewport=viewport, color_scheme=scheme, reduced_motion="reduce")

    assert violations_by_state(visitor, walk(visitor)) == {}


def test_nothing_reaches_out_of_the_narrowest_window_and_every_target_can_be_hit(make_visitor):
    visitor = make_visitor(viewport=LEAST_WIDTH, reduced_motion="reduce", has_touch=True)
    wide, small = {}, {}

    for state in walk(visitor):
        if pixels := visitor.page.evaluate(REACHES_OUT):
            wide[state] = pixels
        if targets := visitor.page.evaluate(SMALL_TARGETS, LEAST_TARGET):
            small[state] = targets

    assert wide == {}
    assert small == {}


def test_one_can_still_read_and_ask_in_the_lowest_window(make_visitor):
    visitor = make_visitor(viewport=LEAST_WIDTH, reduced_motion="reduce").open()

    words = visitor.ask(LASER).locator(".mc-words").first

    expect(words).to_be_in_viewport()
    seen = """element => {
      const { left, top } = element.getBoundingClientRect();
      return document.elementFromPoint(left + 5, top + 12) === element;
    }"""
    assert words.evaluate(seen), "the words are covered"
    visitor.box.scroll_into_view_if_needed()
    assert visitor.box.evaluate(seen), "the box is covered"


def test_each_page_has_a_language_and_one_main_heading(make_visitor):
    visitor = make_visitor()

    for state in walk(visitor):
        page = visitor.page
        assert (state, page.locator("html").get_attribute("lang")) == (state, "en")
        assert (state, page.locator("h1").count()) == (state, 1)
        if state == "answer":
            for words in page.locator(".mc-words, .mc-where").all():
                expect(words).to_have_attribute("lang", "en")
        elif state in ("source", *RECORDS, "citation"):
            expect(page.locator("#record .parts[lang=en] .passage").first).to_be_attached()


def test_each_outcome_is_spoken_exactly_once(visitor):
    page = visitor.page
    page.evaluate(LISTEN)
    expect(page.locator("[role=log]")).to_have_attribute("aria-live", "off")
    spoken = []

    for n_asked, question in enumerate((LASER, AGE, "Who said that?"), start=1):
        outcome = visitor.ask(question)
        expect(page.locator("#mc-announce")).to_contain_text(outcome.locator(".mc-fixed").first.text_content())
        spoken.append(page.locator("#mc-announce").text_content())
        assert page.evaluate("window.spoken") == spoken, f"after {n_asked} questions"
    visitor.outcomes.last.evaluate("outcome => outcome.classList.add('old')")
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator(".mc-outcome.old")).to_have_count(0)
    page.wait_for_function("n => window.spoken.length >= n", arg=len(spoken) + 1)
    visitor.answered(3)

    assert page.evaluate("window.spoken") == [*spoken, spoken[-1]]
    assert visitor.quoted()[0] in spoken[0]


def test_who_wants_no_motion_gets_none(make_visitor):
    visitor = make_visitor(reduced_motion="reduce").open()
    page = visitor.page
    page.evaluate(
        """() => {
          window.smooth = [];
          const usual = Element.prototype.scrollIntoView;
          Element.prototype.scrollIntoView = function (how) {
            window.smooth.push(how.behavior);
            usual.call(this, how);
          };
        }"""
    )

    visitor.ask(LASER).locator(".mc-marker").first.click()
    expect(visitor.panel.locator("mark").first).to_be_in_viewport()
    moving = page.evaluate("document.getAnimations().filter(a => a.playState === 'running').map(a => a.animationName)")

    assert set(page.evaluate("window.smooth")) == {"auto"}
    assert moving == []
    page.goto(f"{visitor.address}documents")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
