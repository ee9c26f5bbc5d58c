"""Match a question with the collection's curated ones: the same thing asked in other words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.likeness import LIKENESS, Likeness, Matrix
from bot.ranking import Ranker, probability
from bot.reading import Reading
from embeddings.documents import Span
from embeddings.encoder import Vectors
from embeddings.questions import CuratedQuestion

SAME = 0.95  # likeness from which two wordings differ by a sign or a letter at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A curated question beside the asked one.

    ``log_odds``: that the words linked to it answer what is asked or, where there are none, that nothing does.
    ``similarity``: how alike the two are, 0 to 1.  ``sentences``: the numbers of the units linked first.
    """

    question: CuratedQuestion
    log_odds: float
    similarity: float
    sentences: frozenset[int]

    @property
    def same(self) -> bool:
        """Whether the question was asked in a wording of its own."""
        return self.similarity >= SAME

    @property
    def probability(self) -> float:
        """Return ``log_odds`` as a probability, 0 to 1; a question asked in its own wording is certain."""
        return 1.0 if self.same else probability(self.log_odds)

    def agrees(self, other: Match) -> bool:
        """Whether both are answered by the same sentence, or neither is answered."""
        if self.question.answers and other.question.answers:
            return bool(self.sentences & other.sentences)
        return not self.question.answers and not other.question.answers


class CuratedMatcher:
    """Weighs the curated questions of a collection by their likeness to the asked one."""

    def __init__(self, likeness: Likeness, ranker: Ranker) -> None:
        self._likeness = likeness
        self.ranker = ranker

    def match(self, reading: Reading, vector: Vectors, present: NDArray[np.bool_] | None = None) -> tuple[Match, ...]:
        """Return the curated questions most like ``reading``, likeliest first; ``vector`` is its encoding.

        One asked in its own wording comes before all others.  Wordings that are not ``present`` do not count.
        """
        return self.weigh(*self._likeness.read(reading, vector, present))

    def weigh(self, entries: NDArray[np.int64], rows: Matrix) -> tuple[Match, ...]:
        """Return the matches that rows of likeness make, likeliest first; a tie keeps their order."""
        if not len(entries):
            return ()
        matches = [
            Match(
                question=self._likeness.questions[entry],
                log_odds=float(score),
                similarity=float(row[LIKENESS.index("alike")]),
                sentences=self._likeness.linked(int(entry)),
            )
            for entry, row, score in zip(entries, rows, self.ranker.score(rows), strict=True)
        ]
        return tuple(sorted(matches, key=lambda match: (-match.similarity if match.same else 0.0, -match.log_odds)))


def widest(places: Sequence[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """Leave out the places that another one holds, which stands where the first of them stood."""
    held = (
        max((other for other in places if other[0] == place[0] and other[1].holds(place[1])), key=_length)
        for place in places
    )
    return list(dict.fromkeys(held))


def _length(place: tuple[str, Span]) -> int:
    return place[1].end - place[1].start
