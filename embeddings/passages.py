"""Cut documents into passages, the unit of retrieval."""

from __future__ import annotations

from collections.abc import Iterator

from embeddings.documents import Block, BlockKind, Document, Passage, Span

MAX_WORDS = 160  # about 210 word pieces: the encoder reads 256 and is at its best well below

_PREFIX = {
    BlockKind.TURN: "t",
    BlockKind.PARAGRAPH: "p",
    BlockKind.HEADING: "h",
    BlockKind.ENTRY: "e",
    BlockKind.ROW: "r",
    BlockKind.FURNITURE: "f",
    BlockKind.NOTE: "n",
}


def cut_passages(document: Document, max_words: int = MAX_WORDS) -> list[Passage]:
    """Cut every block of ``document`` into passages of at most ``max_words`` words, at sentence ends.

    A single sentence longer than that stays whole.  The passages hold every sentence of the document once, in order.
    """
    return [
        passage for index, block in enumerate(document.blocks) for passage in _cut(document, index, block, max_words)
    ]


def block_id(document: Document, block: Block) -> str:
    """Return the readable id of a block: ``minutes-1987/t20``, ``file-12/letter/p3``."""
    place = f"{document.id}/{block.item_id}" if block.item_id else document.id
    return f"{place}/{_PREFIX[block.kind]}{block.number}"


def _cut(document: Document, index: int, block: Block, max_words: int) -> Iterator[Passage]:
    parts = list(_parts(document, block, max_words))
    for number, sentences in enumerate(parts, start=1):
        base = block_id(document, block)
        yield Passage(
            id=base if len(parts) == 1 else f"{base}.{number}",
            document_id=document.id,
            block_index=index,
            span=Span(sentences[0].start, sentences[-1].end),
            sentences=tuple(sentences),
        )


def _parts(document: Document, block: Block, max_words: int) -> Iterator[list[Span]]:
    part: list[Span] = []
    n_words = 0
    for sentence in block.sentences:
        length = len(document.words(sentence).split())
        if part and n_words + length > max_words:
            yield part
            part, n_words = [], 0
        part.append(sentence)
        n_words += length
    if part:
        yield part
