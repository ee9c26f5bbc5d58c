"""Training the reader: windows of one question are read together, and its answering sentences set against the rest."""

from __future__ import annotations

import random

import pytest
import torch

from bot.training.train import Prepared, batches, choice_loss, collate
from bot.windows import ReaderInput


def prepared(question_id: str, *labels: int, length: int = 20) -> Prepared:
    markers = tuple(range(2, 2 + len(labels)))
    laid = ReaderInput(ids=(5,) * length, type_ids=(0,) * length, markers=markers)
    return Prepared(input=laid, labels=labels, question_id=question_id)


WINDOWS = [
    prepared(f"q{n}", *((1, 0) if k == n % 3 else (0, 0)), length=10 + n) for n in range(50) for k in range(1 + n % 3)
]


@pytest.mark.parametrize("rng", [None, random.Random(1)])
def test_every_window_is_in_one_batch_and_those_of_a_question_in_the_same(rng):
    grouped = list(batches(WINDOWS, 8, rng))

    assert sorted(map(id, (item for batch in grouped for item in batch))) == sorted(map(id, WINDOWS))
    holders = [
        {n for n, batch in enumerate(grouped) for item in batch if item.question_id == f"q{q}"} for q in range(50)
    ]
    assert all(len(numbers) == 1 for numbers in holders)
    assert all(len(batch) <= 8 + 2 for batch in grouped)


def test_choosing_an_answer_costs_less_the_more_it_leads_wherever_it_was_read():
    batch = [prepared("a", 0, 0), prepared("a", 0, 1), prepared("b", 0, 0)]
    _, _, _, target, _ = collate(batch)
    ids = [item.question_id for item in batch]
    scores = torch.zeros(3, 20)

    even = choice_loss(scores, target, ids)
    scores[1, 3] = 2.0
    led = choice_loss(scores, target, ids)
    scores[0, 2] = 5.0  # a sentence of another place that was read for the same question
    misled = choice_loss(scores, target, ids)

    assert even.item() == pytest.approx(torch.log(torch.tensor(4.0)).item())
    assert led < even < misled


def test_what_is_read_for_another_question_changes_nothing():
    batch = [prepared("a", 0, 1), prepared("b", 0, 0)]
    _, _, _, target, _ = collate(batch)
    scores = torch.zeros(2, 20)
    before = choice_loss(scores, target, ["a", "b"])
    scores[1, 2] = 9.0

    assert choice_loss(scores, target, ["a", "b"]) == before


def test_a_batch_without_any_answer_costs_nothing_and_can_be_learned_from():
    scores = torch.zeros(1, 20, requires_grad=True)
    _, _, _, target, _ = collate([prepared("a", 0, 0)])

    loss = choice_loss(scores, target, ["a"])
    loss.backward()

    assert loss.item() == 0.0
    assert scores.grad is not None
