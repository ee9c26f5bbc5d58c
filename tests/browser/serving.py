"""``memcon serve`` in a process of its own, as visitors meet it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

SECONDS_TO_START = 600  # the first start may build an index, on a busy machine
SECONDS_TO_END = 30
SERVE = ("-m", "ui.cli", "serve")


class Server:
    """A server on a free port of this machine, or on ``port``; leaving the context ends it.

    Its working and temporary folders are new ones of its own, and whatever it says goes into a log.
    """

    def __init__(
        self,
        cache_path: Path,
        *,
        collection_path: Path | None = None,
        port: int = 0,
        command: Sequence[str] = SERVE,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="served-")
        self.folder = Path(self._folder.name)
        (self.folder / "tmp").mkdir()
        self._log = (self.folder.parent / f"{self.folder.name}.log").open("w+", encoding="utf-8")
        self._told = ""
        chosen = ("--collection", str(collection_path)) if collection_path else ()
        self.process = subprocess.Popen(
            [sys.executable, *command, "--port", str(port), *chosen],
            cwd=self.folder,
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("MEMCON_")},
                "MEMCON_CACHE_PATH": str(cache_path),
                "MEMCON_REQUESTS_PER_MINUTE": "100000",
                "TMPDIR": str(self.folder / "tmp"),
                **(environment or {}),
            },
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            encoding="utf-8",
        )
        self.address = self._read_address()
        self.port = int(self.address.rstrip("/").rpartition(":")[2])

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def log(self) -> str:
        """Return what the server wrote to its stderr."""
        return self._told if self._log.closed else Path(self._log.name).read_text(encoding="utf-8")

    def stop(self, seconds: float = SECONDS_TO_END) -> int:
        """Tell the server to stop, as a service manager does, and return its exit code.

        Raises:
            subprocess.TimeoutExpired: it runs on; it is killed.
        """
        try:
            if self.process.poll() is None:
                self.process.terminate()
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self._clean()

    def _read_address(self) -> str:
        late = threading.Timer(SECONDS_TO_START, self.process.kill)
        late.start()
        try:
            line = self.process.stdout.readline()
        finally:
            late.cancel()
            late.join()
        found = re.search(r"http://127\.0\.0\.1:[0-9]+/", line)  # a title before it may hold any other
        if found is None:
            log = self.log()
            self.stop()
            raise RuntimeError(f"the server said {line!r} in place of its address, and on stderr:\n{log}")
        return found[0]

    def _clean(self) -> None:
        if self._log.closed:
            return
        self._told = self.log()
        for pipe in (self.process.stdin, self.process.stdout, self._log):
            pipe.close()
        Path(self._log.name).unlink()
        self._folder.cleanup()
