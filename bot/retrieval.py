"""Find the sentences that answer: retrieve by every channel, fuse, then read the best places closely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.ranking import Ranker
from bot.reader import Reader
from bot.reading import Reading
from bot.signals import SignalReader
from bot.windows import window_around
from embeddings.encoder import Vectors
from embeddings.units import Unit

N_CANDIDATES = 60  # a channel's; together they hold a gold sentence for 0.95 of the minutes' test questions
N_WINDOWS = 5  # read closely, about 6 ms each; a sixth put no more answers first on the validation split
N_CENTERS = 20  # best sentences around which windows to read are tried
READ_SIGNALS = ("fused", "read", "read_any", "was_read", "read_best_gap")
UNREAD = -8.0  # log-odds given to a sentence that was not read: the reader's own for a hopeless one


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Scored sentences for one question: unit numbers, final and fused scores, and their signals, row by row."""

    numbers: NDArray[np.int64]
    scores: NDArray[np.float32]
    fused: NDArray[np.float32]
    signals: NDArray[np.float32]
    read: NDArray[np.float32]  # columns as READ_SIGNALS

    def raised(self, bonus: Mapping[int, float]) -> Found:
        """Return the same with ``bonus`` (log-odds, by unit number) added to the final scores."""
        added = np.array([bonus.get(int(n), 0.0) for n in self.numbers], dtype=np.float32)
        return replace(self, scores=self.scores + added)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Sentences before they are read closely: unit numbers, their signals, row by row, and fused scores."""

    numbers: NDArray[np.int64]
    signals: NDArray[np.float32]
    fused: NDArray[np.float32]

    def hits(self) -> Iterator[tuple[int, float]]:
        """Yield unit numbers with their scores, best first, of equals the one that stands first."""
        for row in np.argsort(-self.fused, kind="stable"):
            yield int(self.numbers[row]), float(self.fused[row])


class Retriever:
    """Retrieves and ranks the sentences of one collection."""

    def __init__(
        self,
        units: Sequence[Unit],
        signals: SignalReader,
        ranker: Ranker,
        reader: Reader | None,
        read_ranker: Ranker | None,
    ) -> None:
        self.units = units
        self._signals = signals
        self._ranker = ranker
        self._reader = reader
        self._read_ranker = read_ranker

    def search(self, reading: Reading, vector: Vectors) -> Found:
        """Score the sentences that may answer ``reading``; ``vector``: its encoding, float32, (dim,), unit."""
        return self.read(reading, self.rank(reading, vector))

    def candidates(self, reading: Reading, vector: Vectors) -> NDArray[np.int64]:
        """Choose the sentences worth scoring, in reading order."""
        return self._signals.candidates(reading, vector, N_CANDIDATES)

    def rank(self, reading: Reading, vector: Vectors, numbers: NDArray[np.int64] | None = None) -> Ranked:
        """Score the sentences ``numbers``, or those worth scoring, by every channel."""
        if numbers is None:
            numbers = self.candidates(reading, vector)
        signals = self._signals.read(reading, vector, numbers)
        return Ranked(numbers=numbers, signals=signals, fused=self._ranker.score(signals))

    def read(self, reading: Reading, ranked: Ranked) -> Found:
        """Read the best places closely and score all sentences again."""
        read = self._read(reading, ranked.numbers, ranked.fused)
        scores = ranked.fused if self._read_ranker is None else self._read_ranker.score(read)
        return Found(numbers=ranked.numbers, scores=scores, fused=ranked.fused, signals=ranked.signals, read=read)

    def _read(self, reading: Reading, numbers: NDArray[np.int64], fused: NDArray[np.float32]) -> NDArray[np.float32]:
        read = np.full((len(fused), len(READ_SIGNALS)), UNREAD, dtype=np.float32)
        read[:, 0], read[:, 3] = fused - fused.max(), 0.0
        if self._reader is None:
            return read
        row_of = {int(n): row for row, n in enumerate(numbers)}
        for window in self._reader.read(reading.text, self.units, choose_windows(self.units, numbers, fused)):
            for number, score in zip(window.numbers, window.sentence_scores, strict=True):
                row = row_of.get(number)
                if row is not None and score > read[row, 1]:
                    read[row, 1:4] = score, window.any_score, 1.0
        read[:, 4] = read[:, 1] - read[:, 1].max()
        return read


def choose_windows(units: Sequence[Unit], numbers: NDArray[np.int64], fused: NDArray[np.float32]) -> list[range]:
    """Choose at most `N_WINDOWS` windows to read; ``fused``: scores (log-odds) of the units ``numbers``, (n,) each.

    Each time the one whose sentences are together the likeliest to answer, without those of the windows chosen before;
    fewer if no others are left.
    """
    weights = np.exp(fused - fused.max())
    left = dict(zip(numbers.tolist(), weights.tolist(), strict=True))
    best = numbers[np.argsort(-fused, kind="stable")[:N_CENTERS]].tolist()
    windows = [window_around(units, center) for center in best]
    chosen: list[range] = []
    while len(chosen) < N_WINDOWS:
        likely = [sum(left.get(number, 0.0) for number in window) for window in windows]
        first = int(np.argmax(likely))
        if not likely[first]:
            break  # every sentence that may answer is read
        chosen.append(windows[first])
        left.update(dict.fromkeys(windows[first], 0.0))
    return chosen
