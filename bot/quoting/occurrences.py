"""Where a quotation's words stand: in one citation, or in several where no citation may join them."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from bot.answers import Citation
from bot.citations import cite, may_join
from bot.quoting.shingles import INTERRUPTIONS, ShingleIndex
from embeddings.collection import Collection
from embeddings.documents import Block, BlockKind, Document, Span

_PARTS_CLAUSES = re.compile(r"[,;:—]|--")
_PROSE = (BlockKind.PARAGRAPH, BlockKind.ENTRY)


class Seam(Enum):
    """What words run over that are quoted in one go and stand in several places."""

    STAMP = "stamp"  # or a running head, a page number
    NOTE = "note"  # an editor's
    PARAGRAPH = "paragraph"  # or a heading's or table's next line
    HEADING = "heading"  # or a table
    REDACTION = "redaction"
    ITEM = "item"  # from one record of a file into the next
    SPEAKER = "speaker"  # from one person's words into another's


# Seams that leave a quotation the words of one voice in one record.
FAIR = frozenset({Seam.STAMP, Seam.NOTE, Seam.PARAGRAPH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One place of a quotation: its citations in their order, and what stands between them."""

    citations: tuple[Citation, ...]
    seams: frozenset[Seam] = frozenset()

    @property
    def fair(self) -> bool:
        """Whether one voice says all of it."""
        return self.seams <= FAIR


class Places:
    """Makes occurrences of stretches of the word stream."""

    def __init__(self, collection: Collection, index: ShingleIndex) -> None:
        self._collection, self._index = collection, index

    def occurrence(self, first: int, end: int, score: float) -> Occurrence:
        """Cite the words ``first`` to ``end`` of the stream, in as few citations as the rules allow."""
        document = self._index.document(first)
        spans = list(self._index.spans(first, end))
        joined = [spans[0]]
        opened = spans[0][0]  # the block in which the last citation begins
        for number, span in spans[1:]:
            if may_join(document, opened, number):
                joined[-1] = (number, Span(joined[-1][1].start, span.end))
            else:
                joined.append((number, span))
                opened = number
        return Occurrence(
            citations=tuple(cite(self._collection, document.id, span, score) for _, span in joined),
            seams=self._seams(first, end),
        )

    def fair(self, first: int, end: int) -> bool:
        """Whether the words ``first`` to ``end`` of the stream are one voice's in one record."""
        return self._seams(first, end) <= FAIR

    def _seams(self, first: int, end: int) -> frozenset[Seam]:
        document = self._index.document(first)
        pieces = pairwise(self._index.spans(first, end))
        return frozenset(seam for (one, a), (other, b) in pieces for seam in _seams(document, one, other, a, b))

    def key(self, first: int, end: int) -> tuple[int, int, int]:
        """Return what two stretches share that are the same words of the record, in its order."""
        number, start = self._index.place(first)
        return number, start, self._index.span(end - 1).end

    def beside(self, first: int, end: int) -> tuple[list[str], list[str], list[str]]:
        """Return what stands beside the words ``first`` to ``end`` in their sentences.

        The words from the sentence's beginning, the last of those that no comma parts from ``first``, and the words
        from ``end`` to the sentence's end.
        """
        opens, closes = self.words_of_sentence(first)[0], self.words_of_sentence(end - 1)[1]
        clause = first
        while clause > opens and not _PARTS_CLAUSES.search(self._index.gap(clause - 1)):
            clause -= 1
        index = self._index
        return index.forms(opens, first), index.forms(clause, first), index.forms(end, closes)

    def block(self, place: int) -> Block:
        """Return the block of a word of the stream."""
        ((number, _),) = self._index.spans(place, place + 1)
        return self._index.document(place).blocks[number]

    def sentence(self, place: int) -> Span:
        """Return the sentence of a word of the stream."""
        sentences = self.block(place).sentences
        start = self._index.span(place).start
        return sentences[max(bisect_right(sentences, start, key=lambda sentence: sentence.start) - 1, 0)]

    def words_of_sentence(self, place: int) -> tuple[int, int]:
        """Return the first word of the sentence in which a word of the stream stands, and its end."""
        return self._index.within(place, self.sentence(place))

    def opens_sentence(self, place: int) -> bool:
        """Whether a word of the stream is the first of its sentence."""
        return self.words_of_sentence(place)[0] == place


def _seams(document: Document, one: int, other: int, before: Span, after: Span) -> list[Seam]:
    """Return what lies between two neighbouring pieces of a quotation."""
    if may_join(document, one, other):
        return []
    first, last = document.blocks[one], document.blocks[other]
    seams = []
    if any(mark.meets(Span(before.end - 1, after.start + 1)) for mark in document.redactions):
        seams.append(Seam.REDACTION)
    if first.item_id != last.item_id:
        seams.append(Seam.ITEM)
    if INTERRUPTIONS[0] in (first.kind, last.kind):
        seams.append(Seam.STAMP)
    elif INTERRUPTIONS[1] in (first.kind, last.kind):
        seams.append(Seam.NOTE)
    elif first.speaker != last.speaker:
        seams.append(Seam.SPEAKER)
    elif first.kind is not last.kind and not (first.kind in _PROSE and last.kind in _PROSE):
        seams.append(Seam.HEADING)
    between = {block.kind for block in document.blocks[one + 1 : other]}
    if BlockKind.FURNITURE in between:
        seams.append(Seam.STAMP)
    if BlockKind.NOTE in between:
        seams.append(Seam.NOTE)
    return seams or [Seam.PARAGRAPH]
