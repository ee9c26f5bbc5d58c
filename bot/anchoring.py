"""Open permalinks: find a citation's words again where their document has changed, and never another's.

A place counts as the one that was cited only where that can be shown: the words beside it, which stood once in the
document, stand beside it again; or its words are the same by their digest, too many to be said twice by chance, and
stood once where they are looked for.  What cannot be decided is offered undecided.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from bot.answers import Citation
from bot.citations import cite, find_citation
from bot.errors import CitationError
from bot.permalinks import Anchor, Repeated, exact_digest, read_permalink
from bot.places import MAX_CANDIDATES, Likeness, Place, find_places, parts
from embeddings.collection import Collection
from embeddings.documents import Document, Span

# Words that prove a place without their neighbours, if they stood once: of the sentences in 258,000 words of minutes,
# 21 % of those with at most seven words stand in another record too, and 0.8 % of those with eight or more.
MIN_ALONE = 8
MAX_PLACES = 20  # that are offered where the one that was cited cannot be told
_IDENTIFIER = re.compile(r"(?P<document>[^/:]+)/(?P<place>[^:]+)(?::(?P<start>[0-9]{1,9})-(?P<end>[0-9]{1,9}))?")


class State(Enum):
    """What became of the words that a permalink cites."""

    UNCHANGED = "unchanged"  # the same document, byte for byte, and the words are verified
    MOVED = "moved"  # word for word, in a changed document or in another
    RESTYLED = "restyled"  # the same words, with other punctuation, capitals or paragraphs
    EDITED = "edited"  # other words between the same neighbours
    AMBIGUOUS = "ambiguous"  # which place was cited cannot be told
    GONE = "gone"
    UNKNOWN = "unknown"  # no such document, or a damaged link
    UNCHECKED = "unchecked"  # an id alone: what stands there now


_SENTENCES = {
    State.UNCHANGED: "The document has not changed since it was cited; these are the words, verified.",
    State.MOVED: "The document has changed since it was cited; the words were found in it again, word for word.",
    State.RESTYLED: "The cited words stand here with other punctuation, capitals or paragraphs than when they were "
    "cited.",
    State.EDITED: "The document has changed since it was cited; other words stand now where the cited ones stood.",
    State.AMBIGUOUS: "Which place was cited can no longer be told: it may have been one of these, or none.",
    State.GONE: "Nothing in this collection can be shown to be the words that were cited: they were taken out or "
    "rewritten.",
    State.UNKNOWN: "This link is damaged, or names nothing in this collection.",
    State.UNCHECKED: "This link carries nothing to check the words by: this is what stands at its place now.",
}
_SENTENCES_ELSEWHERE = {
    State.MOVED: "The cited words stand, word for word, in another document than the one that the link names.",
    State.RESTYLED: "The cited words stand in another document than the one that the link names, and with other "
    "punctuation, capitals or paragraphs.",
}
_STATES = {Likeness.EXACT: State.MOVED, Likeness.ALIKE: State.RESTYLED, Likeness.FRAMED: State.EDITED}
_Found = tuple[State, tuple[Citation, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchored:
    """What a permalink leads to.

    ``places`` is the citation that it leads to; several where one quotation would join what stands apart now; all that
    may have been cited when it is AMBIGUOUS; and none when the words are GONE or the link UNKNOWN.
    """

    state: State
    identifier: str  # what the link names; a citation in ``places`` carries its present id
    places: tuple[Citation, ...] = ()
    problem: str = ""  # of an UNKNOWN link: what is wrong with it

    @property
    def elsewhere(self) -> bool:
        """Whether the words stand in another document than the one that the link names."""
        return any(place.document_id != self.identifier.partition("/")[0] for place in self.places)

    @property
    def sentence(self) -> str:
        """Return one English sentence that says what happened, in fixed words."""
        return (_SENTENCES_ELSEWHERE if self.elsewhere else _SENTENCES).get(self.state, _SENTENCES[self.state])


def open_permalink(collection: Collection, link: str) -> Anchored:
    """Open a permalink as a person may type or paste it: a whole URL, its path, or an id."""
    try:
        identifier, anchor = read_permalink(link)
    except CitationError as error:
        return Anchored(state=State.UNKNOWN, identifier=link, problem=str(error))
    return resolve(collection, identifier, anchor)


def resolve(collection: Collection, identifier: str, anchor: Anchor | None) -> Anchored:
    """Find what a permalink cites: its id, and the ``anchor`` that its parameters hold."""
    identifier = identifier.strip()
    match = _IDENTIFIER.fullmatch(identifier)
    if anchor is None or match is None:
        return _unchecked(collection, identifier)
    named = next((d for d in collection.documents if d.id == match["document"]), None)
    same = [d for d in collection.documents if d.sha256.startswith(anchor.document_sha256)]
    if same:
        return _verify(collection, match, anchor, [named] if named in same else same)
    found: _Found = (State.GONE, ())
    if named is not None:
        words = collection.words[named.id]
        places = find_places(named, words, anchor, framed=True)
        once = anchor.repeated is not Repeated.HERE
        found = _decide(collection, places, alone=once and anchor.n_words >= MIN_ALONE)
    if found[0] is State.GONE:
        found = _look_elsewhere(collection, named, anchor)
    unknown = f"{match['document']!r} names no document, and its words stand in no other; 'memcon documents' lists them"
    problem = unknown if found[0] is State.UNKNOWN else ""
    return Anchored(state=found[0], identifier=identifier, places=found[1], problem=problem)


def _unchecked(collection: Collection, identifier: str) -> Anchored:
    """Cite what an id names; with an anchor, only an id that is none comes here, and the error says what ids are."""
    try:
        places = (find_citation(collection, identifier),)
    except CitationError as error:
        return Anchored(state=State.UNKNOWN, identifier=identifier, problem=str(error))
    return Anchored(state=State.UNCHECKED, identifier=identifier, places=places)


def _verify(collection: Collection, match: re.Match[str], anchor: Anchor, same: Sequence[Document]) -> Anchored:
    """Cite the span that a permalink names from the very file that was cited, perhaps under another id."""
    verified = [
        (document, span)
        for document in same
        if (span := _span(collection, match, document)) is not None
        and exact_digest(document.words(span)) == anchor.exact
    ]
    cited = [
        _lead(collection, document, span, State.UNCHANGED if document.id == match["document"] else State.MOVED)
        for document, span in verified
    ]
    if not cited or State.EDITED in [state for state, _ in cited]:
        wrong = "no longer stand in one turn or paragraph, as the document is read now"
        problem = f"{match[0]!r}: the words there {wrong if cited else 'are not those that the link was made of'}"
        return Anchored(state=State.UNKNOWN, identifier=match[0], problem=problem)
    state = cited[0][0] if len(cited) == 1 else State.AMBIGUOUS
    return Anchored(state=state, identifier=match[0], places=tuple(place for _, places in cited for place in places))


def _span(collection: Collection, match: re.Match[str], document: Document) -> Span | None:
    """Return the span that an id names, that of its passage where it has no offsets; None where it names none."""
    if match["start"] is None:
        return next((p.span for p in collection.passages if p.id == match[0] and p.document_id == document.id), None)
    start, end = int(match["start"]), int(match["end"])
    return Span(start, end) if start < end <= len(document.text) else None


def _look_elsewhere(collection: Collection, named: Document | None, anchor: Anchor) -> _Found:
    """Look for the words in the other documents, as those of a document that was renamed, parted or joined.

    Where they stood elsewhere when they were cited, these may be the other places.
    """
    if named is not None and anchor.repeated is not Repeated.NOWHERE:
        return State.GONE, ()
    places = [
        place
        for document in collection.documents
        if document is not named
        for place in find_places(document, collection.words[document.id], anchor, framed=False)
    ]
    if anchor.repeated is not Repeated.NOWHERE and places:
        return _offer(collection, places)
    found = _decide(collection, places, alone=anchor.n_words >= MIN_ALONE)
    return found if named is not None or places else (State.UNKNOWN, ())


def _decide(collection: Collection, places: Sequence[Place], *, alone: bool) -> _Found:
    """Choose the place that was cited, if it can be told; ``alone``: the words prove it without their neighbours."""
    if not places:
        return State.GONE, ()
    most = max(place.n_near for place in places)
    best = [place for place in places if place.n_near == most]
    rivals = [place for place in places if place is not best[0] and (alone or place.n_near)]
    if len(best) > 1 or len(places) > MAX_CANDIDATES or not (alone or most):
        return _offer(collection, places)
    if best[0].likeness is Likeness.FRAMED and rivals:  # edited where they stood, or moved and others put there?
        return _offer(collection, places)
    return _lead(collection, best[0].document, best[0].span, _STATES[best[0].likeness])


def _offer(collection: Collection, places: Sequence[Place]) -> _Found:
    ranked = sorted(places, key=lambda place: -place.n_near)[:MAX_PLACES]
    return State.AMBIGUOUS, tuple(c for place in ranked for c in _cite(collection, place.document, place.span))


def _lead(collection: Collection, document: Document, span: Span, state: State) -> _Found:
    """Lead to ``span``: its parts, where these stand apart now, and no longer unchanged if they do."""
    places = _cite(collection, document, span)
    if [(place.start, place.end) for place in places] == [(span.start, span.end)]:
        return state, places
    words = collection.words[document.id]
    n_words = sum(len(words.meeting(Span(place.start, place.end))) for place in places)
    whole = state is not State.EDITED and n_words == len(words.meeting(span))
    return State.RESTYLED if whole else State.EDITED, places


def _cite(collection: Collection, document: Document, span: Span) -> tuple[Citation, ...]:
    try:
        return (cite(collection, document.id, span, 1.0),)
    except CitationError:  # it runs over the ends of blocks that were one, or of one list, when it was cited
        return tuple(cite(collection, document.id, part, 1.0) for part in parts(document, span))
