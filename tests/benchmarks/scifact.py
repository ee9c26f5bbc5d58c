"""Measure the channels of retrieval on SciFact: ``python -m tests.benchmarks.scifact DATA``.

``DATA`` holds ``scifact/`` of BEIR: ``corpus.jsonl``, ``queries.jsonl``, ``qrels.tsv``.  Each abstract with its title
is one text, ranked by its vector, by its terms, and by both joined (reciprocal ranks).  The learned ranker is left out:
it scores sentences of a collection, and SciFact asks for whole abstracts.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

N_BEST = 10
RANK_OFFSET = 60  # of reciprocal rank fusion, as Cormack, Clarke and Buettcher (2009) chose it
PUBLISHED = {"dense": 0.645, "terms": 0.687, "both": None}  # all-MiniLM-L6-v2 and BM25 as published for BEIR


def main() -> None:
    """Print nDCG@10 of each channel beside the published figure."""
    from bot.settings import read_settings
    from embeddings.encoder import load_encoder
    from embeddings.lexical import TermIndex, terms

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--vectors", type=Path, help="a file (.npy) that keeps the abstracts' vectors for the next run")
    options = parser.parse_args()
    folder = options.data / "scifact"
    corpus = _lines(folder / "corpus.jsonl")
    relevant = _read_relevant(folder / "qrels.tsv")
    queries = [query for query in _lines(folder / "queries.jsonl") if query["_id"] in relevant]
    settings = read_settings()
    encoder = load_encoder(settings.encoder, settings.cache_path, threads=settings.threads)
    texts = [f"{document['title']} {document['text']}" for document in corpus]
    if options.vectors is not None and options.vectors.is_file():
        vectors = np.load(options.vectors)
    else:
        vectors = encoder.encode(texts)
        if options.vectors is not None:
            np.save(options.vectors, vectors)
    index = TermIndex.build(texts)
    ids = [document["_id"] for document in corpus]
    gains: dict[str, list[float]] = {channel: [] for channel in PUBLISHED}
    for query, vector in zip(queries, encoder.encode([query["text"] for query in queries]), strict=True):
        scores = {"dense": vectors @ vector, "terms": index.scores(terms(query["text"]))}
        scores["both"] = sum(1 / (RANK_OFFSET + _ranks(s)) for s in scores.values())
        for channel, of_channel in scores.items():
            order = np.argsort(-of_channel, kind="stable")[:N_BEST]
            gains[channel].append(ndcg([ids[n] for n in order], relevant[query["_id"]]))
    sys.stdout.write(f"| {len(queries)} queries, {len(corpus)} abstracts | nDCG@10 | published |\n|---|---|---|\n")
    for channel, values in gains.items():
        sys.stdout.write(f"| {channel} | {sum(values) / len(values):.3f} | {PUBLISHED[channel] or '-'} |\n")


def ndcg(found: Sequence[str], relevant: Mapping[str, int]) -> float:
    """Return nDCG of a ranking, best first, with linear gains, as trec_eval computes it."""
    gained = sum(relevant.get(name, 0) / math.log2(rank + 2) for rank, name in enumerate(found))
    best = sorted(relevant.values(), reverse=True)[: len(found)]
    return gained / (sum(gain / math.log2(rank + 2) for rank, gain in enumerate(best)) or 1.0)


def _ranks(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the rank of each text, 1 for the best; ties by number."""
    ranks = np.empty(len(scores))
    ranks[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return ranks


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _read_relevant(path: Path) -> dict[str, dict[str, int]]:
    relevant: dict[str, dict[str, int]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if int(row["score"]) > 0:
                relevant.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return relevant


if __name__ == "__main__":
    main()
