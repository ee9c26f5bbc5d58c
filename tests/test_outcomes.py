"""The JSON contract, key by key: other programs rely on it."""

from __future__ import annotations

import json

import pytest

from bot.answers import Abstention, Answer, Note, Reason
from bot.citations import find_citation
from bot.quotations import QuotationChecker
from embeddings.manifest import Certainty
from ui.outcomes import check_object, citation_object, outcome_object

KEYS = ["kind", "question", "query", "reason", "citations", "related", "notes"]
CITATION_ID = "akhromeev-crowe-1987/t20:10005-10068"
NOTE = Note(about="GSVG", text="Group of Forces.", ground="usage", certainty=Certainty.PROBABLE)
NOTE_OBJECT = {"about": "GSVG", "text": "Group of Forces.", "ground": "usage", "certainty": "probable"}


@pytest.fixture(scope="session")
def citation(seeds):
    return find_citation(seeds, CITATION_ID)


@pytest.fixture(scope="session")
def expected(seeds):
    return {
        "id": CITATION_ID,
        "passage_id": "akhromeev-crowe-1987/t20",
        "document_id": "akhromeev-crowe-1987",
        "item_id": None,
        "exact": seeds.document("akhromeev-crowe-1987").text[10005:10068],
        "start": 10005,
        "end": 10068,
        "speaker": "Akhromeev",
        "page": 4,
        "locator": "turn 20, p. 4",
        "document_sha256": "5007a91cae393a0a42570edcfc013ea2c2688ed1bef253e6faa1345ce7027f73",
        "score": 1.0,
        "url": f"/cite/{CITATION_ID}?sha256=5007a91cae39&from=had+happened+it&near=6eda1f-cdb315&words=11-348d0d24cb32-cffe0777",  # noqa: E501
    }


def test_a_citation_has_these_keys_in_this_order(citation, expected):
    assert citation_object(citation) == expected
    assert list(citation_object(citation)) == list(expected)


def test_a_citation_of_an_item_names_it_and_has_no_speaker(seeds):
    found = citation_object(find_citation(seeds, "nsdd-311/directive/e5"))

    assert (found["item_id"], found["speaker"], found["locator"]) == ("directive", None, "list entry 5, p. 2")


def test_an_answer_has_these_keys(citation, expected):
    outcome = Answer(question="And then?", query="Lasers? And then?", citations=(citation, citation), notes=(NOTE,))

    assert list(outcome_object(outcome)) == KEYS
    assert outcome_object(outcome) == {
        "kind": "answer",
        "question": "And then?",
        "query": "Lasers? And then?",
        "reason": None,
        "citations": [expected, expected],
        "related": [],
        "notes": [NOTE_OBJECT],
    }


@pytest.mark.parametrize("reason", Reason)
def test_an_abstention_has_the_same_keys(citation, expected, reason):
    outcome = Abstention(question="Why?", query="Why?", reason=reason, related=(citation,), notes=(NOTE,))

    assert list(outcome_object(outcome)) == KEYS
    assert outcome_object(outcome) == {
        "kind": "abstention",
        "question": "Why?",
        "query": "Why?",
        "reason": reason.value,
        "citations": [],
        "related": [expected],
        "notes": [NOTE_OBJECT],
    }


def test_the_reasons_are_these_five():
    assert [r.value for r in Reason] == ["not-in-collection", "not-stated", "redacted", "out-of-scope", "unclear"]


def test_an_outcome_survives_json(seeds):
    citations = tuple(find_citation(seeds, passage.id) for passage in seeds.passages)
    outcome = Answer(question="“Why”\u2028\x1b[0m?", query="Why?", citations=citations)

    assert json.loads(json.dumps(outcome_object(outcome), ensure_ascii=False)) == outcome_object(outcome)


def test_an_answer_without_a_citation_is_none():
    with pytest.raises(ValueError) as raised:
        Answer(question="Why?", query="Why?", citations=())

    assert str(raised.value) == "an answer needs at least one citation; without one it is an abstention"


def test_a_quotation_check_has_these_keys(seeds):
    check = QuotationChecker(seeds).check("the ships had laser cannons")
    found = check_object(check)

    keys = ["quoted", "verdict", "places", "changes", "span", "has_more", "misattribution", "warnings"]
    assert list(found) == keys
    assert (found["quoted"], found["verdict"]) == ("the ships had laser cannons", "altered")
    assert [list(place) for place in found["places"]] == [list(citation_object(check.places[0]))]
    assert found["changes"] == [
        {"kind": "same", "record": "the ships had laser", "quoted": "the ships had laser"},
        {"kind": "changed", "record": "binoculars", "quoted": "cannons"},
    ]


@pytest.mark.parametrize(("words", "verdict"), [("never forgotten", "exact"), ("zyzzyva", "absent")])
def test_the_other_verdicts_have_no_changes(seeds, words, verdict):
    found = check_object(QuotationChecker(seeds).check(words))

    assert (found["verdict"], found["changes"]) == (verdict, [])
