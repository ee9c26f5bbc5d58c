"""The chat by keyboard alone: everything is reached, the focus is always seen, and never lost."""

from __future__ import annotations

from playwright.sync_api import expect

LASER = "What did Akhromeev say about the laser incident?"
MAX_STEPS = 90
FOCUSED = """() => {
  const focused = document.activeElement;
  const style = getComputedStyle(focused);
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return { name: focused.tagName.toLowerCase(), seen, html: focused.outerHTML.slice(0, 200) };
}"""


class Hands:
    """Presses keys, and looks after each of them where the focus is."""

    def __init__(self, visitor) -> None:
        self.page = visitor.page
        self.lost: list[str] = []
        self.unseen: list[str] = []

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.look(key)

    def look(self, after: str) -> None:
        focused = self.page.evaluate(FOCUSED)
        if focused["name"] in ("body", "html"):
            self.lost.append(after)
        elif not focused["seen"]:
            self.unseen.append(focused["html"])

    def walk_to(self, target, key: str = "Tab") -> None:
        """Press ``key`` until ``target`` has the focus."""
        for _ in range(MAX_STEPS):
            if target.evaluate("element => element === document.activeElement"):
                return
            self.press(key)
        raise AssertionError(f"{target} is not reached by {MAX_STEPS} times {key}")


def test_everything_can_be_done_by_keyboard_and_the_focus_is_always_seen(visitor):
    hands, page = Hands(visitor), visitor.page
    hands.walk_to(page.locator(".mc-opening .mc-ask").last, "Shift+Tab")
    hands.walk_to(visitor.box)
    page.keyboard.type(LASER)
    hands.press("Enter")
    outcome = visitor.answered(1)
    hands.look("the answer")

    marker = outcome.locator(".mc-marker").first
    hands.walk_to(marker, "Shift+Tab")
    hands.press("Enter")
    expect(visitor.panel.locator("mark").first).to_be_visible()
    expect(visitor.panel.locator("#mc-source-title")).to_be_focused()
    hands.look("the source")
    hands.walk_to(visitor.panel.get_by_role("button", name="Close"))
    hands.walk_to(visitor.panel.get_by_role("region", name="Text of the record"))
    hands.press("Escape")
    expect(marker).to_be_focused()

    hands.walk_to(outcome.locator(".mc-before summary"))
    hands.press("Enter")
    hands.walk_to(outcome.locator(".mc-before .mc-marker"))
    hands.walk_to(outcome.locator(".mc-onward .mc-ask").first)
    hands.press("Enter")
    visitor.answered(2)
    hands.look("the next answer")
    cite = visitor.outcomes.last.get_by_role("button", name="Cite this").first
    hands.walk_to(cite, "Shift+Tab")
    hands.press("Enter")
    hands.walk_to(visitor.sheet.get_by_label("Format"))
    hands.walk_to(visitor.sheet.get_by_role("button", name="Close"))
    hands.press("Enter")
    expect(cite).to_be_focused()

    for name in ("Ask again", "Start over", "Save as Markdown", "Save as JSON"):
        hands.walk_to(page.get_by_role("button", name=name))
    hands.walk_to(page.get_by_role("button", name="Start over"), "Shift+Tab")
    hands.press("Enter")
    expect(page.locator(".mc-opening")).to_be_visible()
    hands.look("starting over")
    hands.walk_to(visitor.box)

    assert hands.lost == []
    assert hands.unseen == []


def test_every_page_is_walked_through_by_keyboard(make_visitor):
    visitor = make_visitor()
    cite = visitor.outcome_of(LASER)["citations"][0]["url"]
    for path in ("documents", "documents/nsdd-311", cite.lstrip("/"), "documents/none", "cite", "quotations"):
        visitor.page.goto(visitor.address + path)
        hands = Hands(visitor)
        hands.press("Tab")
        expect(visitor.page.get_by_role("link", name="Skip to the text")).to_be_focused()
        expect(visitor.page.get_by_role("link", name="Skip to the text")).to_be_in_viewport(ratio=1)
        hands.walk_to(visitor.page.get_by_role("link", name="Documents", exact=True))
        hands.walk_to(visitor.page.locator("main :is(h3 a, details summary, .jumps a, button[type=submit])").last)

        assert (path, hands.lost, hands.unseen) == (path, [], [])
