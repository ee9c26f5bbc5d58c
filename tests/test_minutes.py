"""The data set over minutes: lines have the form that its README states, and gold sentences are in their record."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

MINUTES = Path(__file__).parent / "benchmarks" / "minutes"
KINDS = {"fact", "said", "reply", "list", "follow", "noisy", "false", "none"}
SPLITS = {
    "train": 16_964,
    "history": 6_517,
    "invented": 6_276,
    "validation": 1_468,
    "test": 260,
    "invented_test": 953,
}


def lines(name: str) -> list[dict]:
    return [json.loads(line) for line in (MINUTES / name).read_text(encoding="utf-8").splitlines()]


def records(split: str) -> dict[str, str]:
    files = (MINUTES / split / "documents").iterdir()
    return {file.stem: re.sub(r"\s+", " ", file.read_text(encoding="utf-8")) for file in files}


@pytest.mark.parametrize("split", SPLITS)
def test_every_question_has_the_stated_form_and_its_gold_is_in_its_record(split):
    questions, texts = lines(f"{split}.jsonl"), records(split)

    assert len(questions) == len({question["id"] for question in questions}) == SPLITS[split]
    for question in questions:
        assert question["kind"] in KINDS, question["id"]
        assert question["turns"] and all(turn.strip() for turn in question["turns"]), question["id"]
        assert question["abstain"] is (not question["gold"]), question["id"]
        text = texts[question["document"]]
        for sentence in [s for facet in question["gold"] for s in facet] + question["near"]:
            assert sentence in text, (question["id"], sentence)


def test_no_record_is_in_two_splits():
    names = [name for split in SPLITS for name in records(split)]
    assert len(names) == len(set(names)) == 141


def test_every_group_of_paraphrases_is_of_a_training_question_and_no_wording_is_both():
    asked = {question["id"]: question for question in lines("train.jsonl")}
    groups = lines("paraphrases.jsonl")

    assert len(groups) == 1_050
    for group in groups:
        assert group["document"] == asked[group["id"]]["document"]
        assert group["question"] == asked[group["id"]]["turns"][-1]
        same = {group["question"], *group["same"]}
        assert (len(same), len(set(group["other"]))) == (5, 3)
        assert not same & set(group["other"])
