"""Measure the chat in a browser: ``python -m tests.benchmarks.browser``.

Timings are of this machine and moment: read them as ratios within one run.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import time
from collections.abc import Callable

from playwright.sync_api import Browser, expect, sync_playwright

from bot.settings import read_settings
from embeddings.collection import load_collection
from tests.browser.conftest import ARGUMENTS
from tests.browser.serving import Server
from tests.browser.visitor import Visitor

N_PAGES = 5
N_QUESTIONS = 30
N_AT_ONCE = 5  # questions of one conversation: the page grows with each


def main() -> None:
    """Print the figures as a table."""
    settings = read_settings()
    questions = [q.wordings[0] for q in load_collection(settings.collection_path).questions][:N_QUESTIONS]
    chromium_path = shutil.which("chromium")
    if chromium_path is None:
        raise SystemExit("there is no chromium: 'apt-get install chromium' installs it")
    rows: dict[str, list[float]] = {}
    with Server(settings.cache_path) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        _measure_pages(browser, server.address, rows)
        _measure_answers(browser, server.address, questions, rows)
        browser.close()
    width = max(map(len, rows))
    for name, seconds in rows.items():
        cuts = statistics.quantiles(seconds, n=20, method="inclusive")
        sys.stdout.write(
            f"{name.ljust(width)}  n {len(seconds):>2}  p50 {1000 * statistics.median(seconds):>5.0f} ms  "
            f"p95 {1000 * cuts[18]:>5.0f} ms\n"
        )


def _measure_pages(browser: Browser, address: str, rows: dict[str, list[float]]) -> None:
    for _ in range(N_PAGES):
        context = browser.new_context(reduced_motion="reduce")
        visitor = Visitor(context.new_page(), address)
        for name in ("page ready, nothing cached", "page ready, again"):
            rows.setdefault(name, []).append(_seconds(visitor.open))
        context.close()


def _measure_answers(browser: Browser, address: str, questions: list[str], rows: dict[str, list[float]]) -> None:
    context = browser.new_context(reduced_motion="reduce")
    visitor = Visitor(context.new_page(), address)
    for number, question in enumerate(questions):
        if number % N_AT_ONCE == 0:
            visitor.open()
        rows.setdefault("question to answer", []).append(_seconds(lambda asked=question: visitor.ask(asked)))
        marker = visitor.outcomes.last.locator(".mc-marker").first
        if marker.count():
            rows.setdefault("opening a source", []).append(_seconds(lambda at=marker: _open_source(visitor, at)))
            visitor.page.keyboard.press("Escape")
    context.close()


def _open_source(visitor: Visitor, marker: object) -> None:
    marker.click()
    expect(visitor.panel.locator("mark").first).to_be_in_viewport()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
