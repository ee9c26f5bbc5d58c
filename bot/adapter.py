"""The question adapter: turns a question's vector towards the sentences that answer such questions.

Encoders put a question beside what resembles it; what answers it often stands elsewhere.  One matrix, learned on
questions over minutes, moves the question; the passages' vectors stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from bot.errors import ModelError
from embeddings.encoder import Encoder, Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAdapter:
    """``v' = v + v A``, of unit length; ``matrix``: float32, (dim, dim); ``encoder``: the only one it was made for."""

    matrix: Vectors
    encoder: str

    def adapt(self, vector: Vectors) -> Vectors:
        """Return the vector to search with: float32, (dim,), unit; ``vector``: a question's encoding, the same."""
        moved = vector + vector @ self.matrix
        return np.asarray(moved / max(float(np.linalg.norm(moved)), 1e-12), dtype=np.float32)

    def save(self, path: Path) -> None:
        """Write it to ``path``, an npz file, in half precision."""
        with path.open("wb") as file:
            np.savez_compressed(file, matrix=self.matrix.astype(np.float16), encoder=np.array(self.encoder))


def load_adapter(path: Path, encoder: Encoder) -> QuestionAdapter | None:
    """Read the adapter that `QuestionAdapter.save` wrote; None for an encoder other than the one it was made for.

    Raises:
        ModelError: the file is missing or damaged, or is not of the encoder's width.
    """
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            adapter = QuestionAdapter(matrix=file["matrix"].astype(np.float32), encoder=str(file["encoder"]))
    except (OSError, EOFError, KeyError, ValueError, BadZipFile) as error:
        raise ModelError(f"{path}: the question adapter cannot be read ({error}). Install memcon again") from error
    if adapter.encoder != encoder.name:
        return None
    if adapter.matrix.shape != (encoder.dim, encoder.dim):
        raise ModelError(
            f"{path}: the question adapter is {adapter.matrix.shape}, expected {(encoder.dim, encoder.dim)} for "
            f"{encoder.name!r}. Install memcon again"
        )
    return adapter
