"""Measure start-up, latency, index and memory: ``python -m tests.benchmarks.speed``.

Timings are of this machine and moment: read them as ratios within one run.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

QUESTIONS = {  # asked of the seeds: as visitors ask, and about other records, so that none is a curated one
    "a visitor's question": Path(__file__).parent / "visitors.jsonl",
    "a question that no editor foresaw": Path(__file__).parent / "minutes" / "test.jsonl",
}
IMPORTS = ("numpy", "onnxruntime", "faiss", "bm25s", "bot.loading", "sentence_transformers")


def main() -> None:
    """Print the figures as a table."""
    from bot.loading import build_index, load_answerer
    from bot.settings import read_settings
    from embeddings.collection import load_collection
    from embeddings.encoders import choose_encoder
    from embeddings.index import FaissIndex

    rows: list[tuple[str, str]] = []
    for module in IMPORTS:
        code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
        rows.append((f"import {module}", _seconds(float(_run([sys.executable, "-c", code])))))
    settings = read_settings()
    build_index(settings)
    command = [sys.executable, "-m", "ui.cli", "ask", "Who signed the directive?"]
    for name in ("first", "second"):
        start = time.perf_counter()
        subprocess.run(command, check=False, capture_output=True)
        rows.append((f"one `memcon ask` from the shell, {name}", _seconds(time.perf_counter() - start)))
    collection = load_collection(settings.collection_path)
    encoder = choose_encoder(settings.encoder, settings.cache_path)
    start = time.perf_counter()
    index = FaissIndex.build(collection, encoder)
    rows.append((f"index build, {len(index.units)} sentences", _seconds(time.perf_counter() - start)))
    with tempfile.TemporaryDirectory() as folder:
        index.save(Path(folder) / "index")
        start = time.perf_counter()
        FaissIndex.load(Path(folder) / "index", collection, encoder)
        rows.append(("index load", _seconds(time.perf_counter() - start)))
    start = time.perf_counter()
    answerer = load_answerer(settings)
    rows.append(("everything loaded", _seconds(time.perf_counter() - start)))
    for name, path in QUESTIONS.items():
        questions = [json.loads(line)["turns"][-1] for line in path.read_text(encoding="utf-8").splitlines()]
        for question in questions[:10]:
            answerer.answer(question)
        times = []
        for question in questions:
            start = time.perf_counter()
            answerer.answer(question)
            times.append(time.perf_counter() - start)
        rows.append((f"{name}, p50", _seconds(statistics.median(times))))
        rows.append((f"{name}, p95", _seconds(statistics.quantiles(times, n=20)[18])))
    rows.append(("peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        sys.stdout.write(f"{name.ljust(width)}  {value}\n")


def _run(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1]


def _seconds(value: float) -> str:
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"


if __name__ == "__main__":
    main()
