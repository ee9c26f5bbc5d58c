"""Measure what a visitor waits for in a browser: ``python -m tests.benchmarks.browser``.

Chromium and the server share this machine, so that the times are upper bounds: of this machine and moment.  The bare
answering function is timed over HTTP in the same run, with the same questions.
"""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import cycle, islice

from playwright.sync_api import Browser, expect, sync_playwright

from bot.settings import read_settings
from embeddings.collection import load_collection

from ..browser.conftest import ARGUMENTS
from ..browser.serving import Server
from ..browser.visitor import Visitor
from .http import table

N_OPENED = 15  # pages, each in a browser that remembers nothing
N_ASKED = 30  # questions, in conversations of five
N_OF_ONE = 5

Row = tuple[str, ...]


def main() -> None:
    """Print one table of milliseconds."""
    chromium_path = shutil.which("chromium")
    if chromium_path is None:
        raise SystemExit("there is no chromium: 'apt-get install chromium' installs it")
    settings = read_settings()
    collection = load_collection(settings.collection_path)
    wordings = [question.wordings[0] for question in collection.questions]
    questions = list(islice(cycle([*collection.manifest.suggestions, *wordings[:: len(wordings) // N_ASKED]]), N_ASKED))
    with Server(settings.cache_path) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        rows = [*_pages(browser, server.address), *_asked(browser, server.address, questions)]
        browser.close()
    table([("", "n", "median ms", "p95 ms"), *rows])


def _pages(browser: Browser, address: str) -> list[Row]:
    """Time until one can type, and until a plain page stands there."""
    first, again, plain = [], [], []
    for _ in range(N_OPENED):
        context = browser.new_context()
        visitor = Visitor(context.new_page(), address)
        first.append(_seconds(visitor.open))
        again.append(_seconds(visitor.open))
        plain.append(_seconds(lambda visitor=visitor: visitor.page.goto(f"{address}documents")))
        context.close()
    return [
        _row("the chat, first time: until one can ask", first),
        _row("the chat, again", again),
        _row("the list of documents", plain),
    ]


def _asked(browser: Browser, address: str, questions: Sequence[str]) -> list[Row]:
    """Time from Enter to the outcome, from a click on a marker to the highlighted words, and the same over HTTP."""
    shown, opened, bare = [], [], []
    for start in range(0, len(questions), N_OF_ONE):
        context = browser.new_context(reduced_motion="reduce")
        visitor = Visitor(context.new_page(), address).open()
        turns = questions[start : start + N_OF_ONE]
        for number, question in enumerate(turns):
            visitor.box.fill(question)
            began = time.perf_counter()
            visitor.box.press("Enter")
            outcome = visitor.answered(number + 1)
            shown.append(time.perf_counter() - began)
            marker = outcome.locator(".mc-marker")
            if marker.count():
                marker.first.click()
                opened.append(_seconds(lambda v=visitor: expect(v.panel.locator("mark").first).to_be_visible()))
                visitor.page.keyboard.press("Escape")
            asked = {"turns": turns[: number + 1]}
            bare.append(_seconds(lambda v=visitor, a=asked: v.page.request.post(f"{address}api/v1/ask", data=a)))
        context.close()
    return [
        _row("a question: from Enter to the outcome on the page", shown),
        _row("a marker: from the click to its words in the record", opened),
        _row("the same conversations by POST /api/v1/ask, all turns", bare),
    ]


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _row(name: str, seconds: Sequence[float]) -> Row:
    cuts = statistics.quantiles(seconds, n=20)
    return name, str(len(seconds)), f"{statistics.median(seconds) * 1000:.0f}", f"{cuts[18] * 1000:.0f}"


if __name__ == "__main__":
    main()
