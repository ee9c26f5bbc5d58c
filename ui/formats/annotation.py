"""Web Annotations (W3C Recommendation, 2017): a passage pointed out in the document's bytes, and verifiable there.

The source is the file itself, named by the sha256 of its bytes.  Decoded as UTF-8, with nothing normalised (a plain
text has no tags or entities to remove), ``text[start:end] == exact``, with the prefix before it and the suffix after:
positions count Unicode code points, as the Recommendation demands, not the code units of JavaScript's strings.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from bot.answers import Citation
from embeddings.collection import Collection
from ui.formats.addresses import annotation_address, document_address, permalink_address
from ui.formats.chicago import chicago_note
from ui.formats.csl import as_json
from ui.formats.references import reference_of

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
N_AROUND = 32  # code points of prefix and of suffix, as annotation clients have it


def web_annotation(citation: Citation, collection: Collection, public_url: str = "") -> str:
    """Return the annotation that identifies the words of ``citation``."""
    return as_json({"@context": CONTEXT} | _annotation(citation, collection, public_url))


def web_annotations(citations: Sequence[Citation], collection: Collection, public_url: str = "") -> str:
    """Return an annotation collection with all of its annotations on one page, in the order given."""
    items = [_annotation(citation, collection, public_url) for citation in citations]
    name = _urn("\n".join(item["id"] for item in items))
    page = {"id": _urn(f"{name} page 1"), "type": "AnnotationPage", "partOf": name, "startIndex": 0, "items": items}
    return as_json(
        {
            "@context": CONTEXT,
            "id": name,
            "type": "AnnotationCollection",
            "label": collection.manifest.title,
            "total": len(items),
        }
        | ({"first": page} if items else {})
    )


def _annotation(citation: Citation, collection: Collection, public_url: str) -> dict[str, Any]:
    note = chicago_note(citation, collection, public_url)
    body = [
        {"type": "TextualBody", "purpose": "identifying", "format": "text/plain", "value": citation.id},
        {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "value": note},
    ]
    address = permalink_address(citation, public_url)
    if address:
        body.append({"type": "SpecificResource", "purpose": "linking", "source": address})
    return {
        "id": annotation_address(citation, public_url) or _urn(f"{citation.document_sha256} {citation.id}"),
        "type": "Annotation",
        "motivation": "identifying",
        "body": body,
        "target": _target(citation, collection, public_url),
    }


def _target(citation: Citation, collection: Collection, public_url: str) -> Mapping[str, Any]:
    text = collection.document(citation.document_id).text
    reference = reference_of(citation, collection)
    file = f"urn:sha256:{citation.document_sha256}"
    language = reference.fields.get("language")
    page = document_address(reference, public_url)
    return {
        "type": "SpecificResource",
        "source": {"id": file, "type": "Text", "format": "text/plain"} | ({"language": language} if language else {}),
        "state": {"type": "TimeState", "cached": file},
        "selector": [
            {
                "type": "TextQuoteSelector",
                "exact": citation.exact,
                "prefix": text[max(0, citation.start - N_AROUND) : citation.start],
                "suffix": text[citation.end : citation.end + N_AROUND],
            },
            {"type": "TextPositionSelector", "start": citation.start, "end": citation.end},
        ],
    } | ({"scope": page} if page else {})


def _urn(words: str) -> str:
    """Name something by its words: the same words, the same name."""
    return uuid.uuid5(uuid.NAMESPACE_URL, words).urn
