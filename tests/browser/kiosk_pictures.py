"""Take pictures of the kiosk in all its states: ``python -m tests.browser.kiosk_pictures FOLDER [LANGUAGE]``."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from bot.settings import read_settings

from .conftest import ARGUMENTS
from .guest import BROAD, UPRIGHT, Guest
from .serving import Server
from .test_kiosk_limits import states


def main() -> None:
    """Write the pictures, with the language that the command line names second, or in English."""
    if len(sys.argv) not in (2, 3):
        raise SystemExit("usage: python -m tests.browser.kiosk_pictures FOLDER [LANGUAGE]")
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    query = f"?lang={sys.argv[2]}" if len(sys.argv) == 3 else ""
    chromium_path = shutil.which("chromium")
    if chromium_path is None:
        raise SystemExit("there is no chromium: 'apt-get install chromium' installs it")
    with Server(read_settings().cache_path) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        for screen, size in (("upright", UPRIGHT), ("broad", BROAD)):
            context = browser.new_context(viewport=size, has_touch=True, reduced_motion="reduce")
            guest = Guest(context.new_page(), server.address)
            guest.page.clock.install()
            for n, state in enumerate(states(guest, query), start=1):
                guest.page.screenshot(path=folder / f"{screen}-{n:02}-{state.replace(' ', '-')}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
