"""Questions that got no answer, kept for the curator's review where the settings ask for it, and for so many days.

A line holds a question, its language, why it got no answer, and the day: no time of day and no visit.  The lines of a
day are kept in the order of their letters, so that nothing tells which question followed which.
"""

from __future__ import annotations

import json
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from bot.answers import Abstention, Outcome, Reason

MAX_DAY_BYTES = 1024 * 1024  # some ten thousand questions; what comes after them that day is not kept
LOCK_SECONDS = 5.0
_NAME = re.compile(r"questions-(\d{4}-\d{2}-\d{2})\.jsonl")
_BESIDE = ".questions-"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A question as it was kept; ``language`` is that of the page it was asked on, where one is known."""

    question: str
    language: str | None
    reason: Reason
    day: date


class Journal:
    """Keeps questions without an answer for ``days`` days in files of ``folder``; with 0 days it keeps none.

    What cannot be written is told to the log, without the question, and is lost: visitors never wait for a disk.
    """

    def __init__(self, folder: Path, *, days: int, today: Callable[[], date] = date.today) -> None:
        self._folder, self._days, self._today = folder, days, today
        self._writer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal") if days else None
        self.n_lost = 0
        self.sweep()

    def keep(self, outcome: Outcome, language: str | None) -> None:
        """Keep the question of an abstention, in time; an answer leaves nothing."""
        if self._writer is None or not isinstance(outcome, Abstention):
            return
        kept = Unanswered(question=outcome.question, language=language, reason=outcome.reason, day=self._today())
        self._writer.submit(self._write, kept)

    def sweep(self) -> None:
        """Delete the days that are over; without any days to keep, all of them."""
        try:
            if self._folder.is_dir():
                with _lock(self._folder):
                    for path in _beside(self._folder):
                        path.unlink(missing_ok=True)  # of a process that was killed while it wrote
                    for path, day in _days(self._folder):
                        if self._days == 0 or day <= self._today() - timedelta(days=self._days):
                            path.unlink(missing_ok=True)
        except (OSError, Timeout) as error:
            logger.warning("%s: days that are over cannot be deleted (%s)", self._folder, _why(error))

    def close(self) -> None:
        """Write what is still to be written."""
        if self._writer is not None:
            self._writer.shutdown()

    def _write(self, kept: Unanswered) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _lock(self._folder):
                path = self._folder / f"questions-{kept.day.isoformat()}.jsonl"
                lines = path.read_bytes().splitlines() if path.exists() else []
                line = _line(kept)
                if sum(map(len, lines)) + len(line) > MAX_DAY_BYTES:
                    raise OSError(f"more than {MAX_DAY_BYTES} bytes in one day")
                _replace(path, sorted([*lines, line]), kept.day)
        except (OSError, Timeout) as error:
            self.n_lost += 1
            logger.warning("%s: a question could not be kept (%s)", self._folder, _why(error))


def read_unanswered(folder: Path) -> list[Unanswered]:
    """Return the questions kept in ``folder``, by days; lines that are none are told to the log and left out.

    Raises:
        OSError: a file cannot be read.
    """
    found: list[Unanswered] = []
    for path, day in _days(folder):
        lines = path.read_bytes().splitlines()
        read = [kept for kept in (_read_line(line, day) for line in lines) if kept is not None]
        if len(read) < len(lines):
            logger.warning("%s: %d line(s) are no question and were left out", path, len(lines) - len(read))
        found += read
    return found


def forget(folder: Path, is_forgotten: Callable[[str], bool]) -> int:
    """Delete the questions for which ``is_forgotten`` holds, and return how many they were.

    Raises:
        OSError: a file cannot be written, or somebody else holds the folder for too long; it is as it was.
    """
    n_forgotten = 0
    if not folder.is_dir():
        return 0
    try:
        with _lock(folder):
            for path, day in _days(folder):
                lines = path.read_bytes().splitlines()
                left = [
                    line for line in lines if (kept := _read_line(line, day)) is None or not is_forgotten(kept.question)
                ]
                n_forgotten += len(lines) - len(left)
                if not left:
                    path.unlink()
                elif len(left) < len(lines):
                    _replace(path, left, day)
    except Timeout as error:
        raise OSError(f"{folder}: {_why(error)}") from error
    return n_forgotten


def _days(folder: Path) -> Iterator[tuple[Path, date]]:
    """Yield the files of days, oldest first; what else lies in the folder is left alone."""
    for path in sorted(folder.glob("questions-*.jsonl")):
        named = _NAME.fullmatch(path.name)
        if named:
            try:
                yield path, date.fromisoformat(named[1])
            except ValueError:
                logger.warning("%s: is named after no day and was left alone", path)


def _beside(folder: Path) -> Iterator[Path]:
    return folder.glob(f"{_BESIDE}*")


def _lock(folder: Path) -> FileLock:
    return FileLock(folder / ".lock", timeout=LOCK_SECONDS, mode=0o600)


def _line(kept: Unanswered) -> bytes:
    fields = asdict(kept) | {"reason": kept.reason.value, "day": kept.day.isoformat()}
    return json.dumps(fields, ensure_ascii=True, sort_keys=True).encode()  # ASCII: no line break but the line's end


def _read_line(line: bytes, day: date) -> Unanswered | None:
    try:
        fields = json.loads(line)
        question, language = fields["question"], fields["language"]
        if not isinstance(question, str) or not (language is None or isinstance(language, str)):
            return None
        return Unanswered(question=question, language=language, reason=Reason(fields["reason"]), day=day)
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _replace(path: Path, lines: Sequence[bytes], day: date) -> None:
    """Write the lines beside the file and put them in its place; the file's time is the beginning of its day."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_BESIDE)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(line + b"\n" for line in lines)
            file.flush()
            os.fsync(file.fileno())
        midnight = datetime(day.year, day.month, day.day).timestamp()
        os.utime(beside, (midnight, midnight))
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _why(error: Exception) -> str:
    if isinstance(error, Timeout):
        return f"somebody else has held it for {LOCK_SECONDS:g} seconds"
    return getattr(error, "strerror", None) or str(error)
