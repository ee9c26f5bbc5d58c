"""The kiosk's page as the server draws it: all that can be tapped, in every language, and no way out."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from bot.answering import Answerer
from bot.errors import SettingsError
from bot.settings import Settings
from embeddings.collection import Collection, load_collection
from tests.hostile import SNIPPETS
from ui.app import create_app
from ui.exhibits import Exhibits
from ui.hardening import KIOSK_PATHS, OWN_PATHS
from ui.kiosk import _Kiosk
from ui.languages import LANGUAGE_NAMES, LANGUAGES
from ui.site import Site
from ui.spoken import fixed_sentences

STYLES = {"/site/tokens.css", "/site/record.css", "/site/kiosk.css", "data:,"}
LEADS_OUT = re.compile(r"<(a|form|iframe|area|base|object|embed)\b|\b(target|action|formaction|onclick|srcdoc)=", re.I)


def application(answerer: Answerer, **given: object):
    async def make():
        return create_app(Site.of(replace(answerer, settings=replace(answerer.settings, **given))))

    return asyncio.run(make())


@pytest.fixture(scope="module")
def client(answerer: Answerer) -> Iterator[TestClient]:
    with TestClient(application(answerer), base_url="http://museum.example") as client:
        yield client


@pytest.fixture(scope="module")
def alone(answerer: Answerer) -> Iterator[TestClient]:
    """A server that is a kiosk's alone."""
    with TestClient(application(answerer, kiosk=True), base_url="http://museum.example") as client:
        yield client


