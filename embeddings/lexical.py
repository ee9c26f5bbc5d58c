"""The term index: BM25 over stemmed words, by bm25s."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from embeddings.normalized import tokens

# Words that say nothing of a topic; questions are full of them. Snowball's English list, shortened to what the
# records and questions use, with negations left in.
STOP_WORDS = frozenset(
    """a about all also am an and any are as at be been being both but by can could did do does doing for from had has
    have having he her here hers him his how i if in into is it its itself just let may me might mr mrs ms my myself of
    on or our ours out over own please said say says she should so some such tell than that the their theirs them then
    there these they this those through to too under until up upon us very was we were what when where which while who
    whom whose why will with would you your yours""".split()
)


_NOTHING = "\ue000"  # stands for a text without terms, which bm25s does not take; no term is ever this


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english", 0)  # no cache: it would keep the words of questions


def terms(text: str) -> list[str]:
    """Return the stemmed words of ``text`` without stop words, in order."""
    words = [token.text.removesuffix("'s") for token in tokens(text)]
    return stems([word for word in words if word not in STOP_WORDS])


def stems(words: Sequence[str]) -> list[str]:
    """Return the stem of each of ``words``, in order."""
    return list(_stemmer().stemWords(list(words)))


class TermIndex:
    """BM25 scores of texts, by number."""

    def __init__(self, model: Any, vocabulary: dict[str, int], n_texts: int) -> None:
        self._model = model
        self._vocabulary = vocabulary
        self.n_texts = n_texts

    @classmethod
    def build(cls, texts: Iterable[str]) -> TermIndex:
        """Index ``texts``; each is known by its place in the sequence."""
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)
        of_texts = [terms(text) or [_NOTHING] for text in texts]
        tokenized = of_texts or [[_NOTHING]]
        vocabulary = {term: n for n, term in enumerate(sorted({t for text in tokenized for t in text}))}
        # Robertson's k1 and b for passages of very uneven length (headings beside paragraphs).
        model = bm25s.BM25(k1=1.2, b=0.6)
        model.index(([[vocabulary[t] for t in text] for text in tokenized], vocabulary), show_progress=False)
        return cls(model, vocabulary, len(of_texts))

    def scores(self, query_terms: Sequence[str]) -> NDArray[np.float32]:
        """Score every text for the query: float32, (n_texts,), at least 0, higher is better."""
        known = [self._vocabulary[term] for term in query_terms if term in self._vocabulary]
        if not known:
            return np.zeros(self.n_texts, dtype=np.float32)
        return np.asarray(self._model.get_scores_from_ids(known), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write the index into ``folder``."""
        self._model.save(str(folder), corpus=None)

    @classmethod
    def load(cls, folder: Path, n_texts: int) -> TermIndex:
        """Read what `save` wrote."""
        import bm25s

        model = bm25s.BM25.load(str(folder), load_corpus=False)
        return cls(model, {str(term): int(n) for term, n in model.vocab_dict.items() if term}, n_texts)
