"""Take the README's picture, of an answer and its source: ``python -m tests.browser.screenshot OUT.png``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from bot.settings import read_settings

from .conftest import ARGUMENTS
from .serving import Server
from .visitor import Visitor

SIZE = {"width": 1280, "height": 800}


def main() -> None:
    """Write the picture to the file that the command line names."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m tests.browser.screenshot OUT.png")
    out = Path(sys.argv[1])
    chromium_path = shutil.which("chromium")
    if chromium_path is None:
        raise SystemExit("there is no chromium: 'apt-get install chromium' installs it")
    with Server(read_settings().cache_path) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        context = browser.new_context(viewport=SIZE, locale="en-GB", reduced_motion="reduce", color_scheme="light")
        visitor = Visitor(context.new_page(), server.address).open()
        suggestion = visitor.page.locator(".mc-opening .mc-ask").nth(1)
        suggestion.click()
        visitor.answered(1).locator(".mc-marker").first.click()
        expect(visitor.panel.locator("mark").first).to_be_in_viewport()
        visitor.page.screenshot(path=out)
        browser.close()


if __name__ == "__main__":
    main()
