"""The index of a collection: vectors of sentences, windows and passages in FAISS, and their terms.

The only module that imports FAISS.  Everything outside sees scores, higher is better.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.collection import Collection
from embeddings.drafts import draft_folder
from embeddings.encoder import Encoder, Progress, Vectors
from embeddings.errors import OutdatedIndexError, StaleIndexError
from embeddings.languages import reads
from embeddings.lexical import TermIndex, terms
from embeddings.units import Unit, read_units
from embeddings.wordings import WordingTable

FORMAT = 2  # of the files; raise it when they change
WORDINGS = "wordings.npz"
REBUILD = "Run 'memcon index' to build it"


Numbers = Sequence[int] | NDArray[np.int64]
NEAR = 1e-5  # of a score: what lies so near the last place may tie with it; float32 noise of a unit row is 1e-7


class Grain(Enum):
    """How much text a vector or a term count stands for."""

    SENTENCE = "sentence"
    WINDOW = "window"  # a sentence with its neighbours
    PASSAGE = "passage"
    QUESTION = "question"  # a wording of a curated question


SEARCHED = (Grain.SENTENCE, Grain.WINDOW, Grain.PASSAGE)  # by their terms, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Text number ``number`` of a grain, and its score, higher is better."""

    number: int
    score: float


class PassageIndex(Protocol):
    """What answering needs of an index, whatever engine keeps it."""

    units: Sequence[Unit]
    wordings: WordingTable

    def search(self, grain: Grain, query_vector: Vectors, n_hits: int) -> list[Hit]:
        """Return the best hits, best first, ties by number; ``query_vector`` is float32, (dim,), a unit row."""
        ...

    def scores(self, grain: Grain, query_vector: Vectors, numbers: Numbers | None = None) -> Vectors:
        """Score the given texts, or all of them: float32, (n_texts,)."""
        ...

    def term_scores(self, grain: Grain, query: str) -> NDArray[np.float32]:
        """Score every text of the grain by its terms: float32, (n_texts,)."""
        ...


