"""Find the middle of the multilingual encoder's vectors, over questions and passages of the minutes to train on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from embeddings.collection import load_collection
from embeddings.multilingual import MultilingualEncoder
from embeddings.units import read_units

EVERY_UNIT, EVERY_QUESTION = 16, 20  # some hundred of each are enough: the mean moves by a hundredth of its length


def centre(minutes: Path, path: Path) -> None:
    """Write the two centres, float32 of (dim,) each, to ``path``."""
    encoder = MultilingualEncoder(centred=False)
    units = read_units(load_collection(minutes / "train"))[::EVERY_UNIT]
    lines = (minutes / "train.jsonl").read_text(encoding="utf-8").splitlines()[::EVERY_QUESTION]
    passages = encoder.encode([text for unit in units for text in (unit.text, unit.window_text)])
    questions = encoder.encode_questions([json.loads(line)["turns"][-1] for line in lines])
    centres = {"question": np.mean(questions, axis=0), "passage": np.mean(passages, axis=0)}
    path.write_text(
        json.dumps({name: mean.astype(float).round(6).tolist() for name, mean in centres.items()}) + "\n",
        encoding="utf-8",
    )
