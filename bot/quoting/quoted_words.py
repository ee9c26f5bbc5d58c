"""The words of a quotation: bracketed, elided, and as they would be spelled otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot.quoting.wordforms import ELLIPSIS, LETTER, LINE_END, SUSPENDED, form_of, scan_words

_BRACKETED = re.compile(r"\[[^\[\]]{1,400}\]")
_TURNED = re.compile(r"\[[^\W\d_]\][^\W\d_]")
_REMARK = re.compile(
    r"[\[(]\s*(?:sic!?|(?:my |our )?emphas[ie]s(?: (?:is )?(?:added|mine|ours|in (?:the )?original))?|"
    r"(?:my |our )?italics(?: (?:added|mine|ours|in (?:the )?original))?)\s*[\])]",
    re.IGNORECASE,
)
_BETWEEN_PIECES = re.compile(rf"(?<=\D)(?<=[{LINE_END}-])(?=\D)")
_HYPHEN_AND_BLANK = re.compile(rf"(?<={LETTER})[-‐‑][ \t\u00a0]+(?!{SUSPENDED})(?={LETTER})")
_BEFORE_AND = re.compile(rf"(?<={LETTER})[-‐‑]\s+(?={SUSPENDED})")
_SHORT_DASH = re.compile(rf"(?<={LETTER})[-‐‑–](?={LETTER})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word, number, symbol or ellipsis of a quotation."""

    form: str
    opens: bool = False  # the first of the quotation, or after an ellipsis
    bracketed: bool = False  # put into square brackets, or some letters of it: added by who quotes, as custom has it
    turned: bool = False  # its first letter is: a capital for a small one, or the reverse
    dashed: bool = False  # a short dash parts it from the word before it, which may stand for a long one


class Quoted:
    """A quotation's words, read once; ellipses before and after them are left out."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._plain = _REMARK.sub(lambda match: " " * len(match.group()), text)

    @cached_property
    def words(self) -> list[Word]:
        """All words."""
        return _read(self._text)

    @cached_property
    def plain(self) -> list[Word]:
        """The words without a scholar's remarks: ``[sic]``, ``(emphasis added)``."""
        return self.words if self._plain == self._text else _read(self._plain)

    @property
    def readings(self) -> list[list[Word]]:
        """The words as the record may have them.

        As they stand, without remarks, without ellipses that elide nothing, and with words whole that a line's end
        divided before two lines became one, or before letters that are a word by themselves.
        """
        found = [self.words] if self.plain is self.words else [self.words, self.plain]
        whole = [word for word in self.plain if word.form != ELLIPSIS]
        if len(whole) < len(self.plain):
            found.append(whole)
        divided = {
            _HYPHEN_AND_BLANK.sub("-\n", self._plain),
            _BEFORE_AND.sub("\u00ad\n", self._plain),  # "Howl-" and "and" of one name, not "short- and medium-range"
        }
        return [*found, *(_read(text) for text in sorted(divided - {self._plain}))]

    @cached_property
    def apart(self) -> list[Word]:
        """The words as they are if every hyphen between letters stands for a long dash; empty without hyphens."""
        dashes = frozenset(match.start() for match in _SHORT_DASH.finditer(self._plain))
        return _read(_SHORT_DASH.sub("—", self._plain), dashes) if dashes else []


def _read(text: str, dashes: frozenset[int] = frozenset()) -> list[Word]:
    brackets = [match.span() for match in _BRACKETED.finditer(text)] if "[" in text else []
    bracket = 0
    words: list[Word] = []
    opens, dashed = True, False
    for written, start, end in scan_words(text):
        form = form_of(written)
        if form == ELLIPSIS:
            opens = True
        if form and (words or form != ELLIPSIS):
            while bracket < len(brackets) and brackets[bracket][1] <= start:
                bracket += 1
            inside = "[" in written or (bracket < len(brackets) and brackets[bracket][0] <= start)
            turned = bool(_TURNED.match(written))
            words.append(
                Word(form=form, opens=opens and form != ELLIPSIS, bracketed=inside, turned=turned, dashed=dashed)
            )
            opens = form == ELLIPSIS
        dashed = end in dashes
    while words and words[-1].form == ELLIPSIS:
        words.pop()
    return words


def parts(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Yield the words between ellipses."""
    part: list[Word] = []
    for word in words:
        if word.form != ELLIPSIS:
            part.append(word)
        elif part:
            yield part
            part = []
    if part:
        yield part


def parted(word: Word) -> list[Word]:
    """Return the words between whose letters hyphens stand, each but the last with its hyphen."""
    pieces = _BETWEEN_PIECES.split(word.form)
    if len(pieces) == 1:
        return [word]
    return [replace(word, form=piece, opens=word.opens and n == 0) for n, piece in enumerate(pieces)]


def merged(words: Sequence[Word]) -> Word:
    """Return words as one that was written with blanks."""
    return replace(words[0], form=" ".join(word.form for word in words))
