"""Train the reader: a small BERT that marks the sentences of a window that answer a question."""

from __future__ import annotations

import json
import logging
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from bot.ranking import load_ranker
from bot.settings import DATA_PATH
from bot.signals import SIGNALS
from bot.training.examples import Window, read_minutes, read_public
from bot.training.paraphrases import read_groups, read_paraphrases
from bot.training.retrieved import read_retrieved
from bot.windows import MAX_QUESTION_TOKENS, MAX_SENTENCE_TOKENS, ReaderInput, lay_out, token_ids
from embeddings.encoder import Encoder

logger = logging.getLogger(__name__)
BATCH_SIZE = 16
PUBLIC_SHARE = 0.3  # of the public windows that the second stage sees again, so that it does not forget them
MINUTES_COPIES = 2
LATER_PUBLIC_SHARE = 0.1  # of them in the third stage
SHARE_WITHOUT_ANSWER = 0.7  # of the retrieved windows that hold no answer: three in four
HELD_OUT_ARTICLES = frozenset({"Normans", "Steam_engine", "Scottish_Parliament", "Force"})
HELD_OUT_RECORDS = frozenset({"1961-11-03-hac-meeting-minutes", "1984-11-09-hac-meeting-minutes"})  # of paraphrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How one stage of the training runs."""

    learning_rate: float  # at its height, after a warm-up over 6 per cent of the schedule
    scheduled_epochs: int  # over which it falls to nothing; one epoch is trained
    seed: int
    init: Path | None  # the checkpoint to go on from


class Reader(nn.Module):
    """A BERT encoder with a score at each sentence's marker and one at ``[CLS]``.

    The first says whether that sentence answers, the second whether any does.
    """

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        width = encoder.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.sentence = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))
        self.any = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        hidden = self.dropout(hidden)
        return self.sentence(hidden).squeeze(-1), self.any(hidden[:, 0]).squeeze(-1)


def prepare(tokenizer: Tokenizer, windows: Sequence[Window]) -> list[tuple[ReaderInput, tuple[int, ...]]]:
    prepared = []
    for window in windows:
        question = token_ids(tokenizer, window.question, MAX_QUESTION_TOKENS)
        sentences = [token_ids(tokenizer, s, MAX_SENTENCE_TOKENS) for s in window.sentences]
        laid = lay_out(tokenizer, question, sentences, window.marker)
        prepared.append((laid, window.labels[: len(laid.markers)]))
    return prepared


def batches(prepared: Sequence[Any], size: int, rng: random.Random | None) -> Iterator[list[Any]]:
    """Group inputs of like length, in random order of batches when ``rng`` is given."""
    order = list(range(len(prepared)))
    if rng is not None:
        rng.shuffle(order)
        pool = size * 40
        pools = [sorted(order[i : i + pool], key=lambda k: len(prepared[k][0].ids)) for i in range(0, len(order), pool)]
        groups = [p[i : i + size] for p in pools for i in range(0, len(p), size)]
        rng.shuffle(groups)
    else:
        order.sort(key=lambda k: len(prepared[k][0].ids))
        groups = [order[i : i + size] for i in range(0, len(order), size)]
    for group in groups:
        yield [(k, *prepared[k]) for k in group]


def collate(batch: Sequence[Any]) -> tuple[torch.Tensor, ...]:
    length = max(len(item.ids) for _, item, _ in batch)
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    mask = torch.zeros_like(ids)
    types = torch.zeros_like(ids)
    target = torch.full((len(batch), length), -1.0)
    any_target = torch.zeros(len(batch))
    for row, (_, item, labels) in enumerate(batch):
        n = len(item.ids)
        ids[row, :n] = torch.tensor(item.ids)
        mask[row, :n] = 1
        types[row, :n] = torch.tensor(item.type_ids)
        for position, label in zip(item.markers, labels, strict=True):
            target[row, position] = label
        any_target[row] = float(any(labels))
    return ids, mask, types, target, any_target


