"""A conversation to take away: its questions asked again, and written as Markdown or JSON.

The same questions of the same collection give the same bytes: there is no date of writing in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from bot.answers import Answer, Citation, Exchange
from embeddings.collection import Collection
from ui.outcomes import outcome_object
from ui.terminal import visible
from ui.wording import NOTES, REASONS, RELATED, date_of, folded, speaker_name, speaker_role, title_of

_MARKDOWN_SIGNS = frozenset(r"\`*_{}[]()<>#+-.!|~&=:'\"")


def conversation_json(exchanges: Sequence[Exchange], collection: Collection) -> str:
    """Return a conversation as a JSON object: the collection, its fingerprint, and the outcomes in order."""
    value = {
        "collection": collection.manifest.id,
        "title": collection.manifest.title,
        "fingerprint": collection.fingerprint,
        "documents": {document.id: document.sha256 for document in collection.documents},
        "outcomes": [outcome_object(exchange.outcome) for exchange in exchanges],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def conversation_markdown(exchanges: Sequence[Exchange], collection: Collection) -> str:
    """Return a conversation as Markdown; what comes from documents and visitors is escaped, white space folded."""
    return "\n".join(_lines(exchanges, collection)) + "\n"


def _lines(exchanges: Sequence[Exchange], collection: Collection) -> Iterator[str]:
    yield f"# {_literal(collection.manifest.title)}"
    for exchange in exchanges:
        yield ""
        yield f"## {_literal(exchange.question)}"
        if isinstance(exchange.outcome, Answer):
            for citation in exchange.outcome.citations:
                yield from _quotation(citation, collection)
        else:
            yield ""
            yield REASONS[exchange.outcome.reason]
            if exchange.outcome.related:
                yield ""
                yield f"*{RELATED}:*"
                for citation in exchange.outcome.related:
                    yield from _quotation(citation, collection)
        if exchange.outcome.notes:
            yield ""
            yield f"*{NOTES}:*"
            yield ""
            for note in exchange.outcome.notes:
                ground = f"; ground: {_literal(note.ground)}" if note.ground else ""
                yield f"- {_literal(note.about)}: {_literal(note.text)} ({note.certainty.value}{ground})"
    yield ""
    yield "---"
    yield ""
    yield f"Collection `{collection.manifest.id}`, fingerprint `{collection.fingerprint}`."
    yield "Every quotation is a slice of a document whose file has the hash given here:"
    yield ""
    for document in collection.documents:
        yield f"- `{document.id}`: sha256 `{document.sha256}`"


def _quotation(citation: Citation, collection: Collection) -> Iterator[str]:
    parts = (
        speaker_name(citation, collection),
        speaker_role(citation, collection),
        title_of(citation, collection),
        date_of(citation, collection),
        citation.locator,
    )
    yield ""
    yield f"> {_literal(citation.exact)}"
    yield ">"
    yield f"> — {_literal(', '.join(part for part in parts if part))} (`{citation.id}`)"


def _literal(text: str) -> str:
    """Write ``text`` so that a Markdown reader shows it as it is."""
    return "".join(f"\\{c}" if c in _MARKDOWN_SIGNS else c for c in visible(folded(text)))
