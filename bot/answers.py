"""What memcon says: an answer made of citations, or an abstention with its reason.

Read this second.  Words of the record reach a user only inside a `Citation`; `bot.citations.cite`
makes them and nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from embeddings.documents import Span
from embeddings.manifest import Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A span accepted as answering, with its score: the probability that its words answer, 0 to 1."""

    document_id: str
    span: Span
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A span's exact words, where they stand, and what proves it.

    ``document.text[start:end] == exact`` for the document whose file has the hash ``document_sha256``.
    """

    id: str
    passage_id: str
    document_id: str
    item_id: str | None
    exact: str
    start: int
    end: int
    speaker: str | None
    page: int | None
    locator: str
    document_sha256: str
    score: float
    url: str


class Reason(Enum):
    """Why the record gives no answer."""

    NOT_IN_COLLECTION = "not-in-collection"  # nothing in it is about this
    NOT_STATED = "not-stated"  # it is about this, and does not say
    REDACTED = "redacted"  # the words were withheld
    OUT_OF_SCOPE = "out-of-scope"  # no question to a record: small talk, orders
    UNCLEAR = "unclear"  # no question could be made out


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """An editor's note on a person or an abbreviation: never a quotation, never an answer."""

    about: str
    text: str
    ground: str
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The record answers: citations, best first."""

    question: str
    query: str  # what was searched for, after a follow-up was resolved
    citations: tuple[Citation, ...]
    notes: tuple[Note, ...] = ()

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError("an answer needs at least one citation; without one it is an abstention")


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstention:
    """The record does not answer; ``related`` are the nearest passages, and no answer."""

    question: str
    query: str
    reason: Reason
    related: tuple[Citation, ...] = ()
    notes: tuple[Note, ...] = ()


Outcome = Answer | Abstention


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and its outcome; a conversation is a sequence of exchanges, oldest first."""

    question: str
    outcome: Outcome
