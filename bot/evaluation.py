"""Score a bot against a questions file: the right thing quoted, and silence where the record is silent."""

from __future__ import annotations

import json
import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.answering import Answerer, answer_turns
from bot.answers import Answer, Outcome
from bot.errors import QuestionsFileError
from embeddings.collection import Collection

_FOLDED = str.maketrans({"\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2014": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldQuestion:
    """A question with its gold: facets, each a set of interchangeable anchors (words of the record)."""

    id: str
    kind: str
    turns: tuple[str, ...]
    gold: tuple[tuple[str, ...], ...]
    abstain: bool
    speaker: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What `evaluate` measures; shares are 0 to 1, None where no question of the kind was there."""

    questions: int
    hit1: float | None  # the first quotation covers a facet
    coverage: float | None  # share of facets covered by all quotations
    precision: float | None  # share of quotations that cover any facet
    words: float  # median of an answer's quoted words
    abstention_precision: float
    abstention_recall: float
    abstention_f1: float
    unanswerable_answered: int
    unanswerable: int
    false_abstentions: int
    speaker_accuracy: float | None
    kinds: dict[str, tuple[float, float, float, int]]  # kind -> hit1, coverage, precision, questions


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scored:
    question: GoldQuestion
    answered: bool
    hit1: float
    coverage: float
    precision: float
    words: int
    speaker_right: bool | None


def read_questions_file(path: Path) -> list[GoldQuestion]:
    """Read a questions file, JSON Lines.

    Raises:
        QuestionsFileError: the file is missing, or a line is not a question; the message names the line.
    """
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsFileError(f"{path}: cannot be read as UTF-8 text ({error})") from error
    return [_read_line(path, n, line) for n, line in enumerate(lines, start=1) if line.strip()]


def _read_line(path: Path, number: int, line: str) -> GoldQuestion:
    try:
        data = json.loads(line)
        question = GoldQuestion(
            id=str(data["id"]),
            kind=str(data["kind"]),
            turns=_texts("turns", data["turns"]),
            gold=tuple(_texts("gold", facet) for facet in data["gold"]),
            abstain=_flag("abstain", data["abstain"]),
            speaker=data.get("speaker"),
        )
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise QuestionsFileError(
            f"{path}, line {number}: is no question ({type(error).__name__}: {error}); a line is "
            f'an object with "id", "kind", "turns", "gold" and "abstain"'
        ) from error
    if not question.turns or (not question.abstain and not question.gold):
        raise QuestionsFileError(
            f"{path}, line {number}: question {question.id!r} needs at least one turn, and gold "
            f'unless "abstain" is true'
        )
    return question


def _texts(key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(text, str) and text.strip() for text in value):
        raise ValueError(f"{key}: {value!r} is no list of texts, none of them empty")
    return tuple(value)


def _flag(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"{key}: {value!r} is neither true nor false")
    return value


def evaluate(
    answerer: Answerer, questions: Sequence[GoldQuestion], progress: Callable[[int, int], None] | None = None
) -> Figures:
    """Ask every question and score its last turn; ``progress`` is told (done, all)."""
    scored = []
    for n, question in enumerate(without_labels(questions, answerer.collection), start=1):
        scored.append(score(question, answer_turns(answerer, question.turns)[-1]))
        if progress:
            progress(n, len(questions))
    return tally(scored)


def without_labels(questions: Sequence[GoldQuestion], collection: Collection) -> list[GoldQuestion]:
    """Return ``questions`` with the anchors as they are quoted: a speaker's label or an entry's number is none of it.

    Who copies an anchor from the record often takes along what stands before its first word in the line.
    """
    labelled: dict[str, list[str]] = {}
    for document in collection.documents:
        for block in document.blocks:
            if block.sentences:
                start = block.sentences[0].start
                label = _fold(document.text[document.text.rfind("\n", 0, start) + 1 : start])
                if label:
                    words = _fold(document.text[start : block.sentences[-1].end])
                    labelled.setdefault(label, []).append(words)
    longest_first = sorted(labelled, key=len, reverse=True)

    def quoted(anchor: str) -> str:
        folded = _fold(anchor)
        for label in longest_first:
            words = folded.removeprefix(label).strip()
            if words and words != folded and any(w.startswith(words) or words.startswith(w) for w in labelled[label]):
                return words
        return anchor

    return [replace(q, gold=tuple(tuple(map(quoted, facet)) for facet in q.gold)) for q in questions]


def score(question: GoldQuestion, outcome: Outcome) -> _Scored:
    """Score one outcome against its question's gold."""
    answered = isinstance(outcome, Answer)
    citations = outcome.citations if isinstance(outcome, Answer) else ()
    if question.abstain or not answered:
        # A false premise may be met by abstaining as well as by the words that correct it.
        right = float((question.abstain or question.kind == "false") and not answered)
        return _Scored(
            question=question,
            answered=answered,
            hit1=right,
            coverage=right,
            precision=right,
            words=0,
            speaker_right=None,
        )
    covers = [[_covers(citation.exact, facet) for facet in question.gold] for citation in citations]
    first = next((n for n, row in enumerate(covers) if any(row)), None)
    speaker_right = None
    if question.speaker and any(covers[0]) and first is not None:
        speaker_right = (citations[first].speaker or "").lower().endswith(question.speaker.lower())
    return _Scored(
        question=question,
        answered=True,
        hit1=float(any(covers[0])),
        coverage=sum(any(row[k] for row in covers) for k in range(len(question.gold))) / len(question.gold),
        precision=sum(any(row) for row in covers) / len(covers),
        words=sum(len(citation.exact.split()) for citation in citations),
        speaker_right=speaker_right,
    )


def tally(scored: Sequence[_Scored]) -> Figures:
    """Sum up scored questions."""
    answerable = [s for s in scored if not s.question.abstain]
    silent = sum(s.question.abstain and not s.answered for s in scored)
    wrongly_silent = sum(not s.answered and s.question.kind != "false" for s in answerable)
    unanswerable = sum(s.question.abstain for s in scored)
    precision = silent / (silent + wrongly_silent) if silent + wrongly_silent else 0.0
    recall = silent / unanswerable if unanswerable else 0.0
    speakers = [s.speaker_right for s in scored if s.speaker_right is not None]
    return Figures(
        questions=len(scored),
        hit1=_mean([s.hit1 for s in answerable]),
        coverage=_mean([s.coverage for s in answerable]),
        precision=_mean([s.precision for s in answerable]),
        words=statistics.median([s.words for s in answerable if s.answered] or [0]),
        abstention_precision=round(precision, 3),
        abstention_recall=round(recall, 3),
        abstention_f1=round(2 * precision * recall / (precision + recall), 3) if precision + recall else 0.0,
        unanswerable_answered=unanswerable - silent,
        unanswerable=unanswerable,
        false_abstentions=wrongly_silent,
        speaker_accuracy=_mean([float(right) for right in speakers]),
        kinds=dict(_by_kind(scored)),
    )


def _by_kind(scored: Sequence[_Scored]) -> Iterator[tuple[str, tuple[float, float, float, int]]]:
    for kind in dict.fromkeys(s.question.kind for s in scored):
        own = [s for s in scored if s.question.kind == kind]
        yield (
            kind,
            (
                _mean([s.hit1 for s in own]) or 0.0,
                _mean([s.coverage for s in own]) or 0.0,
                _mean([s.precision for s in own]) or 0.0,
                len(own),
            ),
        )


def _covers(exact: str, facet: Sequence[str]) -> bool:
    held = _fold(exact)
    return any(_fold(anchor) in held for anchor in facet)


def _fold(text: str) -> str:
    return re.sub(r"\s+", " ", text.translate(_FOLDED)).strip()


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 3) if values else None
