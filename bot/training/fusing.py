"""Fit the small models on questions over minutes: the rankers, and the judge of answers."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from torch import nn

from bot.abstention import JUDGED, Judge
from bot.evidence import EvidenceChooser
from bot.ranking import Ranker
from bot.reader import Reader
from bot.retrieval import N_CANDIDATES, READ_SIGNALS, Found, Retriever
from bot.settings import Settings
from bot.signals import SIGNALS
from bot.training.asking import fit_question_encoder, searched
from bot.training.collections import TRAINING_SPLITS, Asked, Studied, query, study_minutes
from embeddings.encoder import Encoder, Progress, Vectors, find_weights
from embeddings.normalized import fold
from embeddings.question_encoder import AskedEncoder, EncodeTexts

logger = logging.getLogger(__name__)
Matrix = NDArray[np.float32]
FOLDS = 2  # of the training splits, by document


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """Rows of signals and which of them answer."""

    rows: Matrix  # (n_rows, n_signals)
    right: NDArray[np.bool_]  # (n_rows,)


def fit_all(minutes: Path, models: Path, encoder: Encoder, plain: Encoder) -> None:
    """Fit the rankers and the judge and write them into ``models``.

    The ranker learns from the training splits, each asked of all its documents; what rests on the reader's scores
    learns from the validation split, whose questions the reader has not seen.  ``plain``: ``encoder`` without its
    question encoder.
    """
    splits = [study_minutes(minutes, name, plain) for name in TRAINING_SPLITS]
    ranker_data = [
        labelled
        for part, unseen in enumerate(_unseen_encoders(splits, plain))
        for studied in splits
        for labelled in label_candidates(studied, unseen, part)
    ]
    ranker = fit_ranker(ranker_data, SIGNALS, hidden=16, epochs=8)
    ranker.save(models / "ranker.json", {"trained_on": "minutes, training splits", "questions": len(ranker_data)})
    validation = study_minutes(minutes, "validation", encoder)
    for reader in (None, Reader(models / "reader")):
        fit_after_reading(validation, models, encoder, ranker, reader)


def _unseen_encoders(splits: Sequence[Studied], plain: Encoder) -> Iterator[Encoder]:
    """Yield for each fold of the documents an encoder that has seen none of the questions asked of them.

    The ranker would trust one too much that has seen the very questions that it learns from.
    """
    documents = [(n % FOLDS, document) for studied in splits for n, document in enumerate(searched(studied))]
    for part in range(FOLDS):
        model = fit_question_encoder([d for own, d in documents if own != part], find_weights(plain.name))
        yield AskedEncoder(plain, _encoding(model), f"fold {part}")


def _encoding(model: SentenceTransformer) -> EncodeTexts:
    def encode(texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = model.encode([fold(text) for text in texts], normalize_embeddings=True, show_progress_bar=False)
        if progress:
            progress(len(texts), len(texts))
        return np.asarray(vectors, dtype=np.float32)

    return encode


def fit_after_reading(
    validation: Studied,
    models: Path,
    encoder: Encoder,
    ranker: Ranker,
    reader: Reader | None,
) -> None:
    """Fit the read ranker (when there is a reader) and the judge on the validation split."""
    read_ranker = None
    about = {"trained_on": "minutes, validation split"}
    if reader is not None:
        read_data = label_read(validation, _retriever(validation, ranker, reader, None), encoder)
        read_ranker = fit_ranker(read_data, READ_SIGNALS, hidden=1, epochs=60)
        read_ranker.save(models / "read-ranker.json", about)
    rows, right = zip(
        *judge_rows(validation, _retriever(validation, ranker, reader, read_ranker), encoder), strict=True
    )
    judge = fit_judge(np.array(rows), np.array(right))
    name = "judge.json" if reader is not None else "judge-without-reader.json"
    judge.save(models / name, about)


def label_candidates(studied: Studied, encoder: Encoder, part: int) -> list[Labelled]:
    """Return the candidates' signals of a fold's answerable questions whose answer is among the candidates."""
    labelled = []
    for number in range(part, len(studied.collection.documents), FOLDS):
        for asked in studied.asked_of(number):
            gold = frozenset().union(*asked.gold)
            reading = studied.reader.read(query(asked))
            vector = encoder.encode_questions([reading.text])[0]
            numbers = studied.signals.candidates(reading, vector, N_CANDIDATES)
            right = np.isin(numbers, list(gold))
            if right.any():
                labelled.append(Labelled(rows=studied.signals.read(reading, vector, numbers), right=right))
    return labelled


def label_read(studied: Studied, retriever: Retriever, encoder: Encoder) -> list[Labelled]:
    """Return the reader's signals of every answerable question's candidates."""
    labelled = []
    for asked in studied.asked:
        found = _search(studied, retriever, encoder, asked)
        right = np.isin(found.numbers, list(frozenset().union(*asked.gold)))
        if right.any():
            labelled.append(Labelled(rows=found.read, right=right))
    return labelled


def judge_rows(studied: Studied, retriever: Retriever, encoder: Encoder) -> list[tuple[Matrix, bool]]:
    """Return for every question what the judge sees of its first quotation, and whether that answers."""
    settings = Settings()
    chooser = EvidenceChooser(
        studied.collection,
        studied.index.units,
        max_words=settings.max_words,
        max_citations=settings.max_citations,
    )
    empty = Ranker(
        signals=JUDGED, mean=np.zeros(1), scale=np.ones(1), w1=np.zeros((1, 1)), b1=np.zeros(1), w2=np.zeros(1),
        w=np.zeros(1), b=0.0,
    )  # fmt: skip
    judge = Judge(studied.collection, empty)
    rows = []
    for asked in studied.asked:
        reading = studied.reader.read(query(asked))
        found = _search(studied, retriever, encoder, asked)
        region = chooser.choose(found.numbers, found.scores, wants_list=reading.asks_list)[0]
        gold = frozenset().union(*asked.gold)
        best = judge.best_row(found, region)
        row = judge.judged(reading, found, chooser.text_of(region), best)
        rows.append((row, bool(gold & set(range(region.first, region.last + 1)))))
    return rows


def fit_ranker(data: Sequence[Labelled], signals: Sequence[str], *, hidden: int, epochs: int, seed: int = 0) -> Ranker:
    """Fit a ranker by the softmax over each question's candidates: the answering ones shall take all its weight."""
    torch.manual_seed(seed)
    every = np.concatenate([labelled.rows for labelled in data])
    mean, scale = every.mean(0), every.std(0) + 1e-3
    first, second, direct = (
        nn.Linear(len(signals), hidden),
        nn.Linear(hidden, 1, bias=False),
        nn.Linear(len(signals), 1),
    )
    parameters = [*first.parameters(), *second.parameters(), *direct.parameters()]
    optimizer = torch.optim.AdamW(parameters, lr=3e-3, weight_decay=1e-3)
    tensors = [(torch.tensor((d.rows - mean) / scale, dtype=torch.float32), torch.tensor(d.right)) for d in data]
    order = np.random.default_rng(seed)
    for epoch in range(epochs):
        total = 0.0
        shuffled = order.permutation(len(tensors))
        for start in range(0, len(shuffled), 16):
            losses = []
            for i in shuffled[start : start + 16]:
                rows, right = tensors[i]
                scores = (second(torch.relu(first(rows))) + direct(rows)).squeeze(-1)
                losses.append(-torch.logsumexp(torch.log_softmax(scores, 0)[right], 0))
            loss = torch.stack(losses).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(losses)
        logger.info("epoch %d: loss %.3f", epoch + 1, total / len(tensors))
    return _as_ranker(signals, mean, scale, first, second, direct)


