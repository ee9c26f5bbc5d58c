"""Fit the choice between curated questions and what is found, by asking a collection's curated questions of others."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.choosing import LINKED, NOTHING, REGION, SILENCE, Chooser, Proposal, linked_rows, region_row, silence_row
from bot.curated import CuratedMatcher, Match, widest
from bot.likeness import LIKENESS, Likeness, Matrix
from bot.loading import build_index, load_judge, load_regions, load_retriever
from bot.ranking import Ranker
from bot.reading import QuestionReader
from bot.settings import Settings
from bot.training.fusing import fit_logistic
from embeddings.collection import load_collection
from embeddings.documents import Span
from embeddings.encoder import Encoder
from embeddings.questions import CuratedQuestion

logger = logging.getLogger(__name__)

N_WORDINGS = 2  # of each curated question that are asked, drawn at random, in whatever language
N_FOLDS = 3
PENALTY = 1e-4
ENOUGH = 30  # characters of an answer that must be quoted, or half of it where that is less
# How much a question counts that is asked of: the collection without this wording and the one most like it, without
# its curated question, and with none but the other half of the file, which strangers may have written.
SCENARIOS = {"reworded": 0.7, "absent": 1.0, "strangers": 1.0}
Place = tuple[str, Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A wording asked of some of the curated questions, and what is right."""

    scenario: str
    number: int  # of the curated question that it is a wording of
    first_half: bool  # whether that stands in the first half of the file
    entries: NDArray[np.int64]  # places of the candidates
    rows: Matrix  # their likeness
    right: NDArray[np.bool_]  # whether they answer, or rightly do not
    proposal: Proposal
    proposal_right: bool
    answerable: bool


def fit_curated(settings: Settings, models: Path, encoder: Encoder) -> None:
    """Fit what weighs curated questions, by asking those of a collection of one another, and write it into ``models``.

    Logs how models that learned from one half of the file choose for the other half.
    """
    likeness, cases = make_cases(settings, models, encoder)
    for learned in (True, False):
        chosen = _fit(likeness, [case for case in cases if case.first_half is learned])
        for scenario in SCENARIOS:
            others = [c for c in cases if c.first_half is not learned and c.scenario == scenario]
            logger.info("learned from half %d, %s: %s", 2 - learned, scenario, figures(*chosen, others))
    matcher, chooser = _fit(likeness, cases)
    about: dict[str, object] = {"trained_on": "the seeds' curated questions, asked of one another", "cases": len(cases)}
    matcher.ranker.save(models / "likeness.json", about)
    for name in ("linked", "region", "silence"):
        getattr(chooser, name).save(models / f"{name}.json", about)


def make_cases(settings: Settings, models: Path, encoder: Encoder) -> tuple[Likeness, list[Case]]:
    """Ask wordings of the collection's curated questions of the others."""
    collection = load_collection(settings.collection_path)
    index = build_index(settings)
    retriever = load_retriever(settings, collection, index, models)
    judge, regions = load_judge(settings, collection, models), load_regions(settings, collection, index)
    reader = QuestionReader(collection, encoder.known_words)
    likeness = Likeness(collection, index)
    questions = collection.questions
    cases = []
    for entry, wording in _draw(likeness.wordings.of):
        asked = questions[entry]
        text = asked.wordings[wording - likeness.wordings.of[entry].start]
        reading = reader.read(text)
        vector = encoder.encode([reading.text])[0]
        found = retriever.search(reading, vector)
        region = regions.choose(found.numbers, found.scores, wants_list=reading.asks_list)[0]
        log_odds = judge.log_odds(
            reading,
            found,
            regions.words(region),
            retriever.units[region.first].passage_text,
            judge.best_row(found, region),
        )
        proposal = Proposal(region=region, log_odds=log_odds, unknown_terms=judge.unknown_terms(reading))
        evidence = regions.evidence(region, 0.0)
        for scenario, present in _scenarios(likeness, entry, wording):
            entries, rows = likeness.read(reading, vector, present)
            cases.append(
                Case(
                    scenario=scenario,
                    number=asked.number,
                    first_half=entry < len(questions) // 2,
                    entries=entries,
                    rows=rows,
                    right=np.array([_answers(questions[other], asked) for other in entries], dtype=bool),
                    proposal=proposal,
                    proposal_right=_covers((evidence.document_id, evidence.span), asked),
                    answerable=bool(asked.answers),
                )
            )
        if len(cases) % 300 == 0:
            logger.info("%d of %d questions asked", len(cases), len(SCENARIOS) * N_WORDINGS * len(questions))
    return likeness, cases


