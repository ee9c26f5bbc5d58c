"""Curated questions: matched by sense and by letters, and lending support to what editors linked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.curated import (
    MAX_LINKED,
    MIN_SUPPORT,
    SILENT_LEAD,
    SUPPORT_WEIGHT,
    USUAL_NEARNESS,
    WEIGHT_OF_COSINE,
    WEIGHT_OF_NEARNESS,
    CuratedMatcher,
    Match,
    closest,
)
from bot.leaning import Leaning, Wording
from bot.reading import QuestionReader
from bot.retrieval import Ranked
from embeddings.collection import load_collection
from embeddings.index import FaissIndex

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
    return CuratedMatcher(harbour, index)


@pytest.fixture(scope="module")
def match(harbour, matcher, encoder):
    known = frozenset("repaired closing builders paid date".split())
    reader = QuestionReader(harbour, known)

    def ask(question):
        reading = reader.read(question)
        return matcher.match(Wording(reading=reading, vector=encoder.encode([reading.text])[0]))

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


def test_words_of_the_same_length_and_other_letters_are_like_by_their_cosine_alone(match):
    # "zzz zzzz zzz zzzzzzzzz" has the word lengths of "Who paid the builders?", and none of its letters.
    found = {m.question.number: m.similarity for m in match("zzz zzzz zzz zzzzzzzzz")}

    assert found[3] == pytest.approx(WEIGHT_OF_COSINE, abs=1e-6)


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


def test_at_most_five_questions_are_given(make_collection, encoder):
    asked = "".join(f'[[question]]\ndocument = "a"\nwordings = ["Who {n}?"]\nreason = "unclear"\n' for n in range(9))
    collection = load_collection(make_collection({"a.txt": HARBOUR}, questions=f'signed = "x"\n{asked}'))
    matcher = CuratedMatcher(collection, FaissIndex.build(collection, encoder))
    reading = QuestionReader(collection).read("Who 7?")

    found = matcher.match(Wording(reading=reading, vector=encoder.encode([reading.text])[0]))

    assert len(found) == 5
    assert found[0].question.number == 8


def test_without_curated_questions_nothing_matches(make_collection, encoder):
    collection = load_collection(make_collection({"a.txt": HARBOUR}))
    matcher = CuratedMatcher(collection, FaissIndex.build(collection, encoder))
    reading = QuestionReader(collection).read("Who?")

    assert matcher.match(Wording(reading=reading, vector=encoder.encode([reading.text])[0])) == []
    assert matcher.support([]) == ({}, 0.0)


def texts(index, bonus):
    return {index.units[number].text: weight for number, weight in bonus.items()}


def test_linked_sentences_are_lent_the_similarity_above_the_least(harbour, index, matcher):
    bonus, doubt = matcher.support([Match(question=harbour.questions[0], similarity=0.9)])

    assert texts(index, bonus) == pytest.approx({"The harbour was closed in March.": 9.1})  # 14 * (0.9 - 0.25)
    assert doubt == 0.0
    assert (SUPPORT_WEIGHT, MIN_SUPPORT) == (14.0, 0.25)


def test_only_the_first_answers_count_and_the_better_match_where_two_meet(harbour, index, matcher):
    matches = [
        Match(question=harbour.questions[1], similarity=0.6),
        Match(question=harbour.questions[0], similarity=0.5),
    ]
    bonus, _ = matcher.support(matches)

    assert texts(index, bonus) == pytest.approx(
        {
            "A storm had broken the pier.": 4.9,
            "Its repair took two years.": 4.9,
            "The harbour was closed in March.": 4.9,
        }
    )
    assert MAX_LINKED == 3


def test_a_question_barely_alike_lends_nothing(harbour, index, matcher):
    bonus, doubt = matcher.support([Match(question=question, similarity=0.24) for question in harbour.questions])

    assert set(bonus.values()) <= {0.0}
    assert doubt == 0.0


@pytest.mark.parametrize(
    ("alike", "doubt"),
    [
        ([(2, 0.8)], -7.7),  # 14 * (0.8 - 0.25)
        ([(2, 0.8), (0, 0.6)], -2.8),  # 14 * (0.8 - 0.6): it leads one with answers by so much
        ([(2, 0.8), (0, 0.8)], 0.0),
        ([(0, 0.8), (2, 0.7)], 0.0),
    ],
)
def test_the_most_alike_question_without_answers_casts_doubt(harbour, index, matcher, alike, doubt):
    matches = [Match(question=harbour.questions[n], similarity=similarity) for n, similarity in alike]

    assert matcher.support(matches)[1] == pytest.approx(doubt)


def follow_up(harbour, encoder, *, bare, before, probability, near):
    reader = QuestionReader(harbour)

    def wording(text):
        reading = reader.read(text)
        return Wording(reading=reading, vector=encoder.encode([reading.text])[0])

    none = np.zeros(0, np.float32)
    return Leaning(
        bare=wording(bare),
        joined=wording(f"{before} {bare}"),
        probability=probability,
        near=near,
        ranked=Ranked(numbers=np.zeros(0, np.int64), signals=none, fused=none),
        pointed={},
    )


def test_a_follow_up_is_like_what_it_asks_joined_with_the_question_before_it(harbour, matcher, encoder):
    def best(before):
        leaning = follow_up(harbour, encoder, bare="But why?", before=before, probability=1.0, near={})
        return matcher.match_leaning(leaning)[0].question.number

    assert best("Was the pier repaired?") == 2
    assert best("Was the harbour closed?") == 1


def test_a_follow_up_is_more_like_a_question_answered_near_the_last_answer(harbour, index, matcher, encoder):
    (repair,) = (unit.number for unit in index.units if "repair" in unit.text)

    def similarity(near, probability=1.0):
        leaning = follow_up(harbour, encoder, bare="Why?", before="Who?", probability=probability, near=near)
        return {match.question.number: match.similarity for match in matcher.match_leaning(leaning)}

    near, far = similarity({repair: USUAL_NEARNESS + 2.0}), similarity({})
    assert near[2] - far[2] == pytest.approx(WEIGHT_OF_NEARNESS * (USUAL_NEARNESS + 2.0))
    assert near[1] == far[1]
    assert similarity({repair: 5.0}, 0.0)[2] == pytest.approx(similarity({}, 0.0)[2])  # it does not lean at all


@pytest.mark.parametrize(
    ("similarities", "number"),
    [
        ([(3, 0.6)], 3),
        ([(1, 0.6)], 1),
        ([(1, 0.6), (3, 0.59)], 1),
        ([(3, 0.6), (1, 0.6 - SILENT_LEAD)], 3),
        ([(3, 0.6), (1, 0.6 - SILENT_LEAD / 2)], 1),
        ([(3, 0.6), (3, 0.6), (2, 0.59), (1, 0.58)], 2),
        ([(3, 0.6), (3, 0.5), (2, 0.4)], 3),
    ],
)
def test_a_question_without_answers_must_lead_the_next_that_has_some(harbour, similarities, number):
    matches = [Match(question=harbour.questions[n - 1], similarity=similarity) for n, similarity in similarities]

    assert closest(matches).question.number == number


def test_nothing_is_the_closest_of_nothing():
    assert closest([]) is None
