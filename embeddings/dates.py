"""Dates in ISO 8601, whole or of a year or month only, and how English spells them."""

from __future__ import annotations

import re
from datetime import date

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
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
            return f"{MONTHS[month - 1]} {day}, {year}"
        case (year, month):
            return f"{MONTHS[month - 1]} {year}"
        case _:
            return text
