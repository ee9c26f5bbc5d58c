from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.lexical import STOP_WORDS, TermIndex, terms

TEXTS = ["Laser binoculars were on the ships.", "The ships sailed.", "", "The laser, the laser!", "of the"]
ANY_TEXTS = st.lists(st.text(alphabet="abcxyz .éж", max_size=20), max_size=6)


def test_terms_are_stemmed_words_without_stop_words():
    assert terms("What did the admirals say about negotiations?") == ["admir", "negoti"]


def test_a_possessive_is_its_word():
    assert terms("the Admiral’s ships") == terms("admiral ship")


def test_negations_are_terms():
    assert not {"not", "no", "never"} & STOP_WORDS


def test_text_with_the_term_scores_above_text_without():
    scores = TermIndex.build(TEXTS).scores(terms("laser"))
    assert scores.dtype == np.float32
    assert scores.shape == (5,)
    assert [n for n, score in enumerate(scores) if score > 0] == [0, 3]
    assert scores[3] > scores[0]  # the term stands there twice, in fewer words


def test_a_rarer_term_scores_higher():
    index = TermIndex.build(["ship laser", "ship vienna", "ship pentagon"])
    assert index.scores(["laser"])[0] > index.scores(["ship"])[0] > 0


def test_scores_are_robertsons():
    # idf = ln(1 + (2 - 1 + 0.5) / (1 + 0.5)) = ln 2; term frequency 1, k1 = 1.2, b = 0.6, both texts of mean length:
    # 1 / (1 + 1.2) of it.
    scores = TermIndex.build(["laser", "ship"]).scores(["laser"])
    assert scores == pytest.approx([np.log(2) / 2.2, 0])


@pytest.mark.parametrize("query", ["", "of the", "submarine", "\ue000"])
def test_a_query_without_known_terms_scores_nothing(query: str):
    assert TermIndex.build(TEXTS).scores(terms(query)).tolist() == [0] * 5


def test_an_index_of_nothing_scores_nothing():
    index = TermIndex.build([])
    assert index.n_texts == 0
    assert index.scores(["laser"]).shape == (0,)


@given(texts=ANY_TEXTS, query=st.text(alphabet="abcxyz .éж", max_size=12))
def test_saved_and_loaded_terms_score_the_same(tmp_path_factory, texts: list[str], query: str):
    folder = tmp_path_factory.mktemp("terms")
    index = TermIndex.build(texts)
    index.save(folder)
    loaded = TermIndex.load(folder, len(texts))
    scores = index.scores(terms(query))
    assert scores.shape == (len(texts),)
    assert (scores >= 0).all()
    assert loaded.scores(terms(query)).tolist() == scores.tolist()
