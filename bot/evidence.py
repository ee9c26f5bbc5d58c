"""Choose the words to quote: as many as are likely to answer, and no more than they are worth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.answers import Evidence
from bot.citations import may_join
from embeddings.collection import Collection
from embeddings.documents import BlockKind, Span
from embeddings.units import Unit

# What quoting costs, in probability that it answers: each word, and each quotation as much as so many words.  Chosen on
# the minutes' validation split: the best first quotation at a median of at most 60 words.
COST_OF_WORD = 0.0012
WORDS_OF_QUOTATION = 40
N_AROUND = 6  # sentences before and after a region that tell what its words are about; 3 and 6 did alike on validation
N_LIKELIEST = 12  # sentences around which regions are tried; a further one is hardly ever worth its words


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Consecutive units to be quoted together: ``first`` to ``last``, and the best score among them."""

    first: int
    last: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionText:
    """A region's texts as they are searched (folded), for judging it; never for quoting.

    ``passage``: that of its first sentence; ``around``: its record's name, and the sentences within `N_AROUND` with who
    speaks them.
    """

    words: str
    passage: str
    around: str


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

    def choose(
        self, numbers: NDArray[np.int64], scores: NDArray[np.float32], *, wants_list: bool, least: int = 1
    ) -> list[Region]:
        """Choose regions, best first, from the units ``numbers`` with their ``scores`` (log-odds), (n,) each, n >= 1.

        The softmax of the scores says how likely each sentence answers.  A region is worth the sum of its sentences'
        less what its words cost.  So many as ``least`` are chosen in any case, a further one if it is worth anything.
        """
        weights = np.exp(scores - scores.max())
        likely = dict(zip(numbers.tolist(), (weights / weights.sum()).tolist(), strict=True))
        score_of = dict(zip(numbers.tolist(), scores.tolist(), strict=True))
        likeliest = sorted(likely, key=lambda n: (-likely[n], n))[:N_LIKELIEST]
        n_most = self._max_citations * (2 if wants_list else 1)
        left = self._max_words * (3 if wants_list else 1)
        worth = {
            span: self._worth(span, likely)
            for number in likeliest
            for span in self._around(number, likely)
            if len(span) == 1 or self._words_of(span) <= left
        }
        regions: list[Region] = []
        while worth and len(regions) < n_most:
            allowed = worth
            if max(worth.values()) < 0:
                if len(regions) >= least:
                    break
                # Nothing is worth its words: then the likeliest sentence is quoted, not the shortest.
                number = max((n for span in worth for n in span), key=lambda n: (likely[n], -n))
                allowed = {span: value for span, value in worth.items() if number in span}
            best = max(allowed, key=lambda span: (allowed[span], -span.start))
            left -= self._words_of(best)
            regions.append(Region(first=best.start, last=best.stop - 1, score=max(score_of[n] for n in best)))
            worth = {
                span: value
                for span, value in worth.items()
                if self._words_of(span) <= left and (span.stop <= best.start or best.stop <= span.start)
            }
        return regions

    def _worth(self, span: range, likely: Mapping[int, float]) -> float:
        return sum(likely[n] for n in span) - COST_OF_WORD * (self._words_of(span) + WORDS_OF_QUOTATION)

    def _around(self, number: int, likely: Mapping[int, float]) -> Iterator[range]:
        """Yield every run of ``likely`` sentences that may be quoted together and holds ``number``."""
        for first in range(number, number - self._max_sentences, -1):
            if first < number and not (first in likely and self._joins(first)):
                return
            for last in range(number, first + self._max_sentences):
                if last > number and not (last in likely and self._joins(last - 1)):
                    break
                yield range(first, last + 1)

    def _words_of(self, span: range) -> int:
        return sum(self._n_words[n] for n in span)

    def evidence(self, region: Region, probability: float) -> Evidence:
        """Return the evidence that ``region`` is."""
        first, last = self._units[region.first], self._units[region.last]
        document = self._collection.documents[first.document]
        return Evidence(document_id=document.id, span=Span(first.span.start, last.span.end), score=probability)

    def text_of(self, region: Region) -> RegionText:
        """Return what ``region`` says, and what stands around it in its document."""
        units = self._units
        first = units[region.first]
        near = units[max(0, region.first - N_AROUND) : region.last + 1 + N_AROUND]
        around = [f"{unit.speaker or ''} {unit.text}" for unit in near if unit.document == first.document]
        return RegionText(
            words=" ".join(units[n].text for n in range(region.first, region.last + 1)),
            passage=first.passage_text,
            around=" ".join([first.record, *around]),
        )

    def _joins(self, number: int) -> bool:
        """Whether a unit may be quoted together with the one after it."""
        if number + 1 >= len(self._units):
            return False
        a, b = self._units[number], self._units[number + 1]
        if a.document != b.document:
            return False
        document = self._collection.documents[a.document]
        if (
            document.blocks[a.block_index].kind in (BlockKind.HEADING, BlockKind.FURNITURE)
            and a.block_index != b.block_index
        ):
            return False
        return may_join(document, a.block_index, b.block_index)
