"""The pieces of a quotation, between its ellipses, weighed by what their words tell in a collection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
import numpy.typing as npt

from bot.quoting.alignment import matched
from bot.quoting.quoted_words import Quoted, Word, merged, parted, parts
from bot.quoting.shingles import Numbers, ShingleIndex
from bot.quoting.wordforms import key_of

# On the minutes' validation split these find every quotation with three words in ten changed, and take 10 of 600
# sentences of the training split, most of them formulas, for changed ones.
MIN_KEPT = (
    0.55  # share of a quotation's words, by what they tell, that must be the record's for it to be a changed form
)
MIN_RUN = 2  # of its words at least one run of so many must be the record's
MIN_TOLD = 8.0  # bits that this run must tell, less in a small collection: "of the" tells less

_MAX_COMPOUND = 4  # words that hyphens make one


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Words of a quotation, the numbers of their keys, and their weights: bits, 0 for what stands in brackets."""

    words: tuple[Word, ...]
    keys: Numbers
    weights: npt.NDArray[np.float64]

    @property
    def told(self) -> float:
        """Return the bits that all words tell."""
        return float(self.weights.sum())

    def may_keep(self, record: Numbers) -> bool:
        """Whether enough of the words stand in the record's at all, whatever their order."""
        return float(self.weights[np.isin(self.keys, record)].sum()) >= MIN_KEPT * self.told

    def kept(self, record: Numbers) -> float:
        """Return the bits that those words tell which are the record's too, in its order."""
        return sum(self._told_by_runs(record))

    def is_kept(self, record: Numbers, n_words: int) -> bool:
        """Whether these words are a changed form of the record's, in a collection of ``n_words``."""
        enough = min(MIN_TOLD, log2(n_words))
        runs: list[tuple[int, float]] = []  # of words that stand side by side in either
        quoted_end = record_end = -1
        for (quoted, kept, n), told in zip(matched(self.keys, record), self._told_by_runs(record), strict=True):
            if runs and (quoted == quoted_end or kept == record_end):
                runs[-1] = (runs[-1][0] + n, runs[-1][1] + told)
            else:
                runs.append((n, told))
            quoted_end, record_end = quoted + n, kept + n
        telling = any(n >= MIN_RUN and told >= enough for n, told in runs)
        return telling and sum(told for _, told in runs) >= MIN_KEPT * self.told

    def _told_by_runs(self, record: Numbers) -> list[float]:
        return [float(self.weights[start : start + n].sum()) for start, _, n in matched(self.keys, record)]


def read_pieces(index: ShingleIndex, quoted: Quoted) -> list[Piece]:
    """Return the pieces of a quotation, spaced as the collection spaces its words."""
    return [weigh(index, words) for words in parts(respaced(index, quoted.plain))]


def weigh(index: ShingleIndex, words: Sequence[Word]) -> Piece:
    """Return ``words`` with what they tell."""
    keys = index.known([word.form for word in words])
    weights = np.where([word.bracketed for word in words], 0.0, index.weights(keys))
    return Piece(words=tuple(words), keys=keys, weights=weights)


def respaced(index: ShingleIndex, written: Sequence[Word]) -> list[Word]:
    """Return words with blanks and hyphens between letters taken for each other as the collection has them.

    They stay different spellings, and are told as changes.
    """
    keys = [key_of(word.form) for word in written]
    words: list[Word] = []
    at = 0
    while at < len(written):
        length = next((n for n in range(_MAX_COMPOUND, 1, -1) if index.has_key("".join(keys[at : at + n]))), 1)
        if length > 1 and at + length <= len(written) and not _stands(index, written[at : at + length]):
            words.append(merged(written[at : at + length]))
            at += length
            continue
        pieces = parted(written[at])
        if len(pieces) > 1 and not index.has_key(keys[at]) and _stands(index, pieces):
            words += pieces
        else:
            words.append(written[at])
        at += 1
    return words


def _stands(index: ShingleIndex, words: Sequence[Word]) -> bool:
    return bool(len(index.runs([index.spelled(word.form, loosely=True) for word in words])))
