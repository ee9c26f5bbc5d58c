"""Check other people's quotations against the record: exact, altered (and how), or absent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum

from rapidfuzz import fuzz

from bot.answers import Citation
from bot.citations import cite
from bot.errors import QuestionError
from embeddings.collection import Collection
from embeddings.documents import Block, Span
from embeddings.normalized import Token, tokens

MAX_CHARACTERS = 100_000  # about thirty pages
MIN_ALIKE = 70.0  # percent (rapidfuzz partial ratio) of a passage that is a changed form of the words, not others
MAX_PLACES = 20
# A hyphen between letters: of a compound, or where a line's end cuts a word (there it may be a soft one).  Digits
# stay apart: 10-81 is not 1081.
_HYPHEN = re.compile(r"(?:(?<=[^\W\d_])[-\u2010\u2011](?:[ \t]*\r?\n\s*)?|(?<=\u00ad)[ \t]*\r?\n\s*)(?=[^\W\d_])")


class Verdict(Enum):
    """What became of the words."""

    EXACT = "exact"  # word for word; white space, hyphenation, quote marks and case aside
    ALTERED = "altered"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference of words: ``kind`` is same, dropped, added or changed."""

    kind: str
    record: str  # words of the record, empty when the quotation added some
    quoted: str  # words of the quotation, empty when it dropped some


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationCheck:
    """The verdict on a quotation, every place it stands in, and for an altered one the word diff to the first."""

    quoted: str
    verdict: Verdict
    places: tuple[Citation, ...] = ()
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _BlockText:
    document_id: str
    tokens: tuple[Token, ...]
    joined: str  # " word word word ", so that words are found whole
    starts: tuple[int, ...]  # of each token in ``joined``
    sentences: tuple[Span, ...]  # of the block


class QuotationChecker:
    """Holds a collection's words, block by block: a quotation never runs over two speakers."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._blocks = list(_read_blocks(collection))

    def check(self, quoted: str) -> QuotationCheck:
        """Find ``quoted`` in the record.

        Raises:
            QuestionError: there are no words in it, or more than `MAX_CHARACTERS` characters.
        """
        if len(quoted) > MAX_CHARACTERS:
            raise QuestionError(
                f"the quotation has {len(quoted)} characters; at most {MAX_CHARACTERS} are allowed. Check it in parts"
            )
        words = tokens(quoted)
        if not words:
            raise QuestionError("the quotation holds no words; give the words to look for")
        places = self._places(words) or self._places(_join_halves(quoted, words))
        if places:
            return QuotationCheck(quoted=quoted, verdict=Verdict.EXACT, places=places)
        return self._altered(quoted, words)

    def _places(self, words: Sequence[Token]) -> tuple[Citation, ...]:
        found: dict[str, Citation] = {}
        for place in self._exact(words):
            found[place.id] = place
            if len(found) == MAX_PLACES:
                break
        return tuple(found.values())

    def _exact(self, words: Sequence[Token]) -> Iterator[Citation]:
        wanted = " " + " ".join(word.text for word in words) + " "
        for block in self._blocks:
            at = block.joined.find(wanted)
            while at >= 0:
                first = block.starts.index(at + 1)
                yield self._cite(block, first, first + len(words) - 1, 1.0)
                at = block.joined.find(wanted, at + 1)

    def _altered(self, quoted: str, words: Sequence[Token]) -> QuotationCheck:
        wanted = " ".join(word.text for word in words)
        best: tuple[float, _BlockText, int, int] | None = None
        for block in self._blocks:
            if len(block.joined) < 0.6 * len(wanted):
                continue
            cutoff = max(MIN_ALIKE, best[0] if best else 0.0)
            found = fuzz.partial_ratio_alignment(wanted, block.joined, score_cutoff=cutoff)
            if found is not None and (best is None or found.score > best[0]):
                best = (found.score, block, *_token_range(block, found.dest_start, found.dest_end))
        if best is None or len(words) < 2:
            return QuotationCheck(quoted=quoted, verdict=Verdict.ABSENT)
        score, block, first, last = best
        first, last = _snug(words, block, first, last)
        changes = tuple(_changes(words, block.tokens[first : last + 1]))
        if not any(change.kind == "same" and len(change.record.split()) >= 2 for change in changes):
            return QuotationCheck(quoted=quoted, verdict=Verdict.ABSENT)
        place = self._cite(block, first, last, score / 100)
        return QuotationCheck(quoted=quoted, verdict=Verdict.ALTERED, places=(place,), changes=changes)

    def _cite(self, block: _BlockText, first: int, last: int, score: float) -> Citation:
        span = Span(block.tokens[first].span.start, block.tokens[last].span.end)
        return cite(self._collection, block.document_id, span, score)


def _read_blocks(collection: Collection) -> Iterator[_BlockText]:
    """Read every block; one with hyphens comes twice, with the halves of hyphenated words apart and as one."""
    for document in collection.documents:
        for block in document.blocks:
            words = tokens(document.text, block.span.start, block.span.end)
            joined = _join_halves(document.text, words)
            if words:
                yield _block_text(document.id, block, words)
            if len(joined) < len(words):
                yield _block_text(document.id, block, joined)


def _block_text(document_id: str, block: Block, words: Sequence[Token]) -> _BlockText:
    starts, at = [], 1
    for word in words:
        starts.append(at)
        at += len(word.text) + 1
    return _BlockText(
        document_id=document_id,
        tokens=tuple(words),
        joined=" " + "".join(word.text + " " for word in words),
        starts=tuple(starts),
        sentences=block.sentences,
    )


def _join_halves(text: str, words: Sequence[Token]) -> list[Token]:
    """Make one word of hyphenated halves: at a line's end nobody can tell "nego-tiations" from a compound."""
    joined: list[Token] = []
    for word in words:
        if joined and _HYPHEN.match(text, joined[-1].span.end, word.span.start + 1):
            half = joined.pop()
            word = Token(text=half.text + word.text, span=Span(half.span.start, word.span.end))
        joined.append(word)
    return joined


