"""What became of a quotation: where its words stand, how they were changed, and what its reader should know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.answers import Citation
from bot.quoting.alignment import Change
from bot.quoting.elisions import Joiner
from bot.quoting.matching import Match, Matcher, Stretch
from bot.quoting.meaning import Caution, Concern, Meaning
from bot.quoting.occurrences import Occurrence, Places
from bot.quoting.pieces import read_pieces, weigh
from bot.quoting.quoted_words import Quoted
from bot.quoting.shingles import ShingleIndex
from embeddings.collection import Collection

_MIN_GOVERNED = 4  # words of a quotation from which on what governs it is told: a shorter one is a term
_MAX_PIECES = 50  # between ellipses; of more, the ellipses are left out of account
_N_GOVERNED = 5  # places at which it is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the record has of a quotation; nothing, where there are no ``occurrences``."""

    occurrences: tuple[Occurrence, ...] = ()  # in the order of the record
    has_more: bool = False  # there are more than these
    kept: float = 0.0  # share of the quotation's words, by what they tell, that are the record's; 0 to 1
    changes: tuple[Change, ...] = ()  # against the first occurrence; none, where the quotation is exact
    warnings: tuple[Caution, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether one voice says the words, and no others."""
        return bool(self.occurrences) and not self.changes

    def cut(self, n_places: int) -> Finding:
        """Return this finding with at most ``n_places``."""
        if len(self.occurrences) <= n_places:
            return self
        return replace(self, occurrences=self.occurrences[:n_places], has_more=True)

    @property
    def longest_run(self) -> int:
        """Return how many words in a row an altered quotation has as the record has them."""
        return max((len(change.quoted.split()) for change in self.changes if change.kind == "same"), default=0)


class Finder:
    """Holds the words of a collection, indexed."""

    def __init__(self, collection: Collection) -> None:
        self._index = ShingleIndex(collection)
        self._places = Places(collection, self._index)
        self._matcher = Matcher(self._index, self._places)
        self._joiner = Joiner(self._index, self._places, self._matcher)
        self._meaning = Meaning(collection.manifest.language)

    def find(self, quoted: Quoted, n_places: int) -> Finding:
        """Find ``quoted`` exactly, or else changed; of all its places at most ``n_places``."""
        exact = self._matcher.exact(quoted)
        if fair := self._fair(exact, n_places):
            return Finding(
                occurrences=self._cited(fair[:n_places], 1.0),
                has_more=len(fair) > n_places,
                kept=1.0,
                warnings=self._beside(quoted, fair),
            )
        loose = exact or self._matcher.loose(quoted)
        loose = self._fair(loose, n_places) or loose[:1]
        match = self._matcher.compared(quoted, loose[0]) if loose else self._changed(quoted)
        if match is None:
            return Finding()
        occurrences = self._cited(loose[:n_places], match.kept) if loose else (self._joined(match),)
        return Finding(
            occurrences=occurrences,
            has_more=len(loose) > n_places,
            kept=match.kept,
            changes=match.changes,
            warnings=self._warnings(match, occurrences),
        )

    def rivals(self, quoted: Quoted) -> list[Citation]:
        """Return all that a changed quotation may be a form of."""
        return [c for o in self._cited(self._matcher.rivals(quoted), 0.0) for c in o.citations]

    def _changed(self, quoted: Quoted) -> Match | None:
        """Return the stretches that ``quoted`` is a changed form of, None where there are no such."""
        pieces = read_pieces(self._index, quoted)
        if 1 < len(pieces) <= _MAX_PIECES:
            return self._joiner.join(pieces)
        if len(pieces) > _MAX_PIECES:
            pieces = [weigh(self._index, [word for piece in pieces for word in piece.words])]
        found = self._matcher.nearest(pieces[0])
        return self._matcher.match(pieces[0], found[0]) if found else None

    def _fair(self, stretches: Iterable[Stretch], n_places: int) -> list[Stretch]:
        """Return the stretches that one voice says, each once, and one more than ``n_places`` if there are more."""
        found: dict[tuple[int, int, int], Stretch] = {}
        for stretch in stretches:
            if self._places.fair(*stretch):
                found.setdefault(self._places.key(*stretch), stretch)
                if len(found) > n_places:
                    break
        return [found[key] for key in sorted(found)]

    def _cited(self, stretches: Iterable[Stretch], score: float) -> tuple[Occurrence, ...]:
        return tuple(self._places.occurrence(*stretch, score) for stretch in stretches)

    def _joined(self, match: Match) -> Occurrence:
        """Return the one place of a match; where ellipses join several stretches, what they pass over with it."""
        pieces = self._cited(match.stretches, match.kept)
        if len(pieces) > 1 and not match.apart:
            whole = self._places.occurrence(match.stretches[0][0], match.stretches[-1][1], match.kept)
            if len(whole.citations) == 1:
                return whole
            pieces = (*pieces, replace(whole, citations=()))
        return Occurrence(
            citations=tuple(citation for piece in pieces for citation in piece.citations),
            seams=frozenset(seam for piece in pieces for seam in piece.seams),
        )

    def _warnings(self, match: Match, occurrences: Sequence[Occurrence]) -> tuple[Caution, ...]:
        warnings = self._meaning.of_changes(match.telling)
        if not all(occurrence.fair for occurrence in occurrences):
            warnings.append(Caution(concern=Concern.JOINED))
        if match.apart:
            warnings.append(Caution(concern=Concern.APART))
        return tuple(warnings)

    def _beside(self, quoted: Quoted, stretches: Sequence[Stretch]) -> tuple[Caution, ...]:
        """Return what governs a quotation from outside it, at the place where least does."""
        if len(quoted.plain) < _MIN_GOVERNED:
            return ()
        found = [self._meaning.beside(*self._places.beside(*stretch)) for stretch in stretches[:_N_GOVERNED]]
        return min(found, key=len)