def text_of(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_leads_nowhere_and_loads_nothing_but_the_servers_files(client, language):
    page = client.get("/kiosk", params={"lang": language}).text

    assert LEADS_OUT.search(page) is None
    assert set(re.findall(r'href="([^"]*)"', page)) == STYLES
    assert set(re.findall(r'src="([^"]*)"', page)) == {"/site/kiosk.js"}
    assert f'<html lang="{language}"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_is_offered_by_its_own_name(client, language):
    page = client.get("/kiosk", params={"lang": language}).text

    for tag, name in LANGUAGE_NAMES.items():
        assert f'data-language="{tag}" lang="{tag}"' in page
        assert name in page


@pytest.mark.parametrize("language", [tag for tag in LANGUAGES if tag != "en"])
def test_questions_are_offered_in_the_visitors_language_and_quotations_stay_in_the_records(client, language):
    page = client.get("/kiosk", params={"lang": language}).text
    offered = re.findall(r'data-talk="ask" lang="([a-z]+)"', page)
    quoted = re.findall(r'<blockquote[^>]* lang="([a-z]+)"', page)

    assert offered.count(language) >= 0.7 * len(offered) > 20
    assert set(offered) <= {language, "en"}
    assert set(quoted) == {"en"}


@pytest.mark.parametrize("language", ["", "tlh", "<b>", "de-CH"])
def test_a_language_that_is_not_spoken_here_opens_in_english(client, language):
    page = client.get("/kiosk", params={"lang": language}).text

    assert f'<html lang="{"de" if language == "de-CH" else "en"}"' in page


def test_the_page_is_kept_by_no_cache(client):
    assert client.get("/kiosk").headers["cache-control"] == "no-store"
    assert client.head("/kiosk").status_code == 200


def test_the_sentences_of_the_scripts_are_data(client):
    page = client.get("/kiosk").text
    words = json.loads(re.search(r'<script type="application/json" id="words">(.*?)</script>', page, re.DOTALL)[1])

    assert words["talk"]["stopTrying"] == "Stop trying"
    assert all(isinstance(said, str) and said for part in ("talk", "keyboard") for said in words[part].values())


def test_the_people_of_the_manifest_stand_with_their_notes_signed_as_the_editors(client, seeds):
    page = text_of(client.get("/kiosk").text)

    for person in seeds.manifest.people:
        assert (person.full_name or person.name) in page
        if person.note:
            assert person.note in page and person.ground in page
    assert page.count("Editor’s note, not part of the record") == sum(bool(p.note) for p in seeds.manifest.people)


def test_every_record_stands_on_the_line_of_time(client, seeds):
    page = client.get("/kiosk").text
    places = re.findall(r'data-talk="place" data-id="([^":]+)"', page)

    assert places == [
        "akhromeev-crowe-1987", "nsdd-311/cover-sheet", "nsdd-311/memorandum", "nsdd-311/directive",
        "nsdd-311/routing-slip",
    ]  # fmt: skip
    assert page.index("December 10, 1987") < page.index("Undated") < page.index("August 2, 1988")


def test_every_question_that_is_offered_is_answered_by_a_quotation(client, answerer, seeds):
    page = client.get("/kiosk").text
    offered = {
        html.unescape(re.sub("<[^>]+>", "", text)) for text in re.findall(r'data-talk="ask"[^>]*>(.*?)</button>', page)
    }

    silent = [question for question in sorted(offered) if not hasattr(answerer.answer(question), "citations")]

    assert len(offered) > 40
    assert silent == []


def test_every_quotation_on_the_page_is_the_records(client, seeds):
    exhibits = Exhibits(seeds)
    cited = [opening.citation for opening in exhibits.openings]
    cited += [citation for portrait in exhibits.portraits for citation in portrait.citations]
    page = text_of(client.get("/kiosk").text)

    assert len(cited) > 15
    for citation in cited:
        assert seeds.document(citation.document_id).text[citation.start : citation.end] == citation.exact
        assert citation.exact in page


def test_what_a_person_said_is_that_persons(seeds):
    for portrait in Exhibits(seeds).portraits:
        if portrait.speaks:
            assert {citation.speaker for citation in portrait.citations} == {portrait.person.name}
        else:
            names = (portrait.person.name, *portrait.person.aliases)
            assert all(any(name in citation.exact for name in names) for citation in portrait.citations)


def test_silence_is_read_aloud_in_the_visitors_language():
    for identifier, sentence in fixed_sentences().items():
        assert set(sentence) == set(LANGUAGES)
        assert len(set(sentence.values())) == len(LANGUAGES), identifier


@pytest.fixture
def draw(answerer: Answerer):
    def draw(collection: Collection, language: str = "en") -> str:
        return _Kiosk(Site.of(replace(answerer, collection=collection))).page(language)

    return draw


def test_a_collection_without_a_manifest_has_a_kiosk_too(make_collection, draw):
    text = "Harbour minutes\n\nThe harbour was closed in May because of the ice.\n"
    page = draw(load_collection(make_collection({"minutes.txt": text})))

    assert "The harbour was closed in May because of the ice." in text_of(page)
    assert 'id="people"' not in page and 'id="themes"' not in page and 'id="compare"' not in page
    assert 'data-view="people"' not in page and 'data-view="timeline"' in page


def test_a_document_of_one_word_has_a_kiosk_too(make_collection, draw):
    assert 'id="attract"' in draw(load_collection(make_collection({"a.txt": "Word."})))


def test_what_documents_and_manifests_say_is_shown_as_its_characters(make_collection, draw):
    hostile = "".join(s for s in SNIPPETS if "\0" not in s and not set("\n\r\x0b\x85\u2028") & set(s))
    told = json.dumps(hostile, ensure_ascii=False)
    manifest = f"""
[collection]
id = "c"
title = {told}
[[document]]
id = "d"
path = "documents/d.txt"
title = {told}
[[person]]
name = "Anna"
role = {told}
note = {told}
ground = {told}
speaks = true
[[theme]]
title = {told}
questions = [{told}]
"""
    said = f"The harbour was closed in May {hostile} because of the ice."
    page = draw(load_collection(make_collection({"d.txt": f"Anna. {said}\n\nBert. And why?\n"}, manifest)))

    assert "<script>alert" not in page and "<b>" not in page
    assert LEADS_OUT.search(page) is None
    assert set(re.findall(r'src="([^"]*)"', page)) == {"/site/kiosk.js"}
    assert "alert(1)" in text_of(page)


def test_a_kiosks_server_has_no_other_door(alone):
    for path in ("/kiosk", "/site/kiosk.js", "/healthz", "/readyz", "/metrics"):
        assert alone.get(path).status_code == 200, path
    shut = [f"/{path}" for path in OWN_PATHS - KIOSK_PATHS] + [
        "/",
        "/config",
        "/gradio_api/info",
        "/favicon.ico",
        "//kiosk",
    ]
    for path in (*shut, "/api/v1/ask", "/cite/akhromeev-crowe-1987/t3", "/documents/nsdd-311", "/assets/x.js"):
        assert alone.get(path).status_code == 404, path
        assert alone.post(path).status_code == 404, path
    assert "api" in OWN_PATHS - KIOSK_PATHS


def test_a_kiosks_server_answers(alone):
    assert (
        "dual-use weapons" in alone.post("/kiosk/ask", json={"question": "What is the main obstacle in Vienna?"}).text
    )


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("kiosk_idle_seconds", 9, "kiosk_idle_seconds = 9: must be 10 to 3600 seconds"),
        ("kiosk_countdown_seconds", 19, "kiosk_countdown_seconds = 19: must be 20 to 3600 seconds"),
        ("kiosk_idle_seconds", 3601, "kiosk_idle_seconds = 3601: must be 10 to 3600 seconds"),
    ],
)
def test_a_time_out_that_leaves_no_time_is_no_setting(name, value, told):
    with pytest.raises(SettingsError) as raised:
        Settings(**{name: value})

    assert str(raised.value) == told
