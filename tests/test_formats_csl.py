"""CSL-JSON of every record of the seeds, worked by hand, against the part of the CSL 1.0.2 schema that we promise."""

from __future__ import annotations

import json

import pytest
from hostile import FIELDS, HOSTILE, VALUES, citations_of
from hypothesis import given
from jsonschema import Draft202012Validator

from bot.citations import find_citation
from ui.formats import format_citation, format_citations
from ui.formats.words import inline

TEXT = {"type": "string", "minLength": 1}
NAMES = {
    "type": "array",
    "minItems": 1,
    "items": {
        "oneOf": [
            {"type": "object", "properties": {"literal": TEXT}, "required": ["literal"], "additionalProperties": False},
            {
                "type": "object",
                "properties": {
                    "family": TEXT,
                    "given": TEXT,
                    "suffix": TEXT,
                    "static-ordering": {"const": True},
                },
                "required": ["family"],
                "additionalProperties": False,
            },
        ]
    },
}
DATE = {
    "oneOf": [
        {
            "type": "object",
            "properties": {
                "date-parts": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": 1,
                    "items": {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 3},
                }
            },
            "required": ["date-parts"],
            "additionalProperties": False,
        },
        {"type": "object", "properties": {"literal": TEXT}, "required": ["literal"], "additionalProperties": False},
    ]
}
SCHEMA = Draft202012Validator(
    {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "type": {"enum": ["manuscript", "document"]},
                "issued": DATE,
                **dict.fromkeys(("author", "recipient", "translator"), NAMES),
                **dict.fromkeys(
                    ("id", "title", "title-short", "genre", "event-place", "container-title", "collection-title",
                     "archive", "archive_collection", "archive_location", "archive-place", "language", "URL", "annote"),
                    TEXT,
                ),
            },
            "required": ["id", "type", "title", "collection-title", "annote"],
            "additionalProperties": False,
        },
    }
)  # fmt: skip
MEETING_SHA256 = "5007a91cae393a0a42570edcfc013ea2c2688ed1bef253e6faa1345ce7027f73"
FILE_SHA256 = "9d152946fa445326ca74dc58ca6ffefe613f4be58695447c902c877c485bd6e0"
IN_FILE = {
    "container-title": "NSDD-311 file",
    "collection-title": "US-Soviet military contacts, 1987-1988",
    "language": "en",
}
ITEMS = {
    "akhromeev-crowe-1987/t2": {
        "id": "akhromeev-crowe-1987",
        "type": "document",  # the title says the kind; a manuscript without a genre prints as 'unpublished manuscript'
        "title": "Record of Conversation Between Chief of USSR General Staff Marshal Sergey Fyodorovich Akhromeev and "
        "William J. Crowe with members of the Joint Chiefs of Staff in the Pentagon",
        "translator": [{"family": "Melyakova", "given": "Anna"}],
        "issued": {"date-parts": [[1987, 12, 10]]},
        "event-place": "Pentagon",
        "collection-title": "US-Soviet military contacts, 1987-1988",
        "language": "en",
        "annote": "“I regret this myself. I’m not in the U.S. that often.” (Sergey Fyodorovich Akhromeev, turn 2, "
        "p. 1; akhromeev-crowe-1987/t2:399-452)\n"
        "Participants: William J. Crowe; Sergey Fyodorovich Akhromeev; R. Herres; D. Wickham; W. Throst; L. Welch; "
        "K. Dean\nTime: 8.00-9.30\nTranslated by: Anna Melyakova for the National Security Archive\n"
        f"Provenance: Obtained from a participant by the author in 1996\nSHA-256 of the file: {MEETING_SHA256}",
    },
    "nsdd-311/routing-slip/r12": IN_FILE
    | {
        "id": "nsdd-311/routing-slip",
        "type": "document",
        "title": "Executive Secretariat routing slip",
        "author": [{"literal": "Executive Secretary"}],
        "issued": {"date-parts": [[1988, 8, 2]]},
        "annote": "“11 IG” (table row 12, p. 1; nsdd-311/routing-slip/r12:196-201)\n"
        f"SHA-256 of the file: {FILE_SHA256}",
    },
    "nsdd-311/cover-sheet/p2": IN_FILE
    | {
        "id": "nsdd-311/cover-sheet",
        "type": "document",
        "title": "National Security Council Information cover sheet",
        "archive_location": "System II No. 90597, Copy 3 (CIA)",
        "annote": "“COPY 3 (CIA)” (paragraph 2, p. 1; nsdd-311/cover-sheet/p2:607-619)\n"
        "Classification: CONFIDENTIAL, struck through on the page's stamps\n"
        f"SHA-256 of the file: {FILE_SHA256}",
    },
    "nsdd-311/memorandum/p1": IN_FILE
    | {
        "id": "nsdd-311/memorandum",
        "type": "manuscript",
        "title": "US-Soviet Defense and Military Relations",
        "genre": "memorandum",
        "author": [{"family": "Powell", "given": "Colin L."}],
        "recipient": [
            {"literal": "The Secretary of State"},
            {"literal": "The Secretary of Defense"},
            {"literal": "The Director of Central Intelligence"},
            {"literal": "The Chairman, Joint Chiefs of Staff"},
        ],
        "issued": {"date-parts": [[1988, 7, 28]]},
        "archive_location": "System II 90597",
        "annote": "“System II 90597” (paragraph 1, p. 1; nsdd-311/memorandum/p1:1551-1568)\n"
        "Classification: CONFIDENTIAL, struck through on the page's stamps\n"
        f"SHA-256 of the file: {FILE_SHA256}",
    },
    "nsdd-311/directive/p3": IN_FILE
    | {
        "id": "nsdd-311/directive",
        "type": "document",
        "title": "National Security Decision Directive Number 311: US-Soviet Defense and Military Relations",
        "author": [{"literal": "White House"}],
        "issued": {"date-parts": [[1988, 7, 28]]},
        "archive_location": "System II 90597",
        "annote": "“NATIONAL SECURITY DECISION DIRECTIVE NUMBER 311” (paragraph 3, p. 1; "
        "nsdd-311/directive/p3:2186-2235)\n"
        "Classification: CONFIDENTIAL, struck through on the pages' stamps\n"
        f"SHA-256 of the file: {FILE_SHA256}",
    },
}


