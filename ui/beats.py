"""When the server started, and how its own last question went."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """A question that the server asked itself: when, whether it went through, and how long it took (seconds)."""

    at: datetime
    well: bool
    seconds: float


@dataclass(slots=True, kw_only=True)
class Beats:
    """What is known of the server's own questions."""

    started: datetime = field(default_factory=lambda: datetime.now().astimezone())
    last: Beat | None = None
