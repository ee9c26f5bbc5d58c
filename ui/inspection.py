"""Inspect the machine of a kiosk: programs, units, page, disk, clock; what is missing, and what mends it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

from bot.doctor import Finding, look
from bot.errors import BotError
from bot.settings import Settings
from embeddings.collection import load_collection
from ui.kiosk import KIOSK_PATH
from ui.languages import DEFAULT_LANGUAGE, LANGUAGES, translation
from ui.synthesiser import find_synthesiser
from ui.talking import VISIT_HEADER

MIN_DISK = 500 * 1024 * 1024  # bytes; an encoder, an index and their successors take half of it
MIN_MEMORY = 1024 * 1024 * 1024  # bytes to spare for server and browser; measured: 0.7 and 0.4 GB
LONGEST_IDLE = 300  # seconds; after more of them the next visitor meets the last one's questions
PATIENCE_SECONDS = 20
LOOPBACK = ("127.0.0.1", "localhost", "::1")
UNITS = ("memcon.service", "kiosk.service")
SETUP = "Run 'memcon kiosk-setup DIR' and follow the README.md that it writes"


class InspectionError(BotError):
    """Something that a kiosk needs is missing; the message names the next command."""


def inspect(settings: Settings, root: Path = Path("/")) -> Iterator[Finding]:
    """Look at everything that a kiosk needs beside the answers, one finding each; ``root`` holds etc, proc and sys."""
    yield look("kiosk settings", lambda: _settings(settings))
    yield look("kiosk page", lambda: _page(settings))
    yield look("languages", _languages)
    yield look("read aloud", lambda: _speech(settings))
    yield look("browser", lambda: _program("chromium", "shows the page"))
    yield look("screen", lambda: _program("cage", "puts the browser on the screen"))
    yield look("fonts", _fonts)
    for unit in UNITS:
        yield look(unit, lambda unit=unit: _unit(unit, root))  # type: ignore[misc]
    yield look("blanking", lambda: _blanking(root))
    yield look("clock", _clock)
    yield look("disk", lambda: _disk(settings))
    yield look("memory", lambda: _memory(root))
    yield look("network", lambda: _network(root))


def _settings(settings: Settings) -> str:
    if not settings.kiosk:
        raise InspectionError(f"kiosk = false: the server has other doors than the kiosk's; set kiosk = true. {SETUP}")
    if settings.host not in LOOPBACK:
        raise InspectionError(
            f"host = {settings.host!r}: other machines could reach the kiosk; set host = {LOOPBACK[0]!r} "
            f"in the file of settings"
        )
    if settings.kiosk_idle_seconds > LONGEST_IDLE:
        raise InspectionError(
            f"kiosk_idle_seconds = {settings.kiosk_idle_seconds}: the next visitor meets the last one's questions; "
            f"set at most {LONGEST_IDLE}"
        )
    return (
        f"no other door, this machine only; {settings.kiosk_idle_seconds} s without a touch, then "
        f"{settings.kiosk_countdown_seconds} s to go on"
    )


def _page(settings: Settings) -> str:
    """Ask the running server the words with which the collection begins, as its page would."""
    document = load_collection(settings.collection_path).documents[0]
    question = f"“{document.words(document.blocks[0].sentences[0])[:200]}”"
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=PATIENCE_SECONDS)
    began = time.perf_counter()
    try:
        status, _, _ = _send(connection, "GET", KIOSK_PATH)
        asked = {"question": question, "visit": None, "language": DEFAULT_LANGUAGE}
        answered, visit, fragment = _send(connection, "POST", f"{KIOSK_PATH}/ask", asked)
        if visit:
            _send(connection, "POST", f"{KIOSK_PATH}/end", {"visit": visit, "language": DEFAULT_LANGUAGE})
    except (OSError, http.client.HTTPException) as error:
        raise InspectionError(
            f"http://{settings.host}:{settings.port}{KIOSK_PATH} does not answer ({error}). "
            f"Run 'systemctl restart memcon' and 'journalctl -u memcon', or 'memcon serve --kiosk'"
        ) from error
    finally:
        connection.close()
    if (status, answered) != (200, 200) or not fragment:
        raise InspectionError(
            f"{KIOSK_PATH} answers with {status}, a question with {answered}. Run 'journalctl -u memcon'"
        )
    return f"a real question went through in {time.perf_counter() - began:.1f} s"


def _send(
    connection: http.client.HTTPConnection, method: str, path: str, body: dict[str, str | None] | None = None
) -> tuple[int, str | None, bytes]:
    headers = {"Content-Type": "application/json"} if body is not None else {}
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    response = connection.getresponse()
    return response.status, response.headers.get(VISIT_HEADER), response.read()


def _languages() -> str:
    for language in LANGUAGES:
        if language != DEFAULT_LANGUAGE and not isinstance(translation(language), GNUTranslations):
            raise InspectionError(
                f"the catalogue of {language!r} is missing. Run 'pip install --force-reinstall memcon'"
            )
    return ", ".join(LANGUAGES)


def _speech(settings: Settings) -> str:
    if not settings.speech:
        return "switched off (speech = false)"
    found = find_synthesiser()
    spoken = load_collection(settings.collection_path).documents[0].fields.get("language", DEFAULT_LANGUAGE)
    if spoken.lower() not in found.languages and spoken.lower().partition("-")[0] not in found.languages:
        raise InspectionError(f"espeak-ng has no voice for the record's language {spoken!r}. See 'espeak-ng --voices'")
    return found.version


def _program(name: str, purpose: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise InspectionError(f"{name}, which {purpose}, is not installed. Run 'apt-get install {name}'")
    return found


def _fonts() -> str:
    """Look for a font that has Cyrillic letters."""
    if not _said("fc-list", ":lang=ru", "family").strip():
        raise InspectionError("no font has Cyrillic letters. Run 'apt-get install fonts-noto-core'")
    return "Cyrillic letters are there"


def _unit(unit: str, root: Path) -> str:
    path = root / "etc/systemd/system" / unit
    if not path.is_file():
        raise InspectionError(f"{path}: is not there. {SETUP}")
    state = _said("systemctl", f"--root={root}", "is-enabled", unit).strip()
    if state != "enabled":
        raise InspectionError(
            f"{state or 'unknown to systemd'}: does not start by itself. Run 'systemctl enable {unit}'"
        )
    return "starts by itself"


def _blanking(root: Path) -> str:
    path = root / "sys/module/kernel/parameters/consoleblank"
    seconds = path.read_text(encoding="ascii").strip() if path.is_file() else "0"
    if seconds not in ("0", ""):
        raise InspectionError(
            f"the console goes dark after {seconds} s; put consoleblank=0 on the kernel's command line"
        )
    return "the console does not go dark by itself"


def _clock() -> str:
    """Look whether the clock is behind this very file: such a one has lost its battery."""
    behind = Path(__file__).stat().st_mtime - time.time()
    if behind > 24 * 3600:
        raise InspectionError(f"is {behind / 86400:.0f} days behind this installation. Run 'timedatectl set-time'")
    return time.strftime("%Y-%m-%d %H:%M")


def _disk(settings: Settings) -> str:
    folder = next(path for path in (settings.cache_path, *settings.cache_path.absolute().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    if free < MIN_DISK:
        raise InspectionError(f"{folder}: {free // 2**20} MB are free; at least {MIN_DISK // 2**20} MB are needed")
    writable = os.access(folder, os.W_OK)
    if not writable and not settings.index_path.is_dir():
        raise InspectionError(
            f"{folder}: cannot be written and holds no index. Run 'memcon index' as a user who may write there"
        )
    return f"{free // 2**20} MB free in {folder}" + ("" if writable else ", read-only, the index is there")


def _memory(root: Path) -> str:
    path = root / "proc/meminfo"
    values = dict(line.split(":", 1) for line in path.read_text(encoding="ascii").splitlines() if ":" in line)
    free = int(values["MemAvailable"].split()[0]) * 1024
    if free < MIN_MEMORY:
        raise InspectionError(f"{free // 2**20} MB are free; server and browser need {MIN_MEMORY // 2**20} MB")
    return f"{free // 2**20} MB free"


def _network(root: Path) -> str:
    """Say whether there is a way out; memcon needs none."""
    path = root / "proc/net/route"
    lines = path.read_text(encoding="ascii").splitlines()[1:] if path.is_file() else []
    out = [line.split()[0] for line in lines if line.split()[1:2] == ["00000000"]]
    return (
        f"there is a way out by {', '.join(sorted(set(out)))}; memcon needs none" if out else "no way out: as it should"
    )


def _said(*command: str) -> str:
    """Return what a program says on stdout, whatever its exit code.

    Raises:
        InspectionError: it is not there, or does not end.
    """
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False).stdout
    except (OSError, subprocess.SubprocessError) as error:
        package = {"fc-list": "fontconfig", "systemctl": "systemd"}.get(command[0], command[0])
        raise InspectionError(f"{command[0]} does not answer ({error}). Run 'apt-get install {package}'") from error
