"""Speak with the service manager that started this process (sd_notify(3)): ready, alive, still loading, stopping."""

from __future__ import annotations

import contextlib
import logging
import socket

from bot.settings import Supervisor
from embeddings.encoder import Progress

SECONDS_TO_LOAD = 120  # more time asked for whenever an index has grown while the process starts
SECONDS_TO_TELL = 1.0  # a manager that does not listen holds nobody up for longer
logger = logging.getLogger(__name__)


class Supervision:
    """Tells the service manager how the process fares; without one it tells nobody.

    ``seconds`` is the time between two signs of life after which the manager would start the process anew, None where
    it watches for none.
    """

    def __init__(self, supervisor: Supervisor) -> None:
        self.seconds = supervisor.watchdog_seconds
        address = supervisor.address
        self._address = f"\0{address[1:]}" if address.startswith("@") else address

    def ready(self, status: str) -> None:
        """Tell that a real question went through."""
        self._tell(f"READY=1\nSTATUS={_line(status)}")

    def alive(self) -> None:
        """Give a sign of life."""
        self._tell("WATCHDOG=1")

    def loading(self, status: str) -> None:
        """Ask for more time to start."""
        self._tell(f"EXTEND_TIMEOUT_USEC={SECONDS_TO_LOAD * 1_000_000}\nSTATUS={_line(status)}")

    def stopping(self) -> None:
        """Tell that the process ends as it was told to."""
        self._tell("STOPPING=1")

    def while_loading(self, progress: Progress | None) -> Progress:
        """Return ``progress`` that asks for more time as well."""

        def report(n_done: int, n_all: int) -> None:
            self.loading(f"building the index: {n_done} of {n_all} texts")
            if progress:
                progress(n_done, n_all)

        return report

    def _tell(self, message: str) -> None:
        if not self._address:
            return
        try:
            with contextlib.closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)) as told:
                told.settimeout(SECONDS_TO_TELL)
                told.connect(self._address)
                told.sendall(message.encode())
        except OSError as error:  # a manager that is gone ends nobody's visit
            logger.warning("the service manager at %r cannot be told (%s)", self._address, error.strerror or error)


def _line(text: str) -> str:
    return " ".join(text.split())
