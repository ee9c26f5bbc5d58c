"""Find runs of words in a collection: exactly, or nearly, through an index of neighbouring words.

The words stand in one stream, document by document.  Memory: 28 bytes a word of the stream, which holds a block's words
once, and once more where a stamp or an editor's note interrupts the text beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise, takewhile

import numpy as np
import numpy.typing as npt

from bot.quoting.wordforms import LINE_END, form_of, is_spelled, key_of, scan_words
from embeddings.collection import Collection
from embeddings.documents import BlockKind, Document, Span

Numbers = npt.NDArray[np.integer]
INTERRUPTIONS = (BlockKind.FURNITURE, BlockKind.NOTE)

_EDGE = 0  # the form and key that stand between stretches; no word has them
_UNKNOWN = -1
_MAX_PAIRS = 600  # places of two neighbouring words, beyond which they say little about where a quotation stands
_MAX_SINGLES = 60  # the same of one word
_MAX_VOTES = 4000  # places looked at for one quotation
_MAX_WEIGHT = 10.0  # bits that a word tells at most: one that the collection lacks tells no more than a rare one


class ShingleIndex:
    """Every word of a collection, its place, and the places of every two neighbouring words."""

    def __init__(self, collection: Collection) -> None:
        self._documents = collection.documents
        self._forms = ["", "…"]
        self._form_ids = {form: number for number, form in enumerate(self._forms)}
        words = _Words(self)
        firsts: list[int] = []  # of each block of the stream
        self._blocks: list[tuple[int, int]] = []  # its document's and its own number
        edges = [0]
        edge = np.array([_EDGE], dtype=np.int32)
        forms: list[Numbers] = [edge]
        starts: list[Numbers] = [edge]
        ends: list[Numbers] = [edge]
        length = 1
        for number, document in enumerate(collection.documents):
            of_blocks = [words.read(document, block.span) for block in document.blocks]
            for stretch in reading_order(document):
                for block in stretch:
                    firsts.append(length)
                    self._blocks.append((number, block))
                    for column, values in zip((forms, starts, ends), of_blocks[block], strict=True):
                        column.append(values)
                    length += len(of_blocks[block][0])
                for column in (forms, starts, ends):
                    column.append(edge)
                edges.append(length)
                length += 1
        self._stream, self._starts, self._ends = map(np.concatenate, (forms, starts, ends))
        self._firsts, self._edges = np.array(firsts), np.array(edges)
        self._index_keys()

    def _index_keys(self) -> None:
        """Give each form its key, and sort the places by their word's key and the next word's."""
        self._key_ids: dict[str, int] = {}
        key_of_form = np.array(
            [self._key_ids.setdefault(key_of(form), len(self._key_ids)) for form in self._forms], dtype=np.int32
        )
        self._n_keys = len(self._key_ids)
        self._forms_of_key: list[list[int]] = [[] for _ in range(self._n_keys)]
        self._begun: dict[str, set[int]] = {}
        self._ended: dict[str, set[int]] = {}
        for form_id, key_id in enumerate(key_of_form.tolist()):
            self._forms_of_key[key_id].append(form_id)
            pieces = re.split(f"[{LINE_END}-]", self._forms[form_id])
            if len(pieces) > 1:
                self._begun.setdefault(key_of(pieces[0]), set()).add(key_id)
                self._ended.setdefault(key_of(pieces[-1]), set()).add(key_id)
        self._keys = key_of_form[self._stream]
        pairs = self._keys.astype(np.int64) * self._n_keys
        pairs[:-1] += self._keys[1:]
        self._order = np.argsort(pairs, kind="stable").astype(np.int32)
        self._pairs = pairs[self._order]

    def __len__(self) -> int:
        return len(self._stream)

    def form_id(self, form: str) -> int:
        """Return the number of a form, a new one for a form never seen."""
        number = self._form_ids.setdefault(form, len(self._forms))
        if number == len(self._forms):
            self._forms.append(form)
        return number

    def forms(self, first: int, end: int) -> list[str]:
        """Return the forms of the words ``first`` to ``end`` of the stream."""
        return [self._forms[number] for number in self._stream[first:end]]

    def are_of(self, places: Numbers, form_ids: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Say of each of ``places`` whether its word has one of the forms."""
        return np.isin(self._stream[places], form_ids)

    def keys(self, first: int, end: int) -> Numbers:
        """Return the keys' numbers of the words ``first`` to ``end`` of the stream."""
        return np.asarray(self._keys[first:end])

    def has_key(self, key: str) -> bool:
        """Whether the collection has a word of that key."""
        return key in self._key_ids

    def known(self, forms: Sequence[str]) -> Numbers:
        """Return the number of each form's key, -1 for one that the collection lacks."""
        return np.array([self._key_ids.get(key_of(form), _UNKNOWN) for form in forms], dtype=np.int64)

    def spelled(self, form: str, *, loosely: bool = False) -> list[int]:
        """Return the record's forms that are ``form``; ``loosely``, whatever the case and the hyphens."""
        key_id = self._key_ids.get(key_of(form))
        if key_id is None:
            return []
        return [n for n in self._forms_of_key[key_id] if loosely or is_spelled(form, self._forms[n])]

    def compounds_that_begin(self, form: str) -> list[list[int]]:
        """Return the record's forms of each word with a hyphen that begins with ``form``."""
        return [self._forms_of_key[key_id] for key_id in sorted(self._begun.get(key_of(form), ()))]

    def compounds_that_end(self, form: str) -> list[list[int]]:
        """Return the record's forms of each word with a hyphen that ends with ``form``."""
        return [self._forms_of_key[key_id] for key_id in sorted(self._ended.get(key_of(form), ()))]

    def weights(self, keys: Numbers) -> npt.NDArray[np.float64]:
        """Return how much each word tells of where it stands: bits, at most 10."""
        low, high = self._ranges(keys * self._n_keys, (keys + 1) * self._n_keys)
        bits = np.log2((len(self) + 1) / (np.where(keys < 0, 0, high - low) + 1))
        return np.minimum(bits, _MAX_WEIGHT)

    def runs(self, allowed: Sequence[Sequence[int]]) -> Numbers:
        """Return, in the order of the stream, where words begin of which each has one of its ``allowed`` forms."""
        n_words = len(allowed)
        if not n_words or n_words >= len(self) or not all(allowed):
            return np.empty(0, dtype=np.int64)
        firsts = np.array([forms[0] for forms in allowed])
        keys = np.array([self._key_ids[key_of(self._forms[number])] for number in firsts], dtype=np.int64)
        if n_words == 1:
            (low,), (high,) = self._ranges(keys * self._n_keys, (keys + 1) * self._n_keys)
            places = np.sort(self._order[low:high]).astype(np.int64)
        else:
            pairs = keys[:-1] * self._n_keys + keys[1:]
            lows, highs = self._ranges(pairs, pairs + 1)
            rarest = int(np.argmin(highs - lows))
            places = self._order[lows[rarest] : highs[rarest]].astype(np.int64) - rarest
        places = places[(places >= 0) & (places <= len(self) - n_words)]
        for number, forms in enumerate(allowed):
            if len(places) <= 4:  # then whole runs are compared at once
                return np.array([p for p in places if self._agrees(int(p), firsts, allowed)], dtype=np.int64)
            here = self._stream[places + number]
            places = places[here == forms[0] if len(forms) == 1 else np.isin(here, forms)]
        return places

    def _agrees(self, place: int, firsts: Numbers, allowed: Sequence[Sequence[int]]) -> bool:
        here = self._stream[place : place + len(firsts)]
        return all(here[n] in allowed[n] for n in np.flatnonzero(here != firsts).tolist())

    def near(self, keys: Numbers, n_windows: int) -> list[tuple[int, int]]:
        """Return the stretches of the stream in which most of a quotation's words and pairs stand, best first."""
        votes, weights = self._votes(keys)
        if not len(votes):
            return []
        order = np.argsort(votes, kind="stable")
        votes, weights = votes[order], weights[order]
        slack = max(6, len(keys) // 2)
        windows: list[tuple[int, int]] = []
        while len(windows) < n_windows and len(votes):
            total = np.concatenate(([0.0], np.cumsum(weights)))
            ends = np.searchsorted(votes, votes + slack, side="right")
            best = int(np.argmax(total[ends] - total[:-1]))
            low, high = int(votes[best]), int(votes[ends[best] - 1]) + len(keys)
            windows.append(self._within(low - slack, high + slack, (low + high) // 2))
            apart = (votes < low - slack) | (votes > high)
            votes, weights = votes[apart], weights[apart]
        return windows

    def _votes(self, keys: Numbers) -> tuple[Numbers, npt.NDArray[np.float64]]:
        """Return where the quotation would begin by its rare pairs and words, and how much each of them tells."""
        pairs = keys[:-1] * self._n_keys + keys[1:]
        low_1, high_1 = self._ranges(keys * self._n_keys, (keys + 1) * self._n_keys)
        low_2, high_2 = self._ranges(pairs, pairs + 1)
        high_1, high_2 = np.where(keys < 0, low_1, high_1), np.where((keys[:-1] < 0) | (keys[1:] < 0), low_2, high_2)
        lows, sizes = np.concatenate((low_2, low_1)), np.concatenate((high_2 - low_2, high_1 - low_1))
        limits = np.repeat((_MAX_PAIRS, _MAX_SINGLES), (len(pairs), len(keys)))
        at = np.concatenate((np.arange(len(pairs)), np.arange(len(keys))))
        chosen = np.flatnonzero((sizes > 0) & (sizes <= limits))
        if not len(chosen):
            chosen = np.flatnonzero(sizes > 0)[:1]
        chosen = chosen[np.argsort(sizes[chosen], kind="stable")]
        chosen = chosen[: max(1, int(np.searchsorted(np.cumsum(sizes[chosen]), _MAX_VOTES, side="right")))]
        sizes = np.minimum(sizes, _MAX_VOTES)
        votes = [self._order[lows[n] : lows[n] + sizes[n]].astype(np.int64) - at[n] for n in chosen]
        told = np.log2(len(self) / sizes[chosen])
        return np.concatenate([*votes, np.empty(0, np.int64)]), np.repeat(told, sizes[chosen])

    def _ranges(self, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
        return np.searchsorted(self._pairs, low), np.searchsorted(self._pairs, high)

    def _within(self, first: int, end: int, inside: int) -> tuple[int, int]:
        """Cut a stretch at the edges around the place ``inside`` it."""
        low, high = self.edges(min(max(inside, 1), len(self) - 2))
        return max(first, low), min(end, high)

    def edges(self, place: int) -> tuple[int, int]:
        """Return the first word of the stretch in which ``place`` stands, and its end."""
        number = int(np.searchsorted(self._edges, place, side="right"))
        return int(self._edges[number - 1]) + 1, int(self._edges[number]) if number < len(self._edges) else len(self)

    def document(self, place: int) -> Document:
        """Return the document of a word of the stream."""
        return self._documents[self._blocks[self._block(place)][0]]

    def place(self, place: int) -> tuple[int, int]:
        """Return the number of the document in which a word of the stream stands, and where it starts there."""
        return self._blocks[self._block(place)][0], int(self._starts[place])

    def spans(self, first: int, end: int) -> Iterator[tuple[int, Span]]:
        """Yield the blocks over which the words ``first`` to ``end`` run: each one's number, and the words' span."""
        block, last = self._block(first), self._block(end - 1)
        cuts = [first, *(int(n) for n in self._firsts[block + 1 : last + 1] if first < n < end), end]
        for a, b in pairwise(sorted(set(cuts))):
            yield self._blocks[self._block(a)][1], Span(int(self._starts[a]), int(self._ends[b - 1]))

    def span(self, place: int) -> Span:
        """Return where a word of the stream stands in its document."""
        return Span(int(self._starts[place]), int(self._ends[place]))

    def within(self, place: int, span: Span) -> tuple[int, int]:
        """Return the first and the end of the words of a block, that of ``place``, that lie in ``span``."""
        block = self._block(place)
        low, high = int(self._firsts[block]), self.edges(place)[1]
        if block + 1 < len(self._firsts):
            high = min(high, int(self._firsts[block + 1]))
        starts = self._starts[low:high]
        return low + int(np.searchsorted(starts, span.start)), low + int(np.searchsorted(starts, span.end))

    def gap(self, place: int) -> str:
        """Return what stands between a word of the stream and the next, in the same document."""
        return self.document(place).text[int(self._ends[place]) : int(self._starts[place + 1])]

    def _block(self, place: int) -> int:
        return int(np.searchsorted(self._firsts, place, side="right")) - 1


class _Words:
    """Reads the words of blocks, each written form once."""

    def __init__(self, index: ShingleIndex) -> None:
        self._index = index
        self._read: dict[str, int] = {}

    def read(self, document: Document, span: Span) -> tuple[Numbers, Numbers, Numbers]:
        """Return forms, starts and ends; words withheld are a word, even if their mark holds none."""
        found = []
        for written, start, end in scan_words(document.text, span.start, span.end):
            number = self._read.get(written)
            if number is None:
                number = self._read[written] = self._index.form_id(form) if (form := form_of(written)) else _EDGE
            if number != _EDGE:
                found.append((start, end, number))
        first = bisect_left(document.redactions, span.start, key=lambda mark: mark.start)
        for mark in takewhile(lambda mark: mark.start < span.end, document.redactions[first:]):
            if span.holds(mark) and not any(mark.start < end and start < mark.end for start, end, _ in found):
                found.append((mark.start, mark.end, self._index.form_id("".join(document.words(mark).split()) or "█")))
        columns = np.array(sorted(found), dtype=np.int32).reshape(-1, 3).T
        return columns[2], columns[0], columns[1]


def reading_order(document: Document) -> Iterator[list[int]]:
    """Yield the blocks' numbers in the stretches in which they can be read on.

    First the text without stamps and editors' notes, as it is quoted; then each of those between its neighbours, as it
    stands.
    """
    interrupting = [block.kind in INTERRUPTIONS for block in document.blocks]
    yield [number for number, between in enumerate(interrupting) if not between]
    number = 0
    while number < len(interrupting):
        end = number
        while end < len(interrupting) and interrupting[end]:
            end += 1
        if end > number:
            yield list(range(max(number - 1, 0), min(end + 1, len(interrupting))))
        number = max(end, number + 1)
