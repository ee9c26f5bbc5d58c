"""Wordings: what they weigh, and how alike they are to a question."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import QuestionReader
from bot.wordings import Wordings
from embeddings.collection import load_collection
from embeddings.index import FaissIndex

RIVER = "The river rose in April. The bridge fell.\n"
QUESTIONS = """\
signed = "the testers"

[[question]]
document = "river"
wordings = ["When did the river rise?", "river date"]
answers = ["The river rose in April."]

[[question]]
document = "river"
wordings = ["Who mended the river bridge?"]
reason = "not-stated"
"""


@pytest.fixture(scope="module")
def river(tmp_path_factory):
    path = tmp_path_factory.mktemp("wordings")
    (path / "documents").mkdir()
    (path / "documents" / "river.txt").write_text(RIVER, encoding="utf-8")
    (path / "questions.toml").write_text(QUESTIONS, encoding="utf-8")
    return load_collection(path)


@pytest.fixture(scope="module")
def wordings(river, encoder):
    return Wordings(river.questions, FaissIndex.build(river, encoder))


@pytest.fixture(scope="module")
def compare(river, wordings, encoder):
    reader = QuestionReader(river, frozenset({"mended"}))

    def ask(question):
        reading = reader.read(question)
        return wordings.compare(reading, encoder.encode([reading.text])[0])

    return ask


def test_every_wording_knows_its_question(wordings):
    assert wordings.owner.tolist() == [0, 0, 1]
    assert wordings.of == [range(0, 2), range(2, 3)]
    assert wordings.terms[1] == {"river", "date"}


def test_a_term_weighs_more_the_fewer_questions_have_it(wordings):
    # Of two questions, "river" stands in both: ln(3 / 2); "bridg" in one: ln(3 / 1), as much as an unknown word.
    assert wordings.weigh(frozenset({"river"})) == pytest.approx(math.log(1.5))
    assert wordings.weigh(frozenset({"river", "bridg", "zeppelin"})) == pytest.approx(math.log(1.5) + 2 * math.log(3))
    assert wordings.heaviest(frozenset({"river"})) == pytest.approx(math.log(1.5) / math.log(3))
    assert wordings.heaviest(frozenset({"river", "zeppelin"})) == 1.0
    assert wordings.known(frozenset({"river", "zeppelin"})) == 0.5


def test_no_terms_weigh_nothing(wordings):
    nothing: frozenset[str] = frozenset()
    assert (wordings.weigh(nothing), wordings.heaviest(nothing), wordings.known(nothing)) == (0.0, 0.0, 0.0)


def test_a_wording_is_wholly_alike_to_itself_whatever_its_case_and_signs(compare):
    cosine, letters = compare("who MENDED the river bridge")

    assert letters[2] == pytest.approx(1.0)
    assert letters[0] < 1
    assert compare("Who mended the river bridge?")[0][2] == pytest.approx(1.0)
    assert cosine[2] < 1  # the encoder of the tests counts letters: "bridge?" has seven


def test_letters_see_a_typing_error_and_other_alphabets_have_none_in_common(compare):
    assert compare("who mendde the river brigde")[1][2] > 0.4
    assert compare("Кто починил мост?")[1].tolist() == [0.0, 0.0, 0.0]


@given(question=st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and "\0" not in text))
def test_likeness_lies_between_nought_and_one(compare, question):
    for scores in compare(question):
        assert scores.dtype == np.float32
        assert ((scores >= 0) & (scores <= 1 + 1e-6)).all()
