"""The ranker: a small network, worked by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bot.signals
from bot.errors import ModelError
from bot.ranking import Ranker, load_ranker
from bot.retrieval import READ_SIGNALS
from bot.settings import DATA_PATH

SIGNALS = ("a", "b")


def array(*values):
    return np.array(values, dtype=np.float32)


@pytest.fixture
def ranker():
    return Ranker(
        signals=SIGNALS,
        mean=array(1, 0),
        scale=array(2, 1),
        w1=array([1, -1], [0, 1]),
        b1=array(0, 0.5),
        w2=array(2, 4),
        w=array(1, 10),
        b=0.25,
    )


def test_scores_are_those_worked_by_hand(ranker):
    # (3, 1): x' = (1, 1); hidden = relu(1, -1 + 1 + 0.5) = (1, 0.5); 2 + 2 + 1 + 10 + 0.25
    # (-1, 0): x' = (-1, 0); hidden = relu(-1, 1 + 0.5) = (0, 1.5); 0 + 6 - 1 + 0 + 0.25
    scores = ranker.score(array([3, 1], [-1, 0]))

    assert scores.tolist() == [15.25, 5.25]
    assert scores.dtype == np.float32


@pytest.mark.parametrize(("name", "signals"), [("ranker", bot.signals.SIGNALS), ("read-ranker", READ_SIGNALS)])
def test_scores_of_the_packaged_rankers_are_those_of_double_precision_however_many_rows(name, signals):
    ranker = load_ranker(DATA_PATH / f"{name}.json", signals)
    rng = np.random.default_rng(5)

    for n_rows in range(1, 300):
        rows = rng.uniform(-10, 10, (n_rows, len(signals))).astype(np.float32)
        x = ((rows - ranker.mean) / ranker.scale).astype(np.float64)
        expected = np.maximum(np.einsum("ij,jk", x, ranker.w1) + ranker.b1, 0) @ ranker.w2 + x @ ranker.w + ranker.b
        np.testing.assert_allclose(ranker.score(rows), expected, rtol=1e-3, atol=1e-2)


def test_no_rows_have_no_scores(ranker):
    assert ranker.score(np.zeros((0, 2), dtype=np.float32)).shape == (0,)


@given(rows=st.lists(st.tuples(*[st.floats(-50, 50, width=32)] * 2), min_size=1, max_size=5))
def test_a_saved_ranker_scores_as_before(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("ranker") / "ranker.json"
    weights = np.random.default_rng(7).uniform(-2, 2, (7, 2)).astype(np.float32)
    ranker = Ranker(
        signals=SIGNALS, mean=weights[0], scale=array(2, 3), w1=weights[1:3], b1=weights[3], w2=weights[4],
        w=weights[5], b=0.5,
    )  # fmt: skip
    ranker.save(path, {"trained_on": "nothing"})
    loaded = load_ranker(path, SIGNALS)

    assert loaded.signals == SIGNALS
    assert loaded.score(array(*rows)) == pytest.approx(ranker.score(array(*rows)), abs=0.05)
    assert json.loads(path.read_text(encoding="utf-8"))["about"] == {"trained_on": "nothing"}


def test_a_ranker_of_other_signals_is_an_error(tmp_path, ranker):
    path = tmp_path / "ranker.json"
    ranker.save(path, {})

    for signals in (("a",), ("b", "a"), ("a", "b", "c")):
        with pytest.raises(ModelError) as raised:
            load_ranker(path, signals)
        assert str(raised.value) == (
            f"{path}: the ranker was trained on other signals; train it again with 'python -m bot.training fuse'"
        )


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"signals": ["a"], "b": "x"}', "\udcff"])
def test_weights_that_cannot_be_read_are_named(tmp_path, text):
    path = tmp_path / "ranker.json"
    if text is not None:
        path.write_text(text, encoding="utf-8", errors="surrogateescape")

    with pytest.raises(ModelError) as raised:
        load_ranker(path, SIGNALS)

    assert str(raised.value).startswith(f"{path}: the ranker's weights cannot be read (")
    assert str(raised.value).endswith("). Install memcon again")
