"""Turn questions with others that ask the same, and others that only seem to, into training windows."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.training.examples import TermOverlap, Window
from bot.windows import WORDING_MARKER

MIN_WORDINGS, MAX_WORDINGS = 6, 10  # in a window
N_NEAR = 15  # of other questions, those nearest in words, from which a window is filled
SILENT_SHARE = 0.35  # of the windows in which nothing asks the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Wordings of one question, and questions that share its words and ask something else."""

    id: str
    document: str
    same: tuple[str, ...]
    other: tuple[str, ...]


def read_groups(path: Path) -> list[Group]:
    """Read a file of groups, JSON Lines: id, document, question, same, other."""
    groups = []
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        same = (entry["question"], *entry["same"])
        groups.append(Group(id=entry["id"], document=entry["document"], same=same, other=tuple(entry["other"])))
    return groups


def read_paraphrases(groups: Sequence[Group], seed: int = 0) -> list[Window]:
    """Return windows of wordings: for each wording of a group one, and one for a question that only seems to be it."""
    rng = random.Random(seed)
    by_document: dict[str, list[tuple[str, str]]] = {}
    for group in groups:
        pool = by_document.setdefault(group.document, [])
        pool += [(wording, group.id) for wording in (*group.same, *group.other)]
    overlaps = {name: TermOverlap([wording for wording, _ in pool]) for name, pool in by_document.items()}
    return [
        window
        for group in groups
        for window in _windows(group, by_document[group.document], overlaps[group.document], rng)
    ]


def _windows(
    group: Group, pool: Sequence[tuple[str, str]], overlap: TermOverlap, rng: random.Random
) -> Iterator[Window]:
    for asked in (*group.same, rng.choice(group.other)):
        right = [wording for wording in group.same if wording != asked] if asked in group.same else []
        wrong = list(group.other) if asked in group.same else list(group.same)
        if rng.random() < SILENT_SHARE:
            right = []
        kept = rng.sample(right, min(len(right), rng.choice((1, 1, 2))))
        beside = rng.sample(wrong, min(len(wrong), rng.choice((1, 2, 3))))
        near = [
            pool[n][0]
            for n in overlap.rank(asked)[: N_NEAR + len(group.same) + len(group.other)]
            if pool[n][1] != group.id
        ]
        n_more = max(0, rng.randint(MIN_WORDINGS, MAX_WORDINGS) - len(kept) - len(beside))
        shown = [(w, 1) for w in kept] + [
            (w, 0) for w in beside + rng.sample(near[:N_NEAR], min(n_more, len(near[:N_NEAR])))
        ]
        rng.shuffle(shown)
        yield Window(
            question=asked,
            sentences=tuple(wording for wording, _ in shown),
            labels=tuple(label for _, label in shown),
            group=group.document,
            origin="paraphrases",
            question_id=group.id,
            marker=WORDING_MARKER,
        )