def fit_judge(rows: Matrix, right: NDArray[np.bool_], *, penalty: float = 0.02) -> Ranker:
    """Fit a logistic regression with an L2 ``penalty`` on standardised weights: calibrated by its own loss."""
    mean, scale = rows.mean(0), rows.std(0) + 1e-3
    x = torch.tensor((rows - mean) / scale, dtype=torch.float32)
    y = torch.tensor(right, dtype=torch.float32)
    direct = nn.Linear(rows.shape[1], 1)
    nn.init.zeros_(direct.weight)
    optimizer = torch.optim.LBFGS(direct.parameters(), max_iter=200, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(direct(x).squeeze(-1), y)
        loss = loss + penalty * (direct.weight**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    first, second = nn.Linear(rows.shape[1], 1), nn.Linear(1, 1, bias=False)
    nn.init.zeros_(first.weight)
    nn.init.zeros_(second.weight)
    return _as_ranker(JUDGED, mean, scale, first, second, direct)


def _as_ranker(
    signals: Sequence[str], mean: Matrix, scale: Matrix, first: nn.Linear, second: nn.Linear, direct: nn.Linear
) -> Ranker:
    return Ranker(
        signals=tuple(signals),
        mean=mean,
        scale=scale,
        w1=first.weight.detach().numpy().T,
        b1=first.bias.detach().numpy(),
        w2=second.weight.detach().numpy()[0],
        w=direct.weight.detach().numpy()[0],
        b=float(direct.bias.detach()[0]),
    )


def _retriever(studied: Studied, ranker: Ranker, reader: Reader | None, read_ranker: Ranker | None) -> Retriever:
    return Retriever(studied.index.units, studied.signals, ranker, reader, read_ranker)


def _search(studied: Studied, retriever: Retriever, encoder: Encoder, asked: Asked) -> Found:
    reading = studied.reader.read(query(asked))
    return retriever.search(reading, encoder.encode_questions([reading.text])[0])