class FaissIndex:
    """An exact index in FAISS, of a collection that fits in memory."""

    def __init__(
        self,
        units: Sequence[Unit],
        fingerprint: str,
        vectors: dict[Grain, Any],
        term_indexes: dict[Grain, TermIndex],
        wordings: WordingTable,
        documents: Sequence[str] = (),
    ) -> None:
        import faiss

        faiss.omp_set_num_threads(1)  # a search takes a millisecond; its idle threads would spin beside the models'
        self.units = units
        self.documents = tuple(documents)  # the sha256 of each
        self.fingerprint = fingerprint
        self._vectors = vectors
        self._terms = term_indexes
        self.wordings = wordings

    @classmethod
    def build(cls, collection: Collection, encoder: Encoder, progress: Progress | None = None) -> FaissIndex:
        """Encode ``collection`` and index it; ``progress`` is told (texts done, all texts)."""
        import faiss

        units = read_units(collection)
        texts = _texts(collection, units)
        n_all = sum(len(of_grain) for of_grain in texts.values())
        vectors: dict[Grain, Any] = {}
        done = 0
        for grain, of_grain in texts.items():
            offset = done

            def report(n: int, _: int, offset: int = offset) -> None:
                if progress:
                    progress(offset + n, n_all)

            rows = (
                encoder.encode(of_grain, report) if grain in SEARCHED else _encode_wordings(of_grain, encoder, report)
            )
            vectors[grain] = faiss.IndexFlatIP(encoder.dim)
            vectors[grain].add(np.ascontiguousarray(rows, dtype=np.float32))
            report(len(of_grain), n_all)
            done += len(of_grain)
        term_indexes = {grain: TermIndex.build(texts[grain]) for grain in SEARCHED}
        documents = [document.sha256 for document in collection.documents]
        owner = [n for n, question in enumerate(collection.questions) for _ in question.wordings]
        wordings = WordingTable.build(texts[Grain.QUESTION], owner)
        return cls(units, index_fingerprint(collection, encoder, texts), vectors, term_indexes, wordings, documents)

    def search(self, grain: Grain, query_vector: Vectors, n_hits: int) -> list[Hit]:
        """Return the best hits, best first, ties by number."""
        index = self._vectors[grain]
        n_hits = min(n_hits, index.ntotal)
        if n_hits < 1:
            return []
        query = np.ascontiguousarray(query_vector[None, :])
        best, _ = index.search(query, n_hits)
        # FAISS cuts a tie at the last place where it likes: fetch the whole tie, and cut it by number.
        _, scores, numbers = index.range_search(query, float(best[0, -1]) - NEAR)
        found = [Hit(number=int(n), score=float(s)) for n, s in zip(numbers, scores, strict=True)]
        return sorted(found, key=lambda hit: (-hit.score, hit.number))[:n_hits]

    def scores(self, grain: Grain, query_vector: Vectors, numbers: Numbers | None = None) -> Vectors:
        """Score the given texts, or all of them: float32, (n_texts,)."""
        index = self._vectors[grain]
        if numbers is not None and not len(numbers):
            return np.zeros(0, dtype=np.float32)
        rows = self._rows(grain) if numbers is None else index.reconstruct_batch(np.asarray(numbers, dtype=np.int64))
        return np.asarray(rows @ query_vector, dtype=np.float32)

    def vectors(self, grain: Grain) -> Vectors:
        """Return the vectors of all texts: float32, (n_texts, dim)."""
        return self._rows(grain).copy()

    def _rows(self, grain: Grain) -> Vectors:
        """Return them where they stand, while the index does: copying thousands takes longer than an answer."""
        import faiss

        index = self._vectors[grain]
        if not index.ntotal:
            return np.zeros((0, index.d), dtype=np.float32)
        return np.asarray(faiss.rev_swig_ptr(index.get_xb(), index.ntotal * index.d).reshape(index.ntotal, index.d))

    def term_scores(self, grain: Grain, query: str) -> NDArray[np.float32]:
        """Score every text of the grain, one of those `SEARCHED`, by its terms: float32, (n_texts,)."""
        return self._terms[grain].scores(terms(query))

    def save(self, folder: Path) -> None:
        """Write the index to ``folder``, whole or not at all: it is written beside and renamed.

        Raises:
            OSError: it cannot be written there; what was there before is left as it was.
        """
        import faiss

        try:
            with draft_folder(folder.parent) as beside:
                draft = beside / "new"
                draft.mkdir()
                for grain, index in self._vectors.items():
                    faiss.write_index(index, str(draft / f"{grain.value}.faiss"))
                for grain, term_index in self._terms.items():
                    term_index.save(draft / f"{grain.value}.terms")
                self.wordings.save(draft / WORDINGS)
                about = {
                    "format": FORMAT,
                    "fingerprint": self.fingerprint,
                    "documents": list(self.documents),
                    "counts": {grain.value: index.ntotal for grain, index in self._vectors.items()},
                    "files": {str(p.relative_to(draft)): _sha256(p) for p in sorted(draft.rglob("*")) if p.is_file()},
                }
                (draft / "index.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
                _swap(draft, folder, beside / "old")
        except RuntimeError as error:  # what FAISS raises when a disk is full
            raise OSError(f"{folder}: the index cannot be written ({error})") from error

    @classmethod
    def load(cls, folder: Path, collection: Collection, encoder: Encoder) -> FaissIndex:
        """Read the index that `save` wrote to ``folder``.

        Raises:
            StaleIndexError: there is none, a file of it is damaged, or it was built from other documents, by
                another encoder, or by another release of memcon.
        """
        import faiss

        path = folder / "index.json"
        if not path.is_file():
            raise StaleIndexError(f"{folder}: no index has been built for this collection. {REBUILD}")
        units = read_units(collection)
        expected = index_fingerprint(collection, encoder, _texts(collection, units))
        try:
            about = json.loads(path.read_text(encoding="utf-8"))
            if about["format"] != FORMAT:
                raise OutdatedIndexError(
                    f"{folder}: the index has format {about['format']}, this release reads {FORMAT}. {REBUILD} anew"
                )
            if about["fingerprint"] != expected:
                same = about["documents"] == [document.sha256 for document in collection.documents]
                raise (OutdatedIndexError if same else StaleIndexError)(
                    f"{folder}: the index is stale: it was built from other documents or another encoder "
                    f"(fingerprint {about['fingerprint'][:12]}, expected {expected[:12]}). {REBUILD} anew"
                )
            for name, digest in about["files"].items():
                if _sha256(folder / name) != digest:
                    raise StaleIndexError(
                        f"{folder / name}: is damaged (its sha256 is not the recorded one). {REBUILD} anew"
                    )
            vectors = {grain: faiss.read_index(str(folder / f"{grain.value}.faiss")) for grain in Grain}
            term_indexes = {
                grain: TermIndex.load(folder / f"{grain.value}.terms", about["counts"][grain.value])
                for grain in SEARCHED
            }
            wordings = WordingTable.load(folder / WORDINGS)
        except (OSError, KeyError, ValueError, TypeError, AttributeError, RuntimeError) as error:
            raise StaleIndexError(f"{folder}: the index is damaged ({error}). {REBUILD} anew") from error
        return cls(units, expected, vectors, term_indexes, wordings, about["documents"])


def index_fingerprint(collection: Collection, encoder: Encoder, texts: Mapping[Grain, Sequence[str]]) -> str:
    """Return the sha256 that an index of ``collection`` by ``encoder`` carries.

    ``texts`` are hashed beside the documents: they hold names of speakers and titles of items, which a manifest
    may change while every document stays.
    """
    parts = [str(FORMAT), collection.fingerprint, encoder.name, encoder.fingerprint, str(encoder.dim)]
    parts += [part for grain, of_grain in texts.items() for part in (grain.value, str(len(of_grain)), *of_grain)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _texts(collection: Collection, units: Sequence[Unit]) -> dict[Grain, list[str]]:
    passages: dict[int, str] = {}
    for unit in units:
        passages.setdefault(unit.passage, unit.passage_text)
    return {
        Grain.SENTENCE: [unit.text for unit in units],
        Grain.WINDOW: [unit.window_text for unit in units],
        Grain.PASSAGE: [passages[n] for n in range(len(collection.passages))],
        Grain.QUESTION: [wording for question in collection.questions for wording in question.wordings],
    }


def _encode_wordings(wordings: Sequence[str], encoder: Encoder, progress: Progress) -> Vectors:
    """Encode wordings; one in a language that the encoder was not made for is like nothing, and has no length."""
    readable = [n for n, wording in enumerate(wordings) if reads(encoder.languages, wording)]
    rows = np.zeros((len(wordings), encoder.dim), dtype=np.float32)
    rows[readable] = encoder.encode_questions([wordings[n] for n in readable], progress)
    return rows


def _swap(draft: Path, folder: Path, old: Path) -> None:
    """Put ``draft`` in the place of ``folder``; a crash in between leaves no index, never half of one."""
    if not folder.exists():
        draft.rename(folder)
        return
    folder.rename(old)
    try:
        draft.rename(folder)
    except BaseException:
        old.rename(folder)
        raise


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
