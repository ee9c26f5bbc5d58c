"""Likeness: how a curated question bears on the asked one, as a row of numbers.

What is asked is a learned combination of these (`bot.curated`); none of them knows any collection.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.abstention import lacks_quantity
from bot.reading import Reading
from bot.wordings import WEIGHT_OF_LETTERS, Form, Wordings, form_of
from embeddings.collection import Collection
from embeddings.encoder import Vectors
from embeddings.index import Grain, PassageIndex
from embeddings.lexical import terms

Matrix = NDArray[np.float32]

LIKENESS = (
    "cosine", "cosine_second", "letters", "letters_second", "alike", "gap", "lead", "agreeing", "silent_lead",
    "covers_asked", "covers_asked_best", "covered_best", "missing_weight", "added_weight", "same_kind", "other_kind",
    "negation_differs", "numbers_missing", "numbers_added", "form_differs", "longer", "known", "n_wordings",
    "has_answers", "n_answers", "list_agrees", "sentence", "window", "covered_words", "covered_passage",
    "from_speaker", "not_from_speaker", "in_item", "out_of_item", "lacks_quantity",
)  # fmt: skip
N_CANDIDATES = 24
N_LINKED = 3  # of a curated question's answers, best first, that are looked at


class Likeness:
    """Computes the likeness of a collection's curated questions; holds what does not change between questions."""

    def __init__(self, collection: Collection, index: PassageIndex) -> None:
        self._collection = collection
        self._index = index
        self.questions = collection.questions
        self.wordings = Wordings(collection.questions, index)
        self._numbers = {document.id: n for n, document in enumerate(collection.documents)}
        self._linked: dict[int, tuple[int, ...]] = {}
        self._held: dict[str, frozenset[str]] = {}

    def linked(self, entry: int, n_most: int = N_LINKED) -> tuple[int, ...]:
        """Return the numbers of the sentences linked to the curated question at place ``entry``, looked for once."""
        key = entry * (N_LINKED + 1) + n_most
        if key not in self._linked:
            answers = self.questions[entry].answers[:n_most]
            self._linked[key] = tuple(
                dict.fromkeys(
                    unit.number
                    for document_id, span in answers
                    for unit in self._index.units
                    if unit.document == self._numbers[document_id] and unit.span.meets(span)
                )
            )
        return self._linked[key]

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
        asked = form_of(reading.text)
        among = best[entries]
        firsts = [set(self.linked(int(entry), 1)) for entry in entries]
        rows = []
        for place, entry in enumerate(int(e) for e in entries):
            own = [n for n in self.wordings.of[entry] if present is None or present[n]]
            order = sorted(own, key=lambda n: -alike[n])
            rows.append([
                *_two_best(cosine[own]), *_two_best(letters[own]),
                *self._among(place, entries, among, firsts),
                *self._words(asked, order),
                *self._answers(reading, vector, entry, asked),
            ])  # fmt: skip
        return entries, np.array(rows, dtype=np.float32).reshape(-1, len(LIKENESS))

    def _among(
        self, place: int, entries: NDArray[np.int64], alike: Matrix, firsts: Sequence[set[int]]
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

    def _words(self, asked: Form, order: Sequence[int]) -> tuple[float, ...]:
        """Compare the words: what is asked and no wording says, and what the most alike wording says beyond it."""
        forms = [self.wordings.forms[n] for n in order]
        best = forms[0]
        held = frozenset().union(*(form.terms for form in forms))
        weigh = self.wordings.weigh
        weight = weigh(asked.terms) or 1.0
        covered = max((weigh(f.terms & asked.terms) / (weigh(f.terms) or 1.0) for f in forms), default=0.0)
        added = min((self.wordings.heaviest(f.terms - asked.terms) for f in forms), default=0.0)
        numbers = frozenset().union(*(form.numbers for form in forms))
        known = [form.kind for form in forms if form.kind != "other"]
        specific = asked.kind != "other" and bool(known)
        return (
            weigh(asked.terms & held) / weight,
            max(weigh(asked.terms & f.terms) for f in forms) / weight,
            covered,
            self.wordings.heaviest(asked.terms - held),
            added,
            specific and asked.kind in known,
            specific and asked.kind not in known,
            asked.negates is not best.negates,
            len(asked.numbers - numbers) > 0,
            len(best.numbers - asked.numbers) > 0,
            asked.yes_or_no is not best.yes_or_no,
            float(np.log((1 + asked.n_words) / (1 + best.n_words))),
            self.wordings.known(asked.terms),
            min(1.0, len(order) / 8),
        )

    def _answers(self, reading: Reading, vector: Vectors, entry: int, asked: Form) -> tuple[float, ...]:
        """Compare the question with the words linked to a candidate."""
        question = self.questions[entry]
        if not question.answers:
            return (0.0,) * 12
        numbers = self.linked(entry, 1)
        units = [self._index.units[n] for n in numbers]
        held = frozenset().union(*(self._terms(unit.window_text) for unit in units))
        passage = self._terms(units[0].passage_text) if units else frozenset()
        weight = self.wordings.weigh(asked.terms) or 1.0
        documents = [(self._collection.document(d), span) for d, span in question.answers]
        blocks = [block for d, span in documents if (block := d.block_at(span.start))]
        speakers = {block.speaker for block in blocks if block.speaker}
        places = {(d.id, block.item_id) for d, span in documents if (block := d.block_at(span.start))}
        named = bool(reading.speakers and speakers)
        spoken = named and bool(speakers & set(reading.speakers))
        inside = any(d == document and i in (None, item) for d, i in reading.items for document, item in places)
        linked = " ".join(document.words(span) for document, span in documents)
        return (
            1.0,
            min(1.0, len(question.answers) / 4),
            reading.asks_list is (len(question.answers) > 1),
            float(self._index.scores(Grain.SENTENCE, vector, numbers).max(initial=0.0)),
            float(self._index.scores(Grain.WINDOW, vector, numbers).max(initial=0.0)),
            self.wordings.weigh(asked.terms & held) / weight,
            self.wordings.weigh(asked.terms & passage) / weight,
            spoken,
            named and not spoken,
            inside,
            bool(reading.items) and not inside,
            lacks_quantity(reading.text, linked),
        )


def _two_best(scores: Matrix) -> tuple[float, float]:
    ordered = np.sort(scores)[::-1]
    return float(ordered[0]), float(ordered[1] if len(ordered) > 1 else ordered[0])
