"""A guest at the kiosk: one touch screen, what it shows, and what it asked of the network."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

UPRIGHT = {"width": 1080, "height": 1920}
BROAD = {"width": 1920, "height": 1080}


class Guest:
    """Somebody at the touch screen of one server; nothing is done but by touch, unless a test says so."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.console: list[str] = []  # errors and warnings
        self.requests: list[str] = []
        page.on("console", lambda said: self.console.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("dialog", self._dismiss)
        page.context.on("request", lambda request: self.requests.append(request.url))

    def _dismiss(self, dialog: Any) -> None:
        self.console.append(f"a dialog of the browser's: {dialog.message}")
        dialog.dismiss()

    @property
    def attract(self) -> Locator:
        """The first screen."""
        return self.page.locator("#attract")

    @property
    def box(self) -> Locator:
        """Where one types a question."""
        return self.page.locator("#question")

    @property
    def exchanges(self) -> Locator:
        """What was said, oldest first, answers that are still awaited left out."""
        return self.page.locator("#log .talk-exchange:not(.talk-waiting)")

    @property
    def sheet(self) -> Locator:
        """What opens over the page: a place in the record, or something to take home."""
        return self.page.locator("#sheet")

    @property
    def still(self) -> Locator:
        """The question whether somebody still reads."""
        return self.page.get_by_role("alertdialog")

    def open(self, query: str = "") -> Guest:
        """Stand before the screen."""
        self.page.goto(f"{self.address}kiosk{query}")
        expect(self.attract).to_be_visible()
        return self

    def begin(self, query: str = "") -> Guest:
        """Stand before the screen and touch it."""
        self.open(query).attract.locator("[data-do=begin].primary").tap()
        expect(self.page.locator("#home")).to_be_visible()
        return self

    def begin_with_mouse(self) -> Guest:
        """Stand before a screen that is no touch screen, and click on it."""
        self.open().attract.locator("[data-do=begin].primary").click()
        expect(self.page.locator("#home")).to_be_visible()
        return self

    def do(self, what: str) -> None:
        """Touch a button of the foot by what it does."""
        self.page.locator(f"#bar [data-do={what}]").tap()

    def show(self, view: str) -> Locator:
        """Touch the button of a view and return the view."""
        self.page.locator(f"#bar [data-view={view}]").tap()
        found = self.page.locator(f"#{view}")
        expect(found).to_be_visible()
        return found

    def answered(self, n_asked: int) -> Locator:
        """Return the newest exchange once so many are there."""
        expect(self.exchanges).to_have_count(n_asked)
        return self.exchanges.last

    def ask(self, question: str) -> Locator:
        """Put a question into the box, touch Ask, and return the exchange."""
        n_asked = self.exchanges.count()
        if self.box.is_hidden():
            self.do("type")
        self.box.fill(question)
        self.page.locator("[data-do=send]").tap()
        return self.answered(n_asked + 1)

    def end(self, act: Callable[[], object]) -> None:
        """Do what ends the visit, and wait until the page is loaded anew."""
        with self.page.expect_navigation():
            act()
        expect(self.attract).to_be_visible()

    def press_keys(self, words: str) -> None:
        """Type ``words`` on the keyboard of the screen, whose layout must have their letters."""
        for letter in words:
            if letter != letter.lower():
                self.page.locator("[data-key=shift]").tap()
            self.page.locator(f'#keyboard [data-key="letter:{letter.lower()}"]').tap()

    def is_at_home(self) -> bool:
        """Whether the address is still the kiosk's and no other page was opened."""
        return urlsplit(self.page.url).path == "/kiosk" and len(self.page.context.pages) == 1

    def asked_elsewhere(self) -> list[str]:
        """Return the addresses that were asked for and are not this server's."""
        here = urlsplit(self.address).netloc
        return [url for url in self.requests if not re.match(r"data:|blob:", url) and urlsplit(url).netloc != here]
