"""Fit the question adapter: one matrix that brings the questions over minutes nearer to what answers them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from bot.adapter import QuestionAdapter
from bot.training.collections import Studied, query
from embeddings.encoder import Encoder, Vectors
from embeddings.index import Grain

logger = logging.getLogger(__name__)
# Chosen among six settings by the reciprocal rank of the answering sentence on the validation split.
EPOCHS, BATCH_SIZE, LEARNING_RATE = 3, 64, 1e-3
TEMPERATURE = 0.05  # of the softmax over a document's sentences
PENALTY = 1e-3  # of the matrix' squared norm
GRAINS = (Grain.SENTENCE, Grain.WINDOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A document's vectors by grain, (n_units, dim), its questions', (n_questions, dim), and the units that answer."""

    texts: tuple[Vectors, ...]
    questions: Vectors
    gold: tuple[tuple[int, ...], ...]


def searched(studied: Studied, encoder: Encoder) -> Searched:
    """Return what is learned from a document's answerable questions."""
    asked = [a for a in studied.asked if a.gold]
    return Searched(
        texts=tuple(studied.index.vectors(grain) for grain in GRAINS),
        questions=encoder.encode_questions([studied.reader.read(query(a)).text for a in asked]),
        gold=tuple(tuple(sorted(frozenset().union(*a.gold))) for a in asked),
    )


def fit_adapter(documents: Sequence[Searched], encoder: Encoder, seed: int = 0) -> QuestionAdapter:
    """Fit by the softmax over each document's sentences, and windows: those that answer shall take all its weight."""
    torch.manual_seed(seed)
    matrix = torch.zeros(encoder.dim, encoder.dim, requires_grad=True)
    optimizer = torch.optim.Adam([matrix], lr=LEARNING_RATE)
    batches = [
        (document, range(start, min(start + BATCH_SIZE, len(document.gold))))
        for document in documents
        for start in range(0, len(document.gold), BATCH_SIZE)
    ]
    n_steps = EPOCHS * len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / n_steps)
    for epoch in range(EPOCHS):
        losses = []
        for number in torch.randperm(len(batches)).tolist():
            document, rows = batches[number]
            loss = _loss(document, rows, matrix) + PENALTY * (matrix**2).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        logger.info("adapter, epoch %d: loss %.3f", epoch + 1, np.mean(losses))
    return QuestionAdapter(matrix=matrix.detach().numpy(), encoder=encoder.name)


def _loss(document: Searched, rows: range, matrix: torch.Tensor) -> torch.Tensor:
    questions = torch.tensor(document.questions[rows.start : rows.stop])
    moved = torch.nn.functional.normalize(questions + questions @ matrix, dim=1)
    losses = []
    for texts in document.texts:
        logs = torch.log_softmax(moved @ torch.tensor(texts).T / TEMPERATURE, 1)
        losses += [-torch.logsumexp(logs[i, list(document.gold[row])], 0) for i, row in enumerate(rows)]
    return torch.stack(losses).mean()
