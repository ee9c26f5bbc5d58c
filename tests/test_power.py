"""The power goes at any moment: what is left is whole, the next start clears what is not, and answers are the same."""

from __future__ import annotations

import http.client
import json
import random
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from browser.serving import Server

pytestmark = [pytest.mark.slow, pytest.mark.enable_socket]
N_KILLS = 20
ROOT = Path(__file__).parent.parent
LOG = {f"{n}.txt": f"The harbour of place {n} was closed in March. The mole was mended in year {n}." for n in range(60)}
QUESTION = "When was the harbour closed?"


@pytest.fixture
def cache(cache_path, tmp_path, answerer) -> Path:
    """A cache of its own, with the encoder already prepared."""
    shutil.copytree(cache_path / "encoders", tmp_path / "cache" / "encoders", ignore=shutil.ignore_patterns(".*"))
    return tmp_path / "cache"


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def ask(port: int, question: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        body = json.dumps({"question": question, "visit": None, "language": "en"})
        connection.request("POST", "/kiosk/ask", body, {"Content-Type": "application/json"})
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def visit_until_killed(port: int) -> None:
    try:
        while True:
            ask(port, QUESTION)
    except (OSError, http.client.HTTPException):
        return  # the power is gone


@pytest.fixture
def environment(tmp_path) -> Iterator[dict[str, str]]:
    (tmp_path / "tmp").mkdir()
    yield {
        "MEMCON_KIOSK": "true",
        "MEMCON_KEEP_QUESTIONS": "30",
        "MEMCON_STATE_PATH": str(tmp_path / "state"),
        "TMPDIR": str(tmp_path / "tmp"),
        "PYTHONPATH": str(ROOT),
    }


def test_a_server_killed_in_the_middle_of_visits_starts_again_as_if_nothing_had_been(
    cache, environment, make_collection, tmp_path
):
    folder = make_collection(LOG)
    chance = random.Random(7)
    with Server(cache, collection_path=folder, environment=environment) as server:
        before = ask(server.port, QUESTION)
    at_first, seconds = (files(cache), files(tmp_path / "tmp")), []
    for _ in range(N_KILLS):
        began = time.monotonic()
        server = Server(cache, collection_path=folder, environment=environment)
        seconds.append(time.monotonic() - began)
        visitors = [threading.Thread(target=visit_until_killed, args=(server.port,)) for _ in range(3)]
        for visitor in visitors:
            visitor.start()
        time.sleep(chance.uniform(0.02, 0.6))
        server.process.kill()
        for visitor in visitors:
            visitor.join()
        server.stop()
    with Server(cache, collection_path=folder, environment=environment) as server:
        after = ask(server.port, QUESTION)
        log = server.log()
    sys.stdout.write(f"restart: median {statistics.median(seconds):.1f} s, longest {max(seconds):.1f} s\n")

    assert after == before
    assert (files(cache), files(tmp_path / "tmp")) == at_first
    assert all(name.endswith((".jsonl", ".lock", "questions")) for name in files(tmp_path / "state"))
    assert "damaged" not in log


def test_an_index_killed_while_it_is_built_is_whole_or_built_anew(cache, environment, make_collection):
    folder = make_collection(LOG)
    chance = random.Random(7)
    command = [sys.executable, "-m", "ui.cli", "index", "--rebuild", "--collection", str(folder)]
    environment = environment | {"MEMCON_CACHE_PATH": str(cache), "PATH": "/usr/bin:/bin"}
    began = time.monotonic()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    whole, at_first = time.monotonic() - began, files(cache)
    n_killed = 0
    for _ in range(N_KILLS):
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.2, 1.0) * whole)
        process.kill()
        n_killed += process.wait() != 0
    asked = [sys.executable, "-m", "ui.cli", "ask", QUESTION, "--collection", str(folder)]
    told = subprocess.run(asked, env=environment, capture_output=True, text=True, check=False)

    assert n_killed > N_KILLS // 2
    assert told.returncode in (0, 1), told.stderr
    assert files(cache) == at_first
