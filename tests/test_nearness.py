"""Nearness: the sentences around the last answer are lent log-odds, those that a question points at the most."""

from __future__ import annotations

import pytest

from bot.answers import Abstention, Answer, Exchange, Reason
from bot.citations import cite, find_citation
from bot.nearness import ASKED_PLACE, JUST_AFTER, NEAR, SAME_DOCUMENT, near_units
from bot.reading import QuestionReader
from embeddings.collection import load_collection
from embeddings.units import read_units

MANIFEST = """
[collection]
id = "c"
title = "C"
[[document]]
id = "meeting"
path = "documents/meeting.txt"
title = "Meeting"
genre = "transcript"
[[document]]
id = "other"
path = "documents/other.txt"
title = "Other"
[[person]]
name = "Adams"
speaks = true
[[person]]
name = "Brown"
speaks = true
[[person]]
name = "Clark"
speaks = true
"""
MEETING = "\n\n".join(
    f"{speaker}: {words}"
    for speaker, words in [
        ("Adams", "Shall we begin? I think so."),
        ("Brown", "So it seems. The paper is late. It is not ready. Nobody has read it. I am sorry."),
        ("Adams", "When will it be ready?"),
        ("Clark", "In May, I am told. Not before that."),
        ("Brown", "In June, I fear. Or never."),
    ]
)


@pytest.fixture
def meeting(make_collection):
    return load_collection(make_collection({"meeting.txt": MEETING, "other.txt": "The paper is late."}, MANIFEST))


@pytest.fixture
def lent(meeting):
    """Return ``lent(question, said)``: what each sentence is lent after an answer that quoted ``said``."""
    reader = QuestionReader(meeting, frozenset("what said before next replied answer about paper after".split()))
    units = read_units(meeting)

    def near(question, said):
        unit = next(u for u in units if u.text == said)
        document = meeting.documents[unit.document]
        citation = cite(meeting, document.id, unit.span, 1.0)
        outcome = Answer(question="?", query="?", citations=(citation,))
        found = near_units(meeting, units, [Exchange(question="?", outcome=outcome)], reader.read(question))
        return {units[number].text: log_odds for number, log_odds in found.items() if units[number].document == 0}

    return near


def most(lent):
    return [text for text, log_odds in lent.items() if log_odds == ASKED_PLACE]


def test_sentences_are_lent_the_more_the_nearer_they_follow(lent):
    assert lent("What about the paper?", "So it seems.") == {
        "Shall we begin?": NEAR,
        "I think so.": NEAR,
        "So it seems.": NEAR,
        "The paper is late.": JUST_AFTER,
        "It is not ready.": JUST_AFTER,
        "Nobody has read it.": JUST_AFTER,
        "I am sorry.": NEAR,
        "When will it be ready?": NEAR,
        "In May, I am told.": NEAR,
        "Not before that.": NEAR,
        "In June, I fear.": NEAR,
        "Or never.": SAME_DOCUMENT,
    }


def test_another_document_is_lent_nothing(meeting, lent):
    citation = cite(meeting, "meeting", meeting.document("meeting").blocks[0].span, 1.0)
    conversation = [Exchange(question="?", outcome=Answer(question="?", query="?", citations=(citation,)))]
    units = read_units(meeting)
    near = near_units(meeting, units, conversation, QuestionReader(meeting).read("Why?"))

    assert {units[number].document for number in near} == {0}


@pytest.mark.parametrize(
    "question", ["Who replied?", "And the answer?", "What was said next?", "What came after that?"]
)
def test_a_question_for_the_reply_points_at_the_turn_of_the_next_speaker(lent, question):
    near = lent(question, "When will it be ready?")

    assert most(near) == ["In May, I am told.", "Not before that."]
    assert near["When will it be ready?"] == SAME_DOCUMENT  # what was quoted is not asked for again


def test_a_reply_by_somebody_named_is_looked_for_in_the_next_turns(lent):
    assert most(lent("What did Brown answer?", "When will it be ready?")) == ["In June, I fear.", "Or never."]


@pytest.mark.parametrize(
    "question",
    ["What did Brown say to that?", "And what did Brown tell him?", "What did Adams get from Brown in answer?"],
)
def test_what_somebody_said_to_that_is_a_reply_and_names_count_for_no_topic(lent, question):
    assert most(lent(question, "When will it be ready?")) == ["In June, I fear.", "Or never."]


def test_only_the_opening_of_a_long_reply_is_pointed_at(lent):
    assert most(lent("Who replied?", "I think so.")) == [
        "So it seems.",
        "The paper is late.",
        "It is not ready.",
        "Nobody has read it.",
    ]


def test_a_question_for_what_came_before_points_at_the_turn_before(lent):
    assert most(lent("What was said before that?", "In May, I am told.")) == ["When will it be ready?"]


def test_nothing_is_pointed_at_where_the_record_ends(lent):
    assert most(lent("Who replied?", "In June, I fear.")) == []
    assert most(lent("What was said before that?", "Shall we begin?")) == []


def test_where_nobody_speaks_no_place_is_pointed_at(make_collection):
    collection = load_collection(make_collection({"letter.txt": "One thing.\n\nTwo things.\n\nThree things."}))
    units, reader = read_units(collection), QuestionReader(collection, frozenset(["next"]))
    citation = cite(collection, "letter", units[0].span, 1.0)
    conversation = [Exchange(question="?", outcome=Answer(question="?", query="?", citations=(citation,)))]

    near = near_units(collection, units, conversation, reader.read("What next?"))

    assert near == {0: NEAR, 1: JUST_AFTER, 2: JUST_AFTER}


def test_of_an_abstention_the_nearest_passage_counts(seeds):
    related = find_citation(seeds, "akhromeev-crowe-1987/t20")
    outcome = Abstention(question="?", query="?", reason=Reason.NOT_STATED, related=(related,))
    units = read_units(seeds)
    near = near_units(seeds, units, [Exchange(question="?", outcome=outcome)], QuestionReader(seeds).read("Why?"))

    assert {units[n].document for n in near} == {[d.id for d in seeds.documents].index("akhromeev-crowe-1987")}
    bare = Abstention(question="?", query="?", reason=Reason.OUT_OF_SCOPE)
    assert near_units(seeds, units, [Exchange(question="?", outcome=bare)], QuestionReader(seeds).read("Why?")) == {}
    assert near_units(seeds, units, [], QuestionReader(seeds).read("Why?")) == {}