def _token_range(block: _BlockText, start: int, end: int) -> tuple[int, int]:
    inside = [n for n, at in enumerate(block.starts) if at + len(block.tokens[n].text) > start and at < end]
    return (inside[0], inside[-1]) if inside else (0, 0)


def _snug(words: Sequence[Token], block: _BlockText, first: int, last: int) -> tuple[int, int]:
    """Let the place begin and end with words that the quotation has, looking two words beyond either end.

    Where the quotation has other words before or after those, as many of the record's are taken in, to the ends of
    the sentence: they are what was changed.
    """
    low, high = max(0, first - 2), min(len(block.tokens), last + 3)
    matcher = SequenceMatcher(None, [w.text for w in words], [t.text for t in block.tokens[low:high]], autojunk=False)
    same = [m for m in matcher.get_matching_blocks() if m.size]
    if not same:
        return first, last
    first, last = low + same[0].b, low + same[-1].b + same[-1].size - 1
    n_before, n_after = same[0].a, len(words) - same[-1].a - same[-1].size
    opens, closes = _sentence_around(block, first)[0], _sentence_around(block, last)[1]
    return max(first - n_before, opens), min(last + n_after, closes)


def _sentence_around(block: _BlockText, number: int) -> tuple[int, int]:
    """Return the numbers of the first and last token of the sentence in which a token stands."""
    here = block.tokens[number].span
    held = next((sentence for sentence in block.sentences if sentence.meets(here)), here)
    inside = [n for n, token in enumerate(block.tokens) if held.meets(token.span)]
    return inside[0], inside[-1]


def _changes(words: Sequence[Token], record: Sequence[Token]) -> Iterator[Change]:
    ours, theirs = [t.text for t in record], [w.text for w in words]
    kinds = {"equal": "same", "delete": "dropped", "insert": "added", "replace": "changed"}
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        yield Change(kind=kinds[kind], record=" ".join(ours[a:b]), quoted=" ".join(theirs[c:d]))
