"""Export trained models to ONNX with 8-bit weights, with their tokenizers and a card that names the hash."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import warnings
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from sentence_transformers import SentenceTransformer
from transformers import BertConfig, BertModel

from bot.training.train import Reader
from bot.windows import INPUT_FORM
from embeddings.export import export_model


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
        digest = _quantize(plain, out)
    shutil.copyfile(encoder_path / "tokenizer.json", out / "tokenizer.json")
    (out / "reader.json").write_text(
        json.dumps(about | {"input": INPUT_FORM, "sha256": digest}, indent=1) + "\n", encoding="utf-8"
    )


def export_question_encoder(
    model: SentenceTransformer, encoder_path: Path, out: Path, about: dict[str, object]
) -> None:
    """Write ``encoder.onnx`` (dynamic int8), ``tokenizer.json`` and ``encoder.json`` into ``out``."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        saved, exported = Path(folder) / "saved", Path(folder) / "exported"
        exported.mkdir()
        model.save(str(saved))
        shape, _, _ = export_model(saved, exported)
        about = about | shape | {"fingerprint": _quantize(exported / "encoder.onnx", out)}
    shutil.copyfile(encoder_path / "tokenizer.json", out / "tokenizer.json")
    (out / "encoder.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def _quantize(plain: Path, out: Path) -> str:
    """Write the model ``plain`` with 8-bit weights into ``out``, under its own name, and return its sha256."""
    quantize_dynamic(plain, out / plain.name, weight_type=QuantType.QInt8, per_channel=True)
    return hashlib.sha256((out / plain.name).read_bytes()).hexdigest()
