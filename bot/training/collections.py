"""Collections with questions to learn from: minutes with our own questions, and articles of SQuAD."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.reading import QuestionReader
from bot.signals import SignalReader
from embeddings.collection import Collection, load_collection
from embeddings.encoder import Encoder
from embeddings.index import FaissIndex

TRAINING_SPLITS = ("train", "history", "invented")  # of the minutes; no figure is ever taken on these


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of a questions file: the last turn, the ones before it, and the units that answer it."""

    id: str
    kind: str
    turns: tuple[str, ...]
    gold: tuple[frozenset[int], ...]  # facets of unit numbers
    speaker: str | None
    document: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Studied:
    """An indexed collection and the questions asked of it."""

    name: str
    collection: Collection
    index: FaissIndex
    reader: QuestionReader
    signals: SignalReader
    asked: tuple[Asked, ...]

    def asked_of(self, document: int) -> list[Asked]:
        """Return the questions asked of a document, by its number."""
        return [a for a in self.asked if a.document == self.collection.documents[document].id]


def study(
    collection: Collection,
    encoder: Encoder,
    questions: Sequence[Mapping[str, Any]],
    name: str,
) -> Studied:
    """Index ``collection`` and find the units that hold each question's anchors."""
    index = FaissIndex.build(collection, encoder)
    texts: dict[str, list[tuple[int, str]]] = {document.id: [] for document in collection.documents}
    for unit in index.units:
        document = collection.documents[unit.document]
        texts[document.id].append((unit.number, re.sub(r"\s+", " ", document.words(unit.span))))
    return Studied(
        name=name,
        collection=collection,
        index=index,
        reader=QuestionReader(collection, encoder.known_words),
        signals=SignalReader(collection, index),
        asked=tuple(_asked(texts, question) for question in questions),
    )


def _asked(texts: Mapping[str, Sequence[tuple[int, str]]], question: Mapping[str, Any]) -> Asked:
    """Find a question's gold among the sentences of its document, ``texts`` by document id, or of all of them."""
    own = texts[question["document"]] if question["document"] else [s for d in texts.values() for s in d]
    facets = []
    for facet in question["gold"]:
        anchors = [re.sub(r"\s+", " ", anchor) for anchor in facet]
        found = frozenset(
            n for n, text in own if any(anchor in text or (len(text) > 25 and text in anchor) for anchor in anchors)
        )
        if found:
            facets.append(found)
    return Asked(
        id=str(question["id"]),
        kind=str(question["kind"]),
        turns=tuple(question["turns"]),
        gold=tuple(facets),
        speaker=question.get("speaker"),
        document=question["document"],
    )


def study_minutes(folder: Path, split: str, encoder: Encoder) -> Studied:
    """Study the minutes of a split, as one collection."""
    questions = [json.loads(line) for line in (folder / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()]
    return study(load_collection(folder / split), encoder, questions, split)


def query(asked: Asked) -> str:
    """Return the question as it is searched for: a follow-up after the question before it."""
    return " ".join(asked.turns[-2:])
