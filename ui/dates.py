"""Dates as pages write them in their readers' languages."""

from __future__ import annotations

from datetime import date

from embeddings.dates import date_parts


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
