"""What all doors share: the bot, the conversations, the figures, and the line before the answering."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from bot.answering import Answerer
from bot.answers import Exchange, Outcome
from bot.journal import Journal
from bot.reading import check_question
from bot.settings import Settings
from ui.beats import Beats
from ui.conversations import ConversationStore
from ui.limiting import ClientLimiter
from ui.metrics import Metrics
from ui.streams import OpenStreams
from ui.waiting import BusyError, WaitingLine

logger = logging.getLogger(__name__)
MAX_PROBE_CHARACTERS = 300

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One collection being served."""

    settings: Settings
    answerer: Answerer
    conversations: ConversationStore
    metrics: Metrics
    limiter: ClientLimiter
    line: WaitingLine
    journal: Journal
    streams: OpenStreams = field(default_factory=OpenStreams, repr=False)
    beats: Beats = field(default_factory=Beats, repr=False)
    _ready: threading.Event = field(default_factory=threading.Event, repr=False)
    _probing: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def of(cls, answerer: Answerer) -> Site:
        """Wire a site around a ready bot, from the bot's settings."""
        settings, collection = answerer.settings, answerer.collection
        conversations = ConversationStore(
            max_conversations=settings.max_conversations, minutes=settings.conversation_minutes
        )
        return cls(
            settings=settings,
            answerer=answerer,
            conversations=conversations,
            metrics=Metrics(
                documents=len(collection.documents),
                passages=len(collection.passages),
                sentences=len(answerer.retriever.units),
                conversations=conversations.__len__,
            ),
            limiter=ClientLimiter(per_minute=settings.requests_per_minute),
            line=WaitingLine(at_once=settings.threads),
            journal=Journal(settings.questions_path, days=settings.keep_questions),
        )

    def ask(self, question: str, exchanges: Sequence[Exchange], door: str) -> Outcome:
        """Answer ``question`` after ``exchanges``, oldest first, in turn with everybody else's; blocks meanwhile.

        Raises:
            QuestionError: the question is empty, too long, or no text.
            BusyError: too many are waiting.
        """
        check_question(question)
        began = time.perf_counter()
        with self._place(door):
            outcome = self.line.submit(partial(self.answerer.answer, question, exchanges)).result()
        self.metrics.count(outcome, time.perf_counter() - began, door)
        return outcome

    async def ask_turns(self, turns: Sequence[str], exchanges: Sequence[Exchange], door: str) -> tuple[Exchange, ...]:
        """Answer ``turns`` one after another, each after those before it, without blocking the event loop.

        Returns the new exchanges.  Between two turns the questions of others get their turn.

        Raises:
            QuestionError, BusyError: as `ask`.
        """
        for turn in turns:
            check_question(turn)
        held = tuple(exchanges)
        with self._place(door):
            for turn in turns:
                began = time.perf_counter()
                outcome = await self._submitted(partial(self.answerer.answer, turn, held))
                self.metrics.count(outcome, time.perf_counter() - began, door)
                held = (*held, Exchange(question=turn, outcome=outcome))
        return held[len(exchanges) :]

    async def work(self, work: Callable[[], T]) -> T:
        """Do what needs the models or much time, in turn with the answering.

        Raises:
            BusyError: too many are waiting.
        """
        with self.line.place():
            return await self._submitted(work)

    def is_ready(self) -> bool:
        """Whether a real question, the collection's own first sentence, went through; once it did, none is asked."""
        with self._probing:
            if not self._ready.is_set():
                try:
                    self.answerer.answer(self._probe())
                    self._ready.set()
                except Exception:  # whatever it is, this site answers nobody
                    logger.exception("the site is not ready: the first sentence of its collection cannot be asked")
        return self._ready.is_set()

    async def probe(self) -> Outcome:
        """Ask the collection's own first sentence, in turn with everybody else's questions.

        Raises:
            BusyError: too many are waiting.
        """
        return await self.work(partial(self.answerer.answer, self._probe()))

    @contextmanager
    def _place(self, door: str) -> Iterator[None]:
        """Hold a place in line; whoever gets none is counted."""
        try:
            with self.line.place():
                yield
        except BusyError:
            self.metrics.count_turned_away(door)
            raise

    def _probe(self) -> str:
        passage = self.answerer.collection.passages[0]
        document = self.answerer.collection.document(passage.document_id)
        return document.words(passage.sentences[0])[:MAX_PROBE_CHARACTERS]

    async def _submitted(self, work: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self.line.submit(work))
