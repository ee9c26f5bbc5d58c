"""Measure which earlier terms a follow-up is given: ``python -m tests.benchmarks.cast DATA``.

``DATA`` holds ``trec_cast/``, ``canard/`` and ``mtrag/``.  A person has rewritten every follow-up to stand by itself;
the terms that the rewriting adds are compared with those that memcon carries over, and with carrying over nothing, the
previous turn, the first, or both.  Precision, recall and F1 are over the added terms of all follow-ups.  memcon decides
here by words alone: there is no collection to search for either wording (`bot.leaning`).  ``leaning`` is the area under
the curve of the odds that a question leans, where people added earlier terms against where they added none.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answers import Abstention, Exchange, Reason
from bot.followups import Resolved, resolve
from bot.reading import QuestionReader
from embeddings.collection import load_collection
from embeddings.lexical import terms
from tests.benchmarks.answerability import auroc


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question as it was asked, and as a person rewrote it to stand by itself."""

    asked: str
    rewritten: str


Conversation = Sequence[Turn]
SETS: dict[str, Callable[[Path], Iterator[Conversation]]] = {
    "CAsT 2019": lambda data: read_cast_2019(data / "trec_cast"),
    "CAsT 2020": lambda data: read_cast(data / "trec_cast" / "2020_manual_evaluation_topics_v1.0.json"),
    "CAsT 2021": lambda data: read_cast(data / "trec_cast" / "2021_manual_evaluation_topics_v1.0.json"),
    "CANARD": lambda data: read_canard(data / "canard" / "dev.json"),
    "MTRAG": lambda data: read_mtrag(data / "mtrag"),
}


def main() -> None:
    """Print a table for each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "documents").mkdir()
        (Path(folder) / "documents" / "empty.txt").write_text("Nobody is named here.\n", encoding="utf-8")
        reader = QuestionReader(load_collection(Path(folder)))
    sys.stdout.write("| set | carried over | precision | recall | F1 | leaning |\n|---|---|---|---|---|---|\n")
    for name, read in SETS.items():
        conversations = list(read(options.data))
        leaning = [pair for conversation in conversations for pair in _odds(name, conversation, reader)]
        for ours, carry in _ways(reader).items():
            counts = [_counts(c, n, carry) for c in conversations for n in _scored(name, c)]
            right, carried, wanted = (sum(column) for column in zip(*counts, strict=True))
            shares = (right / max(carried, 1), right / max(wanted, 1), 2 * right / max(carried + wanted, 1))
            last = f"{auroc(leaning):.3f}" if ours == "memcon" else ""
            sys.stdout.write(f"| {name} | {ours} | {' | '.join(f'{share:.3f}' for share in shares)} | {last} |\n")


def resolved(conversation: Conversation, number: int, reader: QuestionReader) -> Resolved:
    """Resolve turn ``number`` as memcon does, each turn after those before it."""
    exchanges: list[Exchange] = []
    for turn in conversation[:number]:
        query = resolve(turn.asked, exchanges, reader).query
        outcome = Abstention(question=turn.asked, query=query, reason=Reason.NOT_STATED)
        exchanges.append(Exchange(question=turn.asked, outcome=outcome))
    return resolve(conversation[number].asked, exchanges, reader)


def _ways(reader: QuestionReader) -> dict[str, Callable[[Conversation, int], str]]:
    return {
        "previous turn": lambda c, n: c[n - 1].asked,
        "first turn": lambda c, n: c[0].asked,
        "first and previous": lambda c, n: f"{c[0].asked} {c[n - 1].asked}",
        "memcon": lambda c, n: resolved(c, n, reader).query,
    }


def _counts(conversation: Conversation, number: int, carry: Callable[[Conversation, int], str]) -> tuple[int, int, int]:
    """Return the terms rightly carried over, all carried over, and all that a person added."""
    turn = conversation[number]
    own = set(terms(turn.asked))
    carried, wanted = set(terms(carry(conversation, number))) - own, set(terms(turn.rewritten)) - own
    return len(carried & wanted), len(carried), len(wanted)


def _odds(name: str, conversation: Conversation, reader: QuestionReader) -> Iterator[tuple[float, bool]]:
    for number in _scored(name, conversation):
        before, turn = conversation[:number], conversation[number]
        added = set(terms(turn.rewritten)) - set(terms(turn.asked))
        earlier = {term for other in before for term in terms(other.asked)}
        yield resolved((before[-1], turn), 1, reader).odds, bool(added & earlier)


def _scored(name: str, conversation: Conversation) -> range:
    """Return the turns that are scored: of MTRAG the last, whose history is given as it was asked."""
    return range(len(conversation) - 1 if name == "MTRAG" else 1, len(conversation))


def read_cast_2019(folder: Path) -> Iterator[Conversation]:
    """Read CAsT 2019: the topics, and their resolved utterances by number."""
    lines = (folder / "evaluation_topics_annotated_resolved_v1.0.tsv").read_text(encoding="utf-8").splitlines()
    rewritten = dict(line.split("\t", 1) for line in lines if "\t" in line)
    for topic in _json(folder / "evaluation_topics_v1.0.json"):
        numbers = {f"{topic['number']}_{turn['number']}": turn["raw_utterance"] for turn in topic["turn"]}
        yield [Turn(asked=asked, rewritten=rewritten[number]) for number, asked in numbers.items()]


def read_cast(path: Path) -> Iterator[Conversation]:
    """Read CAsT 2020 or 2021."""
    for topic in _json(path):
        yield [Turn(asked=t["raw_utterance"], rewritten=t["manual_rewritten_utterance"]) for t in topic["turn"]]


def read_canard(path: Path) -> Iterator[Conversation]:
    """Read CANARD; its titles and answers are left out."""
    conversations: dict[str, list[Turn]] = {}
    for row in _json(path):
        turn = Turn(asked=row["Question"], rewritten=row["Rewrite"])
        conversations.setdefault(row["QuAC_dialog_id"], []).append(turn)
    yield from conversations.values()


def read_mtrag(folder: Path) -> Iterator[Conversation]:
    """Read MTRAG: the last turn, its rewriting, and the questions before it, by id."""
    for domain in sorted(path for path in folder.iterdir() if path.is_dir()):
        rewritten = {row["_id"]: _turns(row) for row in _rows(domain / f"{domain.name}_rewrite.jsonl")}
        for row in _rows(domain / f"{domain.name}_questions.jsonl"):
            *before, last = _turns(row)
            if before:
                final = Turn(asked=last, rewritten=rewritten[row["_id"]][-1])
                yield [*(Turn(asked=asked, rewritten=asked) for asked in before), final]


def _turns(row: dict[str, str]) -> list[str]:
    return [turn.strip() for turn in row["text"].split("|user|:") if turn.strip()]


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip())


if __name__ == "__main__":
    main()
