"""Train the reader: a small BERT that marks the sentences of a window that answer a question."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn
from transformers import BertModel

from bot.ranking import load_ranker
from bot.settings import DATA_PATH
from bot.signals import SIGNALS
from bot.training.collections import TRAINING_SPLITS
from bot.training.examples import Window, read_minutes, read_public
from bot.training.retrieved import read_retrieved
from bot.windows import (
    MAX_CONTEXT_TOKENS,
    MAX_QUESTION_TOKENS,
    MAX_SENTENCE_TOKENS,
    ReaderInput,
    lay_out,
    token_ids,
)
from embeddings.encoder import Encoder

logger = logging.getLogger(__name__)
BATCH_SIZE = 16
PUBLIC_SHARE = 0.3  # of the public windows that the second stage sees again, so that it does not forget them
MINUTES_COPIES = 2
LATER_PUBLIC_SHARE = 0.1  # of them in the third stage
LATER_SHARE = 0.5  # of the questions in the third stage, so that the whole training takes about two hours
SHARE_WITHOUT_ANSWER = 0.4  # of the retrieved windows that hold no answer: five in six
WEIGHT_OF_CHOICE = 0.5  # in the third stage, of choosing among all sentences that are read for one question
EARLY_QUESTIONS = 3_110  # of the minutes' training split, seen in the second stage; the third draws from every split
HELD_OUT_ARTICLES = frozenset({"Normans", "Steam_engine", "Scottish_Parliament", "Force"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How one stage of the training runs."""

    learning_rate: float  # at its height, after a warm-up over 6 per cent of the schedule
    scheduled_epochs: int  # over which it falls to nothing; one epoch is trained
    seed: int
    init: Path | None  # the checkpoint to go on from
    weight_of_choice: float = 0.0  # of the loss that sets a question's answering sentences against all others read


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A window laid out for the model: the labels of its markers, and the question it is of."""

    input: ReaderInput
    labels: tuple[int, ...]
    question_id: str


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


def prepare(tokenizer: Tokenizer, windows: Sequence[Window]) -> list[Prepared]:
    prepared = []
    for window in windows:
        question = token_ids(tokenizer, window.question, MAX_QUESTION_TOKENS)
        context = token_ids(tokenizer, window.context, MAX_CONTEXT_TOKENS)
        sentences = [token_ids(tokenizer, s, MAX_SENTENCE_TOKENS) for s in window.sentences]
        laid = lay_out(tokenizer, question, context, sentences)
        labels = window.labels[: len(laid.markers)]
        prepared.append(Prepared(input=laid, labels=labels, question_id=window.question_id))
    return prepared


def batches(prepared: Sequence[Prepared], size: int, rng: random.Random | None) -> Iterator[list[Prepared]]:
    """Group windows of like length, those of one question together, in random order when ``rng`` is given.

    A batch has ``size`` windows, and as many more as the last question has.
    """
    of_question: dict[str, list[Prepared]] = {}
    for item in prepared:
        of_question.setdefault(item.question_id, []).append(item)
    questions = list(of_question.values())
    if rng is not None:
        rng.shuffle(questions)
    pool = size * 20 if rng is not None else len(questions)
    groups: list[list[Prepared]] = []
    for start in range(0, len(questions), pool):
        batch: list[Prepared] = []
        for windows in sorted(questions[start : start + pool], key=lambda w: max(len(item.input.ids) for item in w)):
            batch += windows
            if len(batch) >= size:
                groups.append(batch)
                batch = []
        groups += [batch] if batch else []
    if rng is not None:
        rng.shuffle(groups)
    yield from groups


def collate(batch: Sequence[Prepared]) -> tuple[torch.Tensor, ...]:
    length = max(len(item.input.ids) for item in batch)
    ids = torch.zeros(len(batch), length, dtype=torch.long)
    mask = torch.zeros_like(ids)
    types = torch.zeros_like(ids)
    target = torch.full((len(batch), length), -1.0)
    any_target = torch.zeros(len(batch))
    for row, item in enumerate(batch):
        n = len(item.input.ids)
        ids[row, :n] = torch.tensor(item.input.ids)
        mask[row, :n] = 1
        types[row, :n] = torch.tensor(item.input.type_ids)
        for position, label in zip(item.input.markers, item.labels, strict=True):
            target[row, position] = label
        any_target[row] = float(any(item.labels))
    return ids, mask, types, target, any_target


def choice_loss(scores: torch.Tensor, target: torch.Tensor, question_ids: Sequence[str]) -> torch.Tensor:
    """Return the mean of ``-log p(a sentence that answers)``, ``p`` the softmax over all that are read for a question.

    ``scores``, ``target``: (n_windows, n_tokens), the latter -1 where no sentence's marker stands; zero where no
    question has an answer.
    """
    losses = []
    for question_id in dict.fromkeys(question_ids):
        rows = [row for row, own in enumerate(question_ids) if own == question_id]
        marked = target[rows] >= 0
        answers = target[rows][marked] > 0
        if answers.any():
            losses.append(-torch.logsumexp(torch.log_softmax(scores[rows][marked], 0)[answers], 0))
    return torch.stack(losses).mean() if losses else scores.sum() * 0.0


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
    shuffled = list(batches(prepared, BATCH_SIZE, rng))
    n_steps = len(shuffled)
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
    for batch in shuffled:
        ids, mask, types, target, any_target = collate(batch)
        sentence, anything = model(ids, mask, types)
        marked = target >= 0
        loss = nn.functional.binary_cross_entropy_with_logits(sentence[marked], target[marked])
        loss = loss + 0.5 * nn.functional.binary_cross_entropy_with_logits(anything, any_target)
        if stage.weight_of_choice:
            question_ids = [item.question_id for item in batch]
            loss = loss + stage.weight_of_choice * choice_loss(sentence, target, question_ids)
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
            for row, item in enumerate(batch):
                scores = sentence[row, list(item.input.markers)].tolist()
                truth.append(int(any(item.labels)))
                any_scores.append(anything[row].item())
                max_scores.append(max(scores))
                if any(item.labels):
                    total += 1
                    right += item.labels[int(np.argmax(scores))]
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


def train_reader(
    data: Path, minutes: Path, encoder_path: Path, out: Path, encoder: Encoder, plain: Encoder, seed: int = 0
) -> None:
    """Train in three stages, an epoch each: the public sets; early questions over the minutes; what retrieval finds.

    The second and the third see some of the public sets again.  The ranker that retrieves must have been fitted; it
    retrieves for the questions to train on by ``plain``, an ``encoder`` whose question encoder has not seen them.
    """
    public = [w for w in read_public(data, seed) if w.group not in HELD_OUT_ARTICLES]
    held_out = read_minutes(minutes, "test", seed=seed)
    first = Stage(learning_rate=1e-4, scheduled_epochs=2, seed=seed, init=None)
    train(public, held_out, encoder_path, out / "public", first)
    rng = random.Random(seed)
    mixed = rng.sample(public, int(PUBLIC_SHARE * len(public)))
    for copy in range(MINUTES_COPIES):  # each time with other windows around the same sentences
        mixed += read_minutes(minutes, "train", seed=seed + copy, limit=EARLY_QUESTIONS)
    second = Stage(learning_rate=9e-5, scheduled_epochs=1, seed=seed, init=out / "public" / "final.pt")
    train(mixed, held_out, encoder_path, out / "minutes", second)
    ranker = load_ranker(DATA_PATH / "ranker.json", SIGNALS)
    found = [w for split in TRAINING_SPLITS for w in read_retrieved(minutes, split, plain, ranker)]
    held_out = read_retrieved(minutes, "validation", encoder, ranker)
    questions = sorted({window.question_id for window in found})
    seen = frozenset(rng.sample(questions, int(LATER_SHARE * len(questions))))
    mixed = [w for w in found if w.question_id in seen and (any(w.labels) or rng.random() < SHARE_WITHOUT_ANSWER)]
    mixed += rng.sample(public, int(LATER_PUBLIC_SHARE * len(public)))
    before = out / "minutes" / "final.pt"
    third = Stage(learning_rate=8e-5, scheduled_epochs=1, seed=seed, init=before, weight_of_choice=WEIGHT_OF_CHOICE)
    train(mixed, held_out, encoder_path, out, third)
