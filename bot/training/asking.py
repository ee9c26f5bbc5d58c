"""Fine-tune the question encoder: a copy of the encoder that puts questions beside the sentences that answer them.

Only questions pass through it while it learns; the sentences keep the vectors that the index holds.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from bot.training.collections import TRAINING_SPLITS, Studied, query, study_minutes
from bot.training.export import export_question_encoder
from embeddings.encoder import OnnxEncoder, Vectors, find_weights
from embeddings.index import Grain
from embeddings.normalized import fold

logger = logging.getLogger(__name__)
# Chosen by the reciprocal rank of the answering sentence on the validation split.
EPOCHS, BATCH_SIZE, LEARNING_RATE = 1, 32, 5e-5
WARM_UP_STEPS = 40
TEMPERATURE = 0.05  # of the softmax over a document's sentences
GRAINS = (Grain.SENTENCE, Grain.WINDOW)


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched:
    """A document's vectors by grain, (n_units, dim), the questions asked of it, and the units that answer each."""

    texts: tuple[Vectors, ...]
    questions: tuple[str, ...]
    gold: tuple[tuple[int, ...], ...]


def searched(studied: Studied) -> list[Searched]:
    """Return what is learned from the answerable questions of each document of a collection, in its order."""
    document_of = np.array([unit.document for unit in studied.index.units])
    vectors = [studied.index.vectors(grain) for grain in GRAINS]
    documents = []
    for number in range(len(studied.collection.documents)):
        own = np.flatnonzero(document_of == number)  # consecutive
        asked = [(a, sorted(frozenset().union(*a.gold))) for a in studied.asked_of(number) if a.gold]
        documents.append(
            Searched(
                texts=tuple(texts[own] for texts in vectors),
                questions=tuple(fold(studied.reader.read(query(a)).text) for a, _ in asked),
                gold=tuple(tuple(n - int(own[0]) for n in gold) for _, gold in asked),
            )
        )
    return documents


def train_question_encoder(minutes: Path, out: Path, encoder: OnnxEncoder) -> None:
    """Fine-tune a copy of ``encoder`` on all questions to train on, and export it to ``out``."""
    documents = [document for split in TRAINING_SPLITS for document in searched(study_minutes(minutes, split, encoder))]
    weights = find_weights(encoder.name)
    model = fit_question_encoder(documents, weights)
    about = {"name": "memcon-question-encoder-2", "base": encoder.name, "made_for": encoder.fingerprint}
    export_question_encoder(model, weights, out, about)


def fit_question_encoder(documents: Sequence[Searched], source: Path, *, seed: int = 0) -> SentenceTransformer:
    """Fit by the softmax over each document's sentences, and windows: those that answer shall take all its weight.

    ``source``: the folder of the sentence-transformers model to start from, the one that made the documents' vectors.
    Its embeddings stay as they are: most words never occur in the questions.
    """
    torch.manual_seed(seed)
    model = SentenceTransformer(str(source), device="cpu", local_files_only=True)
    for name, parameter in model.named_parameters():
        parameter.requires_grad = ".embeddings." not in name
    learned = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=LEARNING_RATE, weight_decay=0.01)
    batches = list(_batches(documents))
    n_steps = EPOCHS * len(batches)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP_STEPS) * (1 - step / n_steps)
    )
    started = time.time()
    model.train()
    for epoch in range(EPOCHS):
        losses = []
        for number in torch.randperm(len(batches)).tolist():
            document, rows = batches[number]
            loss = _loss(model, document, rows)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learned, 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        minutes = (time.time() - started) / 60
        logger.info("question encoder, epoch %d: loss %.3f, %.0f minutes so far", epoch + 1, np.mean(losses), minutes)
    model.eval()
    return model


def _batches(documents: Sequence[Searched]) -> Iterator[tuple[Searched, range]]:
    for document in documents:
        for start in range(0, len(document.gold), BATCH_SIZE):
            yield document, range(start, min(start + BATCH_SIZE, len(document.gold)))


def _loss(model: SentenceTransformer, document: Searched, rows: range) -> torch.Tensor:
    questions = [document.questions[row] for row in rows]
    features = model(dict(model.tokenizer(questions, padding=True, truncation=True, return_tensors="pt")))
    vectors = torch.nn.functional.normalize(features["sentence_embedding"], dim=1)
    losses = []
    for texts in document.texts:
        logs = torch.log_softmax(vectors @ torch.from_numpy(texts).T / TEMPERATURE, 1)
        losses += [-torch.logsumexp(logs[i, list(document.gold[row])], 0) for i, row in enumerate(rows)]
    return torch.stack(losses).mean()
