"""Curated questions: matched by sense and by letters, likeliest first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curated import CuratedMatcher, Match, widest
from bot.likeness import LIKENESS, N_CANDIDATES, Likeness
from bot.reading import QuestionReader
from embeddings.collection import load_collection
from embeddings.documents import Span
from embeddings.index import FaissIndex
from tests.weighing import weigh

HARBOUR = """\
The harbour was closed in March.

A storm had broken the pier. Its repair took two years.

The pilot moved to Odessa with his family.
"""
QUESTIONS = """\
signed = "the testers"

[[question]]
document = "harbour"
wordings = ["When was the harbour closed?", "harbour closing date", "Когда закрыли гавань?"]
answers = ["The harbour was closed in March."]

[[question]]
document = "harbour"
wordings = ["Why was the pier repaired?"]
answers = ["A storm had broken the pier.", "Its repair took two years.", "The harbour was", "to Odessa"]

[[question]]
document = "harbour"
wordings = ["Who paid the builders?"]
reason = "not-stated"
"""


@pytest.fixture(scope="module")
def harbour(tmp_path_factory):
    path = tmp_path_factory.mktemp("curated")
    (path / "documents").mkdir()
    (path / "documents" / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (path / "questions.toml").write_text(QUESTIONS, encoding="utf-8")
    return load_collection(path)


@pytest.fixture(scope="module")
def index(harbour, encoder):
    return FaissIndex.build(harbour, encoder)


@pytest.fixture(scope="module")
def matcher(harbour, index):
    return CuratedMatcher(Likeness(harbour, index), weigh(LIKENESS, b=-1.0, alike=4.0))


@pytest.fixture(scope="module")
def match(harbour, matcher, encoder):
    known = frozenset("repaired closing builders paid date".split())
    reader = QuestionReader(harbour, known)

    def ask(question, present=None):
        reading = reader.read(question)
        return matcher.match(reading, encoder.encode([reading.text])[0], present)

    return ask


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("When was the harbour closed?", 1),
        ("harbour closing date", 1),
        ("Когда закрыли гавань?", 1),
        ("Why was the pier repaired?", 2),
        ("Who paid the builders?", 3),
    ],
)
def test_a_wording_is_wholly_like_its_own_question(match, question, number):
    best = match(question)[0]

    assert best.question.number == number
    assert best.similarity == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("WHEN  was the Harbour closed", 1),
        ("When was teh harbuor closed?", 1),
        ("Когда закрыта гавань?", 1),
        ("who payed the builders", 3),
        ("Why did they repair the pier?", 2),
    ],
)
def test_letters_carry_typing_errors_other_forms_and_other_languages(match, question, number):
    found = match(question)

    assert found[0].question.number == number
    assert found[0].similarity > found[1].similarity


def test_words_of_the_same_length_and_other_letters_are_half_like(match):
    # "zzz zzzz zzz zzzzzzzzz" has the word lengths of "Who paid the builders?", and none of its letters.
    found = {m.question.number: m.similarity for m in match("zzz zzzz zzz zzzzzzzzz")}

    assert found[3] == pytest.approx(0.5, abs=1e-6)


def test_a_question_with_nothing_in_common_is_not_alike(match):
    assert {m.similarity for m in match("x")} == {0.0}


@given(question=st.text(min_size=1, max_size=60).filter(lambda text: text.strip() and "\0" not in text))
def test_matches_come_best_first_each_question_once_and_between_nought_and_one(match, question):
    found = match(question)
    similarities = [m.similarity for m in found]

    assert similarities == sorted(similarities, reverse=True)
    assert sorted(m.question.number for m in found) == [1, 2, 3]
    assert all(0 <= similarity <= 1 + 1e-6 for similarity in similarities)
    assert found == match(question)


def test_ties_keep_the_order_of_the_file(match):
    assert [m.question.number for m in match("x")] == [1, 2, 3]


def test_the_log_odds_are_the_rankers_and_make_the_probability(match):
    for found in match("zzz zzzz zzz zzzzzzzzz"):
        assert found.log_odds == pytest.approx(4 * found.similarity - 1)
        assert found.probability == pytest.approx(1 / (1 + np.exp(-found.log_odds)))


def test_a_question_in_its_own_wording_comes_first_and_is_certain(harbour, index, encoder):
    contrary = CuratedMatcher(Likeness(harbour, index), weigh(LIKENESS, alike=-4.0))
    reading = QuestionReader(harbour).read("Who paid the builders?")

    first, second, _ = contrary.match(reading, encoder.encode([reading.text])[0])

    assert (first.question.number, first.same, first.probability) == (3, True, 1.0)
    assert first.log_odds < second.log_odds
    assert not second.same


def test_wordings_that_are_not_present_do_not_count(match):
    present = np.array([False, True, True, True, False])  # the last is the only wording of the third question

    found = match("When was the harbour closed?", present)

    assert [m.question.number for m in found] == [1, 2]
    assert not found[0].same


def test_nothing_present_matches_nothing(match):
    assert match("When was the harbour closed?", np.zeros(5, dtype=bool)) == ()


def test_at_most_so_many_questions_are_given(make_collection, encoder):
    asked = "".join(f'[[question]]\ndocument = "a"\nwordings = ["Who {n}?"]\nreason = "unclear"\n' for n in range(19))
    collection = load_collection(make_collection({"a.txt": HARBOUR}, questions=f'signed = "x"\n{asked}'))
    likeness = Likeness(collection, FaissIndex.build(collection, encoder))
    reading = QuestionReader(collection).read("Who 7?")

    found = CuratedMatcher(likeness, weigh(LIKENESS, alike=1.0)).match(reading, encoder.encode([reading.text])[0])

    assert len(found) == N_CANDIDATES
    assert found[0].question.number == 8


def test_without_curated_questions_nothing_matches(make_collection, encoder):
    collection = load_collection(make_collection({"a.txt": HARBOUR}))
    likeness = Likeness(collection, FaissIndex.build(collection, encoder))
    reading = QuestionReader(collection).read("Who?")

    assert CuratedMatcher(likeness, weigh(LIKENESS)).match(reading, encoder.encode([reading.text])[0]) == ()


def a_match(question, *sentences):
    return Match(question=question, log_odds=0.0, similarity=0.5, sentences=frozenset(sentences))


def test_questions_agree_when_one_sentence_answers_both_or_nothing_answers_either(harbour):
    closed, repaired, paid = harbour.questions

    assert a_match(closed, 1, 2).agrees(a_match(repaired, 2, 3))
    assert not a_match(closed, 1).agrees(a_match(repaired, 2))
    assert not a_match(closed, 1).agrees(a_match(paid))
    assert not a_match(paid).agrees(a_match(closed, 1))
    assert a_match(paid).agrees(a_match(paid))


def test_places_that_another_holds_are_left_out():
    whole, part, other = ("a", Span(0, 9)), ("a", Span(2, 4)), ("b", Span(2, 4))

    assert widest([part, other, whole]) == [whole, other]
    assert widest([whole, whole]) == [whole]
    assert widest([]) == []
