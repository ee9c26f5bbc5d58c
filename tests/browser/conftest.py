"""A browser, a server over the seeds, and visitors; each test has a visitor with nothing remembered.

The tests' own process opens no socket: the browser and the server are processes of their own, spoken to through pipes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright

from .guest import UPRIGHT, Guest
from .serving import Server
from .visitor import Visitor

MILLISECONDS = 30_000  # a busy machine is no failure
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
expect.set_options(timeout=MILLISECONDS)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    found = shutil.which("chromium")
    if found is None:
        told = "there is no chromium: 'apt-get install chromium' installs it"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(f"{told}; REQUIRE_BROWSER is set, so these tests are not skipped")
        pytest.skip(told)
    return found


@pytest.fixture(scope="package")  # Playwright keeps an event loop in this thread, in which others could run none
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def server(chromium_path: str, cache_path: Path) -> Iterator[Server]:
    with Server(cache_path) as server:
        yield server


MakeContext = Callable[..., BrowserContext]


@pytest.fixture
def make_context(browser: Browser) -> Iterator[MakeContext]:
    """Return ``make(**options)``, which makes a browser that remembers nothing; all are closed with the test."""
    contexts = []

    def make(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **options})
        context.set_default_timeout(MILLISECONDS)
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()


MakeVisitor = Callable[..., Visitor]


@pytest.fixture
def make_visitor(make_context: MakeContext, server: Server) -> MakeVisitor:
    """Return ``make(server=None, **options)``, which makes a visitor who has not opened a page yet."""

    def make(of: Server | None = None, **options: Any) -> Visitor:
        return Visitor(make_context(**options).new_page(), (of or server).address)

    return make


MakeGuest = Callable[..., Guest]


@pytest.fixture
def make_guest(make_context: MakeContext, server: Server) -> MakeGuest:
    """Return ``make(server=None, **options)``, which makes a guest of the kiosk, before an upright screen."""

    def make(of: Server | None = None, **options: Any) -> Guest:
        given = {"viewport": UPRIGHT, "has_touch": True, "reduced_motion": "reduce", **options}
        return Guest(make_context(**given).new_page(), (of or server).address)

    return make


@pytest.fixture
def visitor(make_visitor: MakeVisitor) -> Visitor:
    """Somebody who has just opened the chat."""
    return make_visitor().open()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> Iterator[None]:
    """Show the servers' logs and the pages' consoles with a failure."""
    report = yield
    if report.failed:
        for name, value in getattr(item, "funcargs", {}).items():
            if isinstance(value, Server):
                report.sections.append((f"log of {name}", value.log()))
            elif isinstance(value, (Visitor, Guest)):
                report.sections.append((f"console of {name}", "\n".join(value.console)))
    return report