def train(windows: Sequence[Window], held_out: Sequence[Window], encoder_path: Path, out: Path, stage: Stage) -> None:
    """Train for one epoch and write ``final.pt`` into ``out``, with checkpoints on the way."""
    logger.info("%d windows to train on, %d held out", len(windows), len(held_out))
    seed = stage.seed
    torch.manual_seed(seed)
    rng = random.Random(seed)
    tokenizer = load_tokenizer(encoder_path)
    model = Reader(BertModel.from_pretrained(encoder_path, add_pooling_layer=False))
    if stage.init is not None:
        model.load_state_dict(torch.load(stage.init, weights_only=True))
    for parameter in model.encoder.embeddings.parameters():
        parameter.requires_grad = False
    prepared = prepare(tokenizer, windows)
    n_steps = math.ceil(len(prepared) / BATCH_SIZE)
    n_scheduled = stage.scheduled_epochs * n_steps
    optimizer = torch.optim.AdamW(
        [p for p in model.parameters() if p.requires_grad], lr=stage.learning_rate, weight_decay=0.01
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / (0.06 * n_scheduled)) * max(0.0, 1 - s / n_scheduled)
    )
    out.mkdir(parents=True, exist_ok=True)
    step, started, running = 0, time.time(), []
    model.train()
    for batch in batches(prepared, BATCH_SIZE, rng):
        ids, mask, types, target, any_target = collate(batch)
        sentence, anything = model(ids, mask, types)
        marked = target >= 0
        loss = nn.functional.binary_cross_entropy_with_logits(sentence[marked], target[marked])
        loss = loss + 0.5 * nn.functional.binary_cross_entropy_with_logits(anything, any_target)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        step += 1
        running.append(loss.item())
        if step % 50 == 0:
            left = (time.time() - started) / step * (n_steps - step) / 60
            logger.info("step %d/%d loss %.3f, %.0f minutes left", step, n_steps, np.mean(running[-50:]), left)
        if step % 300 == 0:
            torch.save(model.state_dict(), out / "checkpoint.pt")
    torch.save(model.state_dict(), out / "final.pt")
    logger.info("held out: %s", json.dumps(score(model, tokenizer, held_out)))


def score(model: Reader, tokenizer: Tokenizer, windows: Sequence[Window]) -> dict[str, float]:
    """Sentence accuracy within answerable windows and AUROC of answerability over all."""
    from sklearn.metrics import roc_auc_score

    model.eval()
    prepared = prepare(tokenizer, windows)
    right, total, truth, any_scores, max_scores = 0, 0, [], [], []
    with torch.no_grad():
        for batch in batches(prepared, 16, None):
            ids, mask, types, _, _ = collate(batch)
            sentence, anything = model(ids, mask, types)
            for row, (_, item, labels) in enumerate(batch):
                scores = sentence[row, list(item.markers)].tolist()
                truth.append(int(any(labels)))
                any_scores.append(anything[row].item())
                max_scores.append(max(scores))
                if any(labels):
                    total += 1
                    right += labels[int(np.argmax(scores))]
    return {
        "sentence_accuracy": round(right / total, 4),
        "any_auroc": round(roc_auc_score(truth, any_scores), 4),
        "max_auroc": round(roc_auc_score(truth, max_scores), 4),
    }


def load_tokenizer(encoder_path: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(encoder_path / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def train_reader(data: Path, minutes: Path, encoder_path: Path, out: Path, encoder: Encoder, seed: int = 0) -> None:
    """Train in three stages, an epoch each: the public sets; the minutes; what retrieval finds, and paraphrases.

    The second and the third see some of the public sets again.  The ranker that retrieves must have been fitted.
    """
    public = [w for w in read_public(data, seed) if w.group not in HELD_OUT_ARTICLES]
    held_out = read_minutes(minutes, "test", seed=seed)
    first = Stage(learning_rate=1e-4, scheduled_epochs=2, seed=seed, init=None)
    train(public, held_out, encoder_path, out / "public", first)
    rng = random.Random(seed)
    mixed = rng.sample(public, int(PUBLIC_SHARE * len(public)))
    for copy in range(MINUTES_COPIES):  # each time with other windows around the same sentences
        mixed += read_minutes(minutes, "train", seed=seed + copy)
    second = Stage(learning_rate=9e-5, scheduled_epochs=1, seed=seed, init=out / "public" / "final.pt")
    train(mixed, held_out, encoder_path, out / "minutes", second)
    ranker = load_ranker(DATA_PATH / "ranker.json", SIGNALS)
    found, held_out = (
        read_retrieved(minutes, split, encoder, ranker, encoder.known_words) for split in ("train", "validation")
    )
    mixed = [window for window in found if any(window.labels) or rng.random() < SHARE_WITHOUT_ANSWER]
    groups = [group for group in read_groups(minutes / "paraphrases.jsonl") if group.document not in HELD_OUT_RECORDS]
    mixed += read_paraphrases(groups, seed) + rng.sample(public, int(LATER_PUBLIC_SHARE * len(public)))
    third = Stage(learning_rate=8e-5, scheduled_epochs=1, seed=seed, init=out / "minutes" / "final.pt")
    train(mixed, held_out, encoder_path, out, third)
