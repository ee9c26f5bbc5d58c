"""The ranker: signals to one score, by a small network whose weights were learned on public question sets."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.errors import ModelError

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranker:
    """``score = w2 . relu(W1 x' + b1) + w . x' + b`` over standardised signals ``x'``.

    ``w1``: float32, (n_signals, n_hidden); ``b1``, ``w2``: (n_hidden,); ``w``, ``mean``, ``scale``: (n_signals,).
    """

    signals: tuple[str, ...]
    mean: Matrix
    scale: Matrix
    w1: Matrix
    b1: Matrix
    w2: Matrix
    w: Matrix
    b: float

    def score(self, signals: Matrix) -> Matrix:
        """Score rows of signals, float32, (n_rows, n_signals): float32, (n_rows,), log-odds-like, higher is better."""
        x = (signals - self.mean) / self.scale
        with np.errstate(invalid="ignore"):  # OpenBLAS at times flags finite matrices (numpy issue 24067)
            hidden = np.maximum(x @ self.w1 + self.b1, 0.0)
            return np.asarray(hidden @ self.w2 + x @ self.w + self.b, dtype=np.float32)

    def save(self, path: Path, about: dict[str, object]) -> None:
        """Write the weights as JSON, with ``about`` (what they were trained on) beside them."""
        arrays = {k: getattr(self, k).round(5).tolist() for k in ("mean", "scale", "w1", "b1", "w2", "w")}
        path.write_text(
            json.dumps({"about": about, "signals": list(self.signals), "b": self.b, **arrays}), encoding="utf-8"
        )


def load_ranker(path: Path, signals: Sequence[str]) -> Ranker:
    """Read a ranker's weights.

    Raises:
        ModelError: the file is missing, damaged, or was trained on other signals than ``signals``.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        arrays = {k: np.array(data[k], dtype=np.float32) for k in ("mean", "scale", "w1", "b1", "w2", "w")}
        ranker = Ranker(signals=tuple(data["signals"]), b=float(data["b"]), **arrays)
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise ModelError(f"{path}: the ranker's weights cannot be read ({error}). Install memcon again") from error
    if ranker.signals != tuple(signals):
        raise ModelError(
            f"{path}: the ranker was trained on other signals; train it again with 'python -m bot.training fuse'"
        )
    return ranker
