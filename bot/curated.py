"""Match a question with the collection's curated ones: the same thing asked in other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.leaning import Leaning, Wording
from embeddings.collection import Collection
from embeddings.index import Grain, PassageIndex
from embeddings.languages import reads
from embeddings.questions import CuratedQuestion

MAX_LINKED = 3  # of a curated question's answers, best first, that lend support
# These, and the similarity from which a question counts as a curated one, were chosen by asking one curator's questions
# of a collection that carried only the other curators': trusting curation this much was best of 40 settings.
MIN_SUPPORT = 0.25  # similarity from which a curated question counts at all
SUPPORT_WEIGHT = 14.0  # log-odds for a similarity of 1 above `MIN_SUPPORT`
SILENT_LEAD = 0.02  # similarity by which a question without answers must lead the next one that has some
# What the similarity is made of; chosen, with the least similarities in `bot.settings` and `bot.answering`, on the 300
# questions of ``tests/benchmarks/strangers.jsonl``, with the default encoder for questions too; 26 other settings tried
# there with the question encoder were no better.  Letters carry the languages that the encoder does not know, and
# typing errors; words tell apart what is asked about one and the same thing.
WEIGHT_OF_COSINE = 0.27
WEIGHT_OF_LETTERS = 0.50
WEIGHT_OF_ASKED = 0.14  # the share of the asked words that any of the wordings has
WEIGHT_OF_WORDING = 0.09  # the share of a wording's words that were asked
# Of a follow-up that leans on the question before it; chosen on the 36 of the same file and confirmed on others.
SHARE_OF_JOINED = 0.5  # of what it is like when joined with that question; the rest is what it is like by itself
WEIGHT_OF_NEARNESS = 0.05  # of the log-odds that the last answer's place lends to the linked words
USUAL_NEARNESS = 3.0  # log-odds; words that stand farther off make a question less like
N_PLACED = 100  # the most alike, whose places are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A curated question and how alike the asked one is: 0 to 1."""

    question: CuratedQuestion
    similarity: float


class CuratedMatcher:
    """Compares questions with a collection's curated ones.

    ``languages``: those that the encoder was made for, where that is known; in others it cannot compare.
    """

    def __init__(self, collection: Collection, index: PassageIndex, languages: frozenset[str] | None = None) -> None:
        self._languages = languages
        self._questions = collection.questions
        self._units: dict[int, tuple[int, ...]] = {}
        self._documents = [document.id for document in collection.documents]
        self._index = index

    def match(self, wording: Wording) -> list[Match]:
        """Return the five curated questions most like ``wording``, best first."""
        return self._matches(self._similarities(wording)) if self._questions else []

    def match_leaning(self, leaning: Leaning) -> list[Match]:
        """Return the five most like a follow-up, best first.

        The likelier it leans on the question before it, the more counts what it is like when joined with that, and how
        near the last answer's place the linked words stand.
        """
        share = leaning.probability * SHARE_OF_JOINED
        similarities = (1 - share) * self._similarities(leaning.bare) + share * self._similarities(leaning.joined)
        for number in np.argsort(-similarities, kind="stable")[:N_PLACED]:
            lent = max((leaning.near.get(unit, 0.0) for unit in self._units_of(self._questions[number])), default=0.0)
            similarities[number] += leaning.probability * WEIGHT_OF_NEARNESS * (lent - USUAL_NEARNESS)
        return self._matches(similarities)

    def _matches(self, similarities: NDArray[np.float64]) -> list[Match]:
        order = np.argsort(-similarities, kind="stable")[:5]
        return [Match(question=self._questions[n], similarity=float(similarities[n])) for n in order]

    def _similarities(self, wording: Wording) -> NDArray[np.float64]:
        """Return how alike every curated question is: float64, (n_questions,)."""
        reading, vector = wording.reading, wording.vector
        table = self._index.wordings
        of_asked, of_wording = table.shares(reading.text)
        by_letters_and_words = np.asarray(
            WEIGHT_OF_LETTERS * table.best(table.letters(reading.text))
            + WEIGHT_OF_ASKED * of_asked
            + WEIGHT_OF_WORDING * of_wording
        )
        if not reads(self._languages, reading.text):
            return by_letters_and_words / (WEIGHT_OF_LETTERS + WEIGHT_OF_ASKED + WEIGHT_OF_WORDING)
        return by_letters_and_words + WEIGHT_OF_COSINE * table.best(self._index.scores(Grain.QUESTION, vector))

    def support(self, matches: Sequence[Match]) -> tuple[dict[int, float], float]:
        """Say what curated questions that are only somewhat like the asked one lend to an answer.

        Returns log-odds by unit number for the sentences linked to them, and the log-odds (at most 0) that they
        take from any answer when the most alike of them has none.
        """
        bonus: dict[int, float] = {}
        for match in matches:
            weight = SUPPORT_WEIGHT * max(0.0, match.similarity - MIN_SUPPORT)
            for number in self._units_of(match.question):
                bonus[number] = max(bonus.get(number, 0.0), weight)
        first = matches[0] if matches else None
        if first is None or first.question.reason is None:
            return bonus, 0.0
        answered = max((m.similarity for m in matches if m.question.reason is None), default=0.0)
        return bonus, -SUPPORT_WEIGHT * max(0.0, first.similarity - max(MIN_SUPPORT, answered))

    def _units_of(self, question: CuratedQuestion) -> tuple[int, ...]:
        """Return the numbers of the sentences linked to a question, looked for once."""
        if question.number not in self._units:
            answers = question.answers[:MAX_LINKED]
            self._units[question.number] = tuple(
                unit.number
                for unit in self._index.units
                for document_id, span in answers
                if self._documents[unit.document] == document_id and unit.span.meets(span)
            )
        return self._units[question.number]


def closest(matches: Sequence[Match]) -> Match | None:
    """Return the one of ``matches``, best first, that is likeliest to ask the same; None if there are none.

    One without answers must lead the next that has some by `SILENT_LEAD`: the questions that a record leaves open are
    asked in the words of those that it answers.
    """
    silent = next((m for m in matches if m.question.reason is not None), None)
    answered = next((m for m in matches if m.question.reason is None), None)
    if silent is None or answered is None:
        return silent or answered
    return silent if silent.similarity >= answered.similarity + SILENT_LEAD else answered
