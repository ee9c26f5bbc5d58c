"""Hold an attribution against the record: whether somebody else says the words, or another record has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.answers import Citation
from bot.quoting.attribution import Attribution, AttributionReader
from embeddings.collection import Collection
from embeddings.documents import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Misattribution:
    """The words are the record's, and whom the text names did not say them."""

    named: str  # the canonical name of a person, or the name of a record as the text has it
    span: Span  # of the name in the text that was checked
    said_by: tuple[str, ...]  # canonical names; of records where nobody speaks, author or title


class AttributionJudge:
    """Compares attributions with who speaks where, and stays silent in doubt."""

    def __init__(self, collection: Collection, reader: AttributionReader) -> None:
        self._collection, self._reader = collection, reader

    def judge(self, attribution: Attribution, citations: Iterable[Citation]) -> Misattribution | None:
        """Return whose the words are, None where any of their places may be whose the text says."""
        said_by: dict[str, None] = {}
        for citation in citations:
            who = self._other(attribution, citation)
            if who is None:
                return None
            said_by[who] = None
        return Misattribution(named=attribution.name, span=attribution.span, said_by=tuple(said_by))

    def _other(self, attribution: Attribution, citation: Citation) -> str | None:
        """Return who else says the words of a citation, None where it may be whom the text names."""
        document = self._collection.document(citation.document_id)
        item = document.item(citation.item_id)
        if attribution.person is None:
            places = {(document.id, None), (document.id, citation.item_id)}
            return None if places & attribution.records else (item.title if item else document.title)
        who = citation.speaker or (item.author if item else document.fields.get("author"))
        if who is None or attribution.person in self._reader.people_in(who):
            return None
        return None if attribution.person in self._reader.people_in(self._around(citation)) else who

    def _around(self, citation: Citation) -> str:
        """Return the words around a citation, in its sentences and the one before: who speaks may report another."""
        document = self._collection.document(citation.document_id)
        block = document.block_at(citation.start)
        if block is None:
            return ""
        cited = Span(citation.start, citation.end)
        held = [n for n, sentence in enumerate(block.sentences) if sentence.meets(cited)]
        if not held:
            return ""
        first, last = block.sentences[max(held[0] - 1, 0)], block.sentences[held[-1]]
        return f"{document.text[first.start : cited.start]} {document.text[cited.end : max(last.end, cited.end)]}"
