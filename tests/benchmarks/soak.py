"""Soak a kiosk's server: thousands of scripted visits, one after another and side by side, and what they leave behind.

``python -m tests.benchmarks.soak [--visits 5000] [--at-once 2]``.  A visit begins with a question, asks up to two more,
looks at a place in the record, and ends; every fifth is left without an end.  Failures are responses other than 200 and
204, and exchanges without an outcome.  Seconds are of the client and of this machine and moment: compare the first
tenth with the last.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import queue
import random
import re
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings import read_settings
from embeddings.collection import load_collection
from tests.browser.serving import Server

EVERY = 500  # visits between two rows
LEFT = 5  # of so many visits one is left without an end
HOSTILE = ("?", "x" * 900, "<b>what</b>", "\u202ewho\u202c", "Кто? 誰? 🤷", "how  old\twas\nhe")


@dataclass(slots=True)
class Tally:
    """What was seen; several threads add to it."""

    failures: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    n_visits: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def main() -> None:
    """Print a row every so many visits, and a summary."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--visits", type=int, default=5000)
    parser.add_argument("--at-once", type=int, default=2)
    options = parser.parse_args()
    settings = read_settings()
    questions = _questions(settings.collection_path)
    with tempfile.TemporaryDirectory() as state:
        given = {"MEMCON_KIOSK": "true", "MEMCON_STATE_PATH": state, "MEMCON_CONVERSATION_MINUTES": "1"}
        with Server(settings.cache_path, environment=given) as server:
            folders = {"cache": settings.cache_path, "state": Path(state), "tmp": server.folder / "tmp"}
            tally = Tally()
            _print(
                ["visits", "failures", "memory, MB", *(f"files in {name}" for name in folders), "p50, ms", "p95, ms"]
            )
            _row(server, tally, folders, [])
            numbers: queue.SimpleQueue[int] = queue.SimpleQueue()
            for first in range(0, options.visits, EVERY):
                n_before = len(tally.seconds)
                for number in range(first, min(first + EVERY, options.visits)):
                    numbers.put(number)
                workers = [
                    threading.Thread(target=_visit_all, args=(server.port, numbers, questions, tally))
                    for _ in range(options.at_once)
                ]
                for worker in workers:
                    worker.start()
                for worker in workers:
                    worker.join()
                _row(server, tally, folders, tally.seconds[n_before:])
            tenth = max(2, len(tally.seconds) // 10)
            for name, part in (("first", tally.seconds[:tenth]), ("last", tally.seconds[-tenth:])):
                p50, p95 = _quantiles(part)
                sys.stdout.write(
                    f"{name} tenth of {len(tally.seconds)} questions: p50 {p50:.0f} ms, p95 {p95:.0f} ms\n"
                )
            for failure in tally.failures[:10]:
                sys.stdout.write(f"failure: {failure}\n")
            sys.stdout.write(f"said on stderr: {server.log()!r}\n")


def _questions(collection_path: Path) -> list[str]:
    curated = load_collection(collection_path).questions
    return [wording for question in curated for wording in question.wordings] + list(HOSTILE) * 20


def _visit_all(port: int, numbers: queue.SimpleQueue[int], questions: list[str], tally: Tally) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    while True:
        try:
            number = numbers.get_nowait()
        except queue.Empty:
            connection.close()
            return
        try:
            _visit(connection, number, questions, tally)
        except (OSError, http.client.HTTPException) as error:
            with tally.lock:
                tally.failures.append(f"visit {number}: {error!r}")
            connection.close()
        with tally.lock:
            tally.n_visits += 1


def _visit(connection: http.client.HTTPConnection, number: int, questions: list[str], tally: Tally) -> None:
    chance = random.Random(number)
    visit: str | None = None
    language = chance.choice(("en", "ru", "de", "fr", "es"))
    for _ in range(chance.randint(1, 3)):
        question = chance.choice(questions)
        began = time.perf_counter()
        asked = {"question": question, "visit": visit, "language": language}
        status, visit, fragment = _send(connection, "POST", "/kiosk/ask", asked)
        seconds = time.perf_counter() - began
        failed = status != 200 or "talk-outcome" not in fragment
        with tally.lock:
            tally.seconds.append(seconds)
            if failed:
                tally.failures.append(f"visit {number}, {question!r}: {status} {fragment[:200]!r}")
    cited = re.search(r'data-citation="([^"]+)"', fragment)
    if cited:
        status, _, _ = _send(connection, "GET", f"/kiosk/place/{cited[1]}?language={language}")
        if status != 200:
            with tally.lock:
                tally.failures.append(f"visit {number}, place {cited[1]}: {status}")
    if number % LEFT:
        status, _, _ = _send(connection, "POST", "/kiosk/end", {"visit": visit, "language": language})
        if status != 204:
            with tally.lock:
                tally.failures.append(f"visit {number}, end: {status}")


def _send(
    connection: http.client.HTTPConnection, method: str, path: str, body: dict[str, str | None] | None = None
) -> tuple[int, str | None, str]:
    headers = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    response = connection.getresponse()
    return response.status, response.headers.get("Memcon-Visit"), response.read().decode()


def _row(server: Server, tally: Tally, folders: dict[str, Path], seconds: list[float]) -> None:
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    resident = re.search(r"VmRSS:\s+(\d+)", status)
    counts = [sum(len(files) for _, _, files in os.walk(folder)) for folder in folders.values()]
    times = [f"{value:.0f}" for value in _quantiles(seconds)] if len(seconds) > 1 else ["-", "-"]
    _print([tally.n_visits, len(tally.failures), int(resident[1]) // 1024 if resident else "?", *counts, *times])


def _quantiles(seconds: list[float]) -> tuple[float, float]:
    cuts = statistics.quantiles(seconds, n=20)
    return 1000 * cuts[9], 1000 * cuts[18]


def _print(cells: list[object]) -> None:
    sys.stdout.write("| " + " | ".join(str(cell) for cell in cells) + " |\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
