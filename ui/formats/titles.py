"""Titles as notes set them: a heading that says what a record is stands plain, a title of its own in quotation marks.

The Chicago Manual of Style, 17th edition 14.221-231: specific titles of manuscripts are quoted; names of a kind, such
as minutes or report, are not, and keep their capitals where they are part of a heading on the record.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ui.formats.words import inline


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title divided: ``kind`` is what the record is, ``head`` a heading that says so, ``subject`` a title of its own.

    "Report: Trade" of the kind "report" has the head "report" and the subject "Trade".
    """

    full: str
    kind: str | None = None
    head: str | None = None
    subject: str | None = None

    @property
    def in_note(self) -> str:
        """Return the title as a note sets it, the kind said once."""
        parts = (self.head or self.kind, quoted(self.subject) if self.subject else None)
        return sentence([part for part in parts if part], end="")

    @property
    def bare(self) -> str:
        """Return the title for a field of its own; `genre` then says what it leaves out."""
        return self.subject if self.subject and self.genre else self.full

    @property
    def genre(self) -> str | None:
        """Return the kind, unless the bare title says it: a reference manager prints both."""
        return None if self.subject is None or self.head not in (None, self.kind) else self.kind

    @property
    def short(self) -> str:
        """Return the title as later notes set it: its kind, or its words before the first colon."""
        named = _find(self.kind, self.head) if self.kind and self.head else None
        return named or self.kind or self.head or quoted(self.full.partition(": ")[0])


def divide(title: str, kind: str | None) -> Title:
    """Divide ``title`` into a heading that names the ``kind`` and a title of its own."""
    full, kind = inline(title), inline(kind) if kind else None
    head, colon, subject = full.partition(": ")
    if kind is None or _find(kind, full) is None:
        return Title(full=full, kind=kind, subject=full)
    if colon and (named := _find(kind, head)):
        return Title(full=full, kind=kind, head=kind if named == head else head, subject=subject)
    return Title(full=full, kind=kind, head=full)


def _find(kind: str, title: str) -> str | None:
    """Return the words of ``title`` that say its ``kind``, None where it does not say it."""
    match = re.search(rf"(?<!\w){re.escape(kind)}(?!\w)", title, re.IGNORECASE)
    return match.group() if match else None


def quoted(title: str) -> str:
    """Set ``title`` in double quotation marks; those inside it become single."""
    opened = re.sub(r'[“„]|(?<![^\s(])"', "‘", title)
    single = re.sub('[”"]', "’", opened)
    return f"“{single}”"


def sentence(parts: list[str], mark: str = ",", end: str = ".") -> str:
    """Join ``parts`` with ``mark`` and close with ``end``, both inside a closing quotation mark as Chicago has it."""
    closed = [_marked(part, mark) for part in parts[:-1]] + [_marked(part, end) for part in parts[-1:]]
    return " ".join(closed)


def _marked(part: str, mark: str) -> str:
    closing = "’”" if "‘" in part else "”"  # without an opening one, ’ is an apostrophe
    words = part.rstrip(closing) if part.endswith("”") else part
    if mark == "." and words.endswith((".", "?", "!")):
        mark = ""
    return f"{words}{mark}{part[len(words) :]}"
