"""Measure the quotation check: ``python -m tests.benchmarks.quotations``.

Quotations are drawn with a fixed seed from the seeds and from the minutes' test split, whose speakers are named in a
manifest made for this; absent ones are sentences of the other splits, the minutes' questions, and paraphrases written
for this.  Prints a confusion table and, for pastes of ten pages, the time: of this machine and moment.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.quotations import QuotationChecker, Verdict
from bot.shingles import ShingleIndex
from embeddings.collection import Collection, load_collection
from embeddings.documents import BlockKind, Document, Span

HERE = Path(__file__).parent
MINUTES = HERE / "minutes"
SEEDS = HERE.parent.parent / "seeds"
SEED = 311
N_EACH = 300  # quotations of each kind and collection
N_WORDS = 1_000_000  # of the synthetic collection
PAGES = 30_000  # characters of a paste of ten pages
NEGATIONS = frozenset("not no never nor neither cannot without".split())
LEADS = ("As {} said, “{}”", "{} remarked: “{}”", "According to {}, “{}”")
CREDITS = ("“{}” ({})", "“{}” — {}", "“{}”, said {}.")


@dataclass(frozen=True)
class Case:
    """A text that quotes, what a checker should say of it, and where the words stand."""

    expected: str
    kind: str
    text: str
    place: tuple[str, Span] | None = None


class Drawer:
    """Draws quotations from a collection, the same from the same seed."""

    def __init__(self, collection: Collection, others: list[str], seed: int) -> None:
        self.rng = random.Random(seed)
        self.collection = collection
        self.others = others
        self.vocabulary = sorted({word for text in others for word in text.split() if word.isalpha()})
        self.blocks = [
            (document, block)
            for document in collection.documents
            for block in document.blocks
            if block.kind in (BlockKind.TURN, BlockKind.PARAGRAPH, BlockKind.ENTRY)
            and len(document.words(block.span).split()) >= 8
        ]
        self.record = [f" {' '.join(_tokens(document.text))} " for document in collection.documents]

    def words(self, speaks: bool = False, alone: bool = False) -> tuple[Document, Span, list[str]]:
        """Draw 6 to 40 words of one block."""
        while True:
            document, block = self.rng.choice(self.blocks)
            if speaks and block.speaker is None:
                continue
            spans = [match.span() for match in re.finditer(r"\S+", document.words(block.span))]
            n_words = self.rng.randint(6, min(40, len(spans)))
            first = self.rng.randrange(len(spans) - n_words + 1)
            start, end = spans[first][0], spans[first + n_words - 1][1]
            span = Span(block.span.start + start, block.span.start + end)
            cut = re.search(r"[-$]\s*$", document.text[block.span.start : span.start]) or document.text[span.end - 1] == "-"
            words = re.sub(r"[“”\"„]", "'", document.words(span)).split()
            if not cut and not (alone and sum(self._stands(words) for _ in (1,)) > 1):
                return document, span, words

    def _stands(self, words: list[str]) -> int:
        wanted = f" {' '.join(_tokens(' '.join(words)))} "
        return sum(text.count(wanted) for text in self.record)

    def stands(self, words: list[str]) -> bool:
        """Whether the words, in any spacing and punctuation, are the record's."""
        mine = _tokens(" ".join(words))
        turned = [mine[0][:1].swapcase() + mine[0][1:], *mine[1:]]
        return any(f" {' '.join(each)} " in text for text in self.record for each in (mine, turned))
