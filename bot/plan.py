"""Plan an answer: whether a question asks one thing, several, or the same of several documents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.followups import odds_of_leaning
from bot.reading import Reading, holds_words
from embeddings.collection import Collection
from embeddings.dates import MONTHS, date_parts, spell_date
from embeddings.encoder import ENGLISH
from embeddings.languages import reads
from embeddings.lexical import terms

_JOINED = re.compile(
    r"\s*[,;?]?\s+(?:and|und|et|y|и)\s+(?=(?:who|what|when|where|why|how|which|whom|whose|wer|was|wann|wo|warum|qui|"
    r"quand|où|pourquoi|quién|qué|cuándo|dónde|кто|что|когда|где|почему)\b)",
    re.IGNORECASE,
)
_COMPARES = re.compile(
    r"\b(?:each|both|two|either|all) (?:of the )?(?:documents?|records?|texts?|files?|papers?)\b|"
    r"\bcompar(?:e|ed|es|ing|ison)\b|\bdifferen(?:ce|t|ces)\b.*\bbetween\b|\bbeide Dokumente|\bles deux documents|"
    r"\bambos documentos|\bобоих документах",
    re.IGNORECASE,
)
# Log-odds that a part leans on the others, above which it cannot be asked by itself: those of a pronoun, or of but two
# words without a name.  Of 19 questions in two parts over minutes and invented records 12 so had hit@1, and 9 of them
# all divided.
MAX_ODDS_OF_PART = 0.3
MIN_PART_TERMS = 2  # in a language without data to fit odds to: a part with fewer says only how to answer the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to look for: each part by itself, and, where documents are compared, in each of them."""

    parts: tuple[str, ...]
    documents: tuple[str, ...]  # ids; empty when no comparison is asked for


class Planner:
    """Knows by which names, dates and speakers a question may mean a document."""

    def __init__(self, collection: Collection) -> None:
        self._documents = tuple(document.id for document in collection.documents)
        self._speakers = {d.id: {b.speaker for b in d.blocks if b.speaker} for d in collection.documents}
        self._dates = {d.id: _spellings(d.date) for d in collection.documents if d.date}

    def plan(self, reading: Reading) -> Plan:
        """Plan the answer to ``reading``."""
        return Plan(parts=split_question(reading.text), documents=self._compared(reading))

    def _compared(self, reading: Reading) -> tuple[str, ...]:
        named = {document for document, _ in reading.items}
        lowered = reading.text.casefold()
        named |= {d for d, spellings in self._dates.items() if any(holds_words(lowered, s) for s in spellings)}
        if named:  # somebody who speaks in one document beside the name of another
            named |= {d for d in self._documents if self._speakers[d] & set(reading.people)}
        if _COMPARES.search(reading.text) and len(named) < 2 and len(self._documents) <= 4:
            named = set(self._documents)
        return tuple(d for d in self._documents if d in named) if len(named) > 1 else ()


def split_question(text: str) -> tuple[str, ...]:
    """Split a question that asks two things into its parts; one whose parts need each other comes back whole."""
    parts: Sequence[str] = [part.strip() for part in _JOINED.split(text) if part.strip()]
    if len(parts) < 2 or any(_leans(part, text) for part in parts):
        return (text,)
    return tuple(part if part.endswith("?") else f"{part}?" for part in parts)


def _leans(part: str, text: str) -> bool:
    if reads(ENGLISH, text):
        return odds_of_leaning(part) > MAX_ODDS_OF_PART
    return len(set(terms(part))) < MIN_PART_TERMS


def _spellings(iso: str) -> tuple[str, ...]:
    """Return how a question may name a document's date: its month and year, or the month's day."""
    match date_parts(iso):
        case (year, month, day):
            name = MONTHS[month - 1]
            spelled: tuple[str, ...] = (f"{name} {year}", spell_date(iso), f"{day} {name} {year}", iso)
        case _:
            spelled = (spell_date(iso), iso)
    return tuple(spelling.casefold() for spelling in spelled)
