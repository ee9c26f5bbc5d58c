"""Conversations in memory: bounded, expiring, and forgotten without a trace."""

from __future__ import annotations

import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reachable import is_reachable

from bot.answers import Abstention, Exchange, Reason
from ui.conversations import ConversationStore, UnknownConversationError


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def exchange(question):
    return Exchange(question=question, outcome=Abstention(question=question, query=question, reason=Reason.UNCLEAR))


def questions(store, conversation_id):
    return [held.question for held in store.exchanges(conversation_id)]


def test_a_conversation_keeps_its_exchanges_in_order():
    store = ConversationStore(max_conversations=10, minutes=30)
    one, other = store.open(), store.open([exchange("Before?")])
    store.add(one, exchange("Who?"))
    store.add(other, exchange("Where?"))
    store.add(one, exchange("And then?"))

    assert questions(store, one) == ["Who?", "And then?"]
    assert questions(store, other) == ["Before?", "Where?"]
    assert len(store) == 2


def test_ids_are_long_and_never_the_same():
    store = ConversationStore(max_conversations=10, minutes=30)
    ids = {store.open() for _ in range(500)}

    assert len(ids) == 500
    assert {len(conversation_id) for conversation_id in ids} == {32}


@pytest.mark.parametrize("use", ["exchanges", "forget", "add"])
@pytest.mark.parametrize("conversation_id", ["", "x", "new", "\0", "\ud800", "../etc", "a" * 10_000])
def test_an_unknown_id_is_an_error_that_says_how_one_is_lost(use, conversation_id):
    store = ConversationStore(max_conversations=10, minutes=30)
    store.open()

    with pytest.raises(UnknownConversationError) as raised:
        getattr(store, use)(conversation_id, *([exchange("Who?")] if use == "add" else []))

    assert str(raised.value) == (
        "there is no conversation of that id: one is forgotten on demand, after 30 minutes without a question, "
        "or when 10 newer ones are held"
    )
    assert len(store) == 1


def test_only_the_newest_exchanges_are_kept():
    store = ConversationStore(max_conversations=10, minutes=30, max_exchanges=3)
    conversation_id = store.open([exchange(str(n)) for n in range(5)])
    assert questions(store, conversation_id) == ["2", "3", "4"]

    store.add(conversation_id, exchange("5"))

    assert questions(store, conversation_id) == ["3", "4", "5"]


def test_the_one_unused_for_longest_goes_first():
    store = ConversationStore(max_conversations=3, minutes=30)
    first, second, third = store.open(), store.open(), store.open()
    store.exchanges(first)
    store.add(second, exchange("Who?"))

    fourth = store.open()

    assert len(store) == 3
    with pytest.raises(UnknownConversationError):
        store.exchanges(third)
    assert [questions(store, held) for held in (first, second, fourth)] == [[], ["Who?"], []]


def test_a_conversation_expires_when_it_is_not_used_and_use_prolongs_it():
    clock = Clock()
    store = ConversationStore(max_conversations=10, minutes=30, clock=clock)
    used, unused = store.open(), store.open()
    clock.seconds += 20 * 60
    store.exchanges(used)
    clock.seconds += 10 * 60

    with pytest.raises(UnknownConversationError):
        store.exchanges(unused)
    assert len(store) == 1
    store.add(used, exchange("Who?"))
    clock.seconds += 30 * 60
    with pytest.raises(UnknownConversationError):
        store.add(used, exchange("Who?"))
    assert len(store) == 0


def test_what_was_forgotten_is_not_opened_again_by_an_answer_that_comes_late():
    store = ConversationStore(max_conversations=10, minutes=30)
    conversation_id = store.open()
    store.forget(conversation_id)

    with pytest.raises(UnknownConversationError):
        store.add(conversation_id, exchange("Who?"))
    with pytest.raises(UnknownConversationError):
        store.forget(conversation_id)
    assert len(store) == 0


@given(st.lists(st.tuples(st.sampled_from(["open", "add", "use", "forget", "wait"]), st.integers(0, 9)), max_size=60))
def test_it_is_bounded_whatever_is_done(steps):
    clock = Clock()
    store = ConversationStore(max_conversations=4, minutes=1, max_exchanges=2, clock=clock)
    ids = ["never opened"]
    for step, number in steps:
        conversation_id = ids[number % len(ids)]
        try:
            if step == "open":
                ids.append(store.open())
            elif step == "add":
                store.add(conversation_id, exchange(str(number)))
            elif step == "use":
                assert len(store.exchanges(conversation_id)) <= 2
            elif step == "forget":
                store.forget(conversation_id)
            else:
                clock.seconds += 10 * number
        except UnknownConversationError:
            pass
        assert len(store) <= 4


def test_many_threads_may_use_it():
    store = ConversationStore(max_conversations=50, minutes=30)
    shared = store.open()

    def talk(number):
        for _ in range(50):
            conversation_id = store.open()
            store.add(shared, exchange(str(number)))
            store.exchanges(shared)
            store.forget(conversation_id)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(talk, range(8)))

    assert len(store) == 1
    assert len(store.exchanges(shared)) == 20


def held_with(word, **settings):
    store = ConversationStore(max_conversations=2, **settings)
    conversation_id = store.open([exchange(f"Who said {word}?")])
    store.add(conversation_id, exchange(f"And when {word}?"))
    return store, conversation_id


def test_nothing_of_the_questions_is_reachable_after_forgetting():
    word = secrets.token_hex(8)
    store, conversation_id = held_with(word, minutes=30)
    assert is_reachable(word)

    store.forget(conversation_id)

    assert not is_reachable(word)


def test_nothing_is_reachable_of_a_conversation_that_others_displaced():
    word = secrets.token_hex(8)
    store, _ = held_with(word, minutes=30)
    assert is_reachable(word)

    store.open()
    store.open()

    assert not is_reachable(word)


def test_an_expired_conversation_leaves_the_memory_though_nobody_asks_any_more():
    word = secrets.token_hex(8)
    store, _ = held_with(word, minutes=0.01)
    deadline = time.monotonic() + 60
    while store._timer is not None and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not is_reachable(word)
    assert len(store) == 0


def test_no_timer_runs_where_no_conversation_is_held():
    n_threads = threading.active_count()

    ConversationStore(max_conversations=2, minutes=30)

    assert threading.active_count() == n_threads
