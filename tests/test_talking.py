"""Conversations of our own pages: what is held, what is forgotten, and fragments that lead nowhere."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from bot.answering import Answerer
from bot.answers import Answer, Exchange
from ui.app import create_app
from ui.conversations import UnknownConversationError
from ui.languages import LANGUAGES
from ui.metrics import Ending
from ui.site import Site
from ui.talking import VISIT_HEADER, Visits

VIENNA = "What is the main obstacle in Vienna?"
AGE = "How old was Admiral Crowe?"
HOSTILE = "<script>alert(1)</script> & \u202etpircs \x07 what of <b>Vienna</b>?"


@pytest.fixture(scope="module")
def site(answerer: Answerer) -> Site:
    return Site.of(answerer)


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[TestClient]:
    async def make():
        return create_app(site)

    with TestClient(asyncio.run(make()), base_url="http://museum.example") as client:
        yield client


def begin(client: TestClient) -> str:
    return client.post("/kiosk/begin", json={}).headers[VISIT_HEADER]


def ask(client: TestClient, question: str, visit: str | None = None, language: str = "en"):
    return client.post("/kiosk/ask", json={"question": question, "visit": visit, "language": language})


def counted(client: TestClient, name: str, **labels: str) -> float:
    families = text_string_to_metric_families(client.get("/metrics").text)
    return sum(s.value for f in families for s in f.samples if s.name == name and labels.items() <= s.labels.items())


def test_an_answer_quotes_the_record_with_speaker_date_and_place(client):
    shown = ask(client, VIENNA).text

    assert "the issue of dual-use weapons." in shown
    assert "Sergey Fyodorovich Akhromeev" in shown
    assert "Marshal, Chief of the USSR General Staff" in shown
    assert "December 10, 1987" in shown and "turn 12, p. 2" in shown
    assert "What was said just before" in shown


def test_an_abstention_says_why_and_sets_what_is_related_apart(client):
    shown = ask(client, AGE).text

    assert "talk-silence" in shown
    assert "it comes near this, and does not say" in shown
    assert "Related, not an answer" in shown
    assert "not part of the record" in shown and "probable" in shown


def test_a_follow_up_leans_on_what_was_said_in_the_visit(client, answerer):
    visit = begin(client)
    first = answerer.answer(VIENNA)
    followed = answerer.answer("Who said that?", [Exchange(question=VIENNA, outcome=first)])
    assert isinstance(followed, Answer)

    ask(client, VIENNA, visit)
    shown = ask(client, "Who said that?", visit)

    assert shown.headers[VISIT_HEADER] == visit
    assert f'data-id="{followed.citations[0].id}"' in shown.text


def test_a_visit_that_the_server_does_not_know_begins_anew(client):
    answered = ask(client, VIENNA, "of-another-start")

    assert answered.status_code == 200
    assert answered.headers[VISIT_HEADER] not in ("", "of-another-start")


def test_what_was_said_comes_again_in_another_language(client):
    visit = begin(client)
    ask(client, VIENNA, visit)
    ask(client, AGE, visit)

    shown = client.post("/kiosk/shown", json={"visit": visit, "language": "ru"}).text

    assert shown.count("<article") == 2
    assert VIENNA in shown and AGE in shown
    assert 'lang="ru"' in shown
    assert "10 декабря 1987" in shown
    assert re.search(r'<blockquote[^>]* lang="en"', shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_worth_asking_next_are_offered_in_the_visitors_language(client, language):
    shown = ask(client, VIENNA, language=language).text
    offered = re.findall(r'data-talk="ask" lang="([a-z]+)"', shown)

    assert offered
    assert set(offered) <= {language, "en"}
    assert language in offered


def test_a_visit_that_ended_is_forgotten_and_counted(client):
    visit = begin(client)
    ask(client, VIENNA, visit)
    before = counted(client, "memcon_visits_ended_total", door="kiosk", ended="time-out", language="de")

    ended = client.post("/kiosk/end", json={"visit": visit, "ended": "time-out", "language": "de"})

    assert ended.status_code == 204
    assert client.post("/kiosk/shown", json={"visit": visit}).text.strip() == ""
    assert counted(client, "memcon_visits_ended_total", door="kiosk", ended="time-out", language="de") == before + 1


def test_an_answer_that_comes_after_the_end_is_not_kept(site, answerer):
    visits = Visits(site, "kiosk")
    visit = visits.begin()
    visits.end(visit, Ending.TIME_OUT, "en")

    visits.add(visit, Exchange(question=VIENNA, outcome=answerer.answer(VIENNA)))

    assert len(visits) == 0
    with pytest.raises(UnknownConversationError):
        visits._held.exchanges(visit)


def test_a_visit_ends_once_only_in_the_figures(client):
    visit = begin(client)
    for _ in range(3):
        client.post("/kiosk/end", json={"visit": visit, "ended": "start-over"})
    client.post("/kiosk/end", json={"visit": "never-was", "ended": "start-over"})
    client.post("/kiosk/end", json={"visit": None, "ended": "start-over"})

    assert counted(client, "memcon_visits_ended_total", door="kiosk", ended="start-over") == 1


@pytest.mark.parametrize("question", [HOSTILE, "«Ахромеев» — что он сказал?", "‏מה נאמר‏?", "ﬁ 🛰️ Vienna", "a" * 2000])
def test_a_question_is_shown_as_its_characters(client, question):
    shown = ask(client, question).text

    assert "<script>" not in shown and "<b>Vienna" not in shown
    heading = re.search(r"<h2[^>]*>(.*?)</h2>", shown, re.DOTALL)[1]
    assert html.unescape(re.sub(r"<[^>]+>", "", heading)) == question


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"question": ""}, 422),
        ({"question": "  \n "}, 422),
        ({"question": "x\0y"}, 422),
        ({"question": "x" * 2001}, 422),
        ({"question": 7}, 422),
        ({"question": "Who?", "visit": "x" * 301}, 422),
        ({"question": "Who?", "more": 1}, 422),
        ([], 422),
    ],
)
def test_what_is_no_question_is_a_problem_to_the_script(client, body, status):
    answered = client.post("/kiosk/ask", json=body)

    assert answered.status_code == status
    assert answered.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{", {"content-type": "application/json"}, 400),
        (b'{"question": "\\ud800"}', {"content-type": "application/json"}, 422),
        (b"question=Who", {"content-type": "application/x-www-form-urlencoded"}, 415),
        (b'{"question": "' + b"x" * 70_000, {"content-type": "application/json"}, 413),
    ],
)
def test_a_body_that_cannot_be_read_is_a_problem_to_the_script(client, content, headers, status):
    answered = client.post("/kiosk/ask", content=content, headers=headers)

    assert answered.status_code == status
    assert answered.headers["content-type"] == "application/problem+json"


def test_another_sites_page_asks_nothing(client):
    answered = client.post("/kiosk/ask", json={"question": VIENNA}, headers={"Origin": "http://evil.example"})

    assert answered.status_code == 403


def test_a_language_that_is_not_spoken_here_is_english(client):
    assert "The record says" in ask(client, VIENNA, language="tlh").text


def test_every_place_opens_with_its_words_marked_and_without_a_link(client, answerer):
    collection = answerer.collection
    for passage in collection.passages[::5]:
        place = client.get(f"/kiosk/place/{passage.id}")
        assert place.status_code == 200
        assert "<mark" in place.text
        assert "href" not in place.text


def test_documents_and_items_open_whole(client, answerer):
    for document in answerer.collection.documents:
        for identifier in (document.id, *(f"{document.id}/{item.id}" for item in document.items)):
            place = client.get(f"/kiosk/place/{identifier}", params={"language": "fr"})
            assert place.status_code == 200
            assert "<mark" not in place.text and "href" not in place.text


@pytest.mark.parametrize("path", ["place/nothing", "place/akhromeev-crowe-1987/t999", "keep/nothing", "keep/nsdd-311"])
def test_what_is_not_in_the_collection_is_a_problem(client, path):
    answered = client.get(f"/kiosk/{path}")

    assert answered.status_code == 404
    assert answered.headers["content-type"] == "application/problem+json"


def test_no_fragment_is_kept_by_a_cache(client):
    passage = "akhromeev-crowe-1987/t3"
    for response in (ask(client, VIENNA), client.get(f"/kiosk/place/{passage}"), client.get(f"/kiosk/keep/{passage}")):
        assert response.headers["cache-control"] == "no-store"
