"""Conversations in memory: found by an id that nobody guesses, bounded in number, length and age, and never stored."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from cachetools import TTLCache

from bot.answers import Exchange
from bot.errors import BotError

MAX_EXCHANGES = 20  # a follow-up leans on the last few
ID_BYTES = 24  # 192 random bits
SWEEP_SECONDS = 60.0  # an expired conversation is out of memory after as long again


class UnknownConversationError(BotError):
    """There is no conversation of that id: there never was, it was forgotten, or it expired."""


class ConversationStore:
    """Holds conversations until they are unused for ``minutes``, or more than ``max_conversations`` came after them.

    Only the newest ``max_exchanges`` of each are kept. An expired conversation goes even if nobody asks anything any
    more: a timer runs while there are any. Safe to use from many threads.
    """

    def __init__(
        self,
        *,
        max_conversations: int,
        minutes: float,
        max_exchanges: int = MAX_EXCHANGES,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._minutes = minutes
        self._max_exchanges = max_exchanges
        self._held: TTLCache[str, tuple[Exchange, ...]] = TTLCache(max_conversations, minutes * 60, clock)
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def __len__(self) -> int:
        with self._lock:
            return len(self._held)

    def open(self, exchanges: Sequence[Exchange] = ()) -> str:
        """Begin a conversation, with the ``exchanges`` it already has, and return its id."""
        conversation_id = secrets.token_urlsafe(ID_BYTES)
        with self._lock:
            self._keep(conversation_id, tuple(exchanges))
        return conversation_id

    def exchanges(self, conversation_id: str) -> tuple[Exchange, ...]:
        """Return a conversation's exchanges, oldest first.

        Raises:
            UnknownConversationError: there is no such conversation.
        """
        with self._lock:
            held = self._find(conversation_id)
            self._keep(conversation_id, held)
            return held

    def add(self, conversation_id: str, exchange: Exchange) -> None:
        """Add the newest exchange.

        Raises:
            UnknownConversationError: there is no such conversation.
        """
        with self._lock:
            self._keep(conversation_id, (*self._find(conversation_id), exchange))

    def forget(self, conversation_id: str) -> None:
        """Drop a conversation with all that was asked in it.

        Raises:
            UnknownConversationError: there is no such conversation.
        """
        with self._lock:
            self._find(conversation_id)
            with suppress(KeyError):  # it expired this very instant: gone all the same
                del self._held[conversation_id]

    def _find(self, conversation_id: str) -> tuple[Exchange, ...]:
        held = self._held.get(conversation_id)
        if held is None:
            raise UnknownConversationError(
                "there is no conversation of that id: one is forgotten on demand, "
                f"after {self._minutes:g} minutes without a question, or when {self._held.maxsize} newer ones are held"
            )
        return held

    def _keep(self, conversation_id: str, exchanges: tuple[Exchange, ...]) -> None:
        """Put a conversation last in both lines, that of age and that of use."""
        self._held[conversation_id] = exchanges[-self._max_exchanges :]
        if self._timer is None:
            self._start_timer()

    def _sweep(self) -> None:
        """Let go of what has expired, and come back while anything is left."""
        with self._lock:
            self._held.expire()
            self._timer = None
            if self._held:
                self._start_timer()

    def _start_timer(self) -> None:
        self._timer = threading.Timer(min(SWEEP_SECONDS, self._minutes * 60), self._sweep)
        self._timer.daemon = True
        self._timer.start()
