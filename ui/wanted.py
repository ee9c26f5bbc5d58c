"""What a visitor of the citation desk looks for, as the form's fields say it, each error with its value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.reading import MAX_CHARACTERS
from embeddings.collection import Collection
from embeddings.dates import date_parts
from embeddings.documents import Document, Span
from ui.formats import FORMATS
from ui.problems import shown

MAX_LINK = 1000  # characters; a permalink has about 150
MAX_START = 999_999
FIELDS = ("words", "id", "speaker", "in", "page", "from", "to")
_NUMBER = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is looked for; what is None is no matter."""

    words: str = ""
    link: str = ""  # an id or a permalink: it alone counts
    speaker: str | None = None
    record: tuple[str, str | None] | None = None  # a document's id, and an item's of it
    page: int | None = None
    earliest: str | None = None  # ISO 8601, perhaps of a year or month only
    latest: str | None = None
    start: int = 0  # results passed over
    form: str | None = None  # of citation, in which the results are wanted as a file

    @property
    def empty(self) -> bool:
        """Whether nothing is looked for."""
        limits = (self.speaker, self.record, self.page, self.earliest, self.latest)
        return not self.words and not self.link and all(limit is None for limit in limits)

    def admits(self, document: Document, span: Span, speaker: str | None, item_id: str | None) -> bool:
        """Whether words that stand at ``span``, in an item, and are a speaker's, are within the limits set."""
        item = document.item(item_id)
        return (
            self.speaker in (None, speaker)
            and self.record in (None, (document.id, None), (document.id, item_id))
            and (self.page is None or self.page in _pages(document, span))
            and self._admits_date(item.date if item else document.date)
        )

    def _admits_date(self, date: str | None) -> bool:
        """Whether a record's date may lie between the two: one of a year alone may be any of its days."""
        if self.earliest is None and self.latest is None:
            return True
        parts = date_parts(date or "")
        return (
            bool(parts)
            and _last(parts) >= _first(date_parts(self.earliest or ""))
            and _first(parts) <= _last(date_parts(self.latest or ""))
        )


def read_wanted(fields: Mapping[str, str], collection: Collection) -> tuple[Wanted, dict[str, str]]:
    """Read the form's ``fields``; returned with what is wrong, by the field's name, which then counts as not given."""
    given = {name: value.strip() for name, value in fields.items() if value.strip()}
    problems: dict[str, str] = {}

    def check(name: str, passes: bool, allowed: str) -> bool:
        if name in given and ("\0" in given[name] or not passes):
            problems[name] = f"{shown(given.pop(name))} {allowed}"
        return name in given

    def length(name: str, most: int) -> bool:
        n = len(given.get(name, ""))
        return check(name, n <= most, f"has {n} characters; at most {most} are allowed, and no NUL")

    length("words", MAX_CHARACTERS)
    length("id", MAX_LINK)
    check("speaker", given.get("speaker") in speakers_of(collection), "is nobody who speaks here; choose one listed")
    records = {name: key for key, name in record_names(collection).items()}
    check("in", given.get("in") in records, "is no document or item of this collection; choose one listed")
    number = "is no page number; give digits, like 4"
    page = int(given["page"]) if check("page", _is_number(given.get("page")), number) else None
    for name in ("from", "to"):
        check(name, bool(date_parts(given.get(name, ""))), "is no date; write 1987, 1987-12 or 1987-12-10")
    if {"from", "to"} <= given.keys() and _first(date_parts(given["from"])) > _last(date_parts(given["to"])):
        problems["to"] = f"{shown(given.pop('to'))} lies before {shown(given['from'])}, the date to begin with"
    number = f"is no number of results to pass over; give 0 to {MAX_START}"
    start = int(given["start"]) if check("start", _is_number(given.get("start")), number) else 0
    check("format", given.get("format") in FORMATS, f"is no format; there are {', '.join(FORMATS)}")
    wanted = Wanted(
        words=given.get("words", ""),
        link=given.get("id", ""),
        speaker=given.get("speaker"),
        record=records[given["in"]] if "in" in given else None,
        page=page,
        earliest=given.get("from"),
        latest=given.get("to"),
        start=start,
        form=given.get("format"),
    )
    return wanted, problems


def speakers_of(collection: Collection) -> list[str]:
    """Return the canonical names of all who speak in the collection."""
    return sorted({block.speaker for document in collection.documents for block in document.blocks if block.speaker})


def record_names(collection: Collection) -> dict[tuple[str, str | None], str]:
    """Return the form's name of each document and item, by their ids."""
    names: dict[tuple[str, str | None], str] = {}
    for document in collection.documents:
        names[document.id, None] = document.id
        names |= {(document.id, item.id): f"{document.id}/{item.id}" for item in document.items}
    return names


def _is_number(text: str | None) -> bool:
    return text is not None and _NUMBER.fullmatch(text) is not None


def _pages(document: Document, span: Span) -> set[int | None]:
    """Return the pages on which the words of ``span`` stand."""
    begun = {number for offset, number in document.page_starts if span.start < offset < span.end}
    return {document.page_at(span.start), *begun}


def _first(parts: Sequence[int]) -> tuple[int, ...]:
    return (*parts, *(0, 0, 0)[len(parts) :])


def _last(parts: Sequence[int]) -> tuple[int, ...]:
    return (*parts, *(9999, 99, 99)[len(parts) :])
