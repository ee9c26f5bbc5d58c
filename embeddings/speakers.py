"""Find who speaks where: the speaker labels of a transcript."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from embeddings.lines import Line, LineKind
from embeddings.manifest import Person

# A word of a name; only an initial or a title carries a full stop of its own.
_NAME = r"(?:(?:[A-ZÀ-ÞА-ЯЁ]|(?i:mr|mrs|ms|dr|prof|gen|adm|col|capt|maj|sen))\.|[A-ZÀ-ÞА-ЯЁ][\w'’\-]*)"
_LABEL = re.compile(
    rf"(?P<name>{_NAME}(?:[ \t]+{_NAME}){{0,4}}|[A-ZÀ-Þ][A-ZÀ-Þ .,'’\-]{{1,38}}[A-ZÀ-Þ])"
    r"(?:[ \t]*[(\[][^)\]\n]{1,40}[)\]])?[ \t]*(?P<mark>[.:])(?:[ \t]+|$)"
)
_INITIALS = re.compile(r"(?:[A-ZА-ЯЁ]\.[ \t]*)+")
_NOT_SPEAKERS = frozenset(
    """subject to from date attachment note remarks cc copy via through time place participants present agenda summary
    source reference references enclosure action re memorandum annex appendix table question answer""".split()
)
_TITLES = frozenset(
    """mr mrs ms miss dr prof professor sir lord lady general gen admiral adm marshal colonel col major captain capt
    senator secretary minister ambassador president chairman justice judge the""".split()
)


# Least share (percent, rapidfuzz ratio) of letters in common for one label to be a misspelling of another: it takes
# one wrong letter in six ("Behdahl", "Framklin", "Akromeev") and keeps "Dougal" from "Doug".
MIN_SPELLING_RATIO = 84.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A speaker label at the start of a line; speech begins at ``speech``."""

    start: int
    speech: int
    name: str  # canonical


class Speakers:
    """Knows the labels of one document: the manifest's names, or those that recur in the text.

    ``people`` may be empty: labels are then found by their look and their recurrence.
    """

    def __init__(self, text: str, lines: Sequence[Line], people: Sequence[Person]) -> None:
        self._known = {
            alias.casefold(): person.name
            for person in people
            if person.speaks
            for alias in (person.name, *person.aliases)
        }
        self._found = [c for line in lines if (c := _candidate(text, line)) is not None]
        self._recurring = _recurring(self._found, len([line for line in lines if line.kind is LineKind.TEXT]))
        self._frequent = Counter(_surname(name) for name, mark in self._found if (_fold(name), mark) in self._recurring)

    @property
    def transcript(self) -> bool:
        """Whether the labels make this document a transcript: at least two speakers and six turns."""
        canonical = (self._canonical(name, mark) for name, mark in self._found)
        names = Counter(name for name in canonical if name is not None)
        return len(names) >= 2 and sum(names.values()) >= 6

    def label(self, text: str, line: Line) -> Label | None:
        """Return the label that begins ``line``, None when it begins with none."""
        match = _LABEL.match(text, line.start, line.end)
        if match is None or line.kind not in (LineKind.TEXT, LineKind.HEADING):
            return None
        name = self._canonical(match["name"], match["mark"])
        if name is None:
            return None
        return Label(start=line.start, speech=match.end(), name=name)

    def _canonical(self, name: str, mark: str) -> str | None:
        surname = _surname(name)
        for candidate in (_fold(name), surname.casefold()):
            if candidate in self._known:
                return self._known[candidate]
        habit = any(m == mark for _, m in self._recurring)
        if (_fold(name), mark) in self._recurring or (habit and _INITIALS.match(name)):
            return self._respelled(surname) or surname
        return self._respelled(surname) if habit else None

    def _respelled(self, surname: str) -> str | None:
        """Return the frequent name that a rare ``surname`` misspells ("Framklin"), None when there is none."""
        own = self._frequent[surname]
        near = [
            (n, name)
            for name, n in self._frequent.items()
            if n >= 4 * max(own, 1) and name != surname and fuzz.ratio(name, surname) >= MIN_SPELLING_RATIO
        ]
        return max(near)[1] if near else None


def _candidate(text: str, line: Line) -> tuple[str, str] | None:
    if line.kind not in (LineKind.TEXT, LineKind.HEADING):
        return None
    match = _LABEL.match(text, line.start, line.end)
    if match is None or any(c.isdigit() for c in match["name"]):
        return None
    words = match["name"].split()
    if match["name"].casefold() in _NOT_SPEAKERS or (match["mark"] == "." and len(words) > 3):
        return None
    if words[-1].rstrip(".").casefold() in _TITLES and words[0].casefold() != "the":
        return None  # "Mr. Noble said": the full stop is the title's
    return match["name"], match["mark"]


def _recurring(candidates: Sequence[tuple[str, str]], n_lines: int) -> frozenset[tuple[str, str]]:
    """Labels seen at least twice, where labels of their mark open enough lines to be the document's habit."""
    counts = Counter((_fold(name), mark) for name, mark in candidates)
    kept: set[tuple[str, str]] = set()
    for wanted, least in ((":", 2), (".", 3)):
        labels = {label: n for label, n in counts.items() if label[1] == wanted and n >= least}
        if len(labels) >= 2 and sum(labels.values()) >= max(6, 0.03 * n_lines):
            kept |= set(labels)
            kept |= {label for label in counts if label[1] == wanted and label[0].split()[0].rstrip(".") in _TITLES}
    return frozenset(label for label in kept if label[0] not in _NOT_SPEAKERS)


def _fold(name: str) -> str:
    return re.sub(r"\s+", " ", name).casefold().rstrip(".")


def _surname(name: str) -> str:
    words = [w for w in re.split(r"[ \t]+", name.strip().rstrip(".")) if w]
    while len(words) > 1 and (words[0].rstrip(".").casefold() in _TITLES and words[0].casefold() != "the"):
        words.pop(0)
    if words[0].casefold() == "the":
        return " ".join(w.capitalize() for w in words)
    surname = words[-1]
    return surname.title() if surname.isupper() and len(surname) > 2 else surname


def label_spans(text: str, lines: Sequence[Line], speakers: Speakers) -> Iterator[tuple[int, Label]]:
    """Yield (line number, label) of every line that opens a turn.

    A name at a line's start opens a turn only where a paragraph may begin: after a blank line, at a page's first
    line, or after a sentence's end.
    """
    for number, line in enumerate(lines):
        label = speakers.label(text, line)
        if label is None:
            continue
        if (
            number == 0
            or lines[number - 1].kind is not LineKind.TEXT
            or line.indent
            or text.endswith((".", "?", "!", '"', "”", "]", ")", ":"), 0, lines[number - 1].end)
        ):
            yield number, label
