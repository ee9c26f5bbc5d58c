"""What goes in and out of the HTTP interface, field by field: the OpenAPI document is made of this.

The objects of outcomes, citations and checks have the keys that `ui.outcomes` makes; a test compares them.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from bot.answers import Reason
from bot.quotations import MAX_CHARACTERS as MAX_QUOTED
from bot.quotations import Verdict
from bot.quoting.meaning import Concern
from bot.reading import MAX_CHARACTERS as MAX_QUESTION
from embeddings.documents import Genre
from embeddings.manifest import Certainty

MAX_TURNS = 50
MAX_ID = 300  # characters
MAX_NAMED = 5  # unknown keys that an error names,
MAX_KEY = 40  # each by so many characters


def wrong_value(problem: str, allowed: str, field: str | None = None) -> PydanticCustomError:
    """Return the error of a value, as `ui.problems` tells it; ``field`` where it is not where the error is found."""
    told = {"problem": problem, "allowed": allowed}
    return PydanticCustomError("wrong_value", "{allowed}", told | ({"field": field} if field else {}))


class ClosedModel(BaseModel):
    """An object that has these keys and no others."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _has_no_other_keys(cls, value: Any) -> Any:
        unknown = sorted(str(key) for key in value if key not in cls.model_fields) if isinstance(value, dict) else []
        if unknown:
            named = ", ".join(repr(key[:MAX_KEY]) for key in unknown[:MAX_NAMED])
            raise wrong_value("is no key here", f"The keys are {', '.join(cls.model_fields)}", field=named)
        return value


def _text(value: str) -> str:
    if "\0" in value:
        raise wrong_value("holds a NUL character", "It must be text")
    if not value.strip():
        raise wrong_value("is empty", "It must hold words")
    return value


Question = Annotated[str, Field(max_length=MAX_QUESTION), AfterValidator(_text)]


class AskRequest(ClosedModel):
    """One question, perhaps of a conversation that is held here; or all turns of one, of which the last is answered."""

    question: Question | None = None
    conversation_id: Annotated[str, Field(max_length=MAX_ID)] | None = Field(
        default=None,
        description='"new" opens a conversation, whose id is in the answer; that id asks on; null holds nothing',
    )
    turns: Annotated[list[Question], Field(min_length=1, max_length=MAX_TURNS)] | None = Field(
        default=None, description="Questions of one conversation, oldest first; each counts as a request"
    )
    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["question"]}, {"required": ["turns"]}],
            "examples": [
                {"question": "When was the harbour closed?"},
                {"question": "When was the harbour closed?", "conversation_id": "new"},
                {"turns": ["When was the harbour closed?", "And why?"]},
            ],
        }
    )

    @model_validator(mode="after")
    def _has_one_form(self) -> AskRequest:
        if (self.question is None) == (self.turns is None):
            problem = "has neither a question nor turns" if self.turns is None else "has a question and turns"
            raise wrong_value(problem, "Send either of them")
        if self.turns is not None and self.conversation_id is not None:
            raise wrong_value("is given with turns", "Turns bring their conversation along", field="conversation_id")
        return self


class QuotationsRequest(ClosedModel):
    """A text with quotations in it, to be checked against the record."""

    text: Annotated[str, Field(max_length=MAX_QUOTED), AfterValidator(_text)]
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "The report says that “the harbor was closed in March”."}]}
    )


class CitationObject(ClosedModel):
    """Words of the record, exactly, and where they stand."""

    id: str
    passage_id: str
    document_id: str
    item_id: str | None = Field(description="The item inside the document, where it holds several")
    exact: str = Field(description="The words, unchanged: the document's text from start to end")
    start: int = Field(ge=0, description="In code points of the document's text")
    end: int = Field(ge=1)
    speaker: str | None = Field(description="Whose words they are, where somebody speaks")
    page: int | None
    locator: str
    document_sha256: str = Field(pattern="^[0-9a-f]{64}$", description="Of the document's file")
    score: float = Field(description="Higher is better; in an answer the probability that these words answer")
    url: str = Field(description="The permalink on this server")