def figures(matcher: CuratedMatcher, chooser: Chooser, cases: Sequence[Case]) -> str:
    """Say how often the choice is right: the first words answer, or silence is kept where nothing does."""
    least = Settings().min_answer_probability
    hits: list[bool] = []
    silenced: list[bool] = []
    kept: list[bool] = []
    for case in cases:
        matches = matcher.weigh(case.entries, case.rows)
        sure = chooser.sure(matches, case.proposal.unknown_terms)
        choice = chooser.choose(matches, case.proposal)
        match = sure or choice.match
        if sure is not None:
            silent = not sure.question.answers
        else:
            silent = choice.silent or choice.probability < least
        right = case.proposal_right if match is None else _right_of(case, match)
        if case.answerable:
            hits.append(right and not silent)
            kept.append(not silent)
        else:
            silenced.append(silent)
    return (
        f"first words right {np.mean(hits):.3f} of {len(hits)}, answered {np.mean(kept):.3f}, "
        f"silent where nothing answers {np.mean(silenced):.3f} of {len(silenced)}, all {np.mean(hits + silenced):.3f}"
    )


def _fit(likeness: Likeness, cases: Sequence[Case]) -> tuple[CuratedMatcher, Chooser]:
    """Fit on ``cases``; what rests on the likeness learns from the likeness of questions that it did not learn from."""
    matched: list[tuple[Case, tuple[Match, ...]]] = []
    for fold in range(N_FOLDS):
        matcher = CuratedMatcher(likeness, _fit_likeness([c for c in cases if c.number % N_FOLDS != fold]))
        matched += [(c, matcher.weigh(c.entries, c.rows)) for c in cases if c.number % N_FOLDS == fold]
    weights = [SCENARIOS[case.scenario] for case, _ in matched]
    linked_of = [linked_rows(matches, case.proposal.unknown_terms) for case, matches in matched]
    linked = fit_logistic(
        LINKED,
        np.concatenate(linked_of),
        np.array([_right_of(case, m) for case, matches in matched for m in matches if m.question.answers]),
        np.repeat(weights, [len(rows) for rows in linked_of]),
        penalty=PENALTY,
    )
    region_rows = np.array([region_row(matches, case.proposal) for case, matches in matched])
    region = fit_logistic(
        REGION, region_rows, np.array([case.proposal_right for case, _ in matched]), np.array(weights), penalty=PENALTY
    )
    silence_rows = [
        silence_row(
            matches, case.proposal, float(linked.score(rows).max(initial=NOTHING)), float(region.score(row[None, :])[0])
        )
        for (case, matches), rows, row in zip(matched, linked_of, region_rows, strict=True)
    ]
    silence = fit_logistic(
        SILENCE,
        np.array(silence_rows),
        np.array([not case.answerable for case, _ in matched]),
        np.array(weights),
        penalty=PENALTY,
    )
    whole = CuratedMatcher(likeness, _fit_likeness(cases))
    return whole, Chooser(linked=linked, region=region, silence=silence)


def _fit_likeness(cases: Sequence[Case]) -> Ranker:
    weights = np.concatenate([np.full(len(case.rows), SCENARIOS[case.scenario]) for case in cases])
    rows, right = np.concatenate([case.rows for case in cases]), np.concatenate([case.right for case in cases])
    return fit_logistic(LIKENESS, rows, right, weights, penalty=PENALTY)


def _draw(wordings_of: Sequence[range], seed: int = 0) -> Iterator[tuple[int, int]]:
    """Yield curated questions, by place, with `N_WORDINGS` of their wordings."""
    drawn = np.random.default_rng(seed)
    for entry, own in enumerate(wordings_of):
        for wording in drawn.permutation(np.array(own))[:N_WORDINGS]:
            yield entry, int(wording)


def _scenarios(likeness: Likeness, entry: int, wording: int) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Yield each scenario with the wordings that are present in it."""
    wordings = likeness.wordings
    others = [n for n in wordings.of[entry] if n != wording]
    asked = wordings.terms[wording]
    if len(others) > 1:
        present = np.ones(len(wordings.owner), dtype=bool)
        likest = max(others, key=lambda n: (wordings.weigh(wordings.terms[n] & asked), -n))
        present[[wording, likest]] = False
        yield "reworded", present
    yield "absent", wordings.owner != entry
    half = len(likeness.questions) // 2
    yield "strangers", (wordings.owner < half) != (entry < half)


def _right_of(case: Case, match: Match) -> bool:
    return bool(case.right[np.flatnonzero(case.entries == match.question.number - 1)[0]])


def _answers(other: CuratedQuestion, asked: CuratedQuestion) -> bool:
    """Whether the first words that ``other`` quotes answer what is asked, or neither has an answer."""
    if not other.answers or not asked.answers:
        return not other.answers and not asked.answers
    return _covers(widest(other.answers)[0], asked)


def _covers(place: Place, asked: CuratedQuestion) -> bool:
    """Whether words at ``place`` are enough of an answer to what is asked."""
    return any(
        document_id == place[0]
        and min(span.end, place[1].end) - max(span.start, place[1].start) >= min(ENOUGH, (span.end - span.start) / 2)
        for document_id, span in asked.answers
    )
