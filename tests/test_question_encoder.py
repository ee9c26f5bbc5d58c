"""The question encoder: it serves the encoder that it was made for and no other, and brings questions to answers."""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from pathlib import Path

import numpy as np
import pytest

from bot.doctor import examine
from bot.settings import DATA_PATH, choose_settings
from embeddings.encoder import DEFAULT_ENCODER, load_encoder
from embeddings.encoders import choose_encoder
from embeddings.errors import EncoderError
from embeddings.question_encoder import QUESTION_ENCODER_PATH, AskedEncoder, add_question_encoder
from tests.conftest import WordLengthEncoder

ROOT = Path(__file__).parent.parent
MINUTES = ROOT / "tests" / "benchmarks" / "minutes"


@pytest.fixture(scope="module")
def plain(cache_path):
    return load_encoder(DEFAULT_ENCODER, cache_path)


@pytest.fixture(scope="module")
def asked(cache_path):
    return choose_encoder(DEFAULT_ENCODER, cache_path)


def test_passages_are_encoded_by_the_one_and_questions_by_the_other():
    encoder, told = WordLengthEncoder(), []

    def reversed_rows(texts, progress=None):
        return encoder.encode(texts, progress)[:, ::-1]

    both = AskedEncoder(encoder, reversed_rows, "2")
    texts = ["Who was it?", "It was so."]

    np.testing.assert_array_equal(both.encode(texts), encoder.encode(texts))
    np.testing.assert_array_equal(both.encode_questions(texts), encoder.encode(texts)[:, ::-1])
    both.encode_questions(texts, lambda done, total: told.append((done, total)))
    assert told == [(2, 2)]
    assert (both.name, both.dim, both.languages) == (encoder.name, encoder.dim, encoder.languages)


def test_other_weights_of_either_make_another_fingerprint():
    other = WordLengthEncoder()
    other.fingerprint = "another"
    prints = {
        AskedEncoder(encoder, encoder.encode, questions).fingerprint
        for encoder in (WordLengthEncoder(), other)
        for questions in ("1", "2")
    }

    assert len(prints) == 4


def test_the_default_encoder_has_the_packaged_one(plain, asked):
    about = json.loads((QUESTION_ENCODER_PATH / "encoder.json").read_text(encoding="utf-8"))
    vectors = asked.encode_questions(["Who signed the agreement?", ""])

    assert (about["base"], about["made_for"]) == (DEFAULT_ENCODER, plain.fingerprint)
    assert asked.fingerprint != plain.fingerprint
    np.testing.assert_array_equal(asked.encode(["The agreement."]), plain.encode(["The agreement."]))
    assert (vectors.dtype, vectors.shape) == (np.float32, (2, 384))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


def test_it_brings_questions_nearer_to_what_answers_them(plain, asked):
    """On five records of meetings that it never saw."""

    def reciprocal_ranks(encoder, texts, vectors, questions):
        for question, scores in zip(
            questions, encoder.encode_questions([q["turns"][0] for q in questions]), strict=True
        ):
            gold = {sentence for facet in question["gold"] for sentence in facet}
            order = np.argsort(-(vectors @ scores))
            yield 1 / (1 + next(rank for rank, n in enumerate(order) if texts[n] in gold))

    questions = [json.loads(line) for line in (MINUTES / "validation.jsonl").read_text(encoding="utf-8").splitlines()]
    ranks: dict[str, list[float]] = {"plain": [], "asked": []}
    for path in sorted((MINUTES / "validation" / "documents").iterdir())[:5]:
        texts = sorted({s for q in questions if q["document"] == path.stem for facet in q["gold"] for s in facet})
        document = re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))
        texts += [rest for rest in re.split(r"(?<=[.?!]) ", document) if rest not in texts]
        own = [q for q in questions if q["document"] == path.stem and q["gold"] and len(q["turns"]) == 1]
        vectors = plain.encode(texts)
        for name, encoder in (("plain", plain), ("asked", asked)):
            ranks[name] += reciprocal_ranks(encoder, texts, vectors, own)

    assert len(ranks["plain"]) > 50
    assert np.mean(ranks["asked"]) > np.mean(ranks["plain"]) + 0.05, {n: np.mean(r) for n, r in ranks.items()}


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(QUESTION_ENCODER_PATH, tmp_path / "question-encoder")


@pytest.mark.parametrize("name", ["encoder.json", "encoder.onnx", "tokenizer.json"])
@pytest.mark.parametrize("damage", [None, b"", b"no model", b"[]"])
def test_a_missing_or_damaged_file_is_named(folder, plain, name, damage):
    if damage is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(damage)

    with pytest.raises(EncoderError, match=r"question-encoder: the question encoder .*Install memcon again") as caught:
        add_question_encoder(plain, folder)
    assert "memcon index" not in str(caught.value), "the way out of an export that was made here"
    assert name in str(caught.value) or name == "tokenizer.json"


def test_other_weights_are_named_by_their_hash(folder, plain):
    path = folder / "encoder.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(about | {"fingerprint": "0" * 64}), encoding="utf-8")

    with pytest.raises(EncoderError, match=f"expected {'0' * 64}"):
        add_question_encoder(plain, folder)


def test_an_encoder_that_it_was_not_made_for_is_named():
    with pytest.raises(EncoderError, match=r"made for weights 53aa\w+, these are 1"):
        add_question_encoder(WordLengthEncoder())


def test_doctor_looks_at_it(answerer, cache_path):
    chosen = choose_settings({"MEMCON_CACHE_PATH": str(cache_path)})
    findings = {finding.what: finding for finding in examine(chosen)}

    assert all(finding.well for finding in findings.values())
    assert findings["question encoder"].detail == "memcon-question-encoder-2, made for all-MiniLM-L6-v2"


def test_the_models_are_installed_with_the_packages():
    """What the code opens, a wheel brings."""
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"][
        "package-data"
    ]
    installed = {path for name in ("bot", "embeddings") for p in patterns[name] for path in (ROOT / name).glob(p)}
    needed = [QUESTION_ENCODER_PATH / name for name in ("encoder.json", "encoder.onnx", "tokenizer.json")]
    needed += [DATA_PATH / "reader" / name for name in ("reader.json", "reader.onnx", "tokenizer.json")]
    needed += [
        DATA_PATH / name for name in ("ranker.json", "read-ranker.json", "judge.json", "judge-without-reader.json")
    ]

    assert set(needed) <= installed
