"""Drafts: folders in which something is written before it takes its place, and whole at once.

A draft bears the number of the process that writes it, so that those of processes that were killed can be told and
removed; nothing else is ever left of them.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NAME = re.compile(r"\.draft-(\d{1,10})-\w+")
_open: set[Path] = set()  # drafts of this very process, whose number may have been a killed one's


@contextmanager
def draft_folder(parent: Path) -> Iterator[Path]:
    """Make an empty folder in ``parent``, to be filled and moved away; what is left of it is removed.

    Raises:
        OSError: it cannot be made.
    """
    parent.mkdir(parents=True, exist_ok=True)
    clear_drafts(parent)
    folder = Path(tempfile.mkdtemp(dir=parent, prefix=f".draft-{os.getpid()}-"))
    _open.add(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        _open.discard(folder)


def clear_drafts(parent: Path) -> None:
    """Remove the drafts in ``parent`` whose processes are gone; where nothing may be removed, they stay."""
    with suppress(OSError):
        for folder in parent.glob(".draft-*"):
            named = _NAME.fullmatch(folder.name)
            if named and folder not in _open and not _runs(int(named[1])):
                shutil.rmtree(folder, ignore_errors=True)


def _runs(process_id: int) -> bool:
    if process_id == os.getpid():
        return False  # and the draft is none of this process: one with the same number was killed
    try:
        os.kill(process_id, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is somebody else's
        return True
    return True
