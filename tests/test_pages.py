"""The pages: whole, escaped, in order, and readable by everyone."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from hypothesis import assume, given
from starlette.testclient import TestClient
from test_typesetting import SPEAKERS, TEXTS

from bot.citations import cite, find_citation
from bot.settings import Settings
from embeddings.collection import Collection, load_collection
from embeddings.documents import Genre, Item, Span
from embeddings.errors import DocumentError
from embeddings.manifest import Manifest
from embeddings.passages import cut_passages
from ui.formats import FORMATS, chicago_note, format_citation
from ui.pages import STATIC_PATH, error_page, pages_router

VOID = {"meta", "link", "br", "col", "hr", "img", "input"}
ELEMENTS = {
    "html", "head", "meta", "title", "link", "body", "a", "header", "p", "nav", "ul", "ol", "li", "main", "footer",
    "dl", "dt", "dd", "div", "section", "article", "h1", "h2", "h3", "h4", "table", "thead", "tbody", "tr", "th", "td",
    "span", "bdi", "strong", "cite", "mark", "s", "br", "figure", "figcaption", "blockquote", "details", "summary",
    "pre", "script",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "dir", "class", "id", "href", "rel", "role", "aria-label", "aria-labelledby", "aria-current", "aria-hidden",
    "tabindex", "title", "scope", "charset", "name", "content", "cite", "data-apparatus", "data-title", "data-document",
    "data-item", "data-citation", "data-code", "src", "defer",
}  # fmt: skip
BLOCKS = {"p", "div", "ul", "ol", "table", "section", "article", "h1", "h2", "h3", "h4", "header", "figure", "pre"}
HOSTILE = (
    '<script>alert(1)</script> "><img src=x onerror=alert(1)> </p></article></main> [x](javascript:alert(1)) '
    "**b** {{ 7 * 7 }} {% raw %} &amp; &#0; --> ]]> \u202edesrever \u2069 \u200b \x07 \u2028 'onload='x"
)


class Page(HTMLParser):
    """A page as a parser reads it: its elements with their attributes, and the words inside the record.

    Raises:
        AssertionError: an element is closed that is not open, or a block stands inside a paragraph or heading.
    """

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""  # of all elements
        self.words = ""  # of the record
        self.marked = ""  # inside marks
        self._open: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        within = {name for name, _ in self._open}
        assert not (tag in BLOCKS and within & {"p", "h1", "h2", "h3", "h4"}), (tag, within)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self._open.pop()[0] == tag

    def handle_data(self, data):
        self.text += data
        if any(a.get("class") == "text" for _, a in self._open):
            if not any("data-apparatus" in a for _, a in self._open):
                self.words += data
                if any(tag == "mark" for tag, _ in self._open):
                    self.marked += data

    def all(self, tag):
        return [attributes for name, attributes in self.elements if name == tag]

    def values(self, name):
        return [a[name] for _, a in self.elements if name in a]

    @property
    def headings(self):
        return [int(tag[1]) for tag, _ in self.elements if re.fullmatch("h[1-6]", tag)]


def client_of(collection, **settings):
    app = FastAPI()
    app.include_router(pages_router(collection, Settings(**settings)))
    return TestClient(app, raise_server_exceptions=True)


def collection_of(tmp_path, *documents, **manifest):
    return Collection(
        path=tmp_path,
        manifest=Manifest(
            **{"id": "c", "title": "C", "description": "", "language": "en", "editor": None, "documents": ()} | manifest
        ),
        documents=documents,
        passages=tuple(p for document in documents for p in cut_passages(document)),
        questions=(),
        guessed=(),
    )


@pytest.fixture(scope="module")
def client(seeds):
    return client_of(seeds)


def get(client, path, status=200):
    response = client.get(path)
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return Page(response.text)


PATHS = (
    "/documents",
    "/documents/akhromeev-crowe-1987",
    "/documents/nsdd-311",
    "/documents/nsdd-311/directive",
    "/cite/akhromeev-crowe-1987/t20",
    "/cite/nsdd-311/routing-slip/r12",
    "/cite/nsdd-311/cover-sheet/f1",
)
WRONG_PATHS = (
    "/documents/none",
    "/documents/nsdd-311/none",
    "/documents/akhromeev-crowe-1987/none",
    "/cite/none",
    "/cite/",
)


# ---- the record -----------------------------------------------------------------------------------------------------


def test_the_record_holds_every_character_of_its_document(client, seeds):
    for document in seeds.documents:
        assert get(client, f"/documents/{document.id}").words == document.text
        for item in document.items:
            assert get(client, f"/documents/{document.id}/{item.id}").words == document.words(item.span)


@given(TEXTS)
def test_odd_documents_are_shown_to_the_letter_and_make_no_element(read_document, tmp_path_factory, text):
    for people in ((), SPEAKERS):
        try:
            document = read_document(text, people, genre=Genre.TRANSCRIPT if people else None)
        except DocumentError:
            assume(False)
        page = get(client_of(collection_of(tmp_path_factory.getbasetemp(), document)), "/documents/d")

        assert page.words == document.text
        assert {tag for tag, _ in page.elements} <= ELEMENTS
        assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES


@pytest.mark.parametrize("step", [25, pytest.param(1, marks=pytest.mark.slow)])
def test_curated_answers_are_marked_to_the_letter_and_announced(client, seeds, step):
    # tests/test_typesetting.py looks at every one of them, short of the HTML.
    for document_id, span in sorted({place for question in seeds.questions for place in question.answers})[::step]:
        citation = cite(seeds, document_id, span, 1.0)
        page = get(client, citation.url)

        assert page.marked == citation.exact
        assert [a.get("id") for a in page.all("mark")].count("quotation") == 1
        assert page.all("article")[0]["data-citation"] == citation.id
        before, after = page.text.find("quotation begins: "), page.text.find("(quotation ends)")
        assert 0 <= before < after


def test_a_quotation_over_several_entries_is_marked_in_pieces(client, seeds):
    document = seeds.document("nsdd-311")
    first, second = (seeds.passage(f"nsdd-311/directive/e{n}").span for n in (1, 2))
    citation = cite(seeds, document.id, Span(first.start, second.end), 1.0)

    page = get(client, citation.url)

    assert len(page.all("mark")) > 1
    assert page.marked == citation.exact == document.text[first.start : second.end]


def test_every_passage_of_a_document_has_an_id_and_a_link(client, seeds):
    for document in seeds.documents:
        page = get(client, f"/documents/{document.id}")
        own = {passage.id for passage in seeds.passages if passage.document_id == document.id}

        assert own <= set(page.values("id"))
        assert {f"/cite/{identifier}" for identifier in own} <= set(page.values("href"))


def test_words_carry_the_language_and_direction_of_the_record(read_document, tmp_path):
    document = read_document("שלום עולם. זה טקסט.\n\nSecond paragraph of it.")
    page = get(client_of(collection_of(tmp_path, document, language="he")), "/documents/d")

    parts = [a for tag, a in page.elements if a.get("class") == "parts"]
    assert [a["lang"] for a in parts] == ["he"]
    assert {a.get("dir") for a in page.all("p") if a.get("class") is None and "dir" in a} == {"auto"}
    assert all(a["dir"] == "ltr" for tag, a in page.elements if a.get("class") == "permalink")


@pytest.mark.parametrize(
    ("text", "element", "attributes"),
    [
        (
            "It was [deleted] there.",
            "span",
            {"class": "withheld", "title": "withheld: a mark left where words were removed"},
        ),
        ("It was ~~gone~~ there.", "s", {}),
        (
            "It was \u202egone there.",
            "span",
            {"class": "unseen", "title": "U+202E RIGHT-TO-LEFT OVERRIDE", "data-code": "U+202E"},
        ),
        (
            "Page one.\n\n\fPage two.",
            "p",
            {"class": "leaf", "id": "record-page-2", "data-apparatus": None, "lang": "en", "dir": "ltr"},
        ),
        ("Words.\n\n3\n\nMore words.", "div", {"class": "stamps aside", "role": "group", "aria-label": "stamp"}),
        (
            "Words.\n\n[Source: a box]\n\nMore.",
            "div",
            {"class": "note aside", "role": "group", "aria-label": "editor’s note"},
        ),
    ],
)
def test_what_is_no_plain_word_is_set_apart_and_named(read_document, tmp_path, text, element, attributes):
    document = read_document(text)
    page = get(client_of(collection_of(tmp_path, document)), "/documents/d")

    assert (element, attributes) in page.elements
    assert page.words == document.text


def test_a_page_that_begins_in_mid_sentence_is_marked_in_the_line(read_document, tmp_path):
    document = read_document("A sentence that begins\fand ends on the next page.", page_break="and ends")
    page = get(client_of(collection_of(tmp_path, document)), "/documents/d")

    assert [a["class"] for a in page.all("span") if a.get("id") == "record-page-1"] == ["leaf inline"]


def test_speakers_are_headings_and_misspellings_are_resolved_beside_them(client):
    page = get(client, "/cite/akhromeev-crowe-1987/t29")

    assert "Akromeev. Akhromeev" in " ".join(page.text.split())
    assert page.headings.count(3) == 35  # 34 turns and one heading of the text


# ---- hostile words --------------------------------------------------------------------------------------------------


def test_hostile_words_in_every_place_read_as_themselves(make_collection):
    quoted = quote(HOSTILE.replace("</", "<"), safe="")
    lines = "".join(f"Adams: {HOSTILE} {n}.\n\nBrown: No.\n\n" for n in range(3))
    collection = load_collection(make_collection({"d.txt": f"Begin\n\n{lines}\n\n{HOSTILE}"}))
    document = dataclasses.replace(
        collection.documents[0],
        title=HOSTILE,
        date=HOSTILE,
        fields={"type": HOSTILE, "provenance": HOSTILE},
        items=(dataclasses.replace(item_over(collection.documents[0]), title=HOSTILE, date=HOSTILE, author=HOSTILE),),
    )
    manifest = dataclasses.replace(
        collection.manifest,
        title=HOSTILE,
        description=HOSTILE,
        editor=HOSTILE,
        language=HOSTILE,
        people=(dataclasses.replace(SPEAKERS[0], full_name=HOSTILE, role=HOSTILE, note=HOSTILE, ground=HOSTILE),),
    )
    client = client_of(dataclasses.replace(collection, documents=(document,), manifest=manifest))
    for path in (
        "/documents",
        "/documents/d",
        "/documents/d/whole",
        "/cite/d/t1",
        f"/documents/{quoted}",
        f"/cite/{quoted}",
    ):
        response = client.get(path)
        page = Page(response.text)

        assert {tag for tag, _ in page.elements} <= ELEMENTS
        assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES
        assert all(link.startswith(("/", "#")) for link in page.values("href"))
        assert set(page.values("src")) <= {"/site/cite.js"}
        assert page.all("script") in ([], [{"src": "/site/cite.js", "defer": None}])
        assert "<script>alert(1)" in page.text
        assert "{{ 7 * 7 }}" in page.text
        assert not re.search("[\u202e\u2069\x07]", "".join(page.values("data-title") + page.values("aria-label")))
        if "record" in page.values("id"):
            assert page.words == document.text


def item_over(document):
    return Item(id="whole", title="T", span=Span(0, len(document.text)))


def test_an_override_stands_alone_in_an_element_of_its_own(read_document, tmp_path):
    # Its isolation is the style sheet's: `.unseen` is an inline block, which is a bidirectional paragraph of its own.
    document = read_document("One \u202etwo \u2069three.")
    markup = client_of(collection_of(tmp_path, document)).get("/documents/d").text

    for character in "\u202e\u2069":
        assert re.search(f'<span class="unseen"[^>]*>{character}</span>', markup)
        assert markup.count(character) == 1
    assert re.search(r"\.unseen \{ display: inline-block;", style("record.css"))


def test_carriage_returns_reach_the_browser(read_document, tmp_path):
    markup = client_of(collection_of(tmp_path, read_document("One\r\ntwo\rthree."))).get("/documents/d").text

    assert "\r" not in markup  # a browser would turn it into a line feed
    assert markup.count("&#13;") == 2


# ---- citations ------------------------------------------------------------------------------------------------------


def test_a_citation_shows_its_words_and_what_proves_them(client, seeds):
    citation = find_citation(seeds, "akhromeev-crowe-1987/t20:9547-9670")
    page = get(client, citation.url)
    text = " ".join(page.text.split())

    assert page.all("blockquote") == [{"lang": "en", "dir": "auto", "cite": citation.url}]
    assert " ".join(citation.exact.split()) in text
    assert citation.document_sha256 in text
    assert f"{citation.locator}; characters 9547 to 9670 of the text" in text
    assert "Sergey Fyodorovich Akhromeev, Marshal, Chief of the USSR General Staff, December 10, 1987" in text
    assert " ".join(chicago_note(citation, seeds).split()) in text
    assert "The document has not changed since it was cited; these are the words, verified." in text


def test_a_citation_can_be_had_in_every_form(client, seeds):
    citation = find_citation(seeds, "nsdd-311/directive/p9.1")
    page = get(client, citation.url)

    assert len(page.all("details")) == len(FORMATS)
    for form in FORMATS:
        assert format_citation(citation, seeds, form) in page.text


def test_passages_lead_to_their_neighbours(client):
    page = get(client, "/cite/nsdd-311/directive/e2")

    links = {a["rel"]: a["href"] for a in page.all("a") if "rel" in a}
    assert links == {"prev": "/cite/nsdd-311/directive/e1", "next": "/cite/nsdd-311/directive/e3"}


@pytest.mark.parametrize(
    "identifier",
    [
        "none",
        "akhromeev-crowe-1987/t99",
        "akhromeev-crowe-1987/t20:5-2",
        "akhromeev-crowe-1987/t20:9547-99999999",
        "a" * 5000,
        "%00",
    ],
)
def test_an_unknown_id_gives_a_page_that_says_what_ids_look_like(client, identifier):
    page = get(client, f"/cite/{identifier}", status=404)

    assert "An id looks like akhromeev-crowe-1987/p1" in page.text
    assert {"/documents/akhromeev-crowe-1987", "/documents/nsdd-311"} <= set(page.values("href"))
    assert len(page.text) < 3000


def test_a_damaged_link_says_so(client, seeds):
    citation = find_citation(seeds, "nsdd-311/directive/p8")

    page = get(client, citation.url[:-3], status=404)

    assert "the link is damaged" in page.text


def test_words_that_were_taken_out_are_said_to_be_gone(make_collection):
    before, after = "Alpha came. Beta went home early.\n\nGamma stayed.", "Delta sang. Epsilon wept.\n\nZeta slept."
    link = find_citation(load_collection(make_collection({"d.txt": before})), "d/p1").url

    page = get(client_of(load_collection(make_collection({"d.txt": after}))), link, status=410)

    assert "Nothing in this collection can be shown to be the words that were cited" in page.text


def test_places_that_cannot_be_told_apart_are_all_offered(make_collection):
    words = "The minutes were read and approved."
    old = load_collection(make_collection({"d.txt": f"One.\n\n{words}\n\nTwo.\n\n{words}\n\nThree."}))
    new = load_collection(make_collection({"d.txt": f"Four.\n\n{words}\n\nFive.\n\n{words}\n\nSix."}))

    page = get(client_of(new), find_citation(old, "d/p2").url)

    assert len(page.all("blockquote")) == 2
    assert "Which place was cited can no longer be told" in page.text


# ---- documents ------------------------------------------------------------------------------------------------------


def test_the_list_names_every_document_and_item(client, seeds):
    page = get(client, "/documents")

    for document in seeds.documents:
        assert f"/documents/{document.id}" in page.values("href")
        assert document.title in page.text
        assert all(f"/documents/{document.id}/{item.id}" in page.values("href") for item in document.items)


def test_a_document_leads_to_its_speakers_pages_items_and_notes(client):
    page = get(client, "/documents/akhromeev-crowe-1987")
    ids = set(page.values("id"))

    jumps = {link[1:] for link in page.values("href") if link.startswith("#")}
    assert jumps <= ids
    assert {f"record-page-{n}" for n in range(1, 7)} <= jumps
    assert len([jump for jump in jumps if "/t" in jump]) == 34
    assert "Ground: surname and initial" in page.text or "ground: surname and initial" in page.text


def test_an_item_shows_only_what_belongs_to_it(client):
    page = get(client, "/documents/nsdd-311/memorandum")

    assert "cover-sheet" not in "".join(page.values("id"))
    assert page.all("article")[0]["data-item"] == "memorandum"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/documents/none", "An id looks like akhromeev-crowe-1987."),
        ("/documents/nsdd-311/none", "its items are routing-slip, cover-sheet, memorandum, directive"),
        ("/documents/akhromeev-crowe-1987/none", "is not divided into items"),
    ],
)
def test_an_unknown_document_or_item_gives_a_page_that_says_what_there_is(client, path, told):
    assert told in get(client, path, status=404).text


def test_every_page_of_a_document_carries_its_hash_and_whether_it_was_verified(client, seeds):
    page = get(client, "/documents/nsdd-311")

    assert seeds.document("nsdd-311").sha256 in page.text
    assert "yes: this is the hash that the collection’s manifest states" in page.text


def test_no_place_is_kept_for_scans_unless_the_manifest_names_a_canvas(client, seeds):
    assert "data-iiif-canvas" not in client.get("/documents/nsdd-311").text

    address = "https://iiif.example/canvas/1"
    documents = tuple(dataclasses.replace(d, fields={**d.fields, "iiif_canvas": address}) for d in seeds.documents)
    page = get(client_of(dataclasses.replace(seeds, documents=documents)), "/documents/nsdd-311")

    assert page.values("data-iiif-canvas") == [address]
    assert next(a for a in page.all("div") if "data-iiif-canvas" in a) == {
        "class": "canvas",
        "data-iiif-canvas": address,
        "hidden": None,
    }


# ---- every page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [*PATHS, *WRONG_PATHS])
def test_a_page_has_one_title_headings_in_order_and_landmarks(client, path):
    page = get(client, path, status=404 if path in WRONG_PATHS else 200)
    levels = page.headings
    ids = Counter(page.values("id"))

    assert levels.count(1) == 1 and levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert [len(page.all(tag)) for tag in ("main", "footer", "title")] == [1, 1, 1]
    assert page.all("html") == [{"lang": "en"}]
    assert max(ids.values()) == 1
    assert set(page.values("aria-labelledby")) <= ids.keys()
    assert all("aria-label" in a or "aria-labelledby" in a for a in page.all("nav"))
    assert page.all("a")[0] == {"class": "skip", "href": "#main"} and "main" in ids


@pytest.mark.parametrize("path", [*PATHS, *WRONG_PATHS])
def test_a_page_loads_only_the_servers_own_files(client, path):
    page = Page(client.get(path).text)

    links = [a["href"] for a in page.all("link") if a["rel"] == "stylesheet"]
    assert links[:3] == ["/site/tokens.css", "/site/record.css", "/site/pages.css"]
    assert set(page.values("src")) <= {"/site/cite.js"}
    assert all((STATIC_PATH / link.removeprefix("/site/")).is_file() for link in links)
    assert {tag for tag, _ in page.elements} <= ELEMENTS  # no style, nothing embedded
    assert {name for _, attributes in page.elements for name in attributes} <= ATTRIBUTES  # nothing inline


def test_pages_have_a_canonical_address_only_where_a_public_one_is_set(seeds, client):
    assert [a for a in Page(client.get(PATHS[1]).text).all("link") if a["rel"] == "canonical"] == []

    public = client_of(seeds, public_url="https://museum.example/memcon/")
    citation = find_citation(seeds, "akhromeev-crowe-1987/t20")
    for path, address in (
        ("/documents", "/documents"),
        ("/documents/nsdd-311/directive", "/documents/nsdd-311/directive"),
        ("/cite/akhromeev-crowe-1987/t20", citation.url),
    ):
        page = get(public, path)
        assert [a["href"] for a in page.all("link") if a["rel"] == "canonical"] == [
            f"https://museum.example/memcon{address}"
        ]
    assert f"https://museum.example/memcon{citation.url}" in page.text


def test_pages_answer_to_head(client):
    response = client.head("/documents")

    assert (response.status_code, response.text) == (200, "")


def test_an_error_of_any_kind_has_a_page(seeds):
    response = error_page(seeds, Settings(), 599, "It broke", ("Why.", "What to do."))
    page = Page(response.body.decode())

    assert response.status_code == 599
    assert {"It broke", "Why.", "What to do."} <= set(page.text.split("\n"))


# ---- style ----------------------------------------------------------------------------------------------------------


def style(name):
    return re.sub(r"/\*.*?\*/", "", (STATIC_PATH / name).read_text(encoding="utf-8"), flags=re.DOTALL)


def tokens(block):
    return dict(re.findall(r"(--mc-[a-z0-9-]+):\s*([^;]+);", block))


def themes():
    css = style("tokens.css")
    light = tokens(css[: css.index("@media")])
    system, chosen, printed = (
        tokens(re.search(pattern, css, re.DOTALL)[1])
        for pattern in (
            r':root:not\(\[data-theme="light"\]\) \{(.*?)\}',
            r':root\[data-theme="dark"\] \{(.*?)\}',
            r"@media print \{(.*)\}",
        )
    )
    return light, system, chosen, printed


def contrast(one, other):
    def luminance(colour):
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_ink_on_paper_reaches_the_contrast_that_the_guidelines_ask(theme):
    light, dark, _, printed = themes()
    colours = {"light": light, "dark": light | dark, "print": light | printed}[theme]

    pairs = [("ink", p, 4.5) for p in ("paper", "wash", "mark", "withheld")]
    pairs += [(ink, p, 4.5) for ink in ("quiet", "accent") for p in ("paper", "wash")]
    pairs += [("edge", "paper", 3), ("focus", "paper", 3), ("mark-edge", "mark", 3)]
    for ink, paper, least in pairs:
        assert contrast(colours[f"--mc-{ink}"], colours[f"--mc-{paper}"]) >= least, (ink, paper)


def test_the_dark_that_is_chosen_is_the_dark_of_the_system():
    _, system, chosen, _ = themes()

    assert system == chosen != {}


@pytest.mark.parametrize("name", ["record.css", "pages.css"])
def test_styles_use_only_tokens_that_there_are_and_load_nothing(name):
    used = set(re.findall(r"var\((--mc-[a-z0-9-]+)", style(name)))

    assert used <= themes()[0].keys()
    assert not re.search(r"url\(|@import|https?:", style(name) + style("tokens.css"))
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b", style(name))  # colours are the tokens'


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("record.css", r"\.record\b|:is\(\.record; \.mc-page\)|\.heard$"),
        ("pages.css", r"\.mc-page\b|html:has\(> \.mc-page\)$"),
    ],
)
def test_styles_reach_nothing_outside_their_own_scope(name, scope):
    # Commas inside parentheses part nothing: they are taken out before the selectors are told apart.
    css = re.sub(r"\([^(){}]*\)", lambda found: found.group().replace(",", ";"), style(name))
    css = re.sub(r"\([^(){}]*(?:\([^(){}]*\)[^(){}]*)*\)", lambda found: found.group().replace(",", ";"), css)
    selectors = [part.strip() for rule in re.findall(r"(?:^|[{}])\s*([^{}@]+?)\s*\{", css) for part in rule.split(",")]

    assert len(selectors) > 20
    assert [selector for selector in selectors if not re.match(scope, selector)] == []
