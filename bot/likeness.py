"""Likeness: how a curated question bears on the asked one, as a row of numbers.

What is asked is a learned combination of these (`bot.curated`); none of them knows any collection.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.abstention import lacks_quantity
from bot.reading import Reading
from bot.wordings import WEIGHT_OF_LETTERS, Wordings
from embeddings.collection import Collection
from embeddings.encoder import Vectors
from embeddings.index import PassageIndex
from embeddings.lexical import terms

Matrix = NDArray[np.float32]

LIKENESS = (
    "cosine", "cosine_second", "letters", "letters_second", "alike", "gap", "lead", "agreeing", "silent_lead",
    "covers_asked", "covers_asked_best", "covered_best", "missing_weight", "added_weight", "known",
    "has_answers", "list_agrees", "covered_words", "covered_passage", "from_speaker", "not_from_speaker",
    "in_item", "out_of_item", "lacks_quantity",
)  # fmt: skip
N_CANDIDATES = 10  # curated questions looked at closely; 24 put no more answers first


class Likeness:
    """Computes the likeness of a collection's curated questions; holds what does not change between questions."""

    def __init__(self, collection: Collection, index: PassageIndex) -> None:
        self._collection = collection
        self._index = index
        self.questions = collection.questions
        self.wordings = Wordings(collection.questions, index)
        self._numbers = {document.id: n for n, document in enumerate(collection.documents)}
        self._linked: dict[int, frozenset[int]] = {}
        self._held: dict[str, frozenset[str]] = {}

    def linked(self, entry: int) -> frozenset[int]:
        """Return the numbers of the sentences linked first to the curated question at place ``entry``."""
        if entry not in self._linked:
            self._linked[entry] = frozenset(
                unit.number
                for document_id, span in self.questions[entry].answers[:1]
                for unit in self._index.units
                if unit.document == self._numbers[document_id] and unit.span.meets(span)
            )
        return self._linked[entry]

    def _terms(self, text: str) -> frozenset[str]:
        """Return the terms of a sentence's surroundings, looked for once."""
        if text not in self._held:
            self._held[text] = frozenset(terms(text))
        return self._held[text]

    def read(
        self, reading: Reading, vector: Vectors, present: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.int64], Matrix]:
        """Return the places of the curated questions most like ``reading``, most alike first, and their rows.

        Rows are float32, (n_candidates, n_likeness), columns as `LIKENESS`.  Wordings that are not ``present`` do not
        count: so a curated question can be asked of the others.
        """
        cosine, letters = self.wordings.compare(reading, vector)
        alike = (1 - WEIGHT_OF_LETTERS) * cosine + WEIGHT_OF_LETTERS * letters
        if present is not None:
            alike = np.where(present, alike, -1.0)
        best = np.full(len(self.questions), -1.0, dtype=np.float32)
        np.maximum.at(best, self.wordings.owner, alike.astype(np.float32))
        entries = np.argsort(-best, kind="stable")[:N_CANDIDATES]
        entries = entries[best[entries] >= 0]
        asked = frozenset(terms(reading.text))
        among = best[entries]
        firsts = [self.linked(int(entry)) for entry in entries]
        rows = []
        for place, entry in enumerate(int(e) for e in entries):
            own = [n for n in self.wordings.of[entry] if present is None or present[n]]
            rows.append([
                *_two_best(cosine[own]), *_two_best(letters[own]),
                *self._among(place, entries, among, firsts),
                *self._words(asked, own),
                *self._answers(reading, entry, asked),
            ])  # fmt: skip
        return entries, np.array(rows, dtype=np.float32).reshape(-1, len(LIKENESS))

    def _among(
        self, place: int, entries: NDArray[np.int64], alike: Matrix, firsts: Sequence[frozenset[int]]
    ) -> tuple[float, ...]:
        """Compare a candidate with the others: those answered by the same sentence speak for it, the rest against."""
        own = self.questions[entries[place]]
        agrees = [
            bool(firsts[place] & firsts[n]) if own.answers else not self.questions[e].answers
            for n, e in enumerate(entries)
        ]
        others = [float(a) for n, a in enumerate(alike) if not agrees[n]]
        friends = [float(a) for n, a in enumerate(alike) if agrees[n] and n != place]
        silent = [float(a) for e, a in zip(entries, alike, strict=True) if not self.questions[e].answers]
        return (
            float(alike[place]),
            float(alike[0] - alike[place]),
            float(alike[place]) - max(others, default=0.0),
            max(friends, default=0.0),
            float(alike[place]) - max(silent, default=0.0),
        )

    def _words(self, asked: frozenset[str], own: Sequence[int]) -> tuple[float, ...]:
        """Compare the words: what is asked and no wording says, and what the wordings say beyond it."""
        wordings = self.wordings
        each = [wordings.terms[n] for n in own]
        held = frozenset().union(*each)
        weight = wordings.weigh(asked) or 1.0
        return (
            wordings.weigh(asked & held) / weight,
            max(wordings.weigh(asked & found) for found in each) / weight,
            max(wordings.weigh(found & asked) / (wordings.weigh(found) or 1.0) for found in each),
            wordings.heaviest(asked - held),
            min(wordings.heaviest(found - asked) for found in each),
            wordings.known(asked),
        )

    def _answers(self, reading: Reading, entry: int, asked: frozenset[str]) -> tuple[float, ...]:
        """Compare the question with the words linked to a candidate, their speakers and the records they stand in."""
        question = self.questions[entry]
        if not question.answers:
            return (0.0,) * 9
        units = [self._index.units[n] for n in sorted(self.linked(entry))]
        near = frozenset().union(*(self._terms(unit.window_text) for unit in units))
        around = self._terms(units[0].passage_text) if units else frozenset()
        weight = self.wordings.weigh(asked) or 1.0
        linked = [(self._collection.document(document_id), span) for document_id, span in question.answers]
        blocks = [(document, document.block_at(span.start)) for document, span in linked]
        speakers = {block.speaker for _, block in blocks if block is not None and block.speaker}
        named = bool(reading.speakers and speakers)
        spoken = named and bool(speakers & set(reading.speakers))
        places = {(document.id, block.item_id) for document, block in blocks if block is not None}
        inside = any(d == document and i in (None, item) for d, i in reading.items for document, item in places)
        words = " ".join(document.words(span) for document, span in linked)
        return (
            1.0,
            reading.asks_list is (len(question.answers) > 1),
            self.wordings.weigh(asked & near) / weight,
            self.wordings.weigh(asked & around) / weight,
            spoken,
            named and not spoken,
            inside,
            bool(reading.items) and not inside,
            lacks_quantity(reading.text, words),
        )


def _two_best(scores: Matrix) -> tuple[float, float]:
    ordered = np.sort(scores)[::-1]
    return float(ordered[0]), float(ordered[1] if len(ordered) > 1 else ordered[0])
