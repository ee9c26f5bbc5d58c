r"""BibTeX: one ``@misc`` entry for each record, which asks for no field that an archive's record may lack.

What TeX would obey is written as the command that prints it, so that ``50% {of} a_b`` comes out as it stands.
``note`` holds what styles print after the title; ``annote``, which they leave out, the quotations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.answers import Citation
from embeddings.collection import Collection
from embeddings.dates import date_parts
from ui.formats.addresses import document_address
from ui.formats.names import Name
from ui.formats.references import Reference, grouped
from ui.formats.remarks import remarks

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COMMANDS = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",  # not \{: BibTeX counts braces without regard to a backslash before them
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    "`": r"\textasciigrave{}",
    **{sign: f"\\{sign}" for sign in "#$%&_"},
}
_SPECIAL = re.compile(r"[\\{}~^<>|`#$%&_]|--+|''+|,,+")


def bibtex(citations: Sequence[Citation], collection: Collection, public_url: str = "") -> str:
    """Return the entries; the key is the record's own id, the same in every export."""
    entries = []
    for reference, quoted in grouped(citations, collection):
        notes = remarks(reference, quoted, collection, public_url)
        lines = [f"  {field} = {value}" for field, value in _values(reference, list(notes), public_url)]
        entries.append(",\n".join([f"@misc{{{reference.id}", *lines]) + "\n}")
    return "\n\n".join(entries)


def escape(text: str) -> str:
    """Write ``text`` so that TeX prints its characters, and BibTeX finds its braces in pairs."""
    return _SPECIAL.sub(lambda match: _command(match[0]), text)


def _command(sign: str) -> str:
    if sign[0] in "-',":  # two hyphens would print as a dash, two apostrophes or commas as a quotation mark
        return "{}".join(sign)
    return _COMMANDS[sign]


def _values(reference: Reference, notes: Sequence[str], public_url: str) -> Iterator[tuple[str, str]]:
    fields = reference.fields
    where = (
        *reference.identifiers,
        reference.file_name,
        *reference.shelf,
        *reference.units,
        reference.keeper,
        reference.collection,
    )
    stated = {
        "author": " and ".join(_name(name) for name in reference.authors),
        "key": None if reference.authors else escape(reference.title.bare),  # what BibTeX sorts by in its stead
        "title": f"{{{escape(reference.title.bare)}}}",  # in braces of its own, for styles would make capitals small
        "shorttitle": escape(fields.get("short_title", "")),
        "howpublished": escape(reference.title.genre or ""),
        "translator": " and ".join(_name(name) for name in reference.translators),
        "note": escape(", ".join(part for part in where if part)),
        "langid": escape(fields.get("language", "")),
        "url": fields.get("url") or document_address(reference, public_url),
        "annote": "\n\n".join(escape(note) for note in notes),
    }
    yield from ((field, f"{{{value}}}") for field, value in stated.items() if value)
    yield from _date(reference.date)


def _date(text: str | None) -> Iterator[tuple[str, str]]:
    """Yield ``date`` for biblatex, and the year and month that BibTeX knows."""
    if text is None:
        return
    parts = date_parts(text)
    if not parts:
        yield "year", f"{{{escape(text)}}}"
        return
    yield "date", f"{{{text}}}"
    yield "year", f"{{{parts[0]:04}}}"
    if len(parts) > 1:
        yield "month", _MONTHS[parts[1] - 1]


def _name(name: Name) -> str:
    """Write a name in BibTeX's parts; an office or a body in braces, so that no part of it is taken for a name."""
    if name.family is None or not name.given:
        return f"{{{escape(name.full)}}}"
    parts = (name.family, name.suffix, name.given) if name.suffix else (name.family, name.given)
    return ", ".join(f"{{{escape(part)}}}" if re.search(r"\band\b|,", part) else escape(part) for part in parts if part)
