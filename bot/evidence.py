"""Choose the words to quote: the region around the best sentences, as little as answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answers import Evidence
from bot.citations import may_join
from embeddings.collection import Collection
from embeddings.documents import BlockKind, Span
from embeddings.units import Unit

# Both drops and the word budget were chosen on the minutes' validation split: the best first quotation at a median of
# at most 60 words.
# A neighbour is quoted along with a sentence when its own score comes this near to it (in log-odds).
MAX_DROP_INSIDE = 2.5
# A further region is quoted when its best sentence comes this near to the best of all (in log-odds).
MAX_DROP_ELSEWHERE = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Consecutive units to be quoted together: ``first`` to ``last``, and the best score among them."""

    first: int
    last: int
    score: float


class EvidenceChooser:
    """Turns scored sentences into regions to quote."""

    def __init__(
        self,
        collection: Collection,
        units: Sequence[Unit],
        *,
        max_words: int,
        max_citations: int,
        max_sentences: int = 5,
    ) -> None:
        self._collection = collection
        self._units = units
        self._n_words = [len(unit.text.split()) for unit in units]
        self._max_words = max_words
        self._max_sentences = max_sentences
        self._max_citations = max_citations

    def choose(self, numbers: NDArray[np.int64], scores: NDArray[np.float32], *, wants_list: bool) -> list[Region]:
        """Choose regions, best first, from the units ``numbers`` with their ``scores`` (log-odds)."""
        by_unit = {int(n): float(s) for n, s in zip(numbers, scores, strict=True)}
        order = sorted(by_unit, key=lambda n: (-by_unit[n], n))
        best = by_unit[order[0]]
        n_most = self._max_citations * (2 if wants_list else 1)
        budget = self._max_words * (3 if wants_list else 1)
        regions: list[Region] = []
        taken: set[int] = set()
        for number in order:
            if by_unit[number] < best - MAX_DROP_ELSEWHERE or len(regions) >= n_most:
                break
            if number in taken:
                continue
            region = self._grow(number, by_unit, taken, share=budget)
            words = sum(self._n_words[region.first : region.last + 1])
            used = sum(sum(self._n_words[r.first : r.last + 1]) for r in regions)
            if regions and used + words > budget:
                continue
            regions.append(region)
            taken |= set(range(region.first, region.last + 1))
        return regions

    def evidence(self, region: Region, probability: float) -> Evidence:
        """Return the evidence that ``region`` is."""
        first, last = self._units[region.first], self._units[region.last]
        document = self._collection.documents[first.document]
        return Evidence(document_id=document.id, span=Span(first.span.start, last.span.end), score=probability)

    def words(self, region: Region) -> str:
        """Return the region's text as it is searched (folded), for signals on the whole quotation."""
        return " ".join(self._units[n].text for n in range(region.first, region.last + 1))

    def _grow(self, number: int, by_unit: dict[int, float], taken: set[int], *, share: int) -> Region:
        """Grow from one sentence to the better neighbour while it is close in score and in place."""
        first = last = number
        words = self._n_words[number]
        floor = by_unit[number] - MAX_DROP_INSIDE
        while True:
            sides = [
                m for m in (first - 1, last + 1) if self._joins(first, m) and self._joins(last, m) and m not in taken
            ]
            sides = [m for m in sides if by_unit.get(m, -99.0) >= floor and words + self._n_words[m] <= share]
            if not sides or last - first + 1 >= self._max_sentences:
                return Region(first=first, last=last, score=by_unit[number])
            chosen = max(sides, key=lambda m: (by_unit[m], -m))
            words += self._n_words[chosen]
            first, last = min(first, chosen), max(last, chosen)

    def _joins(self, number: int, other: int) -> bool:
        if not 0 <= other < len(self._units):
            return False
        a, b = sorted((self._units[number], self._units[other]), key=lambda u: u.number)
        if a.document != b.document:
            return False
        document = self._collection.documents[a.document]
        if (
            document.blocks[a.block_index].kind in (BlockKind.HEADING, BlockKind.FURNITURE)
            and a.block_index != b.block_index
        ):
            return False
        return may_join(document, a.block_index, b.block_index)
