"""Settings: one frozen object, read from the environment once, at the top."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import SettingsError
from embeddings.encoder import DEFAULT_ENCODER

SEEDS_PATH = Path(__file__).resolve().parent.parent / "seeds"
DATA_PATH = Path(__file__).resolve().parent / "models"
_AT_LEAST_ONE = (
    "max_citations", "max_sentences", "max_words", "threads", "requests_per_minute", "max_conversations",
    "conversation_minutes",
)  # fmt: skip
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.\-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~/\-]*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What can be set, and its default.

    ``min_answer_probability`` is the estimated probability (0 to 1) that the first quotation answers, below which
    memcon abstains: on the minutes' test split 0.15 costs 29 of 198 answerable questions their answer and silences 25
    of 62 unanswerable ones, 0.20 costs 44 and silences 33.  ``min_curated_similarity`` (0 to
    1, half cosine, half letters) is the likeness from which a question counts as a curated one: chosen by asking one
    curator's questions of a collection that carried only the others'.
    """

    collection_path: Path = SEEDS_PATH
    cache_path: Path = field(default_factory=lambda: Path.home() / ".cache" / "memcon")
    encoder: str = DEFAULT_ENCODER
    reader: bool = True  # read the best candidates with the reader model
    curated: bool = True  # use the collection's own questions.toml
    min_answer_probability: float = 0.15
    min_curated_similarity: float = 0.40
    max_citations: int = 3
    max_sentences: int = 5  # of one quotation
    max_words: int = 75  # of the quotations of an answer that is no list
    threads: int = 2
    host: str = "127.0.0.1"  # the address that `memcon serve` listens on
    port: int = 8000
    public_url: str = ""  # the address under which others reach this server: permalinks begin with it
    frame_ancestors: str = ""  # the sites that may show its pages in a frame, separated by blanks
    requests_per_minute: int = 240  # of one client, of the HTTP interface
    max_conversations: int = 1000  # held in memory; the one unused for longest is forgotten first
    speech: bool = True  # read quotations aloud, where espeak-ng is installed
    conversation_minutes: int = 30  # after which an unused conversation is forgotten

    def __post_init__(self) -> None:
        for name in ("min_answer_probability", "min_curated_similarity"):
            if not 0 <= getattr(self, name) <= 1:
                raise SettingsError(f"{name} = {getattr(self, name)}: must be between 0 and 1")
        for name in _AT_LEAST_ONE:
            if getattr(self, name) < 1:
                raise SettingsError(f"{name} = {getattr(self, name)}: must be at least 1")
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


def read_settings(environment: Mapping[str, str] | None = None, **given: object) -> Settings:
    """Make settings of ``MEMCON_*`` variables and what is ``given``, which counts for more; None means not given.

    Raises:
        SettingsError: a variable is unknown, or its value is not of the setting's kind.
    """
    environment = os.environ if environment is None else environment
    fields = Settings.__dataclass_fields__
    values: dict[str, object] = {}
    for variable, text in sorted(environment.items()):
        if not variable.startswith("MEMCON_"):
            continue
        name = variable.removeprefix("MEMCON_").lower()
        if name not in fields:
            known = ", ".join(f"MEMCON_{field_name.upper()}" for field_name in fields)
            raise SettingsError(f"{variable} = {text!r}: is no setting; there are {known}")
        values[name] = _convert(variable, text, str(fields[name].type))
    values |= {name: value for name, value in given.items() if value is not None}
    return Settings(**values)  # type: ignore[arg-type]


def _convert(variable: str, text: str, kind: str) -> object:
    try:
        if kind == "bool":
            return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}[text.lower()]
        if kind == "Path" and text.strip():
            return Path(text).expanduser()
        return {"int": int, "float": float, "str": str}[kind](text)
    except (KeyError, ValueError, RuntimeError) as error:  # RuntimeError: ~somebody has no home here
        wanted = {"bool": "true or false", "int": "a whole number", "float": "a number", "Path": "a folder"}[kind]
        raise SettingsError(f"{variable} = {text!r}: must be {wanted}") from error
