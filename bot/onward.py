"""Where a conversation may go from an outcome: questions worth asking next, and what was said just before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.answers import Answer, Citation, Outcome
from bot.citations import cite
from embeddings.collection import Collection
from embeddings.documents import BlockKind, Document, Span
from embeddings.questions import CuratedQuestion

N_NEXT = 3
MAX_BLOCKS_AWAY = 6  # a question answered further off changes the subject
MAX_WORDS_BEFORE = 45


def next_questions(collection: Collection, outcome: Outcome, asked: Sequence[str] = ()) -> tuple[str, ...]:
    """Return at most `N_NEXT` questions that the collection answers and that were not ``asked`` yet.

    Those that the editors linked to words near the ones quoted come first, nearest first and no two to the same block;
    then the manifest's suggestions.
    """
    known = {_key(question) for question in (*asked, outcome.question)}
    found: list[str] = []
    for question in (*_nearby(collection, outcome, known), *collection.manifest.suggestions):
        if _key(question) not in known:
            known.add(_key(question))
            found.append(question)
    return tuple(found[:N_NEXT])


def words_before(collection: Collection, citation: Citation) -> Citation | None:
    """Cite the end of what another speaker said just before the turn of ``citation``; None where nobody did."""
    document = collection.document(citation.document_id)
    number = document.block_number_at(citation.start)
    if number is None or document.blocks[number].kind is not BlockKind.TURN:
        return None
    block, before = document.blocks[number], document.blocks[:number]
    turn = next((b for b in reversed(before) if b.kind is BlockKind.TURN and b.item_id == block.item_id), None)
    if turn is None or turn.speaker is None or turn.speaker == block.speaker:
        return None
    kept: list[Span] = []
    words = 0
    for sentence in reversed(turn.sentences):
        words += len(document.words(sentence).split())
        if kept and words > MAX_WORDS_BEFORE:
            break
        kept.append(sentence)
    if not kept:
        return None
    return cite(collection, document.id, Span(kept[-1].start, kept[0].end), 0.0)


def _nearby(collection: Collection, outcome: Outcome, known: set[str]) -> Iterator[str]:
    """Yield the first wording of the curated questions answered near the quoted words, nearest first."""
    quoted = outcome.citations if isinstance(outcome, Answer) else outcome.related
    places = [_place(collection.document(c.document_id), c.start) for c in quoted]
    held = {(document_id, index) for document_id, index in places}
    ranked: list[tuple[int, int, CuratedQuestion, tuple[str, int]]] = []
    for question in collection.questions:
        if question.answers and not any(_key(wording) in known for wording in question.wordings):
            document_id, span = question.answers[0]
            place = _place(collection.document(document_id), span.start)
            away = min((abs(place[1] - i) for d, i in places if d == place[0]), default=MAX_BLOCKS_AWAY + 1)
            if place not in held and away <= MAX_BLOCKS_AWAY:
                ranked.append((away, question.number, question, place))
    seen: set[tuple[str, int]] = set()
    for _, _, question, place in sorted(ranked, key=lambda entry: entry[:2]):
        if place not in seen:
            seen.add(place)
            yield question.wordings[0]


def _place(document: Document, offset: int) -> tuple[str, int]:
    number = document.block_number_at(offset)
    return document.id, -1 if number is None else number


def _key(question: str) -> str:
    return " ".join(question.casefold().split()).rstrip("?!. ")
