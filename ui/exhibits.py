"""What a visitor who never types can choose from: words to open with, people, dates, themes, comparisons.

All of it is chosen from the collection by rule, or by the manifest where its editors chose: curated questions tell
which words matter, since editors link most questions to those.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from bot.answers import Citation
from bot.citations import cite
from embeddings.collection import Collection
from embeddings.documents import BlockKind, Document, Item, Span
from embeddings.manifest import Person
from embeddings.questions import CuratedQuestion

N_OPENING = 8
N_SAID = 3  # quotations of one person
N_ASKED = 3  # questions about one person, or one record
N_COMPARED = 8
MAX_PEOPLE = 30
FEWEST_WORDS, MOST_WORDS = 7, 40  # of a quotation that stands alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A quotation to open with, and a question that it answers."""

    citation: Citation
    question: CuratedQuestion | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """A person of the manifest, what they said, or where they are named, and questions about them."""

    person: Person
    speaks: bool  # else the citations only name the person
    citations: tuple[Citation, ...]
    questions: tuple[CuratedQuestion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A document, or an item of one, on the line of time; ``identifier`` names it as permalinks do."""

    identifier: str
    document: Document
    item: Item | None
    questions: tuple[CuratedQuestion, ...]

    @property
    def date(self) -> str | None:
        """Return the record's own date, as the manifest states it."""
        return self.item.date if self.item else self.document.date


class Exhibits:
    """Chooses from one collection; the same collection gives the same choice."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._answered = [question for question in collection.questions if question.answers and _offered(question)]
        self._linked = Counter(place for question in self._answered for place in question.answers)
        self._said: dict[str, list[tuple[str, Span]]] = {}  # by speaker: the places linked to, and every sentence
        for document_id, span in (*self._linked, *self._sentences()):
            block = collection.document(document_id).block_at(span.start)
            if block is not None and block.speaker:
                self._said.setdefault(block.speaker, []).append((document_id, span))

    @cached_property
    def openings(self) -> tuple[Opening, ...]:
        """Return the quotations to open with: the manifest's, else those most questions are linked to."""
        places = self._collection.quotations or self._chosen(self._places(), N_OPENING)
        return tuple(Opening(citation=self._cite(place), question=self._asking(place)) for place in places)

    @cached_property
    def portraits(self) -> tuple[Portrait, ...]:
        """Return the people of the manifest, those who speak first."""
        people = sorted(self._collection.manifest.people, key=lambda person: person.name not in self._said)
        return tuple(map(self._portrait, people[:MAX_PEOPLE]))

    @cached_property
    def dated(self) -> tuple[Dated, ...]:
        """Return the records by date; one without a date stands where its document has it."""
        found = []
        for document in self._collection.documents:
            for item in document.items or (None,):
                identifier = f"{document.id}/{item.id}" if item else document.id
                questions = self._weightiest(q for q in self._answered if self._within(q, document, item))
                found.append(Dated(identifier=identifier, document=document, item=item, questions=questions))
        return tuple(sorted(found, key=lambda dated: dated.date or dated.document.date or "9999"))

    @cached_property
    def comparisons(self) -> tuple[str, ...]:
        """Return questions that take two documents: the manifest's, else the curated ones answered from both."""
        stated = self._collection.manifest.exhibition.comparisons
        both = [question.wordings[0] for question in self._answered if len({d for d, _ in question.answers}) > 1]
        return stated or tuple(both[:N_COMPARED])

    def _portrait(self, person: Person) -> Portrait:
        spoken = self._said.get(person.name, [])
        naming = [] if spoken else self._naming(person)
        places = self._chosen(spoken or naming, N_SAID) or sorted(spoken or naming, key=_length)[:1]
        named = _naming(person)
        about = (q for q in self._answered if named.search(q.wordings[0]))
        return Portrait(
            person=person,
            speaks=bool(spoken),
            citations=tuple(map(self._cite, sorted(places, key=lambda place: (place[0], place[1].start)))),
            questions=self._weightiest(about),
        )

    def _places(self) -> Iterator[tuple[str, Span]]:
        """Yield the places that curated questions are linked to; without any, every sentence's."""
        yield from self._linked or self._sentences()

    def _sentences(self) -> Iterator[tuple[str, Span]]:
        for document in self._collection.documents:
            for block in document.blocks:
                if block.kind in (BlockKind.TURN, BlockKind.PARAGRAPH):
                    yield from ((document.id, sentence) for sentence in block.sentences)

    def _naming(self, person: Person) -> list[tuple[str, Span]]:
        named = _naming(person)
        return [(d, s) for d, s in self._sentences() if named.search(self._collection.document(d).words(s))]

    def _chosen(self, places: Iterable[tuple[str, Span]], n: int) -> list[tuple[str, Span]]:
        """Choose at most ``n``, those that most questions are linked to, no two from one block."""
        chosen: dict[tuple[str, int | None], tuple[str, Span]] = {}
        alone = [place for place in dict.fromkeys(places) if self._stands_alone(place)]
        for document_id, span in sorted(alone, key=lambda place: -self._linked[place]):
            block = self._collection.document(document_id).block_number_at(span.start)
            chosen.setdefault((document_id, block), (document_id, span))
        return list(chosen.values())[:n]

    def _stands_alone(self, place: tuple[str, Span]) -> bool:
        document = self._collection.document(place[0])
        block = document.block_at(place[1].start)
        n_words = len(document.words(place[1]).split())
        whole = block is not None and block.kind in (BlockKind.TURN, BlockKind.PARAGRAPH, BlockKind.ENTRY)
        return whole and FEWEST_WORDS <= n_words <= MOST_WORDS

    def _asking(self, place: tuple[str, Span]) -> CuratedQuestion | None:
        """Return the question that ``place`` answers best: the one answered by the least else."""
        asking = [q for q in self._answered if any(d == place[0] and s.meets(place[1]) for d, s in q.answers)]
        return min(asking, key=lambda q: (len(q.answers), q.number), default=None)

    def _within(self, question: CuratedQuestion, document: Document, item: Item | None) -> bool:
        return all(
            document_id == document.id and (item is None or item.span.holds(span))
            for document_id, span in question.answers
        )

    def _weightiest(self, questions: Iterable[CuratedQuestion]) -> tuple[CuratedQuestion, ...]:
        """Choose at most `N_ASKED`, one an answer: of the answers that most are linked to the first question each."""
        first: dict[tuple[str, Span], CuratedQuestion] = {}
        for question in questions:
            first.setdefault(question.answers[0], question)
        heaviest = sorted(first, key=lambda place: -self._linked[place])[:N_ASKED]
        return tuple(sorted((first[place] for place in heaviest), key=lambda question: question.number))

    def _cite(self, place: tuple[str, Span]) -> Citation:
        return cite(self._collection, place[0], place[1], 1.0)


def _length(place: tuple[str, Span]) -> int:
    return place[1].end - place[1].start


def _offered(question: CuratedQuestion) -> bool:
    """Whether the first wording is a whole question; a few words for a search are none to offer."""
    first = question.wordings[0]
    return first.endswith("?") and first[:1].isupper() and len(first.split()) > 3


def _naming(person: Person) -> re.Pattern[str]:
    names: Sequence[str] = (person.name, *([person.full_name] if person.full_name else []), *person.aliases)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")
