"""Measure the HTTP interface: ``python -m tests.benchmarks.http``.

The server runs in a process of its own on a free port of this machine; the bare function is measured in this one, with
the same questions.  Timings are of this machine and moment: read them as ratios within one run.  Processor time is
what to compare the two by: it does not know what else the machine does.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import httpx

from bot.answering import Answerer

QUESTIONS = Path(__file__).parent / "minutes" / "test.jsonl"
N_OF_EACH = 60  # curated wordings, which the editors answered, and questions over minutes, which must be searched for
N_REQUESTS = 300
CLIENTS = (1, 8, 32)
N_CONVERSATIONS = 1000
MAX_CONVERSATIONS = 500  # half of them: what is held must stop growing there
N_TURNS = 3
START_SECONDS = 120
IDLE_SECONDS = 10  # to see what the server takes while nobody asks, which no request is charged with


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Times of single requests, of all together, and the processor time they took (seconds)."""

    name: str
    seconds: Sequence[float]
    total: float
    processor: float

    @property
    def processor_each(self) -> float:
        return self.processor / len(self.seconds)

    @property
    def row(self) -> tuple[str, ...]:
        cuts = statistics.quantiles(self.seconds, n=20)
        p50, p95 = statistics.median(self.seconds), cuts[18]
        times = (f"{time * 1000:.1f}" for time in (p50, p95, self.processor_each))
        return self.name, f"{len(self.seconds) / self.total:.1f}", *times


def main() -> None:
    """Print two tables: requests, and memory."""
    from bot.loading import build_index, load_answerer
    from bot.settings import read_settings

    settings = read_settings()
    build_index(settings)
    answerer = load_answerer(settings)
    questions = list(islice(cycle(list_questions(answerer)), N_REQUESTS))
    for question in questions[:20]:
        answerer.answer(question)
    bare = measure_bare(answerer, questions)
    idle, runs, memory = asyncio.run(measure_served(questions))
    table([("", "requests/s", "p50 ms", "p95 ms", "processor ms each"), *(run.row for run in (bare, *runs))])
    layer = runs[0].processor_each - bare.processor_each
    share = layer / runs[0].processor_each
    sys.stdout.write(f"\nHTTP's share of one client's processor time: {layer * 1000:.1f} ms, {share:.1%}\n")
    sys.stdout.write(f"The server while nobody asks: {idle:.1%} of a processor\n\n")
    table([("conversations", "held", "resident MB"), *memory])


def list_questions(answerer: Answerer) -> list[str]:
    """Mix the manifest's suggestions, curated wordings, and questions that nobody curated."""
    curated = [question.wordings[0] for question in answerer.collection.questions]
    minutes = [json.loads(line)["turns"][-1] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    mixed = [q for pair in zip(_spread(curated), _spread(minutes), strict=True) for q in pair]
    return [*answerer.collection.manifest.suggestions, *mixed]


def measure_bare(answerer: Answerer, questions: Sequence[str]) -> Run:
    """Time the function that all doors call."""
    seconds = []
    processor = time.process_time()
    for question in questions:
        began = time.perf_counter()
        answerer.answer(question)
        seconds.append(time.perf_counter() - began)
    processor = time.process_time() - processor
    return Run(name="Answerer.answer, no HTTP", seconds=seconds, total=sum(seconds), processor=processor)


async def measure_served(questions: Sequence[str]) -> tuple[float, list[Run], list[tuple[str, ...]]]:
    """Time requests of several clients at once, then watch the memory through many conversations."""
    async with served() as client:
        await ask_all(client, questions[:20], 1, idle=0.0)
        before = await read_processor(client)
        await asyncio.sleep(IDLE_SECONDS)
        idle = (await read_processor(client) - before) / IDLE_SECONDS
        runs = [await ask_all(client, questions, n_clients, idle) for n_clients in CLIENTS]
        memory = [await read_memory(client, 0)]
        for n_held in range(100, N_CONVERSATIONS + 1, 100):
            turns = islice(cycle(questions), n_held, n_held + 100)
            await at_once(converse(client, [turn, *questions[: N_TURNS - 1]]) for turn in turns)
            memory.append(await read_memory(client, n_held))
    return idle, runs, memory


@asynccontextmanager
async def served() -> AsyncIterator[httpx.AsyncClient]:
    """Run a server of the seeds until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "MEMCON_REQUESTS_PER_MINUTE": "1000000",
        "MEMCON_MAX_CONVERSATIONS": str(MAX_CONVERSATIONS),
    }
    command = [sys.executable, "-m", "ui.cli", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            limits = httpx.Limits(max_connections=max(CLIENTS))
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=limits) as client:
                await _wait_until_ready(client, server)
                yield client
        finally:
            server.terminate()


async def ask_all(client: httpx.AsyncClient, questions: Sequence[str], n_clients: int, idle: float) -> Run:
    """Ask all questions by ``n_clients`` at once, each the next one as soon as it has its answer."""
    seconds: list[float] = []
    waiting = iter(questions)

    async def visit() -> None:
        for question in waiting:
            began = time.perf_counter()
            response = await client.post("/api/v1/ask", json={"question": question})
            response.raise_for_status()
            seconds.append(time.perf_counter() - began)

    before = await read_processor(client)
    began = time.perf_counter()
    await asyncio.gather(*(visit() for _ in range(n_clients)))
    total = time.perf_counter() - began
    processor = await read_processor(client) - before - idle * total
    name = f"POST /api/v1/ask, {n_clients} client{'s' if n_clients > 1 else ''}"
    return Run(name=name, seconds=seconds, total=total, processor=processor)


async def converse(client: httpx.AsyncClient, turns: Sequence[str]) -> None:
    """Hold one conversation."""
    conversation_id = "new"
    for turn in turns:
        body = {"question": turn, "conversation_id": conversation_id}
        response = await client.post("/api/v1/ask", json=body)
        response.raise_for_status()
        conversation_id = response.headers["Memcon-Conversation"]


async def read_figures(client: httpx.AsyncClient) -> dict[str, float]:
    """Read the server's own figures, those without labels."""
    text = (await client.get("/metrics")).text
    return {name: float(value) for name, value in re.findall(r"^(\w+) (\S+)$", text, re.MULTILINE)}


async def read_processor(client: httpx.AsyncClient) -> float:
    """Read the processor time that the server has taken (seconds)."""
    return (await read_figures(client))["process_cpu_seconds_total"]


async def read_memory(client: httpx.AsyncClient, n_conversations: int) -> tuple[str, ...]:
    """Say what the server holds after so many conversations."""
    found = await read_figures(client)
    megabytes = found["process_resident_memory_bytes"] / 2**20
    return str(n_conversations), f"{found['memcon_conversations']:.0f}", f"{megabytes:.1f}"


async def at_once(talks: Iterator[Coroutine[None, None, None]], n_clients: int = 8) -> None:
    """Run all, ``n_clients`` at a time."""

    async def visit() -> None:
        for talk in talks:
            await talk

    await asyncio.gather(*(visit() for _ in range(n_clients)))


async def _wait_until_ready(client: httpx.AsyncClient, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if (await client.get("/readyz")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.2)
    raise TimeoutError(f"the server ended or was not ready in {START_SECONDS} seconds; run 'memcon serve' and see why")


def _spread(questions: Sequence[str]) -> list[str]:
    """Take `N_OF_EACH` at even distances."""
    return [questions[n * len(questions) // N_OF_EACH] for n in range(N_OF_EACH)]


def table(rows: Sequence[Sequence[str]]) -> None:
    """Print rows as columns."""
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")


if __name__ == "__main__":
    main()
