"""Cut running text into sentences, as spans of the text itself.

Archival prose defeats a cut at every full stop: initials (``R. Herres``),
titles (``Dr. Perkins``), acronyms (``in the U.S. that often``), times
(``9:05 a.m.``) and numbered references all carry one.  A full stop ends a
sentence here only where what stands before and after it allows that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A candidate end: closing punctuation, any closing quotes or brackets, white space.
_END = re.compile(r"""[.!?…]+["'”’»)\]]*(?=\s)""")
_NEXT = re.compile(r"""\s+(["'“‘«(\[]*)(\S)""")
_WORD_BEFORE = re.compile(r"([\w&/.\-]+)$")

# Words that carry a full stop without ending a sentence (English office prose).
ABBREVIATIONS = frozenset(
    """adm amb apr art asst assoc aug ave brig bldg capt cf ch chm cmdr co col comdr comp compt corp cpl dec dept dir
    div doc dr ed eds esq est ex exec feb fig figs gen gov govt hon ibid inc jan jr jul jun lt ltd maj mar messrs mgr
    mr mrs ms msgr mt nos nov oct op para paras ph pl pp pres prof pt rep res rev sec secy sen sept sgt sr st supt
    univ viz vol vols vs""".split()
)
# Abbreviations only before a number: "No. 90597", "p. 4".
_BEFORE_NUMBER = frozenset({"no", "p", "n", "art", "ch", "vol", "para", "sec", "fig"})
# A dotted acronym ends a sentence only before a word that usually opens one.
_OPENERS = frozenset(
    """a after all although an and as at because before both but by did do does during each even every finally first for
    from he her his how however i if in is it its last later many meanwhile moreover most my nevertheless no none nor
    not now of on once one only or other our perhaps second several she since so some such that the their then there
    therefore these they third this those though thus to under until we were what when where whether which while who
    why with would yes yet you your mr dr professor""".split()
)


def split_sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Cut ``text[start:end]`` into sentences.

    Returns half-open code-point offsets into ``text``, in order, without the white space
    around each sentence; together they hold every non-space character of the range.
    """
    end = len(text) if end is None else end
    return list(_trimmed(text, start, end, _cuts(text, start, end)))


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    for match in _END.finditer(text, start, end):
        if _ends_sentence(text, start, end, match):
            yield match.end()


def _ends_sentence(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    following = _NEXT.match(text, match.end(), end)
    if following is None:
        return True
    opening, first = following.groups()
    if not (first.isupper() or first.isdigit() or opening):
        return False
    if not match.group().startswith("."):
        return True
    word_match = _WORD_BEFORE.search(text, max(start, match.start() - 40), match.start())
    if word_match is None:
        return True
    word = word_match.group(1).rsplit("-", 1)[-1]
    return _full_stop_ends(word, match.group(), text, following.end() - 1, end)


def _full_stop_ends(word: str, mark: str, text: str, next_start: int, end: int) -> bool:
    """Whether the full stop after ``word`` ends a sentence, given the word that follows at ``next_start``."""
    lowered = word.lower()
    next_word = re.compile(r"[^\W\d_]+").match(text, next_start, end)
    opener = next_word is not None and next_word.group().lower() in _OPENERS
    if len(mark) > 1 and mark[1:].strip("."):  # closing quote or bracket after the stop
        return opener or "." not in word
    if "." in word:  # U.S, a.m, e.g, Ph.D
        return opener and lowered not in {"e.g", "i.e"}
    if len(word) == 1 and word.isalpha():  # an initial; "I." alone ends a sentence
        return word == "I" and opener
    if lowered in _BEFORE_NUMBER and text[next_start].isdigit():
        return False
    if word.isdigit() and _starts_line(text, next_start, len(word)):  # "3. Report on ..."
        return False
    return lowered not in ABBREVIATIONS


def _starts_line(text: str, next_start: int, n_digits: int) -> bool:
    line = text.rfind("\n", 0, next_start) + 1
    head = text[line:next_start].strip()
    return len(head) == n_digits + 1 and n_digits <= 3


def _trimmed(text: str, start: int, end: int, cuts: Iterator[int]) -> Iterator[tuple[int, int]]:
    previous = start
    for cut in [*cuts, end]:
        left, right = previous, cut
        while left < right and text[left].isspace():
            left += 1
        while right > left and text[right - 1].isspace():
            right -= 1
        if left < right:
            yield left, right
        previous = cut
