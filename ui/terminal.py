"""Outcomes as text for a terminal: quotations set apart from the few fixed words around them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from bot.answers import Answer, Citation, Note, Outcome
from bot.quotations import QuotationCheck, Verdict
from embeddings.collection import Collection
from ui.wording import NOTES, REASONS, RELATED, date_of, folded, speaker_name, title_of

WIDTH = 88


def outcome_text(outcome: Outcome, collection: Collection) -> str:
    """Return an outcome as lines of at most `WIDTH` characters."""
    return "\n".join(_outcome_lines(outcome, collection))


def check_text(check: QuotationCheck, collection: Collection) -> str:
    """Return a quotation check as text: the verdict, the places, and for an altered one what was changed."""
    return "\n".join(_check_lines(check, collection))


def documents_text(collection: Collection, *, passages: bool) -> str:
    """Return a collection's documents, their items and hashes, and the ids of ``passages`` if these are wanted."""
    return "\n".join(visible(line) for line in _document_lines(collection, passages))


def _outcome_lines(outcome: Outcome, collection: Collection) -> Iterator[str]:
    if isinstance(outcome, Answer):
        for number, citation in enumerate(outcome.citations, start=1):
            yield from _quotation(f"[{number}]", citation, collection)
    else:
        yield REASONS[outcome.reason]
        if outcome.related:
            yield ""
            yield f"{RELATED}:"
            for citation in outcome.related:
                yield from _quotation(" - ", citation, collection)
    if outcome.notes:
        yield ""
        yield f"{NOTES}:"
        for note in outcome.notes:
            yield from _wrap(_note(note), "    ")


def _quotation(mark: str, citation: Citation, collection: Collection) -> Iterator[str]:
    yield from _wrap(f"“{plain(citation.exact)}”", " " * (len(mark) + 1), f"{mark} ")
    yield from _wrap(f"— {attribution(citation, collection)}", " " * (len(mark) + 3), " " * (len(mark) + 1))
    yield f"{' ' * (len(mark) + 1)}  {citation.id}"


def attribution(citation: Citation, collection: Collection) -> str:
    """Say who speaks, in which record, of what date, and where in it."""
    who = speaker_name(citation, collection)
    title = shorten(title_of(citation, collection))
    return plain(", ".join(part for part in (who, title, date_of(citation, collection), citation.locator) if part))


def shorten(title: str) -> str:
    """Cut a long title at a word, for a line of a terminal."""
    return textwrap.shorten(title, 70, placeholder="…")


def plain(exact: str) -> str:
    """Fold white space for display, and make control characters visible; no other character changes."""
    return visible(folded(exact))


def visible(text: str) -> str:
    """Make control characters visible: what a terminal obeys is not what the record says."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


def _document_lines(collection: Collection, passages: bool) -> Iterator[str]:
    for document in collection.documents:
        speakers = sorted({block.speaker for block in document.blocks if block.speaker})
        yield f"{document.id}  {document.title}"
        yield f"    {document.genre.value}, {len(document.blocks)} blocks, sha256 {document.sha256}"
        if speakers:
            yield f"    speakers: {', '.join(speakers)}"
        for item in document.items:
            yield f"    {document.id}/{item.id}  {item.title}{f', {item.date}' if item.date else ''}"
        if passages:
            yield from (f"    {p.id}" for p in collection.passages if p.document_id == document.id)


def _note(note: Note) -> str:
    return f"{note.about}: {note.text} ({note.certainty.value}; ground: {note.ground})"


def _check_lines(check: QuotationCheck, collection: Collection) -> Iterator[str]:
    verdicts = {Verdict.EXACT: "Exact.", Verdict.ALTERED: "Altered.", Verdict.ABSENT: "Absent: not in this collection."}
    yield verdicts[check.verdict]
    for place in check.places:
        yield from _quotation(" - ", place, collection)
    signs = {"dropped": "- ", "added": "+ ", "changed": "~ "}
    for change in check.changes:
        if change.kind in signs:
            what = {
                "dropped": f"left out: {change.record}",
                "added": f"added: {change.quoted}",
                "changed": f"{change.record}  ->  {change.quoted}",
            }[change.kind]
            yield f"    {signs[change.kind]}{what}"


def _wrap(text: str, indent: str, first: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first if first is not None else indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