@pytest.mark.parametrize(("identifier", "item"), ITEMS.items(), ids=list(ITEMS))
def test_an_item_of_each_record_is_the_one_worked_by_hand(seeds, identifier, item):
    assert json.loads(format_citation(find_citation(seeds, identifier), seeds, "csl-json")) == [item]


def test_the_export_of_all_passages_fits_the_schema_and_has_each_record_once(seeds):
    citations = [find_citation(seeds, passage.id) for passage in seeds.passages]
    items = json.loads(format_citations(citations, seeds, "csl-json", "https://museum.example"))

    SCHEMA.validate(items)
    assert [item["id"] for item in items] == [item["id"] for item in ITEMS.values()]
    assert [item["URL"] for item in items] == [
        "https://museum.example/documents/akhromeev-crowe-1987",
        *["https://museum.example/documents/nsdd-311"] * 4,
    ]


def test_what_an_archive_states_has_its_variable(read_document):
    fields = {
        "type": "letter", "author": "John A. Wickham, Jr.; Mao Zedong; Board", "family_names": "Wickham; Mao",
        "short_title": "Fire", "number": "L-7", "box": "2", "folder": "5", "file_unit": "Fires", "series": "Letters",
        "fonds": "Board Papers", "repository": "Archive", "repository_place": "Bergen", "url": "https://a.example/7",
    }  # fmt: skip
    collection, (citation,) = citations_of(
        read_document, "It was closed.", "On the fire", date="1890-05", fields=tuple(fields.items())
    )
    items = json.loads(format_citation(citation, collection, "csl-json", "https://museum.example"))
    SCHEMA.validate(items)
    del items[0]["annote"]

    assert items == [
        {
            "id": "d",
            "type": "manuscript",
            "title": "On the fire",
            "title-short": "Fire",
            "genre": "letter",
            "author": [
                {"family": "Wickham", "given": "John A.", "suffix": "Jr."},
                {"family": "Mao", "given": "Zedong", "static-ordering": True},
                {"literal": "Board"},
            ],
            "issued": {"date-parts": [[1890, 5]]},
            "collection-title": "On the fire",
            "archive_location": "L-7, box 2, folder 5, Fires, Letters",
            "archive_collection": "Board Papers",
            "archive": "Archive",
            "archive-place": "Bergen",
            "URL": "https://a.example/7",  # the archive's own address before this server's
        }
    ]


@given(text=HOSTILE, title=VALUES, date=VALUES, fields=FIELDS)
def test_whatever_is_in_documents_and_manifests_fits_the_schema(read_document, text, title, date, fields):
    collection, citations = citations_of(read_document, text, title, date=date, fields=tuple(fields.items()))
    exported = format_citations(citations, collection, "csl-json")
    items = json.loads(exported)

    SCHEMA.validate(items)
    assert "<" not in exported  # so that it may stand in a page's script element
    for item in items:
        assert item["id"] == "d"
        assert item["title"] == inline(title)
        for citation in citations:
            assert f"“{inline(citation.exact)}” (" in item["annote"]
