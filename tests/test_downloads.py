"""A conversation written down: complete, escaped, and the same bytes every time."""

from __future__ import annotations

import json

from bot.answering import Answerer, answer_turns
from bot.answers import Answer, Exchange
from bot.citations import cite
from embeddings.collection import load_collection
from ui.downloads import conversation_json, conversation_markdown
from ui.outcomes import outcome_object
from ui.wording import REASONS

TURNS = ["What is the main obstacle in Vienna?", "Who said that?", "How old was Admiral Crowe?", "Hello"]


def exchanges_of(answerer: Answerer) -> list[Exchange]:
    return [Exchange(question=q, outcome=o) for q, o in zip(TURNS, answer_turns(answerer, TURNS), strict=True)]


def test_the_json_holds_every_outcome_and_what_proves_it(answerer: Answerer) -> None:
    exchanges = exchanges_of(answerer)
    value = json.loads(conversation_json(exchanges, answerer.collection))

    assert value["fingerprint"] == answerer.collection.fingerprint
    assert value["outcomes"] == [outcome_object(e.outcome) for e in exchanges]
    assert set(value["documents"].values()) == {d.sha256 for d in answerer.collection.documents}


def test_the_same_questions_give_the_same_bytes(answerer: Answerer) -> None:
    first, second = exchanges_of(answerer), exchanges_of(answerer)

    assert conversation_markdown(first, answerer.collection) == conversation_markdown(second, answerer.collection)
    assert conversation_json(first, answerer.collection) == conversation_json(second, answerer.collection)


def test_the_markdown_holds_questions_quotations_reasons_and_hashes(answerer: Answerer) -> None:
    exchanges = exchanges_of(answerer)
    text = conversation_markdown(exchanges, answerer.collection)

    for exchange in exchanges:
        if isinstance(exchange.outcome, Answer):
            assert all(f"`{c.id}`" in text for c in exchange.outcome.citations)
        else:
            assert REASONS[exchange.outcome.reason] in text
    assert all(f"`{d.sha256}`" in text for d in answerer.collection.documents)
    assert answerer.collection.fingerprint in text


def test_hostile_words_are_literal_in_the_markdown(make_collection) -> None:
    words = "<script>x</script> # head [a](javascript:b) `c` *d* \x07"
    collection = load_collection(make_collection({"talk.txt": words + "\n"}))
    document = collection.documents[0]
    answer = Answer(
        question="<b>?</b>\n# not a heading",
        query="Q",
        citations=(cite(collection, document.id, document.blocks[0].span, 1.0),),
    )
    text = conversation_markdown([Exchange(question=answer.question, outcome=answer)], collection)

    assert "## \\<b\\>?\\</b\\> \\# not a heading" in text
    assert "> \\<script\\>x\\</script\\> \\# head \\[a\\]\\(javascript\\:b\\) \\`c\\` \\*d\\*" in text
