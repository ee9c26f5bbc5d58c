"""Words as quotations are compared: what may differ between two spellings of one word, and nothing else.

Not compared: white space, punctuation, the shapes of quotation marks, apostrophes and dashes, soft hyphens and other
invisible characters, ligatures, full-width letters, composed or decomposed accents, and a hyphen where a line ends.
Compared: every letter and its case, hyphens inside words, every digit with its sign, separators and unit, symbols, and
what stands for lost or withheld characters.  Look-alikes are never taken for each other: they may be other words.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

ELLIPSIS = "…"
LINE_END = "\n"  # in a form: a hyphen at the end of a line, of a compound or of a divided word: nobody can tell

_APOSTROPHES = "'’ʼ‘‛´`"
_HYPHENS = "-‐‑–−"
# Marks that are words, or parts of them; all other punctuation parts words and is not compared.
_KEPT = frozenset("%‰‱&@§′″‴^")
# Invisible and without a meaning of their own, except the overrides of direction, which show other words.
_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202c\u2060-\u2064\u2066-\u2069\ufeff"
_FOLDED = dict.fromkeys(map(ord, _APOSTROPHES), "'") | dict.fromkeys(map(ord, f"{_HYPHENS}—"), "-")
_COMPATIBLE = ("<compat>", "<wide>", "<narrow>", "<font>", "<initial>", "<medial>", "<final>", "<isolated>")


def _parting() -> str:
    """Return the characters that part words, as ranges of a character class (of the Basic Multilingual Plane)."""
    parting = [
        number
        for number in range(0x10000)
        if (
            unicodedata.category(chr(number))[0] in "PZ"
            or unicodedata.category(chr(number)) in ("Cc", "Sk")
            or chr(number) in "|~−"
        )
        and chr(number) not in _KEPT
    ]
    ranges: list[list[int]] = []
    for number in parting:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)


_IN_WORD = f"[^{_parting()}]"
LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
# A hyphen before these is no word's: "short- and medium-range".
SUSPENDED = r"(?:and|or|und|oder|bis)\s"
_WORD = re.compile(
    rf"""
    (?:(?=[-–−+.\#\[$€£¥])
      (?:(?<![^\s(\[{{“"'‘«„])[-–−+](?=[$€£¥]?\.?\d))?    # a sign
      (?:[$€£¥]\s{{0,3}}(?=\.?\d))?
      (?:\#(?=\d))?
      (?:(?<![\w.])\.(?=\d))?                             # .5
      (?:\[[^\W\d_]\](?=[^\W\d_]))?                      # [T]he
    )?
    {_IN_WORD}++
    (?:
      (?=[-‐‑–−—'’ʼ‘‛´`.,:/])
      (?:
        [{_HYPHENS}](?={_IN_WORD})
        | (?<={LETTER})[-‐‑][ \t]*\r?\n\s*(?!{SUSPENDED})(?={LETTER})
        | (?<=\d)[{_HYPHENS}][ \t]*\r?\n\s*(?=\d)
        | [{_APOSTROPHES}](?={LETTER})
        | (?<=\d)[.,:'’—](?=\d)
        | /(?={_IN_WORD})
      )
      {_IN_WORD}++
      | (?<=[^\W\d_][\u00ad¬])[ \t]*\r?\n\s*(?={LETTER}){_IN_WORD}++
      | (?<=\d)\s{{1,3}}(?=[%‰‱]){_IN_WORD}++
      | \[[^\W\d_]{{1,4}}\]{_IN_WORD}*+                     # ship[s]
    )*+
    | (?:\.\s{{0,3}}){{2,}}\.|…+
    | (?:(?<=\d)|(?<=\d\s))[-–—−](?=\s{{1,3}}\d)            # 5 - 3
    """,
    re.VERBOSE,
)
_INVISIBLES = re.compile(f"[{_INVISIBLE}]+")
_DIVIDED = re.compile(r"[\u00ad¬][ \t]*\r?\n\s*")
_NUMBER_AT_LINE_END = re.compile(rf"(?<=\d)([{_HYPHENS}])[ \t]*\r?\n\s*(?=\d)")
_HYPHEN_AT_LINE_END = re.compile(r"[-‐‑][ \t]*\r?\n\s*")
_HYPHEN_OF_LETTERS = re.compile(rf"(?<=\D)(?:[{LINE_END}-](?=\D|$)| )")


def scan_words(text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[tuple[str, int, int]]:
    """Yield the words of ``text[start:end]`` as they are written, each with its offsets in ``text``."""
    for match in _WORD.finditer(text, start, end):
        yield match.group(), match.start(), match.end()


@lru_cache(maxsize=1 << 16)
def form_of(written: str) -> str:
    """Return the form in which a word is compared, empty for what holds invisible characters only."""
    if written.isascii() and written.isalnum():
        return written
    if not "".join(written.split()).strip(".…"):
        return ELLIPSIS
    form = _NUMBER_AT_LINE_END.sub(r"\1", _DIVIDED.sub("", written))
    form = "".join(_HYPHEN_AT_LINE_END.sub("\0", form).split()).replace("\0", LINE_END)
    form = _INVISIBLES.sub("", form).replace("[", "").replace("]", "").translate(_FOLDED)
    if form.isascii():
        return form
    return unicodedata.normalize("NFC", "".join(map(_folded, form))).translate(_FOLDED)


@lru_cache(maxsize=1 << 16)
def key_of(form: str) -> str:
    """Return what the forms of one word share: case, and hyphens and blanks between its letters, are dropped."""
    return _HYPHEN_OF_LETTERS.sub("", form.lower())


def is_spelled(form: str, other: str) -> bool:
    """Whether two forms are one word in one spelling: a hyphen at a line's end may be one in the word or none."""
    if form == other:
        return True
    if LINE_END not in form and LINE_END not in other:
        return False
    (letters, joints), (other_letters, other_joints) = _joints(form), _joints(other)
    return letters == other_letters and all(
        LINE_END in (joints.get(at), other_joints.get(at)) or joints.get(at) == other_joints.get(at)
        for at in joints.keys() | other_joints.keys()
    )


def differs_in_case_only(form: str, other: str) -> bool:
    """Whether two forms differ in capitals and in nothing else."""
    return form != other and is_spelled(form.lower(), other.lower())


def other_first_letter(form: str) -> str:
    """Return ``form`` with a small first letter for a capital one or the reverse, unchanged where it has no such.

    The English pronoun has its capital wherever it stands.
    """
    first = form[0]
    other = first.lower() if first != first.lower() else first.upper()
    if len(other) > 1 or form in ("I", "i") or first not in (other.lower(), other.upper()):
        return form
    return other + form[1:]


def shown(forms: Iterable[str]) -> str:
    """Return words for showing, one blank between them."""
    return re.sub(rf"(?<={LETTER})- ", "-", " ".join(forms).replace(LINE_END, "-"))


@lru_cache(maxsize=1 << 16)
def _joints(form: str) -> tuple[str, dict[int, str]]:
    """Return a form without its hyphens, and which of them stands after how many letters."""
    letters: list[str] = []
    joints: dict[int, str] = {}
    for character in form:
        if character in (LINE_END, "-"):
            joints[len(letters)] = character
        else:
            letters.append(character)
    return "".join(letters), joints


def _folded(character: str) -> str:
    """Take ligatures, long s, full-width and styled letters for the plain ones; raised digits and fractions stay."""
    tag, _, plain = unicodedata.decomposition(character).partition(" ")
    if tag not in _COMPATIBLE:
        return character
    letters = "".join(chr(int(number, 16)) for number in plain.split())
    if letters.isalpha() or (tag == "<wide>" and letters.isalnum()):
        return letters
    return character
