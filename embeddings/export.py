"""Export a sentence-transformers model to ONNX.  The only module that imports torch, and only when it must."""

from __future__ import annotations

import logging
import shutil
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from torch import nn
from transformers.utils.logging import disable_progress_bar

from embeddings.errors import EncoderError
from embeddings.normalized import fold

# Sentences of several lengths and scripts on which the export must agree with the original.
SAMPLES = (
    "Who chairs the group?",
    "The record was kept by the secretary, and a copy was sent to each of the members on 28 July 1988.",
    "Протокол встречи",
    "One. Two; three: four? Five! (Six) “seven” - eight/nine #10 & 11%." * 12,
)


class _Sentence(nn.Module):  # type: ignore[misc]  # torch gives no types here
    """The model from token ids to one unit vector a text."""

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        features: dict[str, Any] = {"input_ids": input_ids, "attention_mask": attention_mask}
        for module in self.model:
            features = module(features)
        return nn.functional.normalize(features["sentence_embedding"], dim=-1)


def export_model(source: Path, folder: Path) -> tuple[dict[str, Any], np.ndarray, list[str]]:
    """Write ``encoder.onnx`` and ``tokenizer.json`` of the model at ``source`` into ``folder``.

    Returns what must be known to run it, and the original's vectors (float32, (n_samples, dim), unit rows) for
    the sample texts they belong to.

    Raises:
        EncoderError: the model has no fast tokenizer, or torch cannot export it.
    """
    logging.getLogger("transformers").setLevel(logging.ERROR)
    disable_progress_bar()  # of 90 MB read in a tenth of a second
    model = SentenceTransformer(
        str(source), device="cpu", local_files_only=True, model_kwargs={"attn_implementation": "eager"}
    )
    model.eval()
    tokenizer = source / "tokenizer.json"
    if not tokenizer.is_file():
        raise EncoderError(f"{source}: has no tokenizer.json; save the model with a fast tokenizer and try again")
    shutil.copyfile(tokenizer, folder / "tokenizer.json")
    samples = list(SAMPLES)
    originals = model.encode([fold(s) for s in samples], normalize_embeddings=True, show_progress_bar=False)
    ids = torch.ones(2, 12, dtype=torch.long)
    axes = {"input_ids": {0: "text", 1: "token"}, "attention_mask": {0: "text", 1: "token"}}
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")  # tracing warns of shape checks that hold for every length
            torch.onnx.export(
                _Sentence(model).eval(),
                (ids, torch.ones_like(ids)),
                str(folder / "encoder.onnx"),
                dynamo=False,
                input_names=list(axes),
                output_names=["sentence_embedding"],
                opset_version=17,
                dynamic_axes=axes | {"sentence_embedding": {0: "text"}},
            )
    except (RuntimeError, TypeError, torch.onnx.OnnxExporterError) as error:
        raise EncoderError(f"{source}: torch cannot export this model to ONNX ({error})") from error
    about = {
        "dim": int(originals.shape[1]),
        "max_tokens": int(model.max_seq_length or 512),
        "pad_id": int(model.tokenizer.pad_token_id or 0),
    }
    return about, np.asarray(originals, dtype=np.float32), samples
