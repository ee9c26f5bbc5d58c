"""The citation desk: what is looked up, taken along, scanned and checked there, and what is typed there wrongly."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from collections import Counter
from io import BytesIO
from itertools import pairwise
from urllib.parse import parse_qs, quote, urlsplit

import numpy as np
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from starlette.testclient import TestClient
from test_pages import HOSTILE, Page, style, themes

from bot.citations import find_citation
from bot.loading import build_index, load_answerer
from bot.quotations import MAX_CHARACTERS, QuotationCheck, Verdict
from bot.quoting.meaning import Caution, Concern
from bot.quoting.occurrences import Occurrence, Seam
from bot.reading import MAX_CHARACTERS as MAX_WORDS
from bot.settings import Settings
from embeddings.documents import BlockKind, Document, Genre, Item, Span
from ui.app import create_app
from ui.checking import MAX_PASTED
from ui.formats import FORMATS, MEDIA_TYPES, SUFFIXES, format_citation, format_citations
from ui.lookup import MAX_EXPORTED, MAX_RESULTS
from ui.qr import MAX_BYTES, Holds, qr_code
from ui.site import Site
from ui.verdicts import judged, pieces
from ui.wanted import Wanted

PUBLIC = "https://museum.example/memcon"
OBSTACLE = "the main obstacle is the issue of dual-use weapons"
SENTENCE = "akhromeev-crowe-1987/t20:9547-9670"
FORM = "application/x-www-form-urlencoded"
BLOOD = "Blood shed together is never forgotten"
ELEMENTS = {
    "html", "head", "meta", "title", "link", "script", "body", "a", "header", "p", "nav", "ul", "ol", "li", "main",
    "footer", "dl", "dt", "dd", "div", "section", "h1", "h2", "h3", "span", "bdi", "strong", "cite", "mark", "ins",
    "del", "br", "figure", "figcaption", "blockquote", "details", "summary", "pre", "form", "label", "input", "select",
    "option", "fieldset", "legend", "textarea", "button", "img",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "dir", "class", "id", "href", "rel", "role", "aria-label", "aria-labelledby", "aria-current",
    "aria-describedby", "aria-invalid", "tabindex", "title", "charset", "name", "content", "cite", "src", "defer",
    "alt", "width", "height", "download", "action", "method", "accept-charset", "for", "type", "value", "rows",
    "required", "selected", "open", "hidden", "autocomplete", "autocapitalize", "spellcheck", "inputmode",
    "data-apparatus", "data-code", "data-form", "data-citation",
}  # fmt: skip


def served(answerer, **settings):
    """Return a client of the whole application; nobody is turned away for asking too much."""
    chosen = dataclasses.replace(answerer.settings, **{"requests_per_minute": 10**6} | settings)
    site = Site.of(dataclasses.replace(answerer, settings=chosen))

    async def make():
        return create_app(site)

    client = TestClient(asyncio.run(make()), base_url="http://museum.example", follow_redirects=False)
    client.site = site
    return client


@pytest.fixture(scope="module")
def client(answerer):
    with served(answerer) as client:
        yield client


@pytest.fixture(scope="module")
def public(answerer):
    with served(answerer, public_url=f"{PUBLIC}/") as client:
        yield client


def page_of(response, status=200):
    """Check what holds of every page of the desk, and return it as a parser reads it."""
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = Page(response.text)
    ids = Counter(page.values("id"))
    assert {tag for tag, _ in page.elements} <= ELEMENTS
    assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES
    assert page.all("script") in ([], [{"src": "/site/cite.js", "defer": None}])
    links = [a["href"] for tag, a in page.elements if "href" in a and a.get("rel") != "canonical"]
    assert all(link.startswith(("/", "#")) for link in links + page.values("src") + page.values("action"))
    assert max(ids.values()) == 1
    assert page.headings.count(1) == 1 and all(b <= a + 1 for a, b in pairwise(page.headings))
    named = " ".join(page.values("aria-labelledby") + page.values("aria-describedby")).split()
    assert set(named) <= ids.keys()
    labelled = set(page.values("for"))
    for tag in ("input", "select", "textarea"):
        assert all(field.get("type") == "hidden" or field["id"] in labelled for field in page.all(tag))
    return page


def look(client, status=200, **fields):
    renamed = {name.rstrip("_"): value for name, value in fields.items()}
    return page_of(client.get("/cite", params=renamed), status)


def ids_of(page):
    """Return the ids of the results, in their order."""
    found = [urlsplit(a["cite"]).path.removeprefix("/cite/") for a in page.all("blockquote")]
    return found


def checked(client, text, status=200):
    return page_of(client.post("/quotations", data={"text": text}), status)


# ---- looking up -----------------------------------------------------------------------------------------------------


def test_the_empty_form_teaches_what_can_be_looked_up(client, seeds):
    page = look(client)

    assert {a["name"] for tag in ("input", "select") for a in page.all(tag)} == {
        "words", "id", "speaker", "in", "page", "from", "to"
    }  # fmt: skip
    assert f"/cite/{seeds.passages[0].id}" in page.values("href")
    assert "Permalinks" in page.text
    speakers = {block.speaker for document in seeds.documents for block in document.blocks if block.speaker}
    records = {d.id for d in seeds.documents} | {f"{d.id}/{i.id}" for d in seeds.documents for i in d.items}
    assert {a["value"] for a in page.all("option")} == speakers | records | {""}


def test_the_very_words_come_first_and_alone(client):
    page = look(client, words=OBSTACLE)
    first, *others = ids_of(page)
    citation = find_citation(client.site.answerer.collection, first)

    assert " ".join(citation.exact.split()) == OBSTACLE
    assert page.text.index("The very words") < page.text.index("Nearest sentences")
    assert 0 < len(others) < MAX_RESULTS
    assert not any(
        other.document_id == citation.document_id and other.start < citation.end and citation.start < other.end
        for other in (find_citation(client.site.answerer.collection, o) for o in others)
    )


def test_of_a_word_or_two_the_sentences_that_hold_them_are_found_each_once(client, seeds):
    sentences = {(p.document_id, s.start, s.end) for p in seeds.passages for s in p.sentences}
    for words in ("laser", "dual-use weapons", "airplane"):
        found = [find_citation(seeds, i) for i in ids_of(look(client, words=words))]
        has_words = [bool(re.search(rf"\b{words}\b", " ".join(citation.exact.split()))) for citation in found]

        assert has_words == sorted(has_words, reverse=True) and True in has_words
        assert len(found) == len({citation.id for citation in found})
        assert all((c.document_id, c.start, c.end) in sentences for c in found)


def test_each_result_can_be_cited_linked_printed_and_scanned(client, seeds):
    page = look(client, words=OBSTACLE)
    for identifier in ids_of(page)[:5]:
        citation, links = find_citation(seeds, identifier), page.values("href")

        assert {citation.url, f"/cite/{citation.id}/sheet", f"/cite/{citation.id}/qr.svg"} <= set(links)
    assert len([a for a in page.all("a") if a.get("class") == "mc-cite"]) == len(ids_of(page))


@pytest.mark.parametrize("identifier", ["akhromeev-crowe-1987/t20", SENTENCE, " nsdd-311/directive/e2 "])
def test_an_id_leads_to_its_page_whatever_the_other_fields_say(client, seeds, identifier):
    response = client.get("/cite", params={"id": identifier, "words": "other words", "speaker": "Crowe"})

    assert (response.status_code, response.headers["location"]) == (303, f"/cite/{identifier.strip()}")
    assert client.get(response.headers["location"]).status_code == 200


@pytest.mark.parametrize("frame", ["{}", "http://elsewhere.example{}", "  {}\n"])
def test_a_permalink_leads_to_its_page_which_says_what_became_of_the_words(client, seeds, frame):
    citation = find_citation(seeds, SENTENCE)
    response = client.get("/cite", params={"id": frame.format(citation.url)})

    assert response.status_code == 303
    location = urlsplit(response.headers["location"])
    assert (location.netloc, location.path) == ("", "/cite/akhromeev-crowe-1987/t20:9547-9670")
    assert parse_qs(location.query) == parse_qs(urlsplit(citation.url).query)
    assert "has not changed since it was cited" in client.get(response.headers["location"]).text


def test_a_permalink_whose_words_are_gone_leads_to_the_page_that_says_so(client, seeds):
    citation = find_citation(seeds, SENTENCE)
    gone = re.sub(r"sha256=\w+", "sha256=000000000000", re.sub(r"words=\d+-\w+-\w+", "words=22-aaaaaaaaaaaa-bbbbbbbb",
                  re.sub(r"near=[\w-]+", "near=-", citation.url)))  # fmt: skip
    response = client.get("/cite", params={"id": gone})

    assert response.status_code == 303
    assert "taken out or rewritten" in page_of_plain(client.get(response.headers["location"]), 410)


def page_of_plain(response, status):
    assert response.status_code == status
    return " ".join(Page(response.text).text.split())


@pytest.mark.parametrize(
    "link",
    [
        "none", "nsdd-311/none", "/cite/x?sha256=1", "http://[", "//evil.example/cite", "a" * 1000,
        "akhromeev-crowe-1987/t20:5-2", "\r\nSet-Cookie: x", HOSTILE,
    ],
)  # fmt: skip
def test_an_id_that_names_nothing_is_said_and_kept_to_be_mended(client, link):
    page = look(client, 404, id=link)

    assert [a["value"] for a in page.all("input") if a["name"] == "id"] == [link]
    assert [a["aria-invalid"] for a in page.all("input") if a["name"] == "id"] == ["true"]
    assert "#id" in page.values("href")


def within(seeds, keep):
    """Return the ids of the passages that ``keep`` takes, stamps left out, as the list should have them."""
    found = []
    for passage in seeds.passages:
        document, block = seeds.document(passage.document_id), seeds.block(passage)
        if block.kind is not BlockKind.FURNITURE and keep(passage, document, block):
            found.append(f"{passage.id}:{passage.span.start}-{passage.span.end}")
    return found


@pytest.mark.parametrize(
    ("fields", "keep"),
    [
        ({"speaker": "Crowe"}, lambda p, d, b: b.speaker == "Crowe"),
        ({"in_": "nsdd-311"}, lambda p, d, b: d.id == "nsdd-311"),
        ({"in_": "nsdd-311/directive"}, lambda p, d, b: b.item_id == "directive"),
        ({"page": "5", "speaker": "Akhromeev"}, lambda p, d, b: b.speaker == "Akhromeev"
         and d.page_at(p.span.start) <= 5 <= d.page_at(p.span.end - 1)),
        ({"from_": "1988"}, lambda p, d, b: d.id == "nsdd-311" and d.item(b.item_id).date is not None),
        ({"to": "1987-12-10"}, lambda p, d, b: d.id == "akhromeev-crowe-1987"),
        ({"from_": "1987-12-11", "to": "1988-01"}, lambda p, d, b: False),
    ],
)  # fmt: skip
def test_a_list_has_all_that_lies_within_its_limits(client, seeds, fields, keep):
    wanted = within(seeds, keep)
    page = look(client, **fields)

    assert ids_of(page) == wanted[:MAX_RESULTS]
    if not wanted:
        assert "Nothing was found." in page.text
        assert "A record without a date is found by no date." in page.text


def test_limits_hold_for_words_too(client, seeds):
    page = look(client, words="weapons", speaker="Crowe", in_="akhromeev-crowe-1987")

    found = [find_citation(seeds, i) for i in ids_of(page)]
    assert found and {c.speaker for c in found} == {"Crowe"}


def test_more_results_than_a_page_holds_are_walked_through_each_once(client, seeds):
    wanted = within(seeds, lambda p, d, b: True)
    found, address = [], "/cite?in=&from=1900"
    wanted = [i for i in wanted if find_citation(seeds, i).document_id == "akhromeev-crowe-1987"
              or seeds.document("nsdd-311").item(find_citation(seeds, i).item_id).date]  # fmt: skip
    while address:
        page = page_of(client.get(address))
        found += ids_of(page)
        address = next((a["href"] for a in page.all("a") if a.get("rel") == "next"), None)

    assert found == wanted and len(wanted) > MAX_RESULTS
    assert [a["href"] for a in page.all("a") if a.get("rel") == "prev"]
    assert "Nothing stands further on." in look(client, speaker="Crowe", start="999999").text


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"speaker": "Nobody"}, "Speaker: 'Nobody' is nobody who speaks here; choose one listed"),
        ({"in_": "none"}, "Document or item: 'none' is no document or item of this collection; choose one listed"),
        ({"page": "four"}, "Page: 'four' is no page number; give digits, like 4"),
        ({"page": "1234567"}, "Page: '1234567' is no page number; give digits, like 4"),
        ({"page": "-1"}, "'-1' is no page number"),
        ({"page": "٤"}, "'٤' is no page number"),
        ({"from_": "10.12.1987"}, "Dated from: '10.12.1987' is no date; write 1987, 1987-12 or 1987-12-10"),
        ({"to": "1987-02-30"}, "to: '1987-02-30' is no date"),
        ({"from_": "1988", "to": "1987-12"}, "to: '1987-12' lies before '1988', the date to begin with"),
        ({"start": "x", "speaker": "Crowe"}, "'x' is no number of results to pass over; give 0 to 999999"),
        ({"format": "word", "speaker": "Crowe"}, f"'word' is no format; there are {', '.join(FORMATS)}"),
        ({"words": "w" * (MAX_WORDS + 1)}, f"({MAX_WORDS + 1} characters) has {MAX_WORDS + 1} characters; at most"),
        ({"id": "i" * 1001}, "(1001 characters) has 1001 characters; at most 1000 are allowed"),
        ({"words": "a\0b"}, "'a\\x00b' has 3 characters; at most 2000 are allowed, and no NUL"),
        ({"words": "!!!"}, "'!!!' holds no words; give some to look for"),
    ],
)  # fmt: skip
def test_what_is_typed_wrongly_is_named_with_what_is_allowed(client, fields, told):
    page = look(client, 422, **fields)

    assert told in " ".join(page.text.split())
    assert page.text.strip().startswith("Error: ")
    kept = {a["name"]: a.get("value", "").replace("\0", "") for a in page.all("input")}
    for name, value in fields.items():
        if name.rstrip("_") in kept:
            assert kept[name.rstrip("_")] == value.replace("\0", "")


def test_fields_that_are_empty_unknown_or_doubled_do_no_harm(client):
    assert "How it works" in look(client, words="  ", id="\t", page="", unknown="x").text
    assert ids_of(page_of(client.get("/cite?speaker=Nobody&speaker=Crowe")))
    assert page_of(client.get("/cite?words=%ff%fe%80")).all("form")


def test_dates_of_a_year_or_month_alone_may_be_any_of_its_days():
    def admits(date, **limits):
        document = Document(id="d", title="D", text="abc", sha256="0" * 64, genre=Genre.PROSE, blocks=(), date=date)
        return Wanted(**limits).admits(document, Span(0, 3), None, None)

    assert admits("1987", earliest="1987-06-01", latest="1987-06-02")
    assert admits("1987-12", earliest="1987-12-31")
    assert not admits("1987-12", earliest="1988")
    assert admits("1987-12-10", earliest="1987-12-10", latest="1987-12-10")
    assert not admits("1987-12-10", latest="1987-12-09")
    assert not admits("about 1987", earliest="1900") and not admits(None, latest="2000")
    assert admits(None) and admits("about 1987")


def test_the_date_that_counts_is_the_items_own():
    document = Document(
        id="d", title="D", text="abcdef", sha256="0" * 64, genre=Genre.PROSE, blocks=(), date="1987",
        items=(Item(id="old", title="O", span=Span(0, 3), date="1950"), Item(id="none", title="N", span=Span(3, 6))),
    )  # fmt: skip

    assert Wanted(latest="1960").admits(document, Span(0, 3), None, "old")
    assert not Wanted(earliest="1980").admits(document, Span(3, 6), None, "none")


# ---- taking along ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
def test_results_are_downloaded_as_one_file(public, seeds, form):
    response = public.get("/cite", params={"speaker": "Crowe", "format": form})
    wanted = [find_citation(seeds, i) for i in within(seeds, lambda p, d, b: b.speaker == "Crowe")]

    assert response.status_code == 200
    assert response.headers["content-type"] == MEDIA_TYPES[form]
    assert response.headers["content-disposition"] == f'attachment; filename="{seeds.manifest.id}{SUFFIXES[form]}"'
    assert response.text == format_citations(wanted, seeds, form, f"{PUBLIC}/")


def test_a_file_of_nothing_is_the_page_that_says_so(client):
    assert "Nothing was found." in look(client, from_="1900", to="1901", format="ris").text


@pytest.mark.parametrize("form", FORMATS)
def test_many_citations_are_one_file_in_the_order_of_their_ids(public, seeds, form):
    ids = ["nsdd-311/directive/e2", SENTENCE, "nsdd-311/directive/e1"]
    response = public.post("/api/v1/citations", json={"ids": ids, "format": form})

    assert response.headers["content-type"] == MEDIA_TYPES[form]
    assert response.text == format_citations([find_citation(seeds, i) for i in ids], seeds, form, f"{PUBLIC}/")


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"ids": []}, 422, "ids"),
        ({"ids": ["nsdd-311/directive/e1"] * (MAX_EXPORTED + 1)}, 422, "200"),
        ({"ids": ["x" * 301]}, 422, "ids.0"),
        ({"ids": "nsdd-311/directive/e1"}, 422, "ids"),
        ({"ids": [""]}, 422, "ids.0"),
        ({"ids": ["nsdd-311/directive/e1"], "format": "word"}, 422, "is 'word'; It must be one of text, chicago"),
        ({"ids": ["nsdd-311/directive/e1"], "form": "ris"}, 422, "'form': is no key here"),
        ({"ids": ["nsdd-311/directive/e1", "none"]}, 404, "'none' names no passage or citation"),
        ({}, 422, "ids: is missing"),
        ([], 422, ""),
    ],
)
def test_a_wrong_export_is_a_problem_that_names_the_value(client, body, status, told):
    response = client.post("/api/v1/citations", json=body)

    assert (response.status_code, response.headers["content-type"]) == (status, "application/problem+json")
    assert told in response.json()["detail"]


def test_the_export_is_described_and_takes_no_other_method(client):
    described = client.get("/api/v1/openapi.json").json()["paths"]["/api/v1/citations"]

    assert list(described) == ["post"]
    assert client.get("/api/v1/citations").status_code == 405
    assert client.post("/api/v1/citations", content="x", headers={"content-type": "text/plain"}).status_code == 415
    assert client.get("/api/v1/citations/nsdd-311/directive/e1").status_code == 200


# ---- the sheet and the code -----------------------------------------------------------------------------------------


class Sheet(Page):
    """A sheet, with the text of each of its forms."""

    def __init__(self, markup):
        self.forms = {}
        super().__init__(markup)

    def handle_data(self, data):
        super().handle_data(data)
        for form in (attributes["data-form"] for _, attributes in self._open if "data-form" in attributes):
            if any(tag == "pre" for tag, _ in self._open):
                self.forms[form] = self.forms.get(form, "") + data


@pytest.mark.parametrize("identifier", [SENTENCE, "nsdd-311/directive/e2", "nsdd-311/routing-slip/r12"])
def test_the_sheet_has_every_form_to_the_letter_and_to_keep(public, seeds, identifier):
    citation = find_citation(seeds, identifier)
    response = public.get(f"/cite/{identifier}/sheet")
    page_of(response)
    sheet = Sheet(response.text)

    assert sheet.forms == {form: format_citation(citation, seeds, form, f"{PUBLIC}/") for form in FORMATS}
    kept = [a for a in sheet.all("a") if "api/v1" in a["href"]]
    assert [a["download"] for a in kept] == [re.sub("[/:]", "-", citation.id) + SUFFIXES[form] for form in FORMATS]
    assert [public.get(a["href"]).text for a in kept] == list(sheet.forms.values())
    assert f"{PUBLIC}{citation.url}" in sheet.text
    assert Holds.PERMALINK.value in sheet.text


@pytest.mark.parametrize(
    "path",
    ["none/sheet", "none/qr.svg", "/sheet", "nsdd-311/directive/e1/x/qr.svg", f"{quote(HOSTILE, safe='')}/sheet"],
)
def test_of_what_is_not_there_there_is_no_sheet_and_no_code(client, path):
    page = page_of(client.get(f"/cite/{path}"), 404)

    assert "No such passage" in page.text


def scan(image):
    """Read the code in an image: float or byte grey values, (height, width)."""
    (found,) = zxingcpp.read_barcodes(np.ascontiguousarray(image, dtype=np.uint8))
    return found.bytes.decode()


def raster(svg, scale=6):
    """Draw the code of an SVG file, whose path has nothing but relative moves and horizontal lines."""
    size = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    drawn = np.full((size, size), 255, dtype=np.uint8)
    x = y = 0.0
    for command, numbers in re.findall(r"([Mmh])([^Mmh]*)", re.search(r'stroke="#000" d="([^"]+)"', svg)[1]):
        values = [float(n) for n in re.findall(r"-?[\d.]+", numbers)]
        if command == "h":
            drawn[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
        else:
            x, y = (values[0], values[1]) if command == "M" else (x + values[0], y + values[1])
    return drawn.repeat(scale, axis=0).repeat(scale, axis=1)


def pixels(png):
    """Return the grey values of a PNG file."""
    return np.asarray(Image.open(BytesIO(png)).convert("L"))


def test_every_code_leads_to_its_permalink_under_the_public_address(public, seeds):
    for passage in seeds.passages[::9]:
        citation = find_citation(seeds, passage.id)
        svg, png = (public.get(f"/cite/{passage.id}/qr.svg{query}") for query in ("", "?format=png"))

        assert (svg.headers["content-type"], png.headers["content-type"]) == ("image/svg+xml", "image/png")
        assert scan(raster(svg.text)) == scan(pixels(png.content)) == f"{PUBLIC}{citation.url}"


def test_without_a_public_address_the_code_holds_the_text_and_where_that_is_too_long_the_path(client, seeds):
    held = Counter()
    for passage in seeds.passages[::9]:
        citation = find_citation(seeds, passage.id)
        text = format_citation(citation, seeds, "text")
        fits = len(text.encode()) <= MAX_BYTES
        page = page_of(client.get(f"/cite/{passage.id}/sheet"))

        assert scan(raster(client.get(f"/cite/{passage.id}/qr.svg").text)) == (text if fits else citation.url)
        assert (Holds.TEXT if fits else Holds.PATH).value in page.text
        assert page.all("img")[0]["alt"] == f"QR code with the {'text' if fits else 'permalink'} of {citation.id}"
        held[fits] += 1
    assert held[True] and held[False]


def test_the_code_says_what_it_is_and_runs_nothing(public):
    svg = public.get("/cite/nsdd-311/directive/e1/qr.svg")

    assert "<title>QR code with the permalink of nsdd-311/directive/e1" in svg.text
    assert f"<desc>{Holds.PERMALINK.value}</desc>" in svg.text
    assert not re.search(r"<script|style=|on\w+=|href", svg.text)
    assert svg.headers["x-content-type-options"] == "nosniff"


def test_a_code_of_another_kind_is_not_had(client):
    page = page_of(client.get("/cite/nsdd-311/directive/e1/qr.svg?format=gif"), 422)

    assert "format = 'gif': the code can be had as svg or png." in page.text


def test_an_id_with_odd_signs_makes_a_code_all_the_same(seeds):
    citation = dataclasses.replace(find_citation(seeds, "nsdd-311/directive/e1"), id=HOSTILE)
    code = qr_code(citation, seeds, "")

    assert "<script>" not in code.image("svg").decode()
    assert scan(raster(code.image("svg").decode())) == code.content


# ---- checking quotations --------------------------------------------------------------------------------------------

TEXT = (
    f'Akhromeev said: "{BLOOD}", and that “{OBSTACLE}”.\n\nCrowe said: "{OBSTACLE}".\n\n'
    'They quote "This work ... and the main obstacle is the issue of dual-use weapons." as well as\n'
    "“we shall all dance in the moonlight”, <b>and</b> so on."
)


def test_each_quotation_is_marked_with_its_verdict_in_words(client):
    page = checked(client, TEXT)
    marks = [a["class"].split()[1] for a in page.all("mark")]

    assert marks == ["altered", "exact", "misattributed", "altered", "absent"]
    for number, label in enumerate(("altered", "exact", "attributed to another", "altered", "absent"), start=1):
        assert page.text.count(f"{number} {label}") == 2  # in the text and in the list
        assert {f"check-{number}", f"claim-{number}"} <= set(page.values("id"))
    assert "5 quotations or sentences: 1 exact, 2 altered, 1 attributed to another, 1 absent." in page.text
    assert "The text names William J. Crowe; in the record they are from Sergey Fyodorovich Akhromeev." in page.text


def test_differences_are_shown_word_by_word_and_said_to_listeners(client):
    page = checked(client, f"“{BLOOD}”; “Blood that was spilled together is Never forgotten”")
    text = " ".join(page.text.split())

    assert "Blood [left out: that was] shed together is never forgotten" in text
    assert "[in the record: shed] [in the quotation: spilled]" in text
    assert "[in the record: never] [with other capitals: Never]" in text
    made = Counter((tag, a["class"]) for tag, a in page.elements if tag in ("ins", "del") and "class" in a)
    assert made == {
        ("del", "elided"): 1,  # in the words that explain the marks
        ("del", "dropped"): 1, ("del", "changed"): 1, ("ins", "changed"): 1, ("del", "case"): 1, ("ins", "case"): 1,
    }  # fmt: skip


def test_an_ellipsis_that_hides_something_is_warned_of(client):
    page = checked(client, '"This work ... and the main obstacle is the issue of dual-use weapons."')

    assert "The ellipsis hides a number, “23”." in page.text
    assert "left out for an ellipsis: " in page.text


def test_the_places_of_a_quotation_can_be_opened_and_cited(client, seeds):
    page = checked(client, f"“{OBSTACLE}”")
    citation = client.site.answerer.quotations.check(OBSTACLE).places[0]

    assert {citation.url, f"/cite/{citation.id}/sheet", f"/cite/{citation.id}/qr.svg"} <= set(page.values("href"))
    assert citation.locator in page.text


def test_a_text_without_quotation_marks_is_checked_by_its_sentences(client):
    page = checked(client, f"{BLOOD}. Nobody ever wrote this sentence anywhere.")

    assert len(page.all("mark")) == 2


def pasted_again(response):
    """Return the text in the form as a parser reads it, which takes away one line feed at its beginning."""
    return Page(f"<p>{re.search(r'<textarea[^>]*>.(.*?)</textarea>', response.text, re.DOTALL)[1]}</p>").text


def test_the_text_comes_back_unchanged_in_the_form(client):
    for text in (TEXT, f"\n\n{HOSTILE.replace(chr(7), '')}\n"):
        response = client.post("/quotations", data={"text": text})
        page_of(response)
        assert pasted_again(response) == text


CHECKS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10)), max_size=6)


@given(st.text(min_size=1, max_size=30), CHECKS)
def test_a_text_is_cut_without_losing_a_character(text, spans):
    checks = [
        QuotationCheck(quoted="x", verdict=Verdict.ABSENT, span=Span(start, min(start + length, len(text))))
        for start, length in sorted(spans)
        if start < len(text)
    ]
    found = list(pieces(text, checks))

    assert "".join(piece.text for piece in found) == text
    assert all(piece.text for piece in found)
    for piece in found:
        if piece.number:
            span = checks[piece.number - 1].span
            assert piece.text == text[span.start : span.end]


def test_every_warning_and_every_seam_has_its_words(seeds):
    place = find_citation(seeds, "nsdd-311/directive/e1")
    concerns = [Concern.NEGATION, Concern.HEDGE, Concern.CONDITION, Concern.NUMBER]
    kinds = ["dropped", "added", "changed", "case", "elided", "inserted", "beside"]
    cautions = [Caution(concern=c, how=kind, words="not") for c in concerns for kind in kinds]
    cautions += [Caution(concern=c) for c in Concern if c not in concerns]
    check = QuotationCheck(
        quoted="x",
        verdict=Verdict.ALTERED,
        span=Span(0, 1),
        occurrences=(Occurrence(citations=(place,), seams=frozenset(Seam)),),
        warnings=tuple(cautions),
    )
    told = judged(1, check, seeds)

    assert len(set(told.warnings)) == len(cautions)
    assert all(re.fullmatch(r"[A-Z][^{}]*[^,]\.", warning) for warning in told.warnings)
    assert told.seams[0].count(",") == len(Seam) - 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Nothing was pasted; paste the text whose quotations are to be checked."),
        (" \n\t ", "Nothing was pasted"),
        ("!!! ...", "The text holds no words; give the text whose quotations are to be checked."),
        ("a\0b", "The text holds a NUL character"),
        ("word " * 20_001, f"The text has 100005 characters; at most {MAX_CHARACTERS} are allowed. Check it in parts."),
        ("No. Yes! " * 1100, "at most 2000 are allowed. Check it in parts."),
    ],
)
def test_what_cannot_be_checked_is_said_and_not_lost(client, text, told):
    response = client.post("/quotations", data={"text": text})
    page = page_of(response, 422)

    assert told in " ".join(page.text.split())
    assert pasted_again(response) == text.replace("\0", "")
    assert page.all("textarea")[0]["aria-invalid"] == "true"
    assert "#text" in page.values("href")


def test_a_hundred_thousand_characters_are_checked(client):
    text = f"“{OBSTACLE}” and “Admiral Crowe is of the same opinion.” " + "and so it went on for a long time, "
    text = (text * 1000)[:MAX_CHARACTERS]

    assert len(text) == MAX_CHARACTERS
    assert len(checked(client, text).all("mark")) > 1000


@pytest.mark.parametrize("letter", ["я", "漢", "\U0001f6f0"])
def test_as_many_characters_of_any_script_come_through_the_door(client, letter):
    response = client.post("/quotations", data={"text": f"{letter} " * (MAX_CHARACTERS // 2)})

    assert response.status_code in (200, 422)
    assert letter * 1 in response.text


def test_a_body_beyond_all_measure_is_a_page_too(client):
    for content in (b"text=" + b"x" * MAX_PASTED, iter([b"text=", b"x" * MAX_PASTED])):
        response = client.post("/quotations", content=content, headers={"content-type": FORM})
        told = page_of(response, 413).text
        assert "The body has more than 2097152 bytes" in told and "Go back in your browser" in told


@pytest.mark.parametrize(
    ("content", "kind", "told"),
    [
        (b"text=%ff%fe", FORM, "no form in UTF-8"),
        ("text=ä".encode("latin-1"), FORM, "no form in UTF-8"),
        (b"&".join([b"a=1"] * 50), FORM, "no form in UTF-8"),
        (b"text=x", "text/plain", "'text/plain'"),
        (b"{}", "application/json", "send the form of this page"),
        (b"", "", "is declared as ''"),
    ],
)
def test_a_body_that_is_no_form_is_said_to_be_none(client, content, kind, told):
    response = client.post("/quotations", content=content, headers={"content-type": kind})

    assert told in page_of(response, 422).text


def test_another_sites_form_is_not_taken(client):
    response = client.post("/quotations", data={"text": "x"}, headers={"origin": "https://evil.example"})

    assert response.status_code == 403


def test_the_page_lets_the_browser_say_where_its_form_comes_from(client):
    # The server's policy of no referrer would make browsers send "Origin: null" with the form.
    assert {"name": "referrer", "content": "same-origin"} in page_of(client.get("/quotations")).all("meta")


# ---- too many -------------------------------------------------------------------------------------------------------


def test_whoever_asks_too_much_is_told_when_to_come_back_and_loses_nothing(answerer):
    with served(answerer, requests_per_minute=1) as client:
        page_of(client.get("/cite?words=laser"))
        told = client.post("/quotations", data={"text": TEXT})
        looked = client.get("/cite?words=obstacle")

        assert int(told.headers["retry-after"]) > 0
        assert "More than 1 requests in 60 seconds" in page_of(told, 429).text
        assert "moonlight" in told.text
        assert page_of(looked, 429).all("input")[0]["value"] == "obstacle"
        page_of(client.get("/cite"))
        page_of(client.get("/cite/nsdd-311/directive/e1/sheet"))


def test_where_too_many_are_waiting_the_page_says_so(answerer):
    with served(answerer) as client:
        line = client.site.line
        places = [line.place() for _ in range(line._most)]
        for place in places:
            place.__enter__()
        try:
            told = client.post("/quotations", data={"text": TEXT})
            assert "moonlight" in told.text and told.headers["retry-after"]
            page_of(told, 503)
            page_of(client.get("/cite?words=laser"), 503)
        finally:
            for place in places:
                place.__exit__(None, None, None)


# ---- hostile words --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, cache_path):
    folder = tmp_path_factory.mktemp("desk")
    (folder / "documents").mkdir()
    words = HOSTILE.replace("\0", "")
    turns = "".join(f"Adams: {words} {n}.\n\nBrown: No.\n\n" for n in range(3))
    (folder / "documents" / "d.txt").write_text(turns, encoding="utf-8")
    told = json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
    (folder / "manifest.toml").write_text(
        f'[collection]\nid = "hostile"\ntitle = {told}\ndescription = {told}\n\n'
        f'[[document]]\nid = "d"\npath = "documents/d.txt"\ntitle = {told}\ndate = {told}\ngenre = "transcript"\n\n'
        f'[[person]]\nname = "Adams"\nfull_name = {told}\nrole = {told}\naliases = []\n\n'
        f'[[person]]\nname = "Brown"\naliases = []\n',
        encoding="utf-8",
    )
    settings = Settings(collection_path=folder, cache_path=cache_path)
    build_index(settings)
    with served(load_answerer(settings)) as client:
        yield client


@pytest.mark.parametrize("name", ["words", "id", "speaker", "in", "page", "from", "to", "start", "format", HOSTILE])
def test_hostile_words_in_a_field_read_as_themselves(hostile, name):
    response = hostile.get("/cite", params={name: HOSTILE, "speaker_": "x"})
    page_of(response, response.status_code)

    assert response.status_code in (200, 404, 422)
    assert "<script>alert(1)" not in response.text


def test_hostile_words_of_a_record_read_as_themselves(hostile):
    for path in ("/cite?speaker=Adams", "/cite?in=d", "/cite/d/t1/sheet", "/cite/d/t1"):
        response = hostile.get(path)
        assert response.status_code == 200
        assert "<script>alert(1)" in Page(response.text).text
        assert "<script>alert(1)" not in response.text
        assert not re.search("[\u202e\u2069\x07]", "".join(Page(response.text).values("alt")))
    svg = hostile.get("/cite/d/t1/qr.svg").text
    assert "<script>" not in svg
    page = checked(hostile, f"Adams said “{HOSTILE.replace(chr(0), '')}”. Brown said “alert(1) x onerror=alert(1)”.")
    assert "<script>alert(1)" in page.text


# ---- the pages together ---------------------------------------------------------------------------------------------


def test_every_page_leads_to_the_four_doors(client):
    for path, here in (("/cite", "/cite"), ("/quotations", "/quotations"), ("/documents", "/documents"),
                       ("/cite/nsdd-311/directive/e1", None), ("/cite/nsdd-311/directive/e1/sheet", None)):  # fmt: skip
        page = Page(client.get(path).text)
        links = [a for a in page.all("a") if a.get("href") in ("/", "/documents", "/cite", "/quotations")]

        assert [a["href"] for a in links[:4]] == ["/", "/documents", "/cite", "/quotations"]
        assert [a["href"] for a in links[:4] if "aria-current" in a] == ([here] if here else [])


def test_the_quotations_page_offers_its_citation(client):
    page = Page(client.get("/cite/nsdd-311/directive/e1").text)

    assert len(page.all("details")) == len(FORMATS)
    (link,) = [a["href"] for a in page.all("a") if a.get("class") == "mc-cite"]
    assert re.fullmatch(r"/cite/nsdd-311/directive/e1:\d+-\d+/sheet", link)


@pytest.mark.parametrize(
    "path",
    ["/cite", "/cite/", "/quotations", "/cite/nsdd-311/directive/e1/sheet", "/cite/nsdd-311/directive/e1/qr.svg"],
)
def test_the_desk_answers_to_head(client, path):
    response = client.head(path)

    assert (response.status_code, response.text) == (200, "")


def test_the_style_uses_only_tokens_that_there_are_and_loads_nothing():
    css = style("desk.css")

    assert set(re.findall(r"var\((--mc-[a-z0-9-]+)", css)) <= themes()[0].keys()
    assert not re.search(r"url\(|@import|https?:", css)
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?![-\w])", css) == ["#fff"]  # the light of a code, in the dark too


def test_the_style_reaches_nothing_outside_the_pages_the_dialog_and_the_chats_head():
    inside = r"\([^(){}]*(?:\([^(){}]*\)[^(){}]*)*\)"  # parentheses, whose commas part no selectors
    css = re.sub(inside, lambda found: found.group().replace(",", ";"), style("desk.css"))
    selectors = [part.strip() for rule in re.findall(r"(?:^|[{}])\s*([^{}@]+?)\s*\{", css) for part in rule.split(",")]

    assert len(selectors) > 40
    assert [s for s in selectors if not re.match(r"\.mc-page\b|#mc-citation\b|#mc-head \.mc-nav", s)] == []


def test_addresses_of_more_results_keep_what_was_looked_for(client):
    page = look(client, speaker="Akhromeev", words="weapons & more <b>", page="")
    hidden = {a["name"]: a["value"] for a in page.all("input") if a.get("type") == "hidden"}

    assert hidden == {"speaker": "Akhromeev", "words": "weapons & more <b>"}
