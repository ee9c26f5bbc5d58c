"""Settings: one frozen object, read once, at the top: from what is given, the environment, a file, the defaults."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import SettingsError
from embeddings.encoder import DEFAULT_ENCODER

SEEDS_PATH = Path(__file__).resolve().parent.parent / "seeds"
DATA_PATH = Path(__file__).resolve().parent / "models"
SYSTEM_PATH = Path("/etc/memcon.toml")  # read where it exists and no other file is named
FILE_VARIABLE = "MEMCON_SETTINGS"  # names a file of settings; without a name none is read, not even the system's
MAX_KEPT_DAYS = 365
MAX_KIOSK_SECONDS = 3600
_AT_LEAST_ONE = (
    "max_citations", "max_sentences", "max_words", "threads", "requests_per_minute", "max_conversations",
    "conversation_minutes",
)  # fmt: skip
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/\-]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set, and its default.

    ``min_answer_probability`` is the estimated probability (0 to 1) that the first quotation answers, below which
    memcon abstains: on the minutes' test split 0.20 costs 13 of 198 answerable questions their answer and silences 30
    of 62 unanswerable ones, 0.25 costs 19 and silences 31, 0.30 costs 27 and silences 38.  ``min_curated_similarity``
    (0 to 1, see `bot.curated`) is the likeness from which a question counts as a curated one.
    """

    collection_path: Path = SEEDS_PATH
    cache_path: Path = field(default_factory=lambda: Path.home() / ".cache" / "memcon")
    encoder: str = DEFAULT_ENCODER
    reader: bool = True  # read the best candidates with the reader model
    curated: bool = True  # use the collection's own questions.toml
    min_answer_probability: float = 0.2
    min_curated_similarity: float = 0.38
    max_citations: int = 3
    max_sentences: int = 5  # of one quotation
    max_words: int = 120  # of the quotations of an answer that is no list
    threads: int = 2
    host: str = "127.0.0.1"  # the address that `memcon serve` listens on
    port: int = 8000
    public_url: str = ""  # the address under which others reach this server: permalinks begin with it
    frame_ancestors: str = ""  # the sites that may show its pages in a frame, separated by blanks
    requests_per_minute: int = 240  # of one client, of the HTTP interface
    max_conversations: int = 1000  # held in memory; the one unused for longest is forgotten first
    speech: bool = True  # read quotations aloud, where espeak-ng is installed
    conversation_minutes: int = 30  # after which an unused conversation is forgotten
    kiosk: bool = False  # serve the kiosk's page alone: no other door leads out of it
    kiosk_idle_seconds: int = 90  # without a touch, after which a visitor is asked whether they still read
    kiosk_countdown_seconds: int = 30  # to say so, before the visit is ended; WCAG 2.2.1 asks for 20 at least
    state_path: Path = field(default_factory=lambda: Path.home() / ".local" / "state" / "memcon")
    keep_questions: int = 0  # days that the questions without an answer are kept for review; 0 keeps none

    def __post_init__(self) -> None:
        for name in ("min_answer_probability", "min_curated_similarity"):
            if not 0 <= getattr(self, name) <= 1:
                raise SettingsError(f"{name} = {getattr(self, name)}: must be between 0 and 1")
        for name in _AT_LEAST_ONE:
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} = {getattr(self, name)}: must be at least 1")
        if not 0 <= self.keep_questions <= MAX_KEPT_DAYS:
            raise SettingsError(
                f"keep_questions = {self.keep_questions}: must be between 0 and {MAX_KEPT_DAYS} days; 0 keeps none"
            )
        for name, least in (("kiosk_idle_seconds", 10), ("kiosk_countdown_seconds", 20)):
            if not least <= getattr(self, name) <= MAX_KIOSK_SECONDS:
                raise SettingsError(f"{name} = {getattr(self, name)}: must be {least} to {MAX_KIOSK_SECONDS} seconds")
        if not 0 <= self.port <= 65535:
            raise SettingsError(f"port = {self.port}: must be between 0 and 65535; 0 takes any free one")
        for name, addresses in (("public_url", [self.public_url]), ("frame_ancestors", self.frame_ancestors.split())):
            for address in addresses:
                if address and not _ADDRESS.fullmatch(address):
                    raise SettingsError(f"{name} = {address!r}: must look like https://museum.example")

    @property
    def index_path(self) -> Path:
        """Return the folder of the collection's index, one a collection folder."""
        place = hashlib.sha256(os.fsencode(self.collection_path.resolve())).hexdigest()[:12]
        return self.cache_path / "indexes" / f"{self.collection_path.resolve().name}-{place}"

    @property
    def questions_path(self) -> Path:
        """Return the folder in which questions without an answer are kept."""
        return self.state_path / "questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Settings, and of each by its name where its value was stated."""

    settings: Settings
    origins: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervisor:
    """The service manager that started this process: where it listens, and how long it waits for a sign of life."""

    address: str = ""  # of a socket; empty without a manager
    watchdog_seconds: float | None = None


