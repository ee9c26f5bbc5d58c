"""The line before the answering: so many at once, so many waiting, and whoever comes after that comes back later."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from bot.errors import BotError

N_WAITING = 64  # the last of them waits about five seconds on two cores, as long as a visitor will
RETRY_SECONDS = 5

T = TypeVar("T")


class BusyError(BotError):
    """Too many are waiting already."""


class WaitingLine:
    """Runs work in ``at_once`` threads; at most ``waiting`` callers more may stand in line, which costs no thread."""

    def __init__(self, *, at_once: int, waiting: int = N_WAITING) -> None:
        self._workers = ThreadPoolExecutor(max_workers=at_once, thread_name_prefix="answering")
        self._most = at_once + waiting
        self._inside = 0
        self._lock = threading.Lock()

    @property
    def n_inside(self) -> int:
        """Return how many places are taken."""
        return self._inside

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place in line; whoever holds one may submit one piece of work after another.

        Raises:
            BusyError: all places are taken.
        """
        with self._lock:
            if self._inside >= self._most:
                raise BusyError(
                    f"{self._inside} questions are being answered or waiting, and {self._most} is the most; "
                    f"ask again in {RETRY_SECONDS} seconds"
                )
            self._inside += 1
        try:
            yield
        finally:
            with self._lock:
                self._inside -= 1

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Have ``work`` done in its turn, by the caller's place in line."""
        return self._workers.submit(work)
