"""Examine an installation: packages, models, the collection's hashes, the index, and one real question."""

from __future__ import annotations

import importlib.metadata
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.answers import Answer
from bot.errors import BotError
from bot.loading import load_answerer
from bot.reader import Reader
from bot.settings import DATA_PATH, Chosen, Settings
from embeddings.collection import load_collection
from embeddings.encoder import DEFAULT_ENCODER
from embeddings.encoders import choose_encoder, identify_encoder
from embeddings.errors import EmbeddingsError
from embeddings.question_encoder import QUESTION_ENCODER_PATH

PACKAGES = ("sentence-transformers", "faiss-cpu", "onnxruntime", "tokenizers", "bm25s", "rapidfuzz", "torch")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    what: str
    well: bool
    detail: str


def examine(chosen: Chosen) -> Iterator[Finding]:
    """Look at everything that an answer needs, one finding each."""
    settings = chosen.settings
    yield look("settings", lambda: _settings(chosen))
    yield look("packages", _packages)
    yield look("collection", lambda: _collection(settings))
    yield look(
        "encoder",
        lambda: f"{settings.encoder}, weights sha256 {identify_encoder(settings.encoder)[:12]}",
    )
    if settings.encoder == DEFAULT_ENCODER:
        yield look("question encoder", lambda: _question_encoder(settings))
    if settings.reader:
        yield look("reader", lambda: f"{Reader(DATA_PATH / 'reader').about['name']}, hash as recorded")
    yield look("cache", lambda: _cache(settings))
    yield look("index", lambda: _question(settings))


def look(what: str, found: Callable[[], str]) -> Finding:
    """Look at one thing; what goes wrong is its finding."""
    try:
        return Finding(what=what, well=True, detail=found())
    except (EmbeddingsError, BotError, OSError, importlib.metadata.PackageNotFoundError) as error:
        return Finding(what=what, well=False, detail=str(error))


def _settings(chosen: Chosen) -> str:
    """Tell every value and where it was stated, one a line."""
    stated = ((name, getattr(chosen.settings, name), origin) for name, origin in chosen.origins.items())
    return "".join(f"\n       {name} = {_shown(value)} ({origin})" for name, value, origin in stated).lstrip()


def _shown(value: object) -> str:
    return repr(str(value) if isinstance(value, os.PathLike) else value)


def _packages() -> str:
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)


def _collection(settings: Settings) -> str:
    collection = load_collection(settings.collection_path)
    return f"{collection.manifest.title}: {len(collection.documents)} documents, hashes as the manifest states"


def _question_encoder(settings: Settings) -> str:
    encoder = choose_encoder(settings.encoder, settings.cache_path, threads=settings.threads)
    return f"{json.loads((QUESTION_ENCODER_PATH / 'encoder.json').read_text())['name']}, made for {encoder.name}"


def _cache(settings: Settings) -> str:
    folder = settings.cache_path
    folder.mkdir(parents=True, exist_ok=True)
    if not os.access(folder, os.W_OK):
        raise PermissionError(f"{folder}: cannot be written; set MEMCON_CACHE_PATH to another folder")
    return f"{folder} can be written"


def _question(settings: Settings) -> str:
    answerer = load_answerer(settings)
    passage = answerer.collection.passages[0]
    words = answerer.collection.document(passage.document_id).words(passage.sentences[0])
    outcome = answerer.answer(words[:300])
    kind = "an answer" if isinstance(outcome, Answer) else "an abstention"
    return f"{len(answerer.retriever.units)} sentences; a real question went through and got {kind}"
