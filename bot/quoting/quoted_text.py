"""Cut a text into what it quotes: quotations in marks, block quotations, or else its sentences."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from embeddings.documents import Span
from embeddings.sentences import split_sentences

# What closes each mark that opens a quotation.
_CLOSING = {
    "“": "”", "„": "“”", "‟": "”", "«": "»", "»": "«", "‹": "›", "›": "‹", "「": "」", "『": "』", "”": "”", '"': '"',
    "‘": "’", "‚": "‘’", "'": "'",
}  # fmt: skip
_ALWAYS_OPEN = "“„‟«‹「『‚"
_OPENING = re.compile(f"[{''.join(_CLOSING)}]")
_PLURAL = re.compile(r"s['’] [a-z]")  # "the nations' leaders"
_NO_QUOTATION = re.compile(r"['‘](?:\d\ds?\b|(?:tis|twas|twere|em|til|cause|n)\b)", re.IGNORECASE)
_OPENS_AFTER = re.compile(r"[\s(\[{—–/\-\"“„«‘']")
_PARAGRAPH_END = re.compile(r"(?:\r?\n[ \t>]*){2,}|\f|\u2029")
_ENDS_SENTENCE = re.compile(r"[.!?:…][\"'”’»)\]]*\s*$")
_QUOTED_LINES = re.compile(r"(?:^[ \t]*>.*(?:\n|\Z))+", re.MULTILINE)
_LINE_MARK = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_INDENTED = re.compile(r"(?:\t| {4,})[ \t]*\S")
_BULLET = re.compile(r"(?:[-*•–—]|\(?(?:\d{1,2}|[a-z])[.)])[ \t]+(?=\S)")


class ClaimKind(Enum):
    """How a text shows that words are somebody else's."""

    QUOTATION = "quotation"  # in quotation marks
    BLOCK = "block"  # set apart from the text
    SENTENCE = "sentence"  # it does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A stretch of a text that may quote a record."""

    kind: ClaimKind
    span: Span  # of the words
    outer: Span  # with the marks around them
    paragraph: Span
    label: Span | None = None  # of a name at the line's beginning, as transcripts have it


def cut_claims(text: str, label: re.Pattern[str] | None = None) -> list[Claim]:
    """Return what ``text`` quotes, in its order; where it quotes nothing, and beside its quotations, its sentences.

    ``label`` matches the name of a speaker at the beginning of a paragraph or a line, with the mark after it.
    """
    blocks = [match for match in _QUOTED_LINES.finditer(text) if match.group().strip("> \t\r\n")]
    claims = [_block(text, match.start(), match.end(), match.start()) for match in blocks]
    paragraphs = list(_paragraphs(text, [Span(*match.span()) for match in blocks]))
    claims += _set_apart(text, paragraphs)
    taken = _Taken(claims)
    plain = [paragraph for paragraph in paragraphs if not taken.meets(paragraph)]
    claims += [claim for paragraph in plain for claim in _marked(text, paragraph)]
    taken = _Taken(claims)
    claims += [c for p in paragraphs for c in _sentences(text, p, label) if not taken.meets(c.outer)]
    return sorted(claims, key=lambda claim: claim.span)


def claimed_words(text: str, claim: Claim) -> str:
    """Return a claim's words, the ``>`` at the beginning of quoted lines blanked out."""
    words = text[claim.span.start : claim.span.end]
    if claim.kind is ClaimKind.BLOCK:
        words = _LINE_MARK.sub(lambda match: " " * len(match.group()), words)
    return words


class _Taken:
    """Knows which stretches of a text are claimed."""

    def __init__(self, claims: list[Claim]) -> None:
        self._spans = sorted(claim.outer for claim in claims)

    def meets(self, span: Span) -> bool:
        number = bisect_right(self._spans, span.start, key=lambda taken: taken.end)
        return number < len(self._spans) and self._spans[number].meets(span)


