"""Quote what the editors linked to a curated question: whole sentences, together where they stand together.

A few words of a sentence answer the editor, who knows it; a reader needs the sentence, and what a very short one is of.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import Evidence
from embeddings.collection import Collection
from embeddings.documents import Block, BlockKind, Document, Span

MAX_WORDS = 90  # of an answer to a question that asks for no list
MAX_SENTENCE_WORDS = 60  # a longer sentence is quoted as far as the editors linked it
MAX_GAP = 1  # sentences left out between two quotations of a turn or paragraph that are given as one
MIN_WORDS = 14  # of a quotation of running text; a shorter one is given with a neighbour
MAX_WITH_NEIGHBOUR = 45  # words
_RUNNING = (BlockKind.TURN, BlockKind.PARAGRAPH)


def linked_evidence(
    collection: Collection, answers: Sequence[tuple[str, Span]], score: float, *, wants_list: bool
) -> list[Evidence]:
    """Return the evidence that ``answers`` (document id and span each, best first) are, as many as fit."""
    evidence: list[Evidence] = []
    n_words = 0
    for document, span in _joined([_whole(collection.document(name), span) for name, span in answers]):
        n_words += len(document.words(span).split())
        if evidence and n_words > MAX_WORDS and not wants_list:
            break
        evidence.append(Evidence(document_id=document.id, span=span, score=score))
    return evidence


def _whole(document: Document, span: Span) -> tuple[Document, Span]:
    """Widen ``span`` to the sentences that it is of, and a very short one to a neighbour."""
    block = document.block_at(span.start)
    if block is None or not block.span.holds(span):
        return document, span
    held = [n for n, sentence in enumerate(block.sentences) if sentence.meets(span)]
    if not held:
        return document, span
    first, last = held[0], held[-1]
    if first == last and _n_words(document, block, first, last) > MAX_SENTENCE_WORDS:
        return document, span
    while block.kind in _RUNNING and _n_words(document, block, first, last) < MIN_WORDS:
        wider = [(a, b) for a, b in ((first, last + 1), (first - 1, last)) if a >= 0 and b < len(block.sentences)]
        wider = [(a, b) for a, b in wider if _n_words(document, block, a, b) <= MAX_WITH_NEIGHBOUR]
        if not wider:
            break
        first, last = wider[-1]  # what comes before says what 'it' and 'that' are
    return document, _of(block, first, last)


def _joined(places: Sequence[tuple[Document, Span]]) -> list[tuple[Document, Span]]:
    """Join places of one turn or paragraph that meet or nearly do; each stands where the first of it stood."""
    joined: list[tuple[Document, Span]] = []
    for document, span in places:
        for n, (other, held) in enumerate(joined):
            if other is document and (held.holds(span) or _near(document, held, span)):
                joined[n] = document, Span(min(held.start, span.start), max(held.end, span.end))
                break
        else:
            joined.append((document, span))
    return joined if len(joined) == len(places) else _joined(joined)


def _near(document: Document, a: Span, b: Span) -> bool:
    block = document.block_at(a.start)
    if block is None or not block.span.holds(a) or not block.span.holds(b):
        return False
    if a.meets(b):
        return True
    start, end = min(a.end, b.end), max(a.start, b.start)
    left_out = sum(start <= sentence.start and sentence.end <= end for sentence in block.sentences)
    return block.kind in _RUNNING and left_out <= MAX_GAP


def _n_words(document: Document, block: Block, first: int, last: int) -> int:
    return len(document.words(_of(block, first, last)).split())


def _of(block: Block, first: int, last: int) -> Span:
    return Span(block.sentences[first].start, block.sentences[last].end)
