"""Progress bars: what takes long says so on stderr, and nowhere but in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any


def progress_bar(what: str) -> Callable[[int, int], None]:
    """Return a progress bar on stderr, drawn from the first call on."""
    bar: Any = None
    told = 0

    def report(done: int, n_all: int) -> None:
        nonlocal bar, told
        from tqdm import tqdm

        if bar is None:
            bar = tqdm(total=n_all, desc=what, file=sys.stderr, leave=False, disable=None, mininterval=0.5)
            told = 0
        bar.update(done - told)
        told = done
        if done >= n_all:
            bar.close()
            bar = None

    return report
