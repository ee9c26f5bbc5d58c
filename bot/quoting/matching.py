"""Find what a quotation quotes: the same words, or the stretch of the record that it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.quoting.alignment import Change, find_changes, find_stretches, matched
from bot.quoting.occurrences import Places
from bot.quoting.pieces import Piece, read_pieces, respaced, weigh
from bot.quoting.quoted_words import Quoted, Word
from bot.quoting.shingles import Numbers, ShingleIndex
from bot.quoting.wordforms import other_first_letter

_N_WINDOWS = 3  # of the stream that are looked at for a changed quotation
_FEW = 3  # words of a quotation that nothing else than a part of a compound may tell the place of
_LONG = 400  # words from which on a quotation's place is read off the words that agree

Stretch = tuple[int, int]  # first word of the stream, and end


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A stretch of the record, or several that ellipses join, and what the quotation made of it."""

    stretches: tuple[Stretch, ...]
    changes: tuple[Change, ...]
    telling: tuple[Change, ...]  # the changes inside sentences of which words are kept
    kept: float  # share of the quotation's words, by what they tell, that are the record's; 0 to 1
    apart: bool = False  # an ellipsis joins what stands in another order, far apart or in other documents


class Matcher:
    """Looks quotations up in the word stream."""

    def __init__(self, index: ShingleIndex, places: Places) -> None:
        self._index, self._places = index, places

    def exact(self, quoted: Quoted) -> list[Stretch]:
        """Return every stretch that has the words of ``quoted`` and no others, in the order of the record."""
        for words in quoted.readings:
            if found := as_stretches(self.runs(words), len(words)):
                return found
        dashed = [n for n, word in enumerate(quoted.apart) if word.dashed]
        return [
            stretch
            for stretch in as_stretches(self.runs(quoted.apart), len(quoted.apart))
            if all(_is_long_dash(self._index.gap(stretch[0] + n - 1)) for n in dashed)
        ]

    def loose(self, quoted: Quoted) -> list[Stretch]:
        """Return the stretches that have the words of ``quoted`` with other capitals or hyphens.

        Of a few words, the first or the last may be a part of a compound.
        """
        words = respaced(self._index, quoted.plain)
        allowed = [self._index.spelled(word.form, loosely=True) for word in words]
        places = self._index.runs(allowed)
        if not len(places) and len(words) <= _FEW:
            for compound in self._index.compounds_that_end(words[0].form):
                places = np.union1d(places, self._index.runs([compound, *allowed[1:]]))
            for compound in self._index.compounds_that_begin(words[-1].form):
                places = np.union1d(places, self._index.runs([*allowed[:-1], compound]))
        return as_stretches(places, len(words))

    def runs(self, words: Sequence[Word]) -> Numbers:
        """Return where ``words`` begin; the first may have a capital for a small letter or the reverse.

        A capital of the record's becomes small only where it does no more than mark the beginning of a sentence.
        """
        allowed = [self._index.spelled(word.form) for word in words]
        turned: list[int] = []
        for n, word in enumerate(words):
            if n == 0 or word.turned:
                other = [form for form in self._index.spelled(other_first_letter(word.form)) if form not in allowed[n]]
                allowed[n] = [*allowed[n], *other]
                turned = other if n == 0 and word.form[0].islower() and not word.turned else turned
        places = self._index.runs(allowed)
        if turned:
            questioned = self._index.are_of(places, turned)
            kept = [not q or self._places.opens_sentence(int(p)) for p, q in zip(places, questioned, strict=True)]
            places = places[np.array(kept, dtype=bool)]
        return places

    def compared(self, quoted: Quoted, stretch: Stretch) -> Match:
        """Return what ``quoted`` made of a stretch."""
        return self.match(weigh(self._index, respaced(self._index, quoted.plain)), stretch)

    def match(self, piece: Piece, stretch: Stretch) -> Match:
        """Return what a piece of a quotation made of a stretch."""
        changes = tuple(find_changes(piece.words, self._index.forms(*stretch)))
        kept = piece.kept(self._index.keys(*stretch)) / max(piece.told, 1.0)
        return Match(stretches=(stretch,), changes=changes, telling=changes, kept=kept)

    def rivals(self, quoted: Quoted) -> list[Stretch]:
        """Return all stretches found that ``quoted``, without ellipses, may be a changed form of."""
        pieces = read_pieces(self._index, quoted)
        return self.nearest(pieces[0]) if len(pieces) == 1 else []

    def nearest(self, piece: Piece, within: Stretch | None = None) -> list[Stretch]:
        """Return the stretches that a piece is a changed form of, the likeliest first."""
        windows = self._index.near(piece.keys, _N_WINDOWS) if within is None else [within]
        windows = [window for window in windows if piece.may_keep(self._index.keys(*window))]
        if len(piece.words) <= _LONG and windows:
            fits = find_stretches(piece.keys, [self._index.keys(*window) for window in windows], piece.weights)
            order = sorted(range(len(windows)), key=lambda n: -fits[n][0])
            windows = [(windows[n][0] + fits[n][1], windows[n][0] + fits[n][2]) for n in order]
        found = (self._snug(piece, window) for window in windows)
        return [s for s in found if s is not None and piece.is_kept(self._index.keys(*s), len(self._index))]

    def _snug(self, piece: Piece, window: Stretch) -> Stretch | None:
        """Let a stretch begin and end with words that the quotation has.

        Where it has others before or after those, as many of the record's are taken in, to the ends of the sentence:
        they are what was changed.
        """
        same = matched(piece.keys, self._index.keys(*window))
        if not same:
            return None
        first, last = window[0] + same[0][1], window[0] + same[-1][1] + same[-1][2] - 1
        n_before, n_after = same[0][0], len(piece.keys) - same[-1][0] - same[-1][2]
        opens, closes = self._places.words_of_sentence(first)[0], self._places.words_of_sentence(last)[1]
        return max(first - n_before, opens), min(last + 1 + n_after, closes)


def as_stretches(places: Numbers, n_words: int) -> list[Stretch]:
    """Return the stretches of ``n_words`` that begin at ``places``."""
    return [(place, place + n_words) for place in places.tolist()]


def _is_long_dash(gap: str) -> bool:
    """Whether a long dash, or two short ones, stand between two words."""
    return "—" in gap or "--" in gap or "―" in gap
