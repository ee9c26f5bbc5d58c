"""Curated questions: answers that a collection's editors linked by hand, in ``questions.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from embeddings.documents import BlockKind, Document, Span
from embeddings.errors import ManifestError
from embeddings.parsing import find_words
from embeddings.tables import Table

REASONS = ("not-in-collection", "not-stated", "redacted", "out-of-scope", "unclear")


@dataclass(frozen=True, slots=True, kw_only=True)
class CuratedQuestion:
    """A question in several wordings and languages, and the spans that answer it, best first.

    A question without answers carries the ``reason`` why the record gives none.
    """

    number: int  # 1-based, in file order
    wordings: tuple[str, ...]
    answers: tuple[tuple[str, Span], ...]  # (document id, span)
    reason: str | None
    signed: str


def read_questions(path: Path, documents: Sequence[Document]) -> tuple[CuratedQuestion, ...]:
    """Read ``questions.toml``; answers are words of a document, white space folded, and become spans here.

    Raises:
        ManifestError: it is not TOML, a key is wrong, or an answer's words are not in the document.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path}: is not TOML in UTF-8: {error}") from error
    top = Table(path, "", values)
    signed = top.required("signed")
    found = tuple(_question(table, n, signed, documents) for n, table in enumerate(top.tables("question"), start=1))
    top.close()
    return found


def find_quotations(quotations: Sequence[str], documents: Sequence[Document]) -> tuple[tuple[str, Span], ...]:
    """Return where the words stand with which a page opens: (document id, span) each.

    Raises:
        ManifestError: words are in no document, or not within one speech or paragraph.
    """
    return tuple(_place(words, documents) for words in quotations)


def _question(table: Table, number: int, signed: str, documents: Sequence[Document]) -> CuratedQuestion:
    document_id = table.required("document")
    wordings = table.texts("wordings")
    answers = tuple(
        place for words in table.texts("answers") for place in _locate(table, words, document_id, documents)
    )
    reason = table.text("reason")
    own = table.text("signed", signed) or signed
    if not wordings:
        raise table.error("wordings", [], "must hold at least one wording of the question")
    if reason is not None and reason not in REASONS:
        raise table.error("reason", reason, f"must be one of {', '.join(map(repr, REASONS))}")
    if bool(answers) == (reason is not None):
        raise table.error("reason", reason, "must stand where there are no answers, and only there")
    table.close()
    return CuratedQuestion(number=number, wordings=wordings, answers=answers, reason=reason, signed=own)


def _locate(table: Table, words: str, document_id: str, documents: Sequence[Document]) -> Iterator[tuple[str, Span]]:
    """Find the words in the named document first, then in the others; words over several blocks give a span in each.

    Speakers' labels, bullets and stamps between the blocks are left out: a quotation never runs over them.
    """
    for document in sorted(documents, key=lambda d: d.id != document_id):
        span = find_words(document.text, words)
        if span is None:
            continue
        met = [block for block in document.blocks if block.span.meets(span)]
        kept = [block for block in met if block.kind is not BlockKind.FURNITURE] or met
        for block in kept:
            yield document.id, Span(max(span.start, block.span.start), min(span.end, block.span.end))
        return
    raise table.error("answers", words, "is not in any document, white space folded")


def _place(words: str, documents: Sequence[Document]) -> tuple[str, Span]:
    for document in documents:
        span = find_words(document.text, words)
        if span is None:
            continue
        block = document.block_at(span.start)
        if block is not None and block.kind is not BlockKind.FURNITURE and block.span.holds(span):
            return document.id, span
    raise ManifestError(
        f"kiosk.quotations = {words!r}: stands within no speech or paragraph of a document, white space folded. "
        f"Copy the words from one of {', '.join(document.id for document in documents)}"
    )