def read_supervisor(environment: Mapping[str, str] | None = None) -> Supervisor:
    """Return the service manager that the environment names, as sd_notify(3) and sd_watchdog_enabled(3) say."""
    environment = os.environ if environment is None else environment
    meant = environment.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
    usec = environment.get("WATCHDOG_USEC", "")
    watched = meant and usec.isdecimal() and int(usec[:18]) > 0
    return Supervisor(
        address=environment.get("NOTIFY_SOCKET", ""), watchdog_seconds=int(usec[:18]) / 1_000_000 if watched else None
    )


def read_settings(
    environment: Mapping[str, str] | None = None, *, settings_path: Path | None = None, **given: object
) -> Settings:
    """Make settings of what is ``given``, ``MEMCON_*`` variables and a file, in this order; None means not given.

    Raises:
        SettingsError: the file cannot be read, or a variable or key is unknown or has a value that is not allowed.
    """
    return choose_settings(environment, settings_path=settings_path, **given).settings


def choose_settings(
    environment: Mapping[str, str] | None = None, *, settings_path: Path | None = None, **given: object
) -> Chosen:
    """Do what `read_settings` does, and say where each value comes from.

    The file is the one at ``settings_path``, else the one that ``MEMCON_SETTINGS`` names, else the system's.

    Raises:
        SettingsError: as `read_settings`.
    """
    environment = os.environ if environment is None else environment
    path = _file_of(environment, settings_path)
    layers = [
        *([(str(path), _read_file(path))] if path else []),
        ("environment", _read_environment(environment)),
        ("command line", {name: value for name, value in given.items() if value is not None}),
    ]
    values: dict[str, object] = {}
    origins = dict.fromkeys(Settings.__dataclass_fields__, "default")
    for origin, stated in layers:
        values |= stated
        origins |= dict.fromkeys(stated, origin)
    return Chosen(settings=Settings(**values), origins=origins)  # type: ignore[arg-type]


def _file_of(environment: Mapping[str, str], settings_path: Path | None) -> Path | None:
    """Return the file that counts, None where there is none."""
    if settings_path is not None:
        return settings_path
    if FILE_VARIABLE in environment:
        named = environment[FILE_VARIABLE]
        return Path(named) if named else None
    return SYSTEM_PATH if SYSTEM_PATH.exists() else None


def _read_file(path: Path) -> dict[str, object]:
    """Read a file of settings; every mistake in it is told with its name, whatever counts for more than it."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(
            f"{path}: the settings cannot be read ({error.strerror}); name another file with --settings"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{path}: is not TOML in UTF-8: {error}") from error
    fields = Settings.__dataclass_fields__
    stated: dict[str, object] = {}
    for name, value in values.items():
        if name not in fields:
            raise SettingsError(f"{path}: {name} = {value!r}: is no setting; there are {', '.join(fields)}")
        stated[name] = _take(path, name, value, str(fields[name].type))
    try:
        Settings(**stated)  # type: ignore[arg-type]
    except SettingsError as error:
        raise SettingsError(f"{path}: {error}") from error
    return stated


def _take(path: Path, name: str, value: object, kind: str) -> object:
    """Take a value of a file; a folder that is not absolute stands beside the file."""
    if kind == "Path" and isinstance(value, str) and value.strip():
        try:
            return path.resolve().parent / Path(value).expanduser()
        except (RuntimeError, ValueError) as error:  # ~somebody has no home here
            raise SettingsError(f"{path}: {name} = {value!r}: must be {_WANTED[kind]}") from error
    if kind == "float" and type(value) in (int, float):
        return float(value)  # type: ignore[arg-type]
    if kind in ("bool", "int", "str") and type(value).__name__ == kind:
        return value
    raise SettingsError(f"{path}: {name} = {value!r}: must be {_WANTED[kind]}")


def _read_environment(environment: Mapping[str, str]) -> dict[str, object]:
    fields = Settings.__dataclass_fields__
    values: dict[str, object] = {}
    for variable, text in sorted(environment.items()):
        if not variable.startswith("MEMCON_") or variable == FILE_VARIABLE:
            continue
        name = variable.removeprefix("MEMCON_").lower()
        if name not in fields:
            known = ", ".join((*(f"MEMCON_{field_name.upper()}" for field_name in fields), FILE_VARIABLE))
            raise SettingsError(f"{variable} = {text!r}: is no setting; there are {known}")
        values[name] = _convert(variable, text, str(fields[name].type))
    return values


_WANTED = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "Path": "a folder",
    "str": "text between quotation marks",
}


def _convert(variable: str, text: str, kind: str) -> object:
    try:
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
        if kind == "Path" and text.strip():
            return Path(text).expanduser()
        return {"int": int, "float": float, "str": str}[kind](text)
    except (KeyError, ValueError, RuntimeError) as error:  # RuntimeError: ~somebody has no home here
        raise SettingsError(f"{variable} = {text!r}: must be {_WANTED[kind]}") from error
