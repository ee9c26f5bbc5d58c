"""Measure permalinks: the length of their URLs, their QR codes, and the time to open them among a million words.

``python -m tests.benchmarks.permalinks``.  Times are of the processor, on this machine.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import segno

from bot.anchoring import State, open_permalink
from bot.citations import cite, find_citation
from bot.settings import SEEDS_PATH
from embeddings.collection import Collection, load_collection

MINUTES = Path(__file__).parent / "minutes"
HOST = "https://museum.example"
N_WORDS = 1_000_000
N_OPENED = 100


def main() -> None:
    """Print the figures as a table."""
    rows = list(_lengths(load_collection(SEEDS_PATH)))
    with tempfile.TemporaryDirectory() as folder:
        rows += _times(Path(folder))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        sys.stdout.write(f"{name.ljust(width)}  {value}\n")


def _lengths(seeds: Collection) -> Iterator[tuple[str, str]]:
    places = dict.fromkeys(place for question in seeds.questions for place in question.answers)
    urls = [HOST + cite(seeds, document_id, span, 1.0).url for document_id, span in places]
    lengths = [len(url) for url in urls]
    codes = [segno.make(url, error="m", boost_error=False, micro=False) for url in urls]
    versions = [int(code.version) for code in codes]
    modules = [code.symbol_size(border=0)[0] for code in codes]
    yield (
        f"URL of {len(urls)} curated answers",
        f"{statistics.median(lengths):.0f} characters, at most {max(lengths)}",
    )
    yield (
        "their QR code, error level M",
        f"version {statistics.median(versions):.0f} ({statistics.median(modules):.0f} modules), "
        f"at most {max(versions)} ({max(modules)})",
    )


def _times(folder: Path) -> Iterator[tuple[str, str]]:
    before = _write(folder / "before", lambda number, text: text)
    changed = _write(folder / "after", lambda number, text: f"Added page {number}.\n\n{text}")
    gone = _write(folder / "gone", lambda number, text: text if number % 2 else f"Withdrawn {number}.")
    start = time.process_time()
    collection = load_collection(before)
    yield "a million words read", _seconds(time.process_time() - start)
    step = max(1, len(collection.passages) // N_OPENED)
    ids = [passage.id for passage in collection.passages[::step]][:N_OPENED]
    start = time.process_time()
    find_citation(collection, ids[0])
    yield "first citation, which reads their words for comparison", _seconds(time.process_time() - start)
    citing, citations = _timed([lambda i=i: find_citation(collection, i) for i in ids])  # type: ignore[misc]
    yield "a citation by id", citing
    for name, other in (("unchanged", before), ("all documents changed", changed), ("half of them gone", gone)):
        opened = collection if other == before else load_collection(other)
        open_permalink(opened, citations[0].url)  # reads the words for comparison
        opening, found = _timed([lambda u=c.url, o=opened: open_permalink(o, u) for c in citations])  # type: ignore[misc]
        states = [anchored.state for anchored in found]
        counts = ", ".join(f"{states.count(s)} {s.value}" for s in State if s in states)
        yield f"opened, {name}", f"{opening} ({counts})"


def _write(folder: Path, change: Callable[[int, str], str]) -> Path:
    """Write the minutes again and again, each time with other names, until there are a million words."""
    (folder / "documents").mkdir(parents=True)
    texts = [path.read_text(encoding="utf-8") for path in sorted(MINUTES.rglob("documents/*.txt"))]
    n_words = number = 0
    while n_words < N_WORDS:
        text = texts[number % len(texts)]
        if number >= len(texts):
            text = text.replace(" the ", f" the {_name(number // len(texts))} ")
        (folder / "documents" / f"record-{number:04}.txt").write_text(change(number, text), encoding="utf-8")
        n_words += len(text.split())
        number += 1
    return folder


def _name(number: int) -> str:
    return "abcdefghij"[number % 10] * 3


def _timed(calls: Sequence[Callable[[], object]]) -> tuple[str, list]:
    times, results = [], []
    for call in calls:
        start = time.process_time()
        results.append(call())
        times.append(time.process_time() - start)
    return f"{_seconds(statistics.median(times))} at the median, at most {_seconds(max(times))}", results


def _seconds(value: float) -> str:
    return f"{value * 1000:.2f} ms" if value < 1 else f"{value:.1f} s"


if __name__ == "__main__":
    main()
