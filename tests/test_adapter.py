"""The question adapter: it moves a question towards its answers, for the encoder that it was made for and no other."""

from __future__ import annotations

import numpy as np
import pytest

from bot.adapter import QuestionAdapter, load_adapter
from bot.errors import ModelError
from bot.settings import DATA_PATH
from bot.training.adapting import Searched, fit_adapter
from embeddings.encoder import DEFAULT_ENCODER
from tests.conftest import WordLengthEncoder


def unit(*values: float) -> np.ndarray:
    row = np.array(values, dtype=np.float32)
    return row / np.linalg.norm(row)


def swapping(encoder: str = "word-length") -> QuestionAdapter:
    matrix = np.array([[-1, 1], [1, -1]], dtype=np.float32)  # with the vector itself: its coordinates swapped
    return QuestionAdapter(matrix=matrix, encoder=encoder)


def test_adapted_vector_is_the_moved_one_and_of_unit_length():
    moved = swapping().adapt(unit(3, 1))

    np.testing.assert_allclose(moved, unit(1, 3), atol=1e-6)
    assert moved.dtype == np.float32


def test_a_vector_that_is_moved_to_nothing_stays_finite():
    nothing = QuestionAdapter(matrix=-np.eye(2, dtype=np.float32), encoder="x")
    assert np.isfinite(nothing.adapt(unit(1, 0))).all()


def test_what_was_saved_is_read_for_its_encoder_and_for_no_other(tmp_path):
    encoder = WordLengthEncoder()
    made_for_it = QuestionAdapter(matrix=np.eye(encoder.dim, dtype=np.float32), encoder=encoder.name)
    made_for_it.save(tmp_path / "own.npz")
    swapping("another").save(tmp_path / "other.npz")

    read = load_adapter(tmp_path / "own.npz", encoder)

    assert read is not None
    np.testing.assert_array_equal(read.matrix, made_for_it.matrix)
    assert load_adapter(tmp_path / "other.npz", encoder) is None


@pytest.mark.parametrize("damage", [b"", b"no zip", b"PK\x03\x04 cut short"])
def test_a_missing_or_damaged_file_is_named(tmp_path, damage):
    path = tmp_path / "adapter.npz"
    with pytest.raises(ModelError, match=r"adapter\.npz.*Install memcon again"):
        load_adapter(path, WordLengthEncoder())
    path.write_bytes(damage)
    with pytest.raises(ModelError, match=r"adapter\.npz.*Install memcon again"):
        load_adapter(path, WordLengthEncoder())


def test_an_adapter_of_another_width_is_named(tmp_path):
    encoder = WordLengthEncoder()
    QuestionAdapter(matrix=np.eye(encoder.dim + 1, dtype=np.float32), encoder=encoder.name).save(tmp_path / "a.npz")

    with pytest.raises(ModelError, match=f"expected \\({encoder.dim}, {encoder.dim}\\)"):
        load_adapter(tmp_path / "a.npz", encoder)


def test_fitting_brings_unseen_questions_nearer_to_what_answers_them():
    """Answers stand where their question's coordinates are reversed: a rule that one matrix can learn."""
    encoder = WordLengthEncoder()
    rng = np.random.default_rng(0)

    def document() -> Searched:
        questions = rng.normal(size=(60, encoder.dim)).astype(np.float32)
        questions /= np.linalg.norm(questions, axis=1, keepdims=True)
        texts = np.ascontiguousarray(questions[:, ::-1])
        return Searched(texts=(texts, texts), questions=questions, gold=tuple((n,) for n in range(60)))

    unseen = document()
    adapter = fit_adapter([document() for _ in range(400)], encoder)

    def right(questions: np.ndarray) -> float:
        return float(((questions @ unseen.texts[0].T).argmax(axis=1) == np.arange(60)).mean())

    before, after = right(unseen.questions), right(np.array([adapter.adapt(q) for q in unseen.questions]))
    assert after > before + 0.3, (before, after)


def test_the_packaged_adapter_is_of_the_default_encoder():
    with (DATA_PATH / "adapter.npz").open("rb") as stream, np.load(stream, allow_pickle=False) as file:
        matrix, encoder = file["matrix"].astype(np.float32), str(file["encoder"])

    assert (encoder, matrix.shape) == (DEFAULT_ENCODER, (384, 384))
    assert 1 < np.linalg.norm(matrix) < 20, "it moves a question, and not out of sight"
