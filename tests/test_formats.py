"""What all forms of a citation have in common: only what the manifest states, and nothing that breaks out of a form."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from hostile import FIELDS, HOSTILE, VALUES, citations_of
from hypothesis import given

from bot.citations import cite, find_citation
from embeddings.collection import load_collection
from embeddings.fields import DOCUMENT_FIELDS
from ui.formats import FORMATS, MEDIA_TYPES, SUFFIXES, format_citation, format_citations
from ui.formats.words import inline

DOCUMENTATION = (Path(__file__).parent.parent / "ui" / "formats" / "README.md").read_text(encoding="utf-8")
LINES = ("text", "chicago", "chicago-bibliography", "nara")  # forms that are read as plain text
PUBLIC_URL = "https://museum.example/memcon"


def test_the_forms_have_the_names_of_the_command_line_and_more():
    assert FORMATS == ("text", "chicago", "chicago-bibliography", "nara", "ris", "bibtex", "csl-json", "web-annotation")


def test_every_form_has_a_media_type_and_a_file_suffix():
    assert tuple(MEDIA_TYPES) == tuple(SUFFIXES) == FORMATS
    assert {form: MEDIA_TYPES[form] for form in FORMATS[4:]} == {
        "ris": "application/x-research-info-systems; charset=utf-8",
        "bibtex": "application/x-bibtex; charset=utf-8",
        "csl-json": "application/vnd.citationstyles.csl+json",
        "web-annotation": 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
    }
    assert {MEDIA_TYPES[form] for form in LINES} == {"text/plain; charset=utf-8"}
    assert [SUFFIXES[form] for form in FORMATS[3:]] == [".txt", ".ris", ".bib", ".json", ".jsonld"]


def test_the_text_form_has_words_place_id_and_hash(seeds):
    citation = find_citation(seeds, "akhromeev-crowe-1987/t2")

    assert format_citation(citation, seeds, "text") == (
        "“I regret this myself. I’m not in the U.S. that often.”\n"
        "Sergey Fyodorovich Akhromeev, Record of Conversation Between Chief of USSR General Staff Marshal Sergey "
        "Fyodorovich Akhromeev and William J. Crowe with members of the Joint Chiefs of Staff in the Pentagon, "
        "1987-12-10, turn 2, p. 1\n"
        "akhromeev-crowe-1987/t2:399-452\n"
        "sha256 5007a91cae393a0a42570edcfc013ea2c2688ed1bef253e6faa1345ce7027f73"
    )


def test_the_text_form_changes_white_space_only(seeds):
    for passage in seeds.passages:
        citation = find_citation(seeds, passage.id)
        shown = format_citation(citation, seeds, "text").splitlines()[0]

        assert (shown[0], shown[-1]) == ("“", "”")
        assert shown[1:-1].split() == citation.exact.split()


def test_several_texts_are_parted_by_an_empty_line(seeds):
    citations = [find_citation(seeds, i) for i in ("akhromeev-crowe-1987/t2", "nsdd-311/directive/e4")]

    assert format_citations(citations, seeds, "text").split("\n\n") == [
        format_citation(citation, seeds, "text") for citation in citations
    ]


@pytest.mark.parametrize("form", FORMATS)
def test_no_form_invents_an_address_a_box_or_an_archive(seeds, form):
    citations = [find_citation(seeds, passage.id) for passage in seeds.passages]
    shown = [format_citation(citation, seeds, form) for citation in citations]

    for text in (*shown, format_citations(citations, seeds, form)):
        text = text.replace('"@context": "http://www.w3.org/ns/anno.jsonld"', "")
        assert not re.search(r"https?:|www\.|\bbox\b|\bfolder\b|\bNone\b|\bnull\b|\bn\.d\.", text, re.IGNORECASE)


@pytest.mark.parametrize("form", FORMATS)
def test_the_servers_address_is_given_where_it_is_set(seeds, form):
    citation = find_citation(seeds, "nsdd-311/directive/e4")
    shown = format_citation(citation, seeds, form, f"{PUBLIC_URL}/")

    assert f"{PUBLIC_URL}/documents/nsdd-311" in shown or f"{PUBLIC_URL}/cite/{citation.id}" in shown
    assert f"{PUBLIC_URL}//" not in shown


@pytest.mark.parametrize("form", FORMATS)
def test_of_no_citations_a_file_is_made_all_the_same(seeds, form):
    shown = format_citations([], seeds, form)

    assert shown == {"csl-json": "[]"}.get(form, "") or form == "web-annotation"


@pytest.mark.parametrize("make", [format_citation, lambda c, *rest: format_citations([c], *rest)])
def test_a_form_that_does_not_exist_is_an_error(seeds, make):
    with pytest.raises(ValueError) as raised:
        make(find_citation(seeds, "akhromeev-crowe-1987/t2"), seeds, "mla")

    assert str(raised.value) == (
        "format 'mla': must be one of text, chicago, chicago-bibliography, nara, ris, bibtex, csl-json, web-annotation"
    )


def test_without_a_manifest_what_is_unknown_is_left_out(make_collection):
    collection = load_collection(make_collection({"harbour_report.txt": "The harbour was closed."}))
    citation = cite(collection, "harbour-report", collection.passages[0].span, 1.0)
    name = collection.manifest.title

    assert format_citation(citation, collection, "chicago") == f"“Harbour report,” paragraph 1, {name}."
    assert format_citation(citation, collection, "chicago-bibliography") == f"“Harbour report.” {name}."
    assert format_citation(citation, collection, "nara") == f"“Harbour report,” paragraph 1; {name}."
    assert format_citation(citation, collection, "ris") == (
        f"TY  - MANSCPT\nID  - harbour-report\nTI  - Harbour report\nT3  - {name}\n"
        "N1  - “The harbour was closed.” (paragraph 1; harbour-report/p1:0-23)\n"
        f"N1  - SHA-256 of the file: {citation.document_sha256}\nER  - "
    )


@given(text=HOSTILE, title=VALUES, date=VALUES, fields=FIELDS)
def test_what_is_read_as_plain_text_stays_on_its_lines(read_document, text, title, date, fields):
    collection, citations = citations_of(read_document, text, title, date=date, fields=tuple(fields.items()))

    for citation in citations:
        for form in LINES:
            shown = format_citation(citation, collection, form)
            assert shown.splitlines() == shown.split("\n")
            assert len(shown.split("\n")) == (4 if form == "text" else 1)
            assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)
    for form in ("chicago", "nara"):
        lines = format_citations(citations, collection, form).splitlines()
        assert [line.split(". ")[0] for line in lines] == [str(n + 1) for n in range(len(citations))]
    assert len(format_citations(citations, collection, "chicago-bibliography").splitlines()) == 1


def is_obeyed(character: str) -> bool:
    """Whether a terminal or a page does something with it, beside leaving space."""
    reverses = unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return reverses or (unicodedata.category(character) == "Cc" and not character.isspace())


@given(HOSTILE)
def test_words_on_one_line_lose_nothing_but_runs_of_white_space_and_controls(text):
    shown = inline(text)

    assert inline(shown) == shown
    assert shown.split() == "".join(f"\\x{ord(c):02x}" if is_obeyed(c) else c for c in text).split()


def test_a_joiner_stays_and_a_control_is_written_out():
    assert inline("می\u200cروم \x1b[1m\u202egnp\n") == "می\u200cروم \\x1b[1m\\x202egnp"


def test_the_documentation_names_every_form_and_every_field():
    forms, _, fields = DOCUMENTATION.partition("## The fields of a manifest")

    assert set(re.findall(r"^\| `([a-z-]+)` \|", forms, re.MULTILINE)) == set(FORMATS)
    assert set(re.findall(r"^\| `([a-z_]+)` \|", fields, re.MULTILINE)) == DOCUMENT_FIELDS
