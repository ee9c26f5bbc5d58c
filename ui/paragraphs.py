"""Tell where a paragraph or a line of a document was meant to end, and where it only ran out of room.

Only white space is read anew: every character stays where it is.
"""

from __future__ import annotations

import re
from enum import Enum
from itertools import accumulate

from embeddings.documents import Block, BlockKind, Document

_LINE_END = re.compile(r"\r\n|\r|\n|\f")
_GAP = re.compile(r"[\r\n\f]\s*")
_WORD = re.compile(r"\S+")
_BULLET = re.compile(r"(?:[-*•–—]|\(?(?:\d{1,2}|[a-z])[.)])[ \t]")
# A line that could have held the next word, but does not, ends by intent.  Lines are measured in characters of the
# document's usual line; letters differ in breadth, so that a full line may be somewhat shorter.  In hard-wrapped
# minutes full lines measured 0.91 and more with the next word, those cut short 0.82 and less; after a sentence's
# end the paragraphs' last lines went up to 0.98.
MAX_SHORT_LINE = 0.85
MAX_LAST_LINE = 1.0


class End(Enum):
    """What ends before a line."""

    LINE = "line"
    PARAGRAPH = "paragraph"


def usual_line(text: str) -> int:
    """Return the length in characters of the line that the median character stands in; 1 for no text."""
    lengths = sorted(len(line.strip()) for line in _LINE_END.split(text))
    total = sum(lengths)
    return next((n for n, reached in zip(lengths, accumulate(lengths), strict=True) if 2 * reached >= total > 0), 1)


def line_ends(document: Document, block: Block, usual: int, begun: int) -> dict[int, End]:
    """Map the offset of each line of ``block`` that begins by intent to what ends before it.

    Lines that follow only because the one before was full are left out.  ``usual`` is `usual_line` of the text;
    ``begun`` is where the first line begins, a speaker's label or a bullet included.
    """
    if block.kind in (BlockKind.ROW, BlockKind.HEADING, BlockKind.FURNITURE):
        return {}
    sentence_ends = {sentence.end for sentence in block.sentences}
    text, found = document.text, {}
    for gap in _GAP.finditer(text, block.span.start, block.span.end):
        word = _WORD.match(text, gap.end(), block.span.end)
        if word is None:
            continue
        line = text[begun : gap.start()].rstrip()
        ended = begun + len(line) in sentence_ends
        filled = (len(line.lstrip()) + 1 + len(word.group())) / usual
        begun = gap.end()
        blank = len(_LINE_END.findall(gap.group())) > 1
        if ended and (blank or filled < MAX_LAST_LINE):
            found[gap.end()] = End.PARAGRAPH
        elif filled < MAX_SHORT_LINE or _BULLET.match(text, gap.end(), block.span.end):
            found[gap.end()] = End.PARAGRAPH if blank else End.LINE
    return found
