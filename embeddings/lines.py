"""Lines of a document as spans, told apart by what they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

BYTE_ORDER_MARK = "\ufeff"  # no white space to Python, and no word either
_LINE = re.compile(r"[^\r\n\f]*(?:\r\n|\r|\n|\f|\Z)")
_BULLET = re.compile(r"[ \t]*(?:[-*•–—]|\(?(?:\d{1,2}|[a-z])[.)])[ \t]+(?=\S)")
_MARKDOWN_HEADING = re.compile(r"[ \t]*#{1,6}[ \t]+\S")
_BOLD_LINE = re.compile(r"[ \t]*(\*\*|__)[^*_]+\1[ \t]*$")
_RULE = re.compile(r"[ \t]*(?:[-*_=][ \t]*){3,}$")


class LineKind(Enum):
    """What a line is by its look alone."""

    BLANK = "blank"
    FURNITURE = "furniture"
    ROW = "row"
    ENTRY = "entry"
    HEADING = "heading"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line; ``start`` and ``end`` leave out the white space around it, ``body`` leaves out a bullet too."""

    kind: LineKind
    start: int
    end: int
    body: int
    indent: int  # characters of white space before it


def read_lines(text: str, furniture: Sequence[re.Pattern[str]]) -> list[Line]:
    """Cut ``text`` into lines and say what each is; ``furniture`` matches whole lines without their white space."""
    spans = []
    for match in _LINE.finditer(text):
        if match.end() == match.start():
            continue
        start, end = match.start(), match.end()
        while start < end and _is_blank(text[start]):
            start += 1
        while end > start and _is_blank(text[end - 1]):
            end -= 1
        spans.append((match.start(), start, end))
    repeated = _repeated_stamps(text, spans) if not furniture else frozenset()
    return [_line(text, outer, start, end, furniture, repeated) for outer, start, end in spans]


def _line(
    text: str, outer: int, start: int, end: int, furniture: Sequence[re.Pattern[str]], repeated: frozenset[str]
) -> Line:
    words = text[start:end]
    kind, body = LineKind.TEXT, start
    bullet = _BULLET.match(text, start, end)
    if not words or _RULE.match(words):
        kind = LineKind.BLANK
    elif words in repeated or any(pattern.fullmatch(words) for pattern in furniture):
        kind = LineKind.FURNITURE
    elif _is_row(text[outer:end], words):
        kind = LineKind.ROW
    elif bullet:
        kind, body = LineKind.ENTRY, bullet.end()
    elif _MARKDOWN_HEADING.match(words) or _BOLD_LINE.match(words):
        kind = LineKind.HEADING
    return Line(kind=kind, start=start, end=end, body=body, indent=start - outer)


def _is_blank(character: str) -> bool:
    return character.isspace() or character == BYTE_ORDER_MARK


def _is_row(line: str, words: str) -> bool:
    """Tell a table row: cells between tabs, or between Markdown's bars."""
    return "\t" in words or line.count("\t") >= 2 or (words.startswith("|") and words.count("|") >= 2)


def _repeated_stamps(text: str, spans: Sequence[tuple[int, int, int]]) -> frozenset[str]:
    """Short lines that stand alone and recur, and lone page numbers: the furniture of an undescribed document."""
    alone = [
        text[start:end]
        for n, (_, start, end) in enumerate(spans)
        if start < end
        and (n == 0 or spans[n - 1][1] == spans[n - 1][2])
        and (n + 1 == len(spans) or spans[n + 1][1] == spans[n + 1][2])
    ]
    counts = Counter(alone)
    # A line that ends so is said, or leads to what follows: a label, the head of a list.
    said = (".", "?", "!", "]", ":")
    stamps = {w for w, n in counts.items() if n >= 3 and len(w.split()) <= 6 and not w.endswith(said)}
    return frozenset(stamps | {w for w in alone if re.fullmatch(r"[-–— ]*\d{1,4}[-–— ]*", w)})


def looks_like_heading(text: str, line: Line, previous_ends: bool) -> bool:
    """Whether a line that stands alone between blank lines is a heading by its words.

    ``previous_ends``: the text before it ended a sentence.
    """
    words = text[line.start : line.end]
    count = len(words.split())
    if count > 14 or words.endswith((".", "!", ";", ",")) or not previous_ends:
        return False
    letters = [c for c in words if c.isalpha()]
    if not letters or not (words[0].isupper() or words[0].isdigit()):
        return False
    capitals = [w for w in words.split() if w[:1].isupper() or not w[:1].isalpha()]
    return words.isupper() or len(capitals) >= 0.4 * count or count <= 8
