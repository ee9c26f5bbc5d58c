"""The chat page's own function: what it sends, what it remembers, and what it forgets."""

from __future__ import annotations

import asyncio
import gc

import pytest

from bot.answering import Answerer
from bot.answers import Abstention, Answer, Exchange
from bot.reading import MAX_CHARACTERS
from ui.chat import MAX_SHOWN, asked_again, chat_page, forget_session, messages_of, turns_of
from ui.rendering import question_html
from ui.site import Site

FIRST, THEN = "What is the main obstacle in Vienna?", "And who said that?"


@pytest.fixture(scope="module")
def site(answerer: Answerer) -> Site:
    return Site.of(answerer)


@pytest.fixture
def page(site: Site):
    """A page made inside a loop: outside one, Gradio opens loops of its own and leaves them open."""

    async def make():
        return chat_page(site)

    return asyncio.run(make())


def shown(*questions: str) -> list[dict[str, object]]:
    return [
        message
        for question in questions
        for message in (
            {"role": "user", "content": question_html(question)},
            {"role": "assistant", "content": "<p>What a client may have put here</p>"},
        )
    ]


@pytest.mark.parametrize("question", ["Why?", "a <b> & c", "“Quoted”", "tab\there", "Что?", "1 < 2\n\nand more"])
def test_questions_are_read_back_from_the_page_as_they_were_typed(question):
    assert turns_of(shown(question)) == [" ".join(question.split())]


def test_only_questions_are_read_back():
    forged = [
        {"role": "assistant", "content": question_html("not asked")},
        {"role": "user", "content": "<p>no question of ours</p>"},
        {"role": "user", "content": {"path": "/etc/passwd"}},
        {"role": "user", "content": None},
        {"role": "user"},
        {"role": "user", "content": [{"type": "text", "text": question_html("asked")}]},
    ]

    assert turns_of(forged) == ["asked"]


def test_what_a_client_sends_too_much_of_is_cut():
    many = shown(*(f"q{n}" for n in range(100)))

    assert turns_of(many) == [f"q{n}" for n in range(100 - MAX_SHOWN, 100)]
    assert len(turns_of(shown("x" * 10 * MAX_CHARACTERS))[0]) == MAX_CHARACTERS


def test_a_forgotten_conversation_is_asked_again_with_the_same_outcomes(site):
    held = asked_again(site, shown(FIRST, THEN))
    first = site.ask(FIRST, (), "chat")
    then = site.ask(THEN, (Exchange(question=FIRST, outcome=first),), "chat")

    assert [exchange.outcome for exchange in held] == [first, then]


def test_a_question_that_was_not_taken_leaves_no_exchange(site):
    assert [e.question for e in asked_again(site, shown("", FIRST))] == [FIRST]


def test_messages_alternate_and_only_the_last_suggests_what_to_ask_next(site):
    held = asked_again(site, shown(FIRST, THEN))
    messages = messages_of(site, held)

    assert [m["role"] for m in messages] == ["user", "assistant"] * 2
    assert "mc-onward" not in messages[1]["content"]
    assert "mc-onward" in messages[3]["content"]


def test_an_outcome_is_answer_or_abstention_on_the_page(site):
    for exchange in asked_again(site, shown(FIRST, "How old was Admiral Crowe?")):
        content = messages_of(site, (exchange,))[1]["content"]
        kind = {Answer: "mc-answer", Abstention: "mc-abstention"}[type(exchange.outcome)]
        assert f'class="mc-outcome {kind}"' in content


def test_a_session_is_forgotten_with_all_it_held(page):
    nonce = "zebrafish" + "7731"
    page.state_holder["session"][next(iter(page.blocks))] = None
    page.state_holder.session_data["session"].state_data[0] = [nonce * 2]
    forget_session(page, "session")
    gc.collect()

    assert "session" not in page.state_holder.session_data
    assert not any(type(o) is list and o == [nonce * 2] for o in gc.get_objects())


def test_forgetting_an_unknown_session_is_no_error(page):
    forget_session(page, "never seen")


def test_the_opening_is_the_manifests_own(site, page):
    chatbot = next(block for block in page.blocks.values() if getattr(block, "elem_id", None) == "mc-conversation")
    suggestions = site.answerer.collection.manifest.suggestions

    assert suggestions
    assert chatbot.placeholder.count('class="mc-ask"') == len(suggestions[:7])
