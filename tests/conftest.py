"""What the tests share: an encoder whose vectors a person can check, the seeds, and small collections."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from bot.answering import Answerer
from bot.loading import build_index, load_answerer
from bot.settings import Settings, read_settings
from embeddings.collection import Collection, load_collection
from embeddings.documents import Document
from embeddings.encoder import Progress, Vectors
from embeddings.manifest import DocumentEntry, Person
from embeddings.parsing import parse

# A busy machine is no failure: no deadline for an example, and few enough of them.
settings.register_profile("memcon", parent=settings(), deadline=None, max_examples=60)
settings.load_profile("memcon")

SEEDS_PATH = Path(__file__).parent.parent / "seeds"


class WordLengthEncoder:
    """Counts words by their length; a text without words counts as one word of no letters.

    Coordinate n counts the words of n characters, the last one those of 15 and more: ``"We can go"`` is
    (0, 0, 2, 1, 0, ...), divided by the root of 5.
    """

    name = "word-length"
    fingerprint = "1"
    dim = 16
    known_words: frozenset[str] = frozenset()
    languages: frozenset[str] | None = None

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in text.split() or [""]:
                row[min(len(word), self.dim - 1)] += 1
            row /= np.linalg.norm(row)
        if progress:
            progress(len(texts), len(texts))
        return vectors

    encode_questions = encode


@pytest.fixture(scope="session")
def encoder() -> WordLengthEncoder:
    return WordLengthEncoder()


@pytest.fixture(scope="session")
def seeds() -> Collection:
    return load_collection(SEEDS_PATH)


MakeCollection = Callable[..., Path]


@pytest.fixture
def make_collection(tmp_path: Path) -> MakeCollection:
    """Return ``make(documents, manifest=None, questions=None)``, which writes a collection and returns its folder."""
    numbers = itertools.count(1)

    def make(documents: Mapping[str, str | bytes], manifest: str | None = None, questions: str | None = None) -> Path:
        folder = tmp_path / f"collection-{next(numbers)}"
        (folder / "documents").mkdir(parents=True)
        for name, text in documents.items():
            path = folder / "documents" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode() if isinstance(text, str) else text)
        for name, text in (("manifest.toml", manifest), ("questions.toml", questions)):
            if text is not None:
                (folder / name).write_text(text, encoding="utf-8")
        return folder

    return make


ReadDocument = Callable[..., Document]


@pytest.fixture(scope="session")
def read_document(tmp_path_factory: pytest.TempPathFactory) -> ReadDocument:
    """Return ``read(text, people=(), **entry)``, which reads a text as the document ``d``."""
    path = tmp_path_factory.mktemp("documents") / "d.txt"

    def read(text: str, people: Sequence[Person] = (), **entry: object) -> Document:
        path.write_bytes(text.encode())
        return parse(DocumentEntry(id="d", path=path, title="D", **entry), people)

    return read


@pytest.fixture(scope="session")
def cache_path() -> Path:
    """The folder of exported encoders and indexes: the user's own, so that a second run is quick."""
    return read_settings().cache_path


@pytest.fixture(scope="session")
def answerer(cache_path: Path) -> Answerer:
    """The bot over the seeds, with the models that ship."""
    settings = Settings(cache_path=cache_path)
    build_index(settings)
    return load_answerer(settings)
