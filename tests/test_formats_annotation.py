"""Web Annotations: their structure as the W3C's model demands it, and words that the file itself proves."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest
from hostile import HOSTILE, citations_of
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot.citations import cite, find_citation
from embeddings.collection import Collection
from ui.formats import format_citation, format_citations

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
IRI = {"type": "string", "pattern": r"^(urn:[a-z0-9]+:\S+|https?://\S+)$"}
POSITION = {"type": "integer", "minimum": 0}


def _object(required: Mapping[str, Any], optional: Mapping[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(required) | dict(optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


# After the Web Annotation Data Model, W3C Recommendation 23 February 2017; numbers are its sections.
TEXTUAL_BODY = _object(  # 3.2.4
    {
        "type": {"const": "TextualBody"},
        "purpose": {"enum": ["identifying", "describing"]},  # 3.3.5
        "format": {"const": "text/plain"},
        "value": {"type": "string"},
    }
)
LINK = _object({"type": {"const": "SpecificResource"}, "purpose": {"const": "linking"}, "source": IRI})
QUOTE = _object(  # 4.2.4: exactly one exact, at most one prefix and one suffix
    {
        "type": {"const": "TextQuoteSelector"},
        "exact": {"type": "string", "minLength": 1},
        "prefix": {"type": "string", "maxLength": 32},
        "suffix": {"type": "string", "maxLength": 32},
    }
)
PLACE = _object({"type": {"const": "TextPositionSelector"}, "start": POSITION, "end": POSITION})  # 4.2.5
SOURCE = _object(
    {"id": IRI, "type": {"const": "Text"}, "format": {"const": "text/plain"}}, {"language": {"type": "string"}}
)
STATE = _object({"type": {"const": "TimeState"}, "cached": IRI})  # 4.3.1
TARGET = _object(  # 4.1: exactly one source
    {
        "type": {"const": "SpecificResource"},
        "source": SOURCE,
        "state": STATE,
        "selector": {"type": "array", "prefixItems": [QUOTE, PLACE], "items": False, "minItems": 2},
    },
    {"scope": IRI},  # 4.6
)
ANNOTATION = _object(  # 3.1: one id, one or more targets, none or more bodies; 3.3.5: one motivation
    {
        "id": IRI,
        "type": {"const": "Annotation"},
        "motivation": {"const": "identifying"},
        "body": {"type": "array", "items": {"oneOf": [TEXTUAL_BODY, LINK]}, "minItems": 2, "maxItems": 3},
        "target": TARGET,
    }
)
SINGLE = Draft202012Validator(
    ANNOTATION
    | {
        "properties": {"@context": {"const": CONTEXT}, **ANNOTATION["properties"]},
        "required": ["@context", *ANNOTATION["required"]],
    }
)
PAGE = _object(  # 5.2: embedded, so without a context of its own, and never empty
    {
        "id": IRI,
        "type": {"const": "AnnotationPage"},
        "partOf": IRI,
        "startIndex": {"const": 0},
        "items": {"type": "array", "items": ANNOTATION, "minItems": 1},
    }
)
SEVERAL = Draft202012Validator(
    _object(  # 5.1
        {
            "@context": {"const": CONTEXT},
            "id": IRI,
            "type": {"const": "AnnotationCollection"},
            "label": {"type": "string"},
            "total": POSITION,
        },
        {"first": PAGE},
    )
)


def check_words(annotation: Mapping[str, Any], file: bytes) -> str:
    """Find an annotation's words in a file as a stranger would, with nothing but the file; return them."""
    target = annotation["target"]
    urn = f"urn:sha256:{hashlib.sha256(file).hexdigest()}"
    assert target["source"]["id"] == target["state"]["cached"] == urn
    quote, place = target["selector"]
    text = file.decode("utf-8")
    assert text[place["start"] : place["end"]] == quote["exact"]
    assert text[: place["start"]][-32:] == quote["prefix"]
    assert text[place["end"] :][:32] == quote["suffix"]
    return quote["exact"]


def file_of(collection: Collection, document_id: str) -> bytes:
    (entry,) = [entry for entry in collection.manifest.documents if entry.id == document_id]
    return entry.path.read_bytes()


