"""Resolve follow-ups: what a question may ask for, given the conversation before it.

A question that stands by itself is best searched for alone: carrying the history along always would halve what is
found (on MTRAG, from 0.60 to 0.28).  One that leans on the earlier ones, by a pronoun, an ellipsis or a lack of words
of its own, is joined with what they were about.  Words alone decide this but roughly, so `resolve` gives both wordings
and the odds, and `bot.leaning` weighs them by what either finds.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.answers import Answer, Exchange
from bot.reading import QuestionReader
from embeddings.lexical import terms

_OPENS_ELLIPSIS = re.compile(
    r"^\W*(?:and|but|so|or|then|also|what about|how about|why not|why so|how so|anything else|what else|who else)\b",
    re.IGNORECASE,
)
_HE_OR_SHE = re.compile(r"\b(?:he|she|him|his|her|hers|himself|herself)\b", re.IGNORECASE)
_OTHER_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|that|this|these|those|there|then|one|ones|such|same|former|latter)\b",
    re.IGNORECASE,
)
_LEANS_ELSEWHERE = re.compile(  # in German, French, Spanish and Russian: an ellipsis, or a pronoun
    r"^\W*(?:und|aber|et|mais|y|pero|а|и|но)\b|"
    r"\b(?:er|sie|ihm|das|dort|il|elle|ils|cela|él|ella|eso|он|она|они|это|там)\b",
    re.IGNORECASE,
)
_EXPLICIT_THAT = re.compile(
    r"\bthat\s+(?:\w+\s+)?(?:is|are|was|were|the|he|she|they|it|had|would|could)\b", re.IGNORECASE
)
_NAME_OR_YEAR = re.compile(r"(?<=[^\W\d_,;:] )[A-Z][\w’'-]+|\b\d{4}\b")
_QUOTATION_MARKS = re.compile('["“”„«»]')
# Log-odds that a question leans on the one before it, by its words: a logistic regression, each set weighted alike, on
# CAsT 2020 and 2021, CANARD, and the minutes' training follow-ups against its first questions asked after another.
# Area under the curve elsewhere: 0.80 on CAsT 2019, 0.66 on MTRAG, 0.996 on the minutes' validation split.
ODDS = 1.45
ODDS_OF_ELLIPSIS = 0.90
ODDS_OF_PRONOUN = 1.22
ODDS_OF_TERM, MAX_TERMS = -0.47, 8  # of its own
ODDS_OF_NAME, MAX_NAMES = -0.41, 2  # a name or a year, after the first word
ODDS_ELSEWHERE = 1.0  # at least, in a language without data to fit to: a rule, as sure as it is of English


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question as it may be searched for: by itself, and with the one before it.

    ``odds``: log-odds that it leans on the earlier turns, by its words; a first question has no ``joined`` wording.
    """

    bare: str
    joined: str | None = None
    odds: float = -math.inf

    @property
    def leans(self) -> bool:
        """Whether, by its words, the question needs the one before it to be understood."""
        return self.joined is not None and self.odds > 0

    @property
    def query(self) -> str:
        """Return the likelier wording, by its words alone."""
        return self.joined if self.joined is not None and self.odds > 0 else self.bare


def resolve(question: str, conversation: Sequence[Exchange], reader: QuestionReader) -> Resolved:
    """Say what ``question`` may ask for after ``conversation``, oldest exchange first."""
    if not conversation:
        return Resolved(bare=question)
    bare = _name_person(question, conversation, reader)
    return Resolved(bare=bare, joined=f"{_topic(conversation)} {bare}", odds=odds_of_leaning(question))


def odds_of_leaning(question: str) -> float:
    """Return the log-odds that ``question`` leans on what was asked before it, by its words."""
    pronoun = _HE_OR_SHE.search(question) or _OTHER_PRONOUN.search(_EXPLICIT_THAT.sub(" ", question))
    odds = (
        ODDS
        + ODDS_OF_ELLIPSIS * bool(_OPENS_ELLIPSIS.search(question))
        + ODDS_OF_PRONOUN * bool(pronoun)
        + ODDS_OF_TERM * min(len(set(terms(question))), MAX_TERMS)
        + ODDS_OF_NAME * min(len(_NAME_OR_YEAR.findall(question)), MAX_NAMES)
    )
    return max(odds, ODDS_ELSEWHERE) if _LEANS_ELSEWHERE.search(question) else odds


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


def _topic(conversation: Sequence[Exchange]) -> str:
    """Return what is being spoken of: the last question that stood by itself and the previous one, at most 60 words.

    All between them would bury it: on CAsT 2019 F1 of the terms carried over is 0.38 so, and 0.30 with everything.
    Quotation marks are left out, or the words they hold would be taken for a quotation to be looked up again.
    """
    previous = conversation[-1]
    opening = next(
        (exchange for exchange in reversed(conversation) if odds_of_leaning(exchange.question) <= 0), conversation[0]
    )
    asked = opening.outcome.query if opening is previous else f"{opening.outcome.query} {previous.question}"
    return " ".join(_QUOTATION_MARKS.sub(" ", asked).split()[-60:])
