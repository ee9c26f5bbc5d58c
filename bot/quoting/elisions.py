"""Find the stretches that a quotation with ellipses joins, and what it leaves out between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.quoting.alignment import Change, find_changes
from bot.quoting.matching import Match, Matcher, Stretch, as_stretches
from bot.quoting.occurrences import Places
from bot.quoting.pieces import MIN_KEPT, Piece
from bot.quoting.shingles import Numbers, ShingleIndex
from bot.quoting.wordforms import shown

MAX_ELIDED = 400  # words, about a page, over which an ellipsis may reach
_N_ANCHORS = 10  # places of the rarest piece from which the others are looked for


class Joiner:
    """Looks for each piece of a quotation near the one before it."""

    def __init__(self, index: ShingleIndex, places: Places, matcher: Matcher) -> None:
        self._index, self._places, self._matcher = index, places, matcher

    def join(self, pieces: Sequence[Piece]) -> Match | None:
        """Return the stretches that ``pieces`` quote in their order, None where too little of them is the record's."""
        runs = [self._matcher.runs(piece.words) for piece in pieces]
        exact = [n for n, places in enumerate(runs) if len(places)]
        anchor = min(exact or range(len(pieces)), key=lambda n: (len(runs[n]), -len(pieces[n].words)))
        starts = as_stretches(runs[anchor][:_N_ANCHORS], len(pieces[anchor].words))
        chains = [
            self._chain(pieces, runs, anchor, start) for start in starts or self._matcher.nearest(pieces[anchor])[:1]
        ]
        if not chains:
            return None
        chain = max(chains, key=lambda c: (sum(p.told for p, s in zip(pieces, c, strict=True) if s), -_reach(c)))
        apart = [n for n in exact if chain[n] is None]
        for n in apart:
            chain[n] = as_stretches(runs[n][:1], len(pieces[n].words))[0]
        match = self._match(pieces, chain, apart=bool(apart))
        return match if match.kept >= MIN_KEPT else None

    def _chain(
        self, pieces: Sequence[Piece], runs: Sequence[Numbers], anchor: int, start: Stretch
    ) -> list[Stretch | None]:
        """Look for the pieces after and before the one at ``anchor``, each near its neighbour."""
        chain: list[Stretch | None] = [None] * len(pieces)
        chain[anchor] = start
        low, high = self._index.edges(start[0])
        first, end = start
        for n in range(anchor + 1, len(pieces)):
            found = chain[n] = self._beside(pieces[n], runs[n], (end, min(end + MAX_ELIDED, high)), nearest=0)
            end = found[1] if found else end
        for n in range(anchor - 1, -1, -1):
            found = chain[n] = self._beside(pieces[n], runs[n], (max(first - MAX_ELIDED, low), first), nearest=-1)
            first = found[0] if found else first
        return chain

    def _beside(self, piece: Piece, places: Numbers, window: Stretch, *, nearest: int) -> Stretch | None:
        low, high = np.searchsorted(places, (window[0], window[1] - len(piece.words) + 1))
        if low < high:
            return as_stretches(places[low:high], len(piece.words))[nearest]
        return next(iter(self._matcher.nearest(piece, window)), None) if window[0] < window[1] else None

    def _match(self, pieces: Sequence[Piece], chain: Sequence[Stretch | None], *, apart: bool) -> Match:
        changes: list[Change] = []
        telling: list[Change] = []
        kept = 0.0
        before: Stretch | None = None
        for piece, stretch in zip(pieces, chain, strict=True):
            found = find_changes(piece.words, self._index.forms(*stretch) if stretch else ())
            if stretch is not None:
                kept += piece.kept(self._index.keys(*stretch))
                if before is not None and not apart:
                    changes += self._elided((before[1], stretch[0]))
                    telling += self._exposed(before[1], stretch[0])
                before = stretch
            changes += found
            telling += found
        return Match(
            stretches=tuple(stretch for stretch in chain if stretch is not None),
            changes=tuple(changes),
            telling=tuple(telling),
            kept=kept / max(sum(piece.told for piece in pieces), 1.0),
            apart=apart,
        )

    def _elided(self, *stretches: Stretch) -> list[Change]:
        return [
            Change(kind="elided", record=shown(self._index.forms(first, end)), quoted="")
            for first, end in stretches
            if first < end
        ]

    def _exposed(self, end: int, first: int) -> list[Change]:
        """Return the words from ``end`` to ``first`` that stand in a sentence of which words are kept."""
        cut = min(self._places.words_of_sentence(end - 1)[1], first)
        taken_up = max(self._places.words_of_sentence(first)[0], cut)
        return self._elided((end, cut), (taken_up, first))


def _reach(chain: Sequence[Stretch | None]) -> int:
    found = [stretch for stretch in chain if stretch is not None]
    return found[-1][1] - found[0][0]
