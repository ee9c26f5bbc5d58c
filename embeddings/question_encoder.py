"""The question encoder: it puts a question beside the sentences that answer it, and beside questions of the same.

Encoders put a question beside what resembles it; what answers it often stands elsewhere.  A copy of the default
encoder, fine-tuned on questions over minutes, encodes questions; passages keep the vectors of the original.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path

from embeddings.encoder import Encoder, OnnxEncoder, Progress, Vectors
from embeddings.errors import EncoderError

QUESTION_ENCODER_PATH = Path(__file__).parent / "question-encoder"
EncodeTexts = Callable[[Sequence[str], Progress | None], Vectors]


class AskedEncoder:
    """An encoder whose questions are encoded by a model of their own, of that ``fingerprint``."""

    def __init__(self, encoder: Encoder, encode_questions: EncodeTexts, fingerprint: str) -> None:
        self.name = encoder.name
        self.dim = encoder.dim
        self.languages = encoder.languages
        self.known_words = encoder.known_words
        self.fingerprint = hashlib.sha256(f"{encoder.fingerprint} {fingerprint}".encode()).hexdigest()
        self._encode = encoder.encode
        self._encode_questions = encode_questions

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode passages: float32, (n_texts, dim), unit rows."""
        return self._encode(texts, progress)

    def encode_questions(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Encode questions: float32, (n_texts, dim), unit rows."""
        return self._encode_questions(texts, progress)


def add_question_encoder(encoder: Encoder, folder: Path = QUESTION_ENCODER_PATH, *, threads: int = 2) -> AskedEncoder:
    """Return ``encoder`` with the fine-tuned copy in ``folder`` for its questions.

    Raises:
        EncoderError: a file is missing or damaged, or was made for another encoder.
    """
    try:
        card = folder / "encoder.json"
        try:
            about = json.loads(card.read_text(encoding="utf-8"))
            made_for, recorded = str(about["made_for"]), str(about["fingerprint"])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{card.name}: {error!r}") from error
        if made_for != encoder.fingerprint:
            raise ValueError(f"it was made for weights {made_for}, these are {encoder.fingerprint}")
        digest = hashlib.sha256((folder / "encoder.onnx").read_bytes()).hexdigest()
        if digest != recorded:
            raise ValueError(f"encoder.onnx has sha256 {digest}, expected {recorded}")
        questions = OnnxEncoder(folder, threads=threads)
    except (OSError, ValueError, EncoderError) as error:
        cause = error.__cause__ if isinstance(error, EncoderError) else error
        raise EncoderError(
            f"{folder}: the question encoder cannot be loaded ({cause}). Install memcon again"
        ) from error
    return AskedEncoder(encoder, questions.encode, questions.fingerprint)
