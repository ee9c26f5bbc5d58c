"""Questions worth asking next, and what was said just before."""

from __future__ import annotations

import pytest

from bot.answers import Abstention, Answer, Reason
from bot.citations import cite
from bot.onward import MAX_WORDS_BEFORE, N_NEXT, next_questions, words_before
from embeddings.collection import load_collection
from embeddings.documents import BlockKind, Span

TALK = """BOYD: The harbour froze in May. Nobody sailed that month.

LANE: When did it open?

BOYD: It opened in June. The ice went out with the tide.
"""

MANIFEST = """
suggestions = ["Who spoke of ice?", "Who sailed?"]
[collection]
id = "harbour"
title = "The harbour"
description = "Talks"
language = "en"
[[document]]
id = "talk"
path = "documents/talk.txt"
title = "A talk"
genre = "transcript"
[[person]]
name = "Boyd"
speaks = true
certainty = "stated"
[[person]]
name = "Lane"
speaks = true
certainty = "stated"
"""

QUESTIONS = """
signed = "the editors"
[[question]]
document = "talk"
wordings = ["When did the harbour freeze?", "freezing date"]
answers = ["The harbour froze in May."]
[[question]]
document = "talk"
wordings = ["When did the harbour open?"]
answers = ["It opened in June."]
[[question]]
document = "talk"
wordings = ["What did Lane want to know?"]
answers = ["When did it open?"]
[[question]]
document = "talk"
wordings = ["How thick was the ice?"]
answers = []
reason = "not-stated"
"""


@pytest.fixture
def talk(make_collection):
    return load_collection(make_collection({"talk.txt": TALK}, MANIFEST, QUESTIONS))


def quoting(collection, words, question="Who froze?"):
    document = collection.documents[0]
    start = document.text.index(words)
    return Answer(
        question=question,
        query=question,
        citations=(cite(collection, document.id, Span(start, start + len(words)), 1.0),),
    )


def test_the_nearest_answered_questions_come_first_and_never_those_of_the_same_block(talk):
    found = next_questions(talk, quoting(talk, "It opened in June."))

    assert found == ("What did Lane want to know?", "When did the harbour freeze?", "Who spoke of ice?")


def test_a_question_that_was_asked_is_not_suggested_again_however_it_is_written(talk):
    asked = ["what did lane  want to know", "FREEZING DATE"]

    found = next_questions(talk, quoting(talk, "It opened in June."), asked)

    assert found == ("Who spoke of ice?", "Who sailed?")


def test_what_the_record_leaves_open_is_never_suggested(talk):
    outcomes = [quoting(talk, words) for words in ("The harbour froze in May.", "When did it open?")]

    assert all("How thick was the ice?" not in next_questions(talk, outcome) for outcome in outcomes)


def test_an_abstention_suggests_too(talk):
    silent = Abstention(question="How old?", query="How old?", reason=Reason.UNCLEAR)

    assert next_questions(talk, silent) == ("Who spoke of ice?", "Who sailed?")


def test_a_collection_without_curation_has_nothing_to_suggest(make_collection):
    plain = load_collection(make_collection({"talk.txt": TALK}))

    assert next_questions(plain, quoting(plain, "It opened in June.")) == ()


def test_what_the_other_said_just_before_is_cited(talk):
    before = words_before(talk, quoting(talk, "It opened in June.").citations[0])

    assert before is not None
    assert (before.exact, before.speaker) == ("When did it open?", "Lane")


def test_nothing_was_said_before_the_first_turn(talk):
    assert words_before(talk, quoting(talk, "The harbour froze in May.").citations[0]) is None


def test_every_suggestion_over_the_seeds_is_new_and_answered(seeds):
    answered = {q.wordings[0] for q in seeds.questions if q.answers} | set(seeds.manifest.suggestions)
    for passage in seeds.passages[::5]:
        outcome = Answer(
            question="?a", query="?a", citations=(cite(seeds, passage.document_id, passage.sentences[0], 1.0),)
        )
        found = next_questions(seeds, outcome)
        assert 0 < len(found) <= N_NEXT
        assert set(found) <= answered


def test_words_before_are_a_slice_by_another_speaker_and_short(seeds):
    turns = [p for p in seeds.passages if seeds.block(p).kind is BlockKind.TURN]
    shown = [(p, words_before(seeds, cite(seeds, p.document_id, p.sentences[0], 1.0))) for p in turns]
    assert any(before is not None for _, before in shown)
    for passage, before in shown:
        if before is not None:
            document = seeds.document(before.document_id)
            assert document.text[before.start : before.end] == before.exact
            assert before.end <= seeds.block(passage).span.start
            assert before.speaker != seeds.block(passage).speaker
            n_sentences = sum(
                s.start >= before.start and s.end <= before.end for s in document.block_at(before.start).sentences
            )
            assert len(before.exact.split()) <= MAX_WORDS_BEFORE or n_sentences == 1
