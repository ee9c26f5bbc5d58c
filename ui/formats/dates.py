"""Dates as the forms write them: whole, or of a year or month only; anything else stays as the manifest says it."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_ISO = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")


def date_parts(text: str) -> tuple[int, ...]:
    """Return year, month and day as far as ``text`` gives them in ISO 8601; empty where it is no such date."""
    match = _ISO.fullmatch(text)
    if match is None:
        return ()
    parts = tuple(int(part) for part in match.groups() if part is not None)
    try:
        date(*parts, *(1,) * (3 - len(parts)))
    except ValueError:
        return ()
    return parts


def spell_date(text: str) -> str:
    """Spell an ISO date in Chicago's order, ``March 4, 1921`` or ``July 1988``; others stay as they are."""
    match date_parts(text):
        case (year, month, day):
            return f"{_MONTHS[month - 1]} {day}, {year}"
        case (year, month):
            return f"{_MONTHS[month - 1]} {year}"
        case _:
            return text


def date_in(language: str, text: str) -> str:
    """Spell an ISO date as ``language`` writes it: ``4 марта 1921 г.``, ``mars 1921``; others stay as they are."""
    from babel.dates import format_date, format_skeleton

    match date_parts(text):
        case (year, month, day):
            return format_date(date(year, month, day), "long", locale=language)
        case (year, month):
            return format_skeleton("yMMMM", date(year, month, 1), locale=language)
        case _:
            return text
