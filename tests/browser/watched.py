"""``memcon serve`` under watch: ``python watched.py [SERVE'S ARGUMENTS]``.

Beside serving, it answers on stdout what it is asked on stdin, one JSON value a line:

- ``{"find": [HEX, ...]}``: where in the process's memory each of the words stands. They come as the hexadecimal digits
  of their UTF-8, and the reply leaves them out, so that asking puts them nowhere.
- ``{"events": true}``: the connections and look-ups that were tried, the processes begun and the files opened for
  writing, before the address was said (``starting``) and since (``serving``).
"""

from __future__ import annotations

import gc
import json
import os
import sys
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any

NETWORK = frozenset(
    {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo",
     "socket.sendto", "socket.sendmsg", "urllib.Request", "http.client.connect", "subprocess.Popen", "os.system"}
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND

events: dict[str, list[str]] = {"starting": [], "serving": []}
current = events["starting"]


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    """Take down an event of the interpreter: it cannot be prevented from being told, nor the hook taken away."""
    if event in NETWORK:
        current.append(f"{event} {arguments!r}"[:300])
    elif event == "open" and isinstance(arguments[2], int) and arguments[2] & WRITING:
        current.append(f"open {arguments[0]!r}")


def find(words: list[str]) -> dict[str, list[str]]:
    """Return, by the word's digits, what holds a text with it, anywhere in the interpreter's memory."""
    gc.collect()
    needles = [bytes.fromhex(word) for word in words]
    decoded = [needle.decode() for needle in needles]
    own = {id(needle) for needle in (*needles, *decoded)}
    found: dict[str, list[str]] = {word: [] for word in words}
    for holder, text in _texts():
        if id(text) not in own:
            for word, as_bytes, as_text in zip(words, needles, decoded, strict=True):
                if (as_text in text) if isinstance(text, str) else (as_bytes in bytes(text)):
                    around = repr(text).replace(as_text, "…")[:200]
                    found[word].append(f"{type(holder).__module__}.{type(holder).__qualname__} holds {around}")
    return found


def _texts() -> Iterator[tuple[object, Any]]:
    """Yield every text with what holds it: the collector knows the holders only, texts being no containers."""
    frames = [frame for thread, frame in sys._current_frames().items() if thread != threading.get_ident()]
    for frame in frames:
        yield from ((frame, value) for value in _locals(frame) if isinstance(value, (str, bytes, bytearray)))
    for holder in gc.get_objects():
        for value in gc.get_referents(holder):
            if isinstance(value, (str, bytes, bytearray)):
                yield holder, value
            elif not gc.is_tracked(value):  # e.g. a dictionary or tuple of texts alone
                yield from ((value, v) for v in gc.get_referents(value) if isinstance(v, (str, bytes, bytearray)))


def _locals(frame: FrameType | None) -> Iterator[object]:
    while frame is not None:
        yield from frame.f_locals.values()
        frame = frame.f_back


def answer() -> None:
    """Answer what is asked on stdin, until it is closed."""
    for line in sys.stdin:
        question = json.loads(line)
        sys.stdout.write(json.dumps(find(question["find"]) if "find" in question else events) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Serve, under watch."""
    from ui import serving
    from ui.cli import main as memcon

    usual = serving.serve

    def serve(settings: Any, say: Any, progress: Any = None) -> None:
        def begin(line: str) -> None:
            global current
            current = events["serving"]
            say(line)
            threading.Thread(target=answer, daemon=True).start()

        usual(settings, begin, progress)

    serving.serve = serve
    sys.addaudithook(watch)
    memcon(["serve", *sys.argv[1:]])


if __name__ == "__main__":
    main()
