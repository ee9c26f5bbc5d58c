"""Words of a record or a manifest on one line, where nothing in them can pass for the form's own."""

from __future__ import annotations

import re

from ui.wording import folded

# Controls, lone surrogates, and the marks that reverse the order of all that follows.  Joiners and soft hyphens
# stay: without the joiners, Persian and Hindi words are misspelled.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def inline(text: str) -> str:
    r"""Fold white space to single blanks and write control characters out, ``\x1b``; no other character changes."""
    return _UNSAFE.sub(lambda match: f"\\x{ord(match[0]):02x}", folded(text)).strip()


def listed(names: list[str]) -> str:
    """Join names as Chicago does: ``A``, ``A and B``, ``A, B, and C``, with semicolons where a name has a comma."""
    if len(names) < 3:
        return " and ".join(names)
    mark = ";" if any("," in name for name in names) else ","
    return f"{f'{mark} '.join(names[:-1])}{mark} and {names[-1]}"


def initial(text: str) -> str:
    """Write the first letter large, as at the head of a note; the others stay."""
    return text[:1].upper() + text[1:]
