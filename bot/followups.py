"""Resolve follow-ups: what a question asks for, given the conversation before it.

A question that stands by itself is left alone: carrying the history along always would halve what is found
(on MTRAG, from 0.60 to 0.28).  Only a question that leans on the earlier ones, by a pronoun, an ellipsis
or a lack of words of its own, is joined with what they were about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers import Answer, Exchange
from bot.reading import QuestionReader
from embeddings.lexical import terms

_OPENS_ELLIPSIS = re.compile(
    r"^\W*(?:and|but|so|or|then|also|what about|how about|why not|why so|how so|anything else|what else|who else|"
    r"und|aber|et|mais|y|pero|а|и|но)\b",
    re.IGNORECASE,
)
_HE_OR_SHE = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b", re.IGNORECASE)
_OTHER_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|that|this|these|those|there|then|one|ones|such|same|former|latter|"
    r"er|sie|ihm|das|dort|il|elle|ils|cela|él|ella|eso|он|она|они|это|там)\b",
    re.IGNORECASE,
)
_EXPLICIT_THAT = re.compile(
    r"\bthat\s+(?:\w+\s+)?(?:is|are|was|were|the|he|she|they|it|had|would|could)\b", re.IGNORECASE
)
_QUOTATION_MARKS = re.compile('["“”„«»]')
MIN_OWN_TERMS = 3  # a question with fewer words of its own is too short to search by, if another came before it


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question as it is searched for; ``leans`` says whether earlier turns were used."""

    query: str
    leans: bool


def resolve(question: str, conversation: Sequence[Exchange], reader: QuestionReader) -> Resolved:
    """Say what ``question`` asks for after ``conversation``, oldest exchange first."""
    if not conversation:
        return Resolved(query=question, leans=False)
    previous = conversation[-1]
    query = _name_person(question, conversation, reader)
    if not _leans(query, question):
        return Resolved(query=query, leans=query != question)
    return Resolved(query=f"{_topic(previous)} {query}", leans=True)


def _leans(query: str, question: str) -> bool:
    """Whether a question needs the one before it to be understood."""
    if _OPENS_ELLIPSIS.search(question):
        return True
    if _OTHER_PRONOUN.search(_EXPLICIT_THAT.sub(" ", query)):
        return True
    return len(set(terms(query))) < MIN_OWN_TERMS


def _name_person(question: str, conversation: Sequence[Exchange], reader: QuestionReader) -> str:
    """Put the person last spoken of in the place of 'he' or 'she', when the question names nobody itself."""
    match = _HE_OR_SHE.search(question)
    if match is None or reader.read(question).people:
        return question
    person = _last_person(conversation, reader)
    if person is None:
        return question
    possessive = match.group().lower() in {"his", "hers"}
    return f"{question[: match.start()]}{person}{'’s' if possessive else ''}{question[match.end() :]}"


def _last_person(conversation: Sequence[Exchange], reader: QuestionReader) -> str | None:
    for exchange in reversed(conversation):
        people = reader.read(exchange.outcome.query[:2000]).people
        if people:
            return people[-1]
        if isinstance(exchange.outcome, Answer) and exchange.outcome.citations[0].speaker:
            return exchange.outcome.citations[0].speaker
    return None


def _topic(previous: Exchange) -> str:
    """Return what the previous question was about: itself, as it was searched for, cut to its last 60 words.

    Its quotation marks are left out, or the words it quoted would be taken for a quotation to be looked up again.
    """
    return " ".join(_QUOTATION_MARKS.sub(" ", previous.outcome.query).split()[-60:])