def _paragraphs(text: str, blocks: list[Span]) -> Iterator[Span]:
    """Yield the paragraphs outside ``blocks``; a blank line in the middle of a sentence ends none."""
    start = 0
    for block in [*blocks, Span(len(text), len(text) + 1)]:
        paragraph = start
        for match in _PARAGRAPH_END.finditer(text, start, block.start):
            following = text[match.end() : match.end() + 1]
            if following.islower() and not _ENDS_SENTENCE.search(
                text, max(paragraph, match.start() - 8), match.start()
            ):
                continue
            yield from _trimmed(text, paragraph, match.start())
            paragraph = text.rfind("\n", match.start(), match.end()) + 1 or match.end()
        yield from _trimmed(text, paragraph, block.start)
        start = block.end


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the stretch without the blank lines before and the white space after it."""
    words = text[start:end]
    margin = words[: len(words) - len(words.lstrip())]
    end = start + len(words.rstrip())
    start += margin.rfind("\n") + 1
    if start < end:
        yield Span(start, end)


def _block(text: str, start: int, end: int, paragraph: int) -> Claim:
    first = re.compile(r"[\s>]*").match(text, start, end)
    words_start = first.end() if first else start
    words_end = start + len(text[start:end].rstrip())
    span = Span(words_start, words_end)
    return Claim(kind=ClaimKind.BLOCK, span=span, outer=Span(start, words_end), paragraph=Span(paragraph, words_end))


def _set_apart(text: str, paragraphs: list[Span]) -> Iterator[Claim]:
    """Yield the paragraphs that are indented, all lines of them, after one that is not and leads to them."""
    leads = False
    for paragraph in paragraphs:
        lines = text[paragraph.start : paragraph.end].splitlines()
        if all(_INDENTED.match(line) for line in lines):
            if leads:
                yield _block(text, paragraph.start, paragraph.end, paragraph.start)
        else:
            leads = text[paragraph.start : paragraph.end].endswith((":", ",", "—", "–"))


def _marked(text: str, paragraph: Span) -> Iterator[Claim]:
    """Yield the quotations in marks; one inside another is a part of it."""
    marks = _Marks(text, paragraph)
    at = paragraph.start
    while (match := _OPENING.search(text, at, paragraph.end)) is not None:
        at = match.end()
        end = marks.closing(match.start()) if _opens(text, match.start(), paragraph) else None
        words = text[match.end() : end] if end is not None else ""
        if end is None or not words.strip():
            continue
        outer = Span(match.start(), min(end + 1, paragraph.end))
        span = Span(match.end() + len(words) - len(words.lstrip()), match.end() + len(words.rstrip()))
        yield Claim(kind=ClaimKind.QUOTATION, span=span, outer=outer, paragraph=paragraph)
        at = outer.end


def _opens(text: str, at: int, paragraph: Span) -> bool:
    following = text[at + 1 : min(at + 2, paragraph.end)]
    if text[at] in _ALWAYS_OPEN:
        return bool(following)
    before = text[at - 1] if at > paragraph.start else " "
    return bool(following.strip()) and bool(_OPENS_AFTER.match(before)) and not _NO_QUOTATION.match(text, at)


class _Marks:
    """Knows which mark closes which in a paragraph; looks through it once for each kind."""

    def __init__(self, text: str, paragraph: Span) -> None:
        self._text, self._paragraph = text, paragraph
        self._nested: dict[str, dict[int, int]] = {}
        self._unclosed: set[str] = set()

    def closing(self, opening: int) -> int | None:
        """Return where the quotation ends that opens at ``opening``; one that is left open ends with its paragraph."""
        mark = self._text[opening]
        if mark not in _ALWAYS_OPEN:
            return self._next(opening, mark)
        if mark not in self._nested:
            self._nested[mark] = dict(self._pairs(mark))
        if opening in self._nested[mark]:
            return self._nested[mark][opening]
        later = any(other > opening for other in self._nested[mark]) or mark in self._unclosed
        self._unclosed.add(mark)
        return None if later else self._paragraph.end

    def _pairs(self, mark: str) -> Iterator[tuple[int, int]]:
        opened: list[int] = []
        for match in re.compile(f"[{mark}{_CLOSING[mark]}]").finditer(self._text, *_ends(self._paragraph)):
            if match.group() == mark:
                opened.append(match.start())
            elif opened and self._closes(match.start()):
                yield opened.pop(), match.start()

    def _next(self, opening: int, mark: str) -> int | None:
        """Return the next mark that closes; what may be a plural's apostrophe does where no other mark comes first."""
        if mark in self._unclosed:
            return None
        doubtful = None
        for match in re.compile(f"[{mark}{_CLOSING[mark]}]").finditer(self._text, opening + 1, self._paragraph.end):
            at = match.start()
            if self._closes(at):
                if mark == '"' or not _PLURAL.match(self._text, at - 1, self._paragraph.end):
                    return at
                doubtful = at
            elif doubtful is not None and _opens(self._text, at, self._paragraph):
                return doubtful
        if doubtful is None:
            self._unclosed.add(mark)
        return doubtful

    def _closes(self, at: int) -> bool:
        """Whether a mark may close: one that may be an apostrophe or an opening mark, only at a word's end."""
        if self._text[at] not in "'’\"”":
            return True
        inside = at + 1 < self._paragraph.end and self._text[at + 1].isalnum()
        return not inside and (self._text[at] == "”" or not self._text[at - 1].isspace())


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _sentences(text: str, paragraph: Span, label: re.Pattern[str] | None) -> Iterator[Claim]:
    start, named = paragraph.start, None
    cuts = [m for m in label.finditer(text, paragraph.start, paragraph.end)] if label is not None else []
    for match in [*cuts, None]:
        for a, b in split_sentences(text, start, match.start() if match else paragraph.end):
            bullet = _BULLET.match(text, a, b)
            a = bullet.end() if bullet else a
            span = Span(a, b)
            yield Claim(kind=ClaimKind.SENTENCE, span=span, outer=span, paragraph=paragraph, label=named)
        if match is not None:
            start, named = match.end(), Span(*match.span())
