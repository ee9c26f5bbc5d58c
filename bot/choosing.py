"""Choose what answers: the words that editors linked to a question like the asked one, those found, or silence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.curated import Match
from bot.evidence import Region
from bot.likeness import Matrix
from bot.ranking import Ranker, probability

LINKED = ("likeness", "agreeing", "rival", "silent", "behind", "unknown_terms")
REGION = ("found", "agreeing", "rival", "silent", "unknown_terms")
SILENCE = (
    "silent", "silent_second", "share_silent", "answered", "alike", "found", "unknown_terms", "linked", "region",
)  # fmt: skip
NOTHING = -8.0  # log-odds of what is not there
SURE = 0.85  # probability from which a curated question's answer is taken without searching for another


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The words that retrieval proposes, the log-odds that they answer, and the share of unknown words asked for."""

    region: Region
    log_odds: float
    unknown_terms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is chosen: the answers or the silence of ``match``; without one, the words proposed, or silence."""

    match: Match | None
    probability: float  # that the best words answer, 0 to 1
    silent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chooser:
    """Weighs curated questions, the words that retrieval proposes, and silence."""

    linked: Ranker
    region: Ranker
    silence: Ranker

    def sure(self, matches: Sequence[Match], unknown_terms: float) -> Match | None:
        """Return the first of ``matches`` where nothing that could be found would change the choice, else None."""
        if not matches or matches[0].same:
            return matches[0] if matches else None
        best, score = self._best(matches, unknown_terms)
        return best if best is matches[0] and probability(score) >= SURE else None

    def choose(self, matches: Sequence[Match], proposal: Proposal) -> Choice:
        """Choose between ``matches``, most probable first, and what retrieval proposes."""
        if not matches:
            return Choice(match=None, probability=probability(proposal.log_odds), silent=False)
        match, linked = self._best(matches, proposal.unknown_terms)
        region = float(self.region.score(region_row(matches, proposal)[None, :])[0])
        silence = float(self.silence.score(silence_row(matches, proposal, linked, region)[None, :])[0])
        best = max(linked, region)
        if silence > best:
            quiet = next((m for m in matches if not m.question.answers and m.log_odds > 0), None)
            return Choice(match=quiet, probability=probability(best), silent=True)
        return Choice(match=match if linked >= region else None, probability=probability(best), silent=False)

    def _best(self, matches: Sequence[Match], unknown_terms: float) -> tuple[Match | None, float]:
        """Return the match whose answers are most likely right, and the log-odds that they are."""
        answered = [match for match in matches if match.question.answers]
        if not answered:
            return None, NOTHING
        scores = self.linked.score(linked_rows(matches, unknown_terms))
        return answered[int(np.argmax(scores))], float(scores.max())


def linked_rows(matches: Sequence[Match], unknown_terms: float) -> Matrix:
    """Return a row for each match that has answers: float32, (n_answered, n_linked), columns as `LINKED`."""
    silent = _most(m for m in matches if not m.question.answers)
    first = _most(matches)
    rows = [
        [
            match.log_odds,
            _most(m for m in matches if m is not match and m.agrees(match)),
            _most(m for m in matches if m.question.answers and not m.agrees(match)),
            silent,
            first - match.log_odds,
            unknown_terms,
        ]
        for match in matches
        if match.question.answers
    ]
    return np.array(rows, dtype=np.float32).reshape(-1, len(LINKED))


def region_row(matches: Sequence[Match], proposal: Proposal) -> Matrix:
    """Return what the words proposed are weighed by: float32, (n_region,), columns as `REGION`."""
    units = set(range(proposal.region.first, proposal.region.last + 1))
    return np.array(
        [
            proposal.log_odds,
            _most(m for m in matches if m.sentences & units),
            _most(m for m in matches if m.question.answers and not m.sentences & units),
            _most(m for m in matches if not m.question.answers),
            proposal.unknown_terms,
        ],
        dtype=np.float32,
    )


def silence_row(matches: Sequence[Match], proposal: Proposal, linked: float, region: float) -> Matrix:
    """Return what silence is weighed by: float32, (n_silence,), columns as `SILENCE`.

    ``linked`` and ``region`` are the log-odds that the best linked words and the words proposed answer.
    """
    silent = [match for match in matches if not match.question.answers]
    return np.array(
        [
            _most(silent),
            _most(silent[1:]),
            len(silent) / max(1, len(matches)),
            _most(m for m in matches if m.question.answers),
            max((m.similarity for m in matches), default=0.0),
            proposal.log_odds,
            proposal.unknown_terms,
            linked,
            region,
        ],
        dtype=np.float32,
    )


def _most(matches: Iterable[Match]) -> float:
    return max((match.log_odds for match in matches), default=NOTHING)
