"""Find what can be cited: the very words first, then the sentences nearest to them; or all within the limits set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from bot.answering import Answerer
from bot.answers import Citation
from bot.citations import cite
from bot.quotations import Verdict
from embeddings.collection import Collection
from embeddings.documents import BlockKind, Document, Span
from ui.wanted import Wanted

MAX_RESULTS = 50  # of one page
MAX_EXPORTED = 200  # of one file
N_NEAR = 20  # sentences near to the words: the hundred after them are candidates, and no results
_MIN_QUOTED = 4  # words from which on they are cited alone; of fewer, the sentences that hold them


class Found(Enum):
    """Why a citation is a result."""

    EXACT = "exact"  # it has the words, as the quotation check compares them
    NEAR = "near"  # it is one of the sentences nearest to them
    WITHIN = "within"  # it lies within the limits set


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """A part of what was found, in order: the very words, as the record has them, then what is nearest."""

    citations: tuple[tuple[Found, Citation], ...]
    n_before: int  # passed over
    n_exact: int  # have the very words
    n_all: int

    @property
    def n_shown(self) -> int:
        """Return how many are passed over and given together."""
        return self.n_before + len(self.citations)

    def of(self, found: Found) -> list[Citation]:
        """Return the citations found for one reason."""
        return [citation for why, citation in self.citations if why is found]


_Place = tuple[Found, str, Span]


def look_up(answerer: Answerer, wanted: Wanted, limit: int) -> Results:
    """Find what is ``wanted``, at most ``limit`` of it after those to be passed over.

    Raises:
        QuestionError: the words looked for are none.
    """
    collection = answerer.collection
    places = list(_by_words(answerer, wanted) if wanted.words else _within(collection, wanted))
    part = places[wanted.start : wanted.start + limit]
    return Results(
        citations=tuple((found, cite(collection, document_id, span, 1.0)) for found, document_id, span in part),
        n_before=min(wanted.start, len(places)),
        n_exact=sum(found is Found.EXACT for found, _, _ in places),
        n_all=len(places),
    )


def _by_words(answerer: Answerer, wanted: Wanted) -> Iterator[_Place]:
    """Yield the places of the very words, each once, then the nearest sentences elsewhere."""
    seen: set[tuple[str, Span]] = set()
    taken: dict[str, list[Span]] = {}
    check = answerer.quotations.check(wanted.words)
    for citation in check.places if check.verdict is Verdict.EXACT else ():
        document = answerer.collection.document(citation.document_id)
        span = Span(citation.start, citation.end)
        if len(wanted.words.split()) < _MIN_QUOTED:
            span = _sentences(document, span)
        block = document.block_at(citation.start)
        admitted = block is not None and wanted.admits(document, span, block.speaker, block.item_id)
        if admitted and (document.id, span) not in seen:
            seen.add((document.id, span))
            taken.setdefault(document.id, []).append(span)
            yield Found.EXACT, document.id, span
    yield from islice(_near(answerer, wanted, taken), N_NEAR)


def _near(answerer: Answerer, wanted: Wanted, taken: Mapping[str, Sequence[Span]]) -> Iterator[_Place]:
    """Yield the sentences nearest to the words, best first, but for those ``taken`` by the words themselves."""
    reading = answerer.reader.read(wanted.words)
    ranked = answerer.retriever.rank(reading, answerer.encoder.encode_questions([reading.text])[0])
    for number, _ in ranked.hits():
        unit = answerer.retriever.units[number]
        document = answerer.collection.documents[unit.document]
        item_id = document.blocks[unit.block_index].item_id
        if wanted.admits(document, unit.span, unit.speaker, item_id) and not any(
            span.meets(unit.span) for span in taken.get(document.id, ())
        ):
            yield Found.NEAR, document.id, unit.span


def _sentences(document: Document, span: Span) -> Span:
    """Return ``span`` with the rest of the sentences in which it begins and ends."""
    for offset in (span.start, span.end - 1):
        block = document.block_at(offset)
        for sentence in block.sentences if block else ():
            if sentence.meets(Span(offset, offset + 1)):
                span = Span(min(span.start, sentence.start), max(span.end, sentence.end))
    return span


def _within(collection: Collection, wanted: Wanted) -> Iterator[_Place]:
    """Yield the passages within the limits, in reading order, without stamps and page numbers."""
    for passage in collection.passages:
        document, block = collection.document(passage.document_id), collection.block(passage)
        if block.kind is not BlockKind.FURNITURE and wanted.admits(
            document, passage.span, block.speaker, block.item_id
        ):
            yield Found.WITHIN, document.id, passage.span
