"""Lay a quotation's words beside the record's: which stretch they come from, and what was changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from bot.quoting.quoted_words import Word
from bot.quoting.wordforms import differs_in_case_only, is_spelled, key_of, other_first_letter, shown

Numbers = npt.NDArray[np.integer]

_PER_BIT = 10  # scores are whole numbers
_COST = 20  # of a word dropped, added or changed, as much as two bits: a "the" is worth two of them, a rare word five


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference of words, or words between two of them.

    ``kind`` is ``same``, ``dropped``, ``added``, ``changed`` or ``case`` (capitals only); or, for what custom allows
    if it is marked, ``elided`` (an ellipsis stands for the record's words) or ``inserted`` (in square brackets,
    beside or instead of the record's).
    """

    kind: str
    record: str  # words of the record, empty when the quotation added some
    quoted: str  # words of the quotation, empty when it dropped some

    @property
    def marked(self) -> bool:
        """Whether the quotation shows that it differs here, or does not differ."""
        return self.kind in ("same", "elided", "inserted")


def find_stretches(
    keys: Numbers, windows: Sequence[Numbers], weights: npt.NDArray[np.float64]
) -> list[tuple[int, int, int]]:
    """Return for each window the score of the stretch in it that the quotation is most like, its start and its end.

    All of the quotation is laid along some of the window (Sellers 1980): a word in both earns its ``weights`` (bits),
    any other costs two bits.
    """
    n_rows, n_columns = len(windows), max(len(window) for window in windows)
    record = np.full((n_rows, n_columns), -2, dtype=np.int32)  # -2 is no word, -1 one that no record has
    for row, window in zip(record, windows, strict=True):
        row[: len(window)] = window
    columns = np.arange(n_columns + 1, dtype=np.int32)
    rows = np.arange(n_rows)[:, np.newaxis]
    score = np.zeros((n_rows, n_columns + 1), dtype=np.int32)
    start = np.tile(columns, (n_rows, 1))
    for key, gain in zip(keys.tolist(), np.maximum(1, weights * _PER_BIT).astype(np.int32).tolist(), strict=True):
        reached = score - _COST  # the quotation's word is in the record nowhere, or it stands for one of the record's
        begun = start.copy()
        along = score[:, :-1] + np.where(record == key, gain, -_COST)
        better = along >= reached[:, 1:]
        np.copyto(reached[:, 1:], along, where=better)
        np.copyto(begun[:, 1:], start[:, :-1], where=better)
        reached += columns * _COST
        score = np.maximum.accumulate(reached, axis=1)
        came = np.maximum.accumulate(np.where(reached == score, columns, 0), axis=1)
        score -= columns * _COST
        start = begun[rows, came]
    ends = np.argmax(score, axis=1)
    return [(int(score[n, end]), int(start[n, end]), int(end)) for n, end in enumerate(ends)]


def matched(keys: Numbers, record: Numbers) -> list[tuple[int, int, int]]:
    """Return the runs of words that both have, in the alignment with the fewest changes: start, start, length."""
    blocks = Levenshtein.opcodes(list(keys), list(record))
    return [
        (block.src_start, block.dest_start, block.src_end - block.src_start) for block in blocks if block.tag == "equal"
    ]


def find_changes(words: Sequence[Word], record: Sequence[str]) -> list[Change]:
    """Return what became of the ``record``'s forms in the quotation's words, from first to last."""
    pieces: list[tuple[str, list[str], list[Word]]] = []
    for kind, theirs, ours in _pieces(words, record):
        if pieces and pieces[-1][0] == kind:
            pieces[-1][1].extend(theirs)
            pieces[-1][2].extend(ours)
        else:
            pieces.append((kind, list(theirs), list(ours)))
    return [_change(kind, theirs, ours) for kind, theirs, ours in pieces]


def _pieces(words: Sequence[Word], record: Sequence[str]) -> Iterator[tuple[str, Sequence[str], Sequence[Word]]]:
    """Yield words of the record and of the quotation: of one kind, or of none where they differ."""
    theirs, ours = [key_of(form) for form in record], [key_of(word.form) for word in words]
    for code in Levenshtein.opcodes(theirs, ours):
        if code.tag == "equal":
            for form, word in zip(record[code.src_start : code.src_end], words[code.dest_start : code.dest_end]):
                yield _same(form, word), [form], [word]
        else:
            yield "", record[code.src_start : code.src_end], words[code.dest_start : code.dest_end]


def _same(form: str, word: Word) -> str:
    may_turn = word.opens or word.turned
    if is_spelled(form, word.form) or (may_turn and is_spelled(form, other_first_letter(word.form))):
        return "same"
    return "case" if differs_in_case_only(form, word.form) else ""


def _change(kind: str, theirs: Sequence[str], ours: Sequence[Word]) -> Change:
    if not kind:
        if ours and all(word.bracketed for word in ours):
            kind = "inserted"
        else:
            kind = "changed" if theirs and ours else "dropped" if theirs else "added"
    return Change(kind=kind, record=shown(theirs), quoted=shown(word.form for word in ours))