def test_an_annotation_is_the_one_worked_by_hand(seeds):
    citation = find_citation(seeds, "nsdd-311/routing-slip/r12")
    urn = "urn:sha256:9d152946fa445326ca74dc58ca6ffefe613f4be58695447c902c877c485bd6e0"

    assert json.loads(format_citation(citation, seeds, "web-annotation")) == {
        "@context": CONTEXT,
        "id": "urn:uuid:d7d00ada-276b-502d-ae0e-5275874cc980",
        "type": "Annotation",
        "motivation": "identifying",
        "body": [
            {
                "type": "TextualBody",
                "purpose": "identifying",
                "format": "text/plain",
                "value": "nsdd-311/routing-slip/r12:196-201",
            },
            {
                "type": "TextualBody",
                "purpose": "describing",
                "format": "text/plain",
                "value": format_citation(citation, seeds, "chicago"),
            },
        ],
        "target": {
            "type": "SpecificResource",
            "source": {"id": urn, "type": "Text", "format": "text/plain", "language": "en"},
            "state": {"type": "TimeState", "cached": urn},
            "selector": [
                {
                    "type": "TextQuoteSelector",
                    "exact": "11\tIG",
                    "prefix": "&T\t\t\t\t\n9\tChm/NIC\t\tX\t\t\n10\tGC\t\t\t\t\n",
                    "suffix": "\t\t\t\t\n12\tCompt\t\t\t\t\n13\tD/OCA\t\t\t\t\n1",
                },
                {"type": "TextPositionSelector", "start": 196, "end": 201},
            ],
        },
    }


@pytest.mark.parametrize("public_url", ["", "https://museum.example/memcon"])
def test_every_passage_of_the_seeds_fits_the_model_and_is_proved_by_its_file(seeds, public_url):
    for passage in seeds.passages:
        citation = find_citation(seeds, passage.id)
        annotation = json.loads(format_citation(citation, seeds, "web-annotation", public_url))

        SINGLE.validate(annotation)
        assert check_words(annotation, file_of(seeds, passage.document_id)) == citation.exact


def test_every_curated_answer_of_the_seeds_is_proved_by_its_file(seeds):
    files = {document.id: file_of(seeds, document.id) for document in seeds.documents}
    answers = {answer for question in seeds.questions for answer in question.answers}
    citations = [cite(seeds, document_id, span, 1.0) for document_id, span in sorted(answers)]
    collection = json.loads(format_citations(citations, seeds, "web-annotation"))

    assert len(citations) > 100
    SEVERAL.validate(collection)
    assert collection["total"] == len(collection["first"]["items"]) == len(citations)
    for annotation, (document_id, span) in zip(collection["first"]["items"], sorted(answers), strict=True):
        words = check_words(annotation, files[document_id])
        assert words == seeds.document(document_id).text[span.start : span.end]


def test_names_of_annotations_differ_and_stay(seeds):
    citations = [find_citation(seeds, passage.id) for passage in seeds.passages]
    first, again = (json.loads(format_citations(citations, seeds, "web-annotation")) for _ in range(2))
    names = [annotation["id"] for annotation in first["first"]["items"]]

    assert first == again
    assert len({first["id"], first["first"]["id"], *names}) == len(names) + 2
    assert names == [json.loads(format_citation(c, seeds, "web-annotation"))["id"] for c in citations]
    assert json.loads(format_citations(citations[1:], seeds, "web-annotation"))["id"] != first["id"]


def test_a_public_address_names_annotation_permalink_and_page(seeds):
    citation = find_citation(seeds, "akhromeev-crowe-1987/t2")
    annotation = json.loads(format_citation(citation, seeds, "web-annotation", "https://museum.example"))

    assert annotation["id"] == (
        "https://museum.example/api/v1/citations/akhromeev-crowe-1987/t2:399-452?format=web-annotation"
    )
    assert annotation["body"][2]["source"] == f"https://museum.example{citation.url}"
    assert annotation["target"]["scope"] == "https://museum.example/documents/akhromeev-crowe-1987"
    assert urlsplit(annotation["body"][2]["source"]).path == f"/cite/{citation.id}"


def test_of_no_citations_the_collection_is_empty_and_has_no_page(seeds):
    collection = json.loads(format_citations([], seeds, "web-annotation"))

    SEVERAL.validate(collection)
    assert (collection["total"], "first" in collection) == (0, False)


@pytest.mark.parametrize(
    "text", ["\ufeffIt was closed.\r\n\r\nIt burned.\r\n", "🛰️ flew. שלום.\n\ne\u0301 A\u0308. Ⅷ ﬁ.", "x"]
)
def test_positions_count_code_points_of_the_decoded_bytes_and_nothing_else(read_document, text):
    collection, citations = citations_of(read_document, text)

    for citation in citations:
        annotation = json.loads(format_citation(citation, collection, "web-annotation"))
        assert check_words(annotation, text.encode()) == citation.exact


@given(text=HOSTILE | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")))
def test_whatever_a_document_holds_its_words_are_proved_by_its_bytes(read_document, text):
    collection, citations = citations_of(read_document, text)
    exported = format_citations(citations, collection, "web-annotation")
    annotations = json.loads(exported)

    SEVERAL.validate(annotations)
    assert "<" not in exported
    for annotation, citation in zip(annotations.get("first", {"items": []})["items"], citations, strict=True):
        assert check_words(annotation, collection.documents[0].text.encode()) == citation.exact
