"""The conversation in other sites' pages: in whose language, who may frame it, and what it keeps."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from bot.answering import Answerer
from bot.loading import wire
from bot.settings import Settings
from embeddings.collection import load_collection
from embeddings.index import FaissIndex
from ui.app import create_app
from ui.languages import LANGUAGES
from ui.pages import STATIC_PATH
from ui.site import Site
from ui.talking import VISIT_HEADER

QUESTION = "What is the main obstacle in Vienna?"
ADDRESS = "https://memcon.example"


def client_of(answerer: Answerer, **settings: object) -> TestClient:
    async def make():
        return create_app(Site.of(replace(answerer, settings=replace(answerer.settings, **settings))))

    return TestClient(asyncio.run(make()), base_url="http://museum.example")


@pytest.fixture(scope="module")
def client(answerer) -> Iterator[TestClient]:
    with client_of(answerer, public_url=f"{ADDRESS}/", frame_ancestors="https://a.example https://b.example") as client:
        yield client


def page_of(client: TestClient, path: str = "/embed", accepted: str = ""):
    return client.get(path, headers={"Accept-Language": accepted})


@pytest.mark.parametrize(
    ("path", "accepted", "language"),
    [
        ("/embed", "", "en"), ("/embed", "ru-RU,ru;q=0.9", "ru"), ("/embed?lang=de", "ru", "de"),
        ("/embed?lang=fr-CA", "", "fr"), ("/embed?lang=xx", "es", "es"), ("/embed?lang=", "ja", "en"),
        ("/embed?lang=%22%3E%3Cscript%3E", "", "en"), ("/embed?lang=" + "ru" * 3000, "de", "de"),
    ],
)  # fmt: skip
def test_the_page_is_in_the_language_asked_for_else_in_the_browsers(client, path, accepted, language):
    response = page_of(client, path, accepted)

    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text
    assert "Accept-Language" in response.headers["vary"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_for_the_pages_script_are_whole_in_every_language(client, language):
    words = re.search(
        '<script type="application/json" id="words">(.*?)</script>', page_of(client, f"/embed?lang={language}").text
    )

    assert words is not None
    told = json.loads(words[1])
    script = re.sub("^//.*$", "", (STATIC_PATH / "talk.js").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert set(told) == set(re.findall(r"\bwords\.([A-Za-z]+)", script))
    assert all(told.values())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_is_light_or_dark_as_the_page_around_it_asks(client, theme):
    assert f'data-theme="{theme}"' in page_of(client, f"/embed?theme={theme}").text
    assert "data-theme" not in page_of(client, "/embed?theme=neon").text


def test_the_sites_of_the_settings_may_frame_this_page_alone(client):
    assert page_of(client).headers["content-security-policy"].endswith("'self' https://a.example https://b.example")
    for path in ("/", "/documents", "/kiosk", "/embed/place/x", "/embed.js", "/site/embedded.js"):
        assert client.get(path).headers["content-security-policy"].endswith("frame-ancestors 'self'"), path


def test_nothing_is_stored_in_the_browser(client):
    visit = client.post("/embed/begin", json={}).headers[VISIT_HEADER]
    asked = client.post("/embed/ask", json={"question": QUESTION, "visit": visit})

    for response in (page_of(client), client.get("/embed.js"), asked, client.post("/embed/end", json={"visit": visit})):
        assert "set-cookie" not in response.headers
    assert asked.headers["cache-control"] == "no-store"
    for name in ("embed.js", "embedded.js", "talk.js"):
        script = (STATIC_PATH / name).read_text(encoding="utf-8")
        assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\.", script), name


def test_the_script_for_other_sites_is_a_script_and_the_only_thing_they_may_load(client):
    response = client.get("/embed.js")

    assert response.headers["content-type"].startswith("text/javascript")
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-origin" not in response.headers
    assert response.content == (STATIC_PATH / "embed.js").read_bytes()
    assert client.get("/site/embedded.js").headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/embed", "/embed.js", "/embed/begin", "/embed/ask"])
def test_other_sites_get_no_answer_of_ours_by_script(client, path):
    preflight = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    response = client.options(path, headers={"Origin": "https://a.example", **preflight})
    posted = client.post(path, json={"question": QUESTION}, headers={"Origin": "https://a.example"})

    assert "access-control-allow-origin" not in response.headers
    assert posted.status_code == 403


def test_a_quotation_leads_to_its_page_in_a_new_tab_where_the_address_is_known(client):
    outcome = client.post("/api/v1/ask", json={"question": QUESTION}).json()
    shown = client.post("/embed/ask", json={"question": QUESTION}).text
    links = re.findall(r'<a href="([^"]*)" target="_blank" rel="noopener"', shown)

    assert [citation["exact"] in shown for citation in outcome["citations"]] == [True] * len(outcome["citations"])
    assert f"{ADDRESS}{outcome['citations'][0]['url']}".replace("&", "&amp;") in links
    assert len(re.findall("<a ", shown)) == len(links)
    assert 'data-talk="keep"' not in shown


def test_without_an_address_a_quotation_can_be_taken_home_and_nothing_leads_away(answerer):
    with client_of(answerer, public_url="") as client:
        shown = client.post("/embed/ask", json={"question": QUESTION}).text

    assert 'data-talk="keep"' in shown
    assert "<a " not in shown


def test_the_kiosk_has_no_links_even_where_the_address_is_known(client):
    shown = client.post("/kiosk/ask", json={"question": QUESTION}).text

    assert 'data-talk="keep"' in shown
    assert "<a " not in shown


def test_the_conversation_is_counted_as_one_of_this_door(client):
    client.post("/embed/ask", json={"question": QUESTION})

    assert re.search(r'^memcon_answers_total\{door="embed"\} [1-9]', client.get("/metrics").text, re.MULTILINE)


def test_words_of_a_hostile_collection_stay_words(make_collection, encoder):
    evil = "</title></script><img src=x onerror=alert(1)>\u202e{{ 7 * 7 }}"
    manifest = f"""suggestions = [{json.dumps(evil)}]
[collection]
id = "a"
title = {json.dumps(evil)}
description = {json.dumps(evil)}
[[document]]
id = "a"
path = "documents/a.txt"
title = "A"
"""
    path = make_collection({"a.txt": f"{evil}\n"}, manifest)
    collection = load_collection(path)
    settings = Settings(collection_path=path, reader=False, threads=1)
    with client_of(wire(settings, collection, encoder, FaissIndex.build(collection, encoder))) as client:
        page = page_of(client, "/embed?lang=ru").text

    assert "<img" not in page
    assert page.count("</script>") == 2
    assert page.count("{{ 7 * 7 }}") == 4