class NoteObject(ClosedModel):
    """An editor's note: no part of the record, never an answer."""

    about: str
    text: str
    ground: str
    certainty: Certainty


class OutcomeObject(ClosedModel):
    """An answer, made of citations; or an abstention, with its reason and the nearest passages."""

    kind: Literal["answer", "abstention"]
    question: str
    query: str = Field(description="What was searched for, after a follow-up was resolved")
    reason: Reason | None = Field(description="Why there is no answer; null in an answer")
    citations: list[CitationObject] = Field(description="Best first; empty in an abstention")
    related: list[CitationObject] = Field(description="Of an abstention: related passages, not an answer")
    notes: list[NoteObject]


class AskedObject(OutcomeObject):
    """An outcome, with the conversation that it belongs to if a single question was asked."""

    conversation_id: str | None = None


class ChangeObject(ClosedModel):
    """One difference of words between a quotation and the record."""

    kind: Literal["same", "dropped", "added", "changed", "case", "elided", "inserted"] = Field(
        description="case: capitals only; elided, inserted: marked by an ellipsis or brackets, as custom allows"
    )
    record: str
    quoted: str


class SpanObject(ClosedModel):
    """Half-open code-point offsets into the text that was checked."""

    start: int
    end: int


class MisattributionObject(ClosedModel):
    """The words are the record's, and whom the text names did not say them."""

    named: str
    span: SpanObject = Field(description="of the name")
    said_by: list[str]


class WarningObject(ClosedModel):
    """What a reader of the quotation should know beside the verdict."""

    concern: Concern
    how: str = Field(description="how the words changed, or that they stand beside the quotation")
    words: str


class CheckObject(ClosedModel):
    """What became of a quotation, and where its words stand."""

    quoted: str
    verdict: Verdict
    places: list[CitationObject]
    changes: list[ChangeObject] = Field(description="Of an altered quotation, against its first place")
    span: SpanObject = Field(description="of the quotation")
    has_more: bool = Field(description="There are more places than these")
    misattribution: MisattributionObject | None
    warnings: list[WarningObject]


class ChecksObject(ClosedModel):
    """The quotations found in a text, in its order."""

    checks: list[CheckObject]


class ItemObject(ClosedModel):
    """A record inside a document."""

    id: str
    title: str
    kind: str | None
    date: str | None
    author: str | None
    recipient: str | None


class DocumentObject(ClosedModel):
    """A document, as the manifest describes it."""

    id: str
    title: str
    date: str | None
    genre: Genre
    items: list[ItemObject]
    speakers: list[str]
    sha256: str = Field(pattern="^[0-9a-f]{64}$", description="Of the document's file")
    n_pages: int | None = Field(description="Null where the pages are not known")
    n_passages: int
    url: str


class DocumentsObject(ClosedModel):
    """A part of the collection's documents."""

    collection: str = Field(description="The collection's title")
    n_documents: int
    documents: list[DocumentObject]
    next: str | None = Field(description="Where the next part is; null after the last")


class DocumentPassagesObject(DocumentObject):
    """A document with a part of its passages' ids, in reading order."""

    passages: list[str]
    next: str | None = Field(description="Where the next part is; null after the last")


class PassageObject(ClosedModel):
    """A passage as a citation, and its neighbours."""

    citation: CitationObject
    kind: str = Field(description="What it is in the document: a turn, paragraph, heading, entry, row, ...")
    previous: str | None
    next: str | None


class SearchObject(ClosedModel):
    """The sentences nearest to a query."""

    kind: Literal["search"]
    notice: str
    query: str = Field(description="What was searched for: names in the record's spelling, typing errors mended")
    hits: list[CitationObject] = Field(description="Best first; the scores are log-odds and only order the hits")


class StatusObject(ClosedModel):
    """How the server is."""

    status: Literal["alive", "ready"]
