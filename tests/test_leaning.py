"""A follow-up is searched for alone and joined, and what either finds decides how much each counts."""

from __future__ import annotations

import numpy as np
import pytest

from bot.answering import answer_turns
from bot.leaning import Wording, weigh
from bot.nearness import JUST_AFTER

ALONE, JOINED = "What did Throst ask?", "What is the main obstacle in Vienna? What did Throst ask?"


@pytest.fixture
def wording(answerer):
    def read(query):
        reading = answerer.reader.read(query)
        return Wording(reading=reading, vector=answerer.encoder.encode_questions([reading.text])[0])

    return read


def test_a_question_that_stands_by_itself_is_ranked_as_it_would_be_alone(answerer, wording):
    bare = wording(ALONE)
    leaning = weigh(answerer.retriever, bare, wording(JOINED), -20.0, {})
    numbers = answerer.retriever.candidates(bare.reading, bare.vector)
    alone = answerer.retriever.rank(bare.reading, bare.vector, leaning.ranked.numbers)

    assert not leaning.leans and leaning.wording is bare
    assert set(numbers) <= set(leaning.ranked.numbers.tolist())
    assert np.allclose(leaning.ranked.fused, alone.fused, atol=1e-3)


def test_a_question_without_words_of_its_own_is_read_with_the_one_before(answerer, wording):
    joined = wording("What is the main obstacle in Vienna? Why?")
    leaning = weigh(answerer.retriever, wording("Why?"), joined, 5.0, {})

    assert leaning.leans and leaning.wording is joined


def test_nearness_counts_in_full_only_where_the_question_leans(answerer, wording):
    bare, joined = wording("Why?"), wording("What is the main obstacle in Vienna? Why?")
    far = int(answerer.retriever.candidates(bare.reading, bare.vector)[-1])
    for odds, gained in ((20.0, JUST_AFTER), (-20.0, 0.0)):
        plain, near = (weigh(answerer.retriever, bare, joined, odds, lent) for lent in ({}, {far: JUST_AFTER}))
        by_number = [dict(zip(r.numbers.tolist(), r.fused.tolist(), strict=True)) for r in (plain.ranked, near.ranked)]

        assert by_number[1][far] - by_number[0][far] == pytest.approx(gained, abs=1e-3)


def test_what_the_bare_question_finds_far_away_makes_it_lean_less(answerer, wording):
    bare, joined = wording(ALONE), wording(JOINED)
    found = answerer.retriever.search(bare.reading, bare.vector)
    best = int(found.numbers[np.argmax(found.fused)])
    worst = int(found.numbers[np.argmin(found.fused)])

    assert weigh(answerer.retriever, bare, joined, -0.7, {best: JUST_AFTER}).leans
    assert not weigh(answerer.retriever, bare, joined, -0.7, {worst: JUST_AFTER}).leans


@pytest.mark.parametrize(
    ("turns", "speaker"),
    [
        (("What did Throst ask?", "Who replied?"), "Akhromeev"),
        (("What did Wickham say about the doctrine?", "And what was the answer?"), "Akhromeev"),
    ],
)
def test_who_replied_is_answered_by_the_turn_after_the_one_quoted(answerer, turns, speaker):
    before, after = answer_turns(answerer, turns)

    assert after.citations[0].speaker == speaker
    assert after.citations[0].start > before.citations[0].end


def test_another_topic_is_answered_as_if_it_were_asked_first(answerer):
    question = "Which agencies sit on the Senior Interagency Group?"
    first = answer_turns(answerer, [question])[0]
    later = answer_turns(answerer, ["What is the main obstacle in Vienna?", question])[1]

    assert [c.id for c in later.citations] == [c.id for c in first.citations]
