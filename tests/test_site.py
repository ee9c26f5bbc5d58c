"""What all doors share: answering in turn, counting, being ready."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from bot.answering import answer_turns
from bot.answers import Exchange
from bot.errors import QuestionError
from bot.loading import wire
from bot.settings import Settings
from embeddings.collection import load_collection
from embeddings.index import FaissIndex
from ui.site import Site
from ui.waiting import BusyError

TEXT = "The harbour was closed in March.\n\nA storm had broken the pier, and its repair took two years.\n"
QUESTION = 'Who wrote "closed in March"?'


class CountingEncoder:
    """Counts how often it encodes, and fails as often as it is told to."""

    def __init__(self, encoder) -> None:
        self.name, self.fingerprint, self.dim = encoder.name, encoder.fingerprint, encoder.dim
        self.known_words, self.languages = encoder.known_words, encoder.languages
        self._encoder = encoder
        self.n_encoded = 0
        self.failures = 0

    def encode(self, texts, progress=None):
        self.n_encoded += 1
        if self.failures:
            self.failures -= 1
            raise OSError("the model is gone")
        return self._encoder.encode(texts, progress)

    encode_questions = encode


@pytest.fixture
def counting(encoder):
    return CountingEncoder(encoder)


@pytest.fixture
def site(make_collection, counting):
    path = make_collection({"harbour.txt": TEXT})
    collection = load_collection(path)
    settings = Settings(collection_path=path, reader=False, max_conversations=7, conversation_minutes=3, threads=1)
    return Site.of(wire(settings, collection, counting, FaissIndex.build(collection, counting)))


def figures(site, name):
    return [line for line in site.metrics.text().decode().splitlines() if line.startswith(name)]


def test_a_site_is_wired_from_the_settings_of_its_bot(site):
    ids = [site.conversations.open() for _ in range(10)]

    assert site.settings is site.answerer.settings
    assert len(site.conversations) == 7
    assert site.limiter.per_minute == 240
    assert figures(site, "memcon_conversations ") == ["memcon_conversations 7.0"]
    assert figures(site, "memcon_documents ") == ["memcon_documents 1.0"]
    assert figures(site, "memcon_sentences ") == ["memcon_sentences 2.0"]
    assert len(set(ids)) == 10


def test_it_answers_as_the_bot_does(site):
    before = (Exchange(question=QUESTION, outcome=site.answerer.answer(QUESTION)),)

    for question in (QUESTION, "And when?", "zyzzyva?", "<script>", "\u202eevil\u0007"):
        assert site.ask(question, (), "chat") == site.answerer.answer(question)
        assert site.ask(question, before, "chat") == site.answerer.answer(question, before)


def test_it_counts_by_door(site):
    site.ask(QUESTION, (), "kiosk")
    site.ask(QUESTION, (), "api")
    site.ask(QUESTION, (), "api")

    assert 'memcon_answers_total{door="api"} 2.0' in figures(site, "memcon_answers_total")
    assert 'memcon_answers_total{door="kiosk"} 1.0' in figures(site, "memcon_answers_total")
    assert 'memcon_answer_seconds_count{door="api"} 2.0' in figures(site, "memcon_answer_seconds_count")


@pytest.mark.parametrize("question", ["", " \n", "a" * 2001, "a\0b", "\ud800"])
def test_what_is_no_question_is_not_counted_and_takes_no_place(site, question):
    with pytest.raises(QuestionError):
        site.ask(question, (), "api")
    with pytest.raises(QuestionError):
        asyncio.run(site.ask_turns([QUESTION, question], (), "api"))

    assert 'memcon_answer_seconds_count{door="api"} 0.0' in figures(site, "memcon_answer_seconds_count")
    assert site.line.n_inside == 0


def test_turns_are_answered_each_after_those_before_it(site):
    turns = [QUESTION, "And when?", 'Where is "had broken the pier"?', "Why?"]
    exchanges = asyncio.run(site.ask_turns(turns, (), "api"))

    assert [exchange.question for exchange in exchanges] == turns
    assert [exchange.outcome for exchange in exchanges] == answer_turns(site.answerer, turns)
    assert asyncio.run(site.ask_turns(turns[2:], exchanges[:2], "api")) == exchanges[2:]


def test_answers_are_the_same_when_many_ask_at_once(answerer):
    site = Site.of(answerer)
    questions = list(answerer.collection.manifest.suggestions) * 2
    expected = [answerer.answer(question) for question in questions]

    with ThreadPoolExecutor(8) as clients:
        found = list(clients.map(lambda question: site.ask(question, (), "chat"), questions))

    assert found == expected


def test_who_comes_when_too_many_wait_is_turned_away_and_counted(site):
    with ExitStack() as places:
        for _ in range(65):  # one at work and sixty-four waiting
            places.enter_context(site.line.place())
        with pytest.raises(BusyError):
            site.ask(QUESTION, (), "chat")
        with pytest.raises(BusyError):
            asyncio.run(site.ask_turns([QUESTION], (), "api"))
        with pytest.raises(BusyError):
            asyncio.run(site.work(lambda: None))

    assert site.ask(QUESTION, (), "chat")
    assert 'memcon_turned_away_total{door="chat"} 1.0' in figures(site, "memcon_turned_away_total")
    assert 'memcon_turned_away_total{door="api"} 1.0' in figures(site, "memcon_turned_away_total")


def test_questions_wait_for_those_before_them(site):
    gate, done = threading.Event(), []
    with site.line.place():
        site.line.submit(gate.wait)

        async def ask_while_it_is_shut():
            asked = asyncio.ensure_future(site.ask_turns([QUESTION], (), "api"))
            await asyncio.sleep(0)
            done.append(asked.done())
            gate.set()
            return await asked

        exchanges = asyncio.run(ask_while_it_is_shut())

    assert done == [False]
    assert exchanges[0].outcome == site.answerer.answer(QUESTION)


def test_an_error_of_the_bot_comes_through_and_frees_the_place(site, counting):
    counting.failures = 1
    with pytest.raises(OSError, match="the model is gone"):
        site.ask("Why?", (), "api")

    assert site.line.n_inside == 0


def test_it_is_ready_when_a_real_question_went_through_and_asks_no_second_one(site, counting):
    n_before = counting.n_encoded
    counting.n_encoded = 0
    assert n_before > 0
    assert [site.is_ready() for _ in range(3)] == [True] * 3

    assert counting.n_encoded == 1
    assert 'memcon_answer_seconds_count{door="api"} 0.0' in figures(site, "memcon_answer_seconds_count")


def test_it_is_not_ready_while_questions_fail_and_says_why_in_the_log(site, counting, caplog):
    counting.failures = 2

    with caplog.at_level(logging.ERROR):
        assert [site.is_ready() for _ in range(3)] == [False, False, True]
    assert len(caplog.records) == 2
    assert "the model is gone" in caplog.text
    assert "closed in March" not in caplog.records[0].getMessage()


def test_many_ask_whether_it_is_ready_and_one_question_is_asked(site, counting):
    counting.n_encoded = 0
    with ThreadPoolExecutor(8) as askers:
        assert list(askers.map(lambda _: site.is_ready(), range(16))) == [True] * 16

    assert counting.n_encoded == 1
