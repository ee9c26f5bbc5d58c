"""Wire a bot from its settings: all that is loaded is loaded here."""

from __future__ import annotations

import logging
from pathlib import Path

from bot.abstention import JUDGED, Judge
from bot.answering import Answerer
from bot.curated import CuratedMatcher
from bot.evidence import EvidenceChooser
from bot.plan import Planner
from bot.quotations import QuotationChecker
from bot.ranking import load_ranker
from bot.reader import Reader
from bot.reading import QuestionReader
from bot.retrieval import READ_SIGNALS, Retriever
from bot.settings import DATA_PATH, Settings
from bot.signals import SIGNALS, SignalReader
from embeddings.collection import Collection, load_collection
from embeddings.drafts import clear_drafts
from embeddings.encoder import Encoder, Progress
from embeddings.encoders import choose_encoder
from embeddings.errors import OutdatedIndexError, StaleIndexError
from embeddings.index import FaissIndex

logger = logging.getLogger(__name__)


def build_index(settings: Settings, progress: Progress | None = None, *, rebuild: bool = False) -> FaissIndex:
    """Build and save the collection's index, unless the saved one is good and ``rebuild`` is not asked for."""
    collection, encoder = _load(settings)
    if not rebuild:
        try:
            return FaissIndex.load(settings.index_path, collection, encoder)
        except StaleIndexError:
            pass  # what was asked for is an index that is good
    return _build(settings, collection, encoder, progress)


def load_answerer(settings: Settings, progress: Progress | None = None) -> Answerer:
    """Return a ready bot; ``progress`` is told (done, all) where an index must be built.

    One that was never built is built, and so is one of the same documents by another release, manifest or encoder.

    Raises:
        StaleIndexError: there is an index, and it is damaged or was built from other documents.
        EmbeddingsError, BotError: the collection or a model cannot be loaded.
    """
    collection, encoder = _load(settings)
    if not settings.index_path.exists():
        return wire(settings, collection, encoder, _build(settings, collection, encoder, progress))
    try:
        index = FaissIndex.load(settings.index_path, collection, encoder)
    except OutdatedIndexError as error:
        logger.warning("%s: the index is of another release or manifest; building it anew", settings.index_path)
        logger.info("%s", error)
        index = _build(settings, collection, encoder, progress)
    return wire(settings, collection, encoder, index)


def wire(
    settings: Settings, collection: Collection, encoder: Encoder, index: FaissIndex, models_path: Path = DATA_PATH
) -> Answerer:
    """Put a bot together from its loaded parts."""
    reader = Reader(models_path / "reader", threads=settings.threads) if settings.reader else None
    with_reader = reader is not None
    signals = SignalReader(collection, index)
    retriever = Retriever(
        index.units,
        signals,
        ranker=load_ranker(models_path / "ranker.json", SIGNALS),
        reader=reader,
        read_ranker=load_ranker(models_path / "read-ranker.json", READ_SIGNALS) if with_reader else None,
    )
    judge = load_ranker(models_path / ("judge.json" if with_reader else "judge-without-reader.json"), JUDGED)
    return Answerer(
        settings=settings,
        collection=collection,
        encoder=encoder,
        reader=QuestionReader(collection, encoder.known_words),
        retriever=retriever,
        chooser=EvidenceChooser(
            collection,
            index.units,
            max_words=settings.max_words,
            max_citations=settings.max_citations,
            max_sentences=settings.max_sentences,
        ),
        judge=Judge(collection, judge),
        planner=Planner(collection),
        quotations=QuotationChecker(collection),
        curated=CuratedMatcher(collection, index, encoder.languages)
        if settings.curated and collection.questions
        else None,
    )


def _load(settings: Settings) -> tuple[Collection, Encoder]:
    for folder in (settings.index_path.parent, settings.cache_path / "encoders"):
        clear_drafts(folder)  # of processes that were killed, or lost their power
    collection = load_collection(settings.collection_path)
    return collection, choose_encoder(settings.encoder, settings.cache_path, threads=settings.threads)


def _build(settings: Settings, collection: Collection, encoder: Encoder, progress: Progress | None) -> FaissIndex:
    index = FaissIndex.build(collection, encoder, progress)
    index.save(settings.index_path)
    return index
