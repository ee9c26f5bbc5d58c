"""Follow-ups: a question that leans on the conversation is joined to it, any other is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Abstention, Answer, Exchange, Reason
from bot.citations import find_citation
from bot.followups import Resolved, resolve
from bot.reading import QuestionReader

# Words of these tests that are no misspellings; the encoder's vocabulary stands here otherwise.
ENGLISH = frozenset("what about which answer incident there offer asked said when take part chairs hosts tell".split())


@pytest.fixture(scope="session")
def reader(seeds):
    return QuestionReader(seeds, ENGLISH)


def asked(question, query=None):
    """Return an exchange that found nothing."""
    outcome = Abstention(question=question, query=query or question, reason=Reason.NOT_STATED)
    return Exchange(question=question, outcome=outcome)


def answered(seeds, question, *passage_ids):
    citations = tuple(find_citation(seeds, f"akhromeev-crowe-1987/{name}") for name in passage_ids)
    return Exchange(question=question, outcome=Answer(question=question, query=question, citations=citations))


@given(question=st.text(max_size=80))
def test_a_first_question_is_left_alone(reader, question):
    resolved = resolve(question, [], reader)

    assert resolved == Resolved(bare=question)
    assert (resolved.query, resolved.leans) == (question, False)


@pytest.mark.parametrize(
    "question",
    [
        "Which agencies sit on the Senior Interagency Group?",
        "What did Akhromeev say about laser binoculars?",
        "Did Crowe agree that the mandate was unclear to NATO members?",  # 'that' joins clauses here
        "When was the laser incident discussed at the Pentagon meeting?",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(reader, question):
    earlier = [asked("What is the main obstacle in Vienna?")]

    resolved = resolve(question, earlier, reader)

    assert (resolved.query, resolved.leans) == (question, False)
    assert resolved.joined == f"What is the main obstacle in Vienna? {question}"


@pytest.mark.parametrize(
    "question",
    [
        "And what about the navies of both countries?",  # an ellipsis
        "How many countries take part there?",  # a pronoun
        "Why does the record call these weapons dual-use weapons?",
        "Why?",  # no words of its own
        "Who chairs?",
        "А что ответил адмирал Крау на предложение?",
        "Und was sagte Crowe dazu im Pentagon?",
    ],
)
def test_a_question_that_leans_is_joined_to_the_one_before(reader, question):
    earlier = [asked("Who is K. Dean?"), asked("What is the main obstacle in Vienna?")]

    resolved = resolve(question, earlier, reader)

    assert (resolved.query, resolved.leans) == (f"What is the main obstacle in Vienna? {question}", True)
    assert resolved.bare == question


def test_what_was_searched_for_before_counts_and_not_what_was_typed(reader):
    earlier = [asked("And there?", query="What is the main obstacle in Vienna? And there?")]

    assert resolve("Why?", earlier, reader).query == "What is the main obstacle in Vienna? And there? Why?"


@pytest.mark.parametrize(
    ("question", "query"),
    [
        ("What did he say about mutual visits to ports?", "What did Dean say about mutual visits to ports?"),
        (
            "Which offer of his concerned basketball games?",
            "Which offer of Dean’s concerned basketball games?",
        ),
        ("What did HE say of basketball games?", "What did Dean say of basketball games?"),
        ("Which general answered him about mutual visits?", "Which general answered Dean about mutual visits?"),
    ],
)
def test_he_and_his_become_the_person_last_named(reader, question, query):
    earlier = [asked("Who is Welch?"), asked("Who is K. Dean?"), asked("Which chief hosts meetings in Moscow?")]

    assert resolve(question, earlier, reader).bare == query


def test_of_two_people_he_becomes_the_one_named_last(reader):
    earlier = [asked("Who is Welch?"), asked("What did Herres ask Akhromeev about nuclear safety?")]

    query = resolve("What did he say about direct contact?", earlier, reader).bare

    assert query == "What did Akhromeev say about direct contact?"


def test_he_becomes_the_first_speaker_quoted_where_nobody_was_named(seeds, reader):
    earlier = [answered(seeds, "Which chief asked about dangerous wars?", "t24", "t20")]

    query = resolve("What did he say about broadening the measures?", earlier, reader).bare

    assert query == "What did Herres say about broadening the measures?"


def test_he_stays_where_the_question_names_somebody_itself(reader):
    question = "What did he tell Admiral Crowe about the inspection visits?"

    assert resolve(question, [asked("Who is K. Dean?")], reader).bare == question


def test_he_stays_where_nobody_was_named_or_quoted(reader):
    query = resolve("What did he say?", [asked("What about the weather in Vienna?")], reader).query

    assert query == "What about the weather in Vienna? What did he say?"


def test_what_the_question_before_quoted_is_not_quoted_again(reader):
    earlier = [asked('Who said “blood shed together” and "never forgotten"?')]
    query = resolve("And who answered?", earlier, reader).query

    assert query == "Who said blood shed together and never forgotten ? And who answered?"
    assert reader.read(query).quoted == ()
    assert reader.read(resolve('And "mutual visits"?', earlier, reader).query).quoted == ("mutual visits",)


def test_the_topic_is_at_most_the_last_sixty_words(reader):
    earlier = [asked(" ".join(f"w{n}" for n in range(100)))]

    assert resolve("Why?", earlier, reader).query.split() == [*(f"w{n}" for n in range(40, 100)), "Why?"]


def test_only_the_question_that_opened_the_topic_and_the_last_one_are_carried(reader):
    earlier = [asked(q) for q in ("Who is K. Dean?", "What is the main obstacle in Vienna?", "Why?", "And there?")]

    assert (
        resolve("Who said so?", earlier, reader).query == "What is the main obstacle in Vienna? And there? Who said so?"
    )


def test_a_long_conversation_does_not_make_the_query_grow(reader):
    conversation = [asked("What is the main obstacle in Vienna?")]
    for _ in range(40):
        query = resolve("And what about the generals there?", conversation, reader).query
        conversation.append(asked("And what about the generals there?", query))

    assert len(conversation[-1].outcome.query.split()) <= 60 + 6
