"""What the quotation check found, in words for a page: the text in pieces, verdicts, differences, warnings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.answers import Citation
from bot.quotations import QuotationCheck, Verdict
from bot.quoting.alignment import Change
from bot.quoting.meaning import Caution, Concern
from bot.quoting.occurrences import Occurrence, Seam
from embeddings.collection import Collection

MAX_PLACES = 10  # shown of one quotation

LABELS = {
    Verdict.EXACT: "exact",
    Verdict.ALTERED: "altered",
    Verdict.MISATTRIBUTED: "attributed to another",
    Verdict.ABSENT: "absent",
}
_TOLD = {
    Verdict.EXACT: "The record has these words.",
    Verdict.ALTERED: "The record has these words otherwise.",
    Verdict.ABSENT: "No document of this collection has these words.",
}
_MARKED = "The record has these words; ellipses and brackets show what was left out or put in."
_CONCERNS = {
    Concern.NEGATION: "a negation",
    Concern.HEDGE: "a hedge",
    Concern.CONDITION: "a condition",
    Concern.NUMBER: "a number",
}
_CHANGED = {
    "elided": "The ellipsis hides {what}",
    "dropped": "Left out without a mark: {what}",
    "added": "Added without a mark: {what}",
    "changed": "The change is of {what}",
    "case": "Other capitals: {what}",
    "inserted": "Put in, in brackets: {what}",
    "beside": "In the record {what} stands beside these words and governs them",
}
_PLAIN = {
    Concern.JOINED: "What stands apart in the record is quoted as one.",
    Concern.APART: "An ellipsis joins what stands in another order, far apart, or in other records.",
    Concern.UNMARKED: "These are the record’s words, without quotation marks.",
}
_SEAMS = {
    Seam.STAMP: "a stamp or page number",
    Seam.NOTE: "an editor’s note",
    Seam.PARAGRAPH: "the end of a paragraph",
    Seam.HEADING: "a heading or table",
    Seam.REDACTION: "a redaction",
    Seam.ITEM: "the end of a record",
    Seam.SPEAKER: "the end of a speaker’s words",
}
# What a listener hears before and after words that a quotation has otherwise than the record.
_HEARD = {
    "dropped": ("left out: ", ""),
    "elided": ("left out for an ellipsis: ", ""),
    "added": ("", "added: "),
    "inserted": ("in the record: ", "in brackets: "),
    "changed": ("in the record: ", "in the quotation: "),
    "case": ("in the record: ", "with other capitals: "),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the text that was checked; ``number`` that of its check, None where nothing was."""

    text: str
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Words of the record and of the quotation: both where they are the same, in ``record``."""

    record: str
    quoted: str
    kind: str
    heard_before_record: str
    heard_before_quoted: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A check as the page tells it."""

    number: int
    verdict: Verdict
    label: str
    told: str
    quoted: str
    differences: tuple[Difference, ...]
    warnings: tuple[str, ...]
    places: tuple[tuple[Citation, ...], ...]
    seams: tuple[str, ...]  # of each place, what its words run over; empty where over nothing
    n_more: int
    has_more: bool  # and others, that were not counted


def pieces(text: str, checks: Sequence[QuotationCheck]) -> Iterator[Piece]:
    """Cut ``text`` at its quotations, with no character lost; of two that overlap, the second is no piece."""
    position = 0
    for number, check in enumerate(checks, start=1):
        if check.span.start < position:
            continue
        if position < check.span.start:
            yield Piece(text=text[position : check.span.start])
        yield Piece(text=text[check.span.start : check.span.end], number=number)
        position = check.span.end
    if position < len(text):
        yield Piece(text=text[position:])


def summary(checks: Sequence[QuotationCheck]) -> str:
    """Count the verdicts: ``3 quotations: 2 exact, 1 absent``."""
    counts = Counter(check.verdict for check in checks)
    parts = ", ".join(f"{counts[verdict]} {label}" for verdict, label in LABELS.items() if counts[verdict])
    return f"{len(checks)} {'quotation or sentence' if len(checks) == 1 else 'quotations or sentences'}: {parts}"


def judged(number: int, check: QuotationCheck, collection: Collection) -> Judged:
    """Return ``check``, the one of that number, as the page tells it."""
    shown = check.occurrences[:MAX_PLACES]
    return Judged(
        number=number,
        verdict=check.verdict,
        label=LABELS[check.verdict],
        told=_told(check, collection),
        quoted=check.quoted,
        differences=tuple(map(_difference, check.changes)),
        warnings=tuple(map(_warning, check.warnings)),
        places=tuple(occurrence.citations for occurrence in shown),
        seams=tuple(map(_seam, shown)),
        n_more=len(check.occurrences) - len(shown),
        has_more=check.has_more,
    )


def _told(check: QuotationCheck, collection: Collection) -> str:
    if check.misattribution is None:
        return _MARKED if check.marked else _TOLD[check.verdict]
    named = _shown_name(check.misattribution.named, collection)
    others = ", ".join(_shown_name(name, collection) for name in check.misattribution.said_by)
    said = _TOLD[Verdict.ALTERED if check.changes else Verdict.EXACT]
    return f"{said} The text names {named}; in the record they are from {others}."


def _shown_name(name: str, collection: Collection) -> str:
    person = collection.person(name)
    return person.full_name or person.name if person else name


def _difference(change: Change) -> Difference:
    before_record, before_quoted = _HEARD.get(change.kind, ("", ""))
    return Difference(
        record=change.record,
        quoted=change.quoted,
        kind=change.kind,
        heard_before_record=before_record,
        heard_before_quoted=before_quoted,
    )


def _warning(caution: Caution) -> str:
    if caution.concern in _PLAIN:
        return _PLAIN[caution.concern]
    what = f"{_CONCERNS[caution.concern]}, “{caution.words}”,"
    return _CHANGED[caution.how].format(what=what).rstrip(",") + "."


def _seam(occurrence: Occurrence) -> str:
    return ", ".join(_SEAMS[seam] for seam in Seam if seam in occurrence.seams)
