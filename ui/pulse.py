"""What the server does by itself: asks itself a real question, tells that it lives, and ends the days that are over."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import date, datetime

from ui.beats import Beat
from ui.site import Site
from ui.supervision import Supervision
from ui.waiting import BusyError

SECONDS = 60.0  # between two questions where nobody watches
PER_WATCH = 3  # questions in the time after which a service manager would lose patience
logger = logging.getLogger(__name__)


class Pulse:
    """Asks the collection's first sentence every so often, by the way that visitors' questions take.

    A sign of life is given when it went through; one that found the line full counts as well, if others' questions
    went through since the last one.
    """

    def __init__(self, site: Site, supervision: Supervision, *, today: Callable[[], date] = date.today) -> None:
        self._site, self._supervision, self._today = site, supervision, today
        self._day = today()
        self._n_asked = 0.0
        self.seconds = supervision.seconds / PER_WATCH if supervision.seconds else SECONDS

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            await self.beat()
            await asyncio.sleep(self.seconds)

    async def beat(self) -> Beat:
        """Ask, tell, and tidy up, once."""
        began = time.perf_counter()
        well = await self._asked()
        beat = Beat(at=datetime.now().astimezone(), well=well, seconds=time.perf_counter() - began)
        if well:
            self._supervision.alive()
        self._site.beats.last = beat
        if self._day != self._today():
            self._day = self._today()
            await asyncio.to_thread(self._site.journal.sweep)
        return beat

    async def _asked(self) -> bool:
        n_before, self._n_asked = self._n_asked, self._site.metrics.n_outcomes()
        try:
            await self._site.probe()
        except BusyError:
            return self._n_asked > n_before
        except Exception:  # whatever it is, visitors would meet it too
            logger.exception("the server's own question did not go through")
            return False
        return True
