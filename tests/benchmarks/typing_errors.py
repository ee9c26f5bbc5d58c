"""Measure what one typing error costs: ``python -m tests.benchmarks.typing_errors``, the minutes' test split.

``python -m tests.benchmarks.typing_errors QUESTIONS [--collection DIR]``: any questions file, of the seeds or DIR.
One word of each answerable question's last turn gets one error: two letters swapped, one dropped, doubled, or replaced
by its neighbour on the keyboard (seed 0).  Prints hit@1 without the error, with it, and with it unmended; how many of
the words were mended; and how many words of all questions as they are were altered, which none should be.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from bot.answering import Answerer, answer_turns
from bot.evaluation import GoldQuestion, read_questions_file, score, without_labels
from bot.loading import load_answerer
from bot.reading import QuestionReader
from bot.settings import SEEDS_PATH, read_settings
from embeddings.lexical import terms
from embeddings.normalized import tokens

MINUTES = Path(__file__).parent / "minutes"
ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
MIN_LETTERS = 4


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("questions", type=Path, nargs="?")
    parser.add_argument("--collection", type=Path)
    parser.add_argument("--words", action="store_true", help="count words only, and answer nothing")
    options = parser.parse_args()
    path = options.collection or (SEEDS_PATH if options.questions else MINUTES / "test")
    answerer = load_answerer(read_settings(collection_path=path))
    questions = without_labels(read_questions_file(options.questions or MINUTES / "test.jsonl"), answerer.collection)
    spoiled = [(q, spoil(q.turns[-1], random.Random(n))) for n, q in enumerate(questions) if not q.abstain]
    spoiled = [(q, text) for q, text in spoiled if text != q.turns[-1]]
    mended = sum(_same(answerer.reader.read(text).text, q.turns[-1]) for q, text in spoiled)
    altered = sum(not _same(answerer.reader.read(q.turns[-1]).text, q.turns[-1]) for q in questions)
    sys.stdout.write(f"words mended: {mended} of {len(spoiled)}; questions altered: {altered} of {len(questions)}\n")
    if options.words:
        return
    with_errors = [replace(q, turns=(*q.turns[:-1], text)) for q, text in spoiled]
    typed = frozenset(token.text for q in with_errors for turn in q.turns for token in tokens(turn))
    as_typed = replace(answerer, reader=QuestionReader(answerer.collection, typed))
    sys.stdout.write(f"hit@1 without errors:      {_hit1(answerer, [q for q, _ in spoiled]):.3f}\n")
    sys.stdout.write(f"hit@1 with errors, mended: {_hit1(answerer, with_errors):.3f}\n")
    sys.stdout.write(f"hit@1 with errors, as typed: {_hit1(as_typed, with_errors):.3f}\n")


def spoil(question: str, rng: random.Random) -> str:
    """Put one typing error into one content word or name of ``question``; without any it comes back as it is."""
    words = [m for m in re.finditer(r"[^\W\d_]+", question) if len(m.group()) >= MIN_LETTERS and terms(m.group())]
    if not words:
        return question
    word = rng.choice(words)
    letters, at = word.group(), rng.randrange(len(word.group()) - 1)
    wrong = rng.choice((_swap, _drop, _double, _neighbour))(letters, at, rng)
    return f"{question[: word.start()]}{wrong}{question[word.end() :]}"


def _swap(word: str, at: int, rng: random.Random) -> str:
    return f"{word[:at]}{word[at + 1]}{word[at]}{word[at + 2 :]}"


def _drop(word: str, at: int, rng: random.Random) -> str:
    return f"{word[: at + 1]}{word[at + 2 :]}"  # never the first letter


def _double(word: str, at: int, rng: random.Random) -> str:
    return f"{word[: at + 1]}{word[at:]}"


def _neighbour(word: str, at: int, rng: random.Random) -> str:
    row = next((row for row in ROWS if word[at].lower() in row), None)
    if row is None:  # a letter of another alphabet
        return _drop(word, at, rng)
    place = row.index(word[at].lower())
    return f"{word[:at]}{rng.choice(row[max(0, place - 1) : place] + row[place + 1 : place + 2])}{word[at + 1 :]}"


def _same(one: str, other: str) -> bool:
    return terms(one) == terms(other)


def _hit1(answerer: Answerer, questions: Sequence[GoldQuestion]) -> float:
    return sum(score(q, answer_turns(answerer, q.turns)[-1]).hit1 for q in questions) / len(questions)


if __name__ == "__main__":
    main()
