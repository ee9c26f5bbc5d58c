"""Measure how encoders find the English sentence that answers, asked in English and in other languages.

``python -m tests.benchmarks.xquad DATA [ENCODER...]``; ``DATA`` holds ``xquad_r/en.json`` and the other languages.
All sentences of the data set are one pool; hit@k: the answering one is among the first k.  Milliseconds are of the
processor, for one question, and of this machine and moment.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bot.settings import read_settings
from embeddings.encoder import DEFAULT_ENCODER, MULTILINGUAL_ENCODER
from embeddings.encoders import choose_encoder

RECORD = "en"


def main() -> None:
    """Print a table: an encoder and a language a row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("encoders", nargs="*", default=[DEFAULT_ENCODER, MULTILINGUAL_ENCODER])
    options = parser.parse_args()
    folder = options.data / "xquad_r"
    sentences: list[str] = []
    gold: dict[str, int] = {}  # question id -> number of the sentence that holds its answer
    for paragraph in _paragraphs(folder / f"{RECORD}.json"):
        for first, last in paragraph["sentence_breaks"]:
            for question in paragraph["qas"]:
                if first <= question["answers"][0]["answer_start"] < last:
                    gold[question["id"]] = len(sentences)
            sentences.append(paragraph["context"][first:last])
    sys.stdout.write(f"{len(sentences)} sentences, {len(gold)} questions\n")
    sys.stdout.write("| encoder | asked in | hit@1 | hit@3 | ms a question | ms a sentence |\n")
    sys.stdout.write("|---|---|---|---|---|---|\n")
    for name in options.encoders:
        encoder = choose_encoder(name, read_settings().cache_path)
        began = time.process_time()
        pool = encoder.encode(sentences)
        per_sentence = 1000 * (time.process_time() - began) / len(sentences)
        for path in sorted(folder.glob("*.json")):
            asked = [q for p in _paragraphs(path) for q in p["qas"] if q["id"] in gold]
            began = time.process_time()
            vectors = np.concatenate([encoder.encode_questions([q["question"]]) for q in asked])
            per_question = 1000 * (time.process_time() - began) / len(asked)
            best = np.argsort(-(vectors @ pool.T), axis=1, kind="stable")[:, :3]
            hits = best == np.array([[gold[q["id"]]] for q in asked])
            figures = (hits[:, 0].mean(), hits.any(axis=1).mean())
            cells = [name, path.stem, *(f"{f:.3f}" for f in figures), f"{per_question:.1f}", f"{per_sentence:.1f}"]
            sys.stdout.write(f"| {' | '.join(cells)} |\n")
            sys.stdout.flush()


def _paragraphs(path: Path) -> Iterator[dict[str, Any]]:
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        yield from article["paragraphs"]


if __name__ == "__main__":
    main()
