"""Names of those who wrote, received or translated a record, in the parts that reference managers sort by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ui.formats.words import inline


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as it is written, and its parts where these are known.

    ``family`` is None for an office or a body, and for a person whose family name nobody has stated: which word that
    is cannot be told from the name.
    """

    full: str
    family: str | None = None
    given: str = ""
    suffix: str = ""  # Jr., III
    family_first: bool = False

    @property
    def inverted(self) -> str:
        """Return the name as a bibliography sorts it: ``Family, Given, Suffix``."""
        if self.family is None or self.family_first:
            return self.full
        return ", ".join(part for part in (self.family, self.given, self.suffix) if part)


def split_names(text: str, families: Mapping[str, str]) -> tuple[Name, ...]:
    """Split ``text`` at semicolons into names; ``families`` maps full names to family names."""
    return tuple(split_name(name, families) for part in text.split(";") if (name := inline(part)))


def split_name(full: str, families: Mapping[str, str]) -> Name:
    """Find the family name of ``full`` among ``families``: after the given names, before a suffix, or first."""
    family = families.get(full)
    if family is None:
        return Name(full=full)
    before, found, after = f" {full} ".replace(",", " ,").partition(f" {family} ")
    first, last = before.strip(), after.strip(" ,")
    if not found:
        return Name(full=full)
    if first or not last:
        return Name(full=full, family=family, given=first, suffix=last)
    return Name(full=full, family=family, given=last, family_first=True)


def family_names(stated: Iterable[tuple[str, str]], names: Iterable[str], words: Iterable[str]) -> dict[str, str]:
    """Map full names to family names: those ``stated``, and ``names`` that hold one of ``words``."""
    families = dict(stated)
    for name in names:
        for word in words:
            if word and f" {word} " in f" {name.replace(',', ' ')} ":
                families.setdefault(name, word)
    return families
