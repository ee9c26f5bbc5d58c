"""Recordings kept on disk: written beside and renamed, and the least recently used given up for new ones."""

from __future__ import annotations

import os
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

MAX_BYTES = 256 * 1024 * 1024
_ENDING = ".wav"
_DRAFT_ENDING = ".part"
_DRAFT_SECONDS = 600  # after which a draft is one that a power cut left


class Recordings:
    """A folder of WAV files by key; several servers may share it."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self._folder, self._max_bytes = folder, max_bytes
        self._lock = threading.Lock()

    def find(self, key: str) -> Path | None:
        """Return the recording of that key, None where there is none; it counts as used now."""
        path = self._folder / f"{key}{_ENDING}"
        if not path.is_file():
            return None
        with suppress(OSError):  # where the folder may only be read, nothing is given up either
            # The time of access is set by hand: file systems are often mounted so that reading does not.
            os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
        return path

    def keep(self, key: str, sound: bytes) -> Path:
        """Write a recording; it stays even where it alone exceeds the bound, since somebody is about to hear it.

        Raises:
            OSError: the folder cannot be written to.
        """
        path = self._folder / f"{key}{_ENDING}"
        self._folder.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=self._folder, suffix=_DRAFT_ENDING)
        draft = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(sound)
                file.flush()
                os.fsync(descriptor)  # else a power cut may leave the name without the sound
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        self._give_up(path)
        return path

    def _give_up(self, kept: Path) -> None:
        """Remove the least recently used until the rest fits, and drafts that nobody writes any more."""
        with self._lock:
            recordings: list[tuple[int, int, Path]] = []
            for path in self._folder.iterdir():
                with suppress(FileNotFoundError):  # another server's
                    stat = path.stat()
                    if path.suffix == _ENDING:
                        recordings.append((stat.st_atime_ns, stat.st_size, path))
                    elif path.suffix == _DRAFT_ENDING and time.time() - stat.st_mtime > _DRAFT_SECONDS:
                        path.unlink()
            n_bytes = sum(size for _, size, _ in recordings)
            for _, size, path in sorted(recordings):
                if n_bytes <= self._max_bytes:
                    return
                if path != kept:
                    path.unlink(missing_ok=True)
                    n_bytes -= size
