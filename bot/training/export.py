"""Export a trained reader to ONNX with 8-bit weights, with its tokenizer and a card that names its hash."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import BertConfig, BertModel

from bot.training.train import Reader


def export_reader(checkpoint: Path, encoder_path: Path, out: Path, about: dict[str, object]) -> None:
    """Write ``reader.onnx`` (dynamic int8), ``tokenizer.json`` and ``reader.json`` into ``out``."""
    config = BertConfig.from_pretrained(encoder_path, attn_implementation="eager")
    model = Reader(BertModel(config, add_pooling_layer=False))
    model.load_state_dict(torch.load(checkpoint, weights_only=True))
    model.eval()
    out.mkdir(parents=True, exist_ok=True)
    ids = torch.ones(2, 24, dtype=torch.long)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    axes = {name: {0: "window", 1: "token"} for name in (*names, "sentence")}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        plain = Path(folder) / "reader.onnx"
        torch.onnx.export(
            model, (ids, torch.ones_like(ids), torch.zeros_like(ids)), str(plain), dynamo=False, input_names=names,
            output_names=["sentence", "any"], dynamic_axes=axes | {"any": {0: "window"}}, opset_version=17,
        )  # fmt: skip
        quantize_dynamic(plain, out / "reader.onnx", weight_type=QuantType.QInt8, per_channel=True)
    shutil.copyfile(encoder_path / "tokenizer.json", out / "tokenizer.json")
    digest = hashlib.sha256((out / "reader.onnx").read_bytes()).hexdigest()
    (out / "reader.json").write_text(json.dumps(about | {"sha256": digest}, indent=1) + "\n", encoding="utf-8")
