"""Nearness: what the place of the answer before lends to the sentences around it, for a question that leans on it.

A follow-up asks on where the last answer stood: of the minutes' training follow-ups, 3 in 10 are answered in the very
words just quoted, and as many within the eight sentences after them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice

from bot.answers import Answer, Citation, Exchange
from bot.reading import Reading
from embeddings.collection import Collection
from embeddings.documents import BlockKind
from embeddings.lexical import terms
from embeddings.units import Unit

# Log-odds, chosen on the minutes' training follow-ups and confirmed on the validation split.
SAME_DOCUMENT = 1.0
NEAR = 2.0  # quoted itself, up to three sentences before, four to eight after
JUST_AFTER = 3.0  # up to three sentences after
ASKED_PLACE = 5.0  # the reply, what came next or before, where the question asks for that
N_BEFORE, N_JUST_AFTER, N_AFTER = 3, 3, 8
N_OPENING = 4  # sentences of a turn in which a reply begins
N_TURNS = 4  # within which a named speaker's reply is looked for
# Terms beside those that point: a question with more tells its topic, and pointing put fewer answers first (of 17 of
# the minutes' follow-ups with such words 5 instead of 9).
MAX_OTHER_TERMS = 1
_POINTING = frozenset(
    "repli answer respond respons react reaction next afterward follow thereupon previous preced beforehand came come "
    "happen spoke speak befor after say said tell told think thought get got give gave back return".split()
)
_TO_THAT = re.compile(
    r"\b(?:say|said|think|thought)(?: back)?(?: to| of| about)? (?:that|this|it|him|her|them)\b|"
    r"\b(?:tell|told|assure|assured|promise|promised) (?:him|her|them)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"\b(?:next|afterwards?|after (?:that|this|it|him|her)|follow(?:ed|s)|thereupon|danach|ensuite|después|затем)\b",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"\b(?:just before|before (?:that|this|it|him|her)|beforehand|previously|preced(?:ed|es|ing)|davor|avant|antes)\b",
    re.IGNORECASE,
)


def near_units(
    collection: Collection, units: Sequence[Unit], conversation: Sequence[Exchange], reading: Reading
) -> dict[int, float]:
    """Return log-odds by unit number for the sentences around the last answer; ``reading`` is of the bare question.

    Of an abstention, the first related passage counts: what it was about is the nearest there is.
    """
    place = _last_place(conversation)
    if place is None:
        return {}
    inside = [u.number for u in units if _meets(collection, u, place)]
    if not inside:
        return {}
    first, last = inside[0], inside[-1]
    of_document = [u.number for u in units if u.document == units[first].document]
    near = dict.fromkeys(of_document, SAME_DOCUMENT)
    near |= dict.fromkeys(_within(of_document, first - N_BEFORE, last + N_AFTER), NEAR)
    near |= dict.fromkeys(_within(of_document, last + 1, last + N_JUST_AFTER), JUST_AFTER)
    asked = _asked_place(collection, units, of_document, first, last, reading)
    return near | dict.fromkeys(inside, SAME_DOCUMENT) | dict.fromkeys(asked, ASKED_PLACE) if asked else near


def _last_place(conversation: Sequence[Exchange]) -> Citation | None:
    if not conversation:
        return None
    outcome = conversation[-1].outcome
    places = outcome.citations if isinstance(outcome, Answer) else outcome.related
    return places[0] if places else None


def _meets(collection: Collection, unit: Unit, place: Citation) -> bool:
    same = collection.documents[unit.document].id == place.document_id
    return same and unit.span.start < place.end and place.start < unit.span.end


def _within(numbers: Sequence[int], first: int, last: int) -> list[int]:
    return [n for n in numbers if first <= n <= last]


def _asked_place(
    collection: Collection, units: Sequence[Unit], of_document: Sequence[int], first: int, last: int, reading: Reading
) -> list[int]:
    """Return the units that a question after the reply, the next or the previous words asks for, if it is one."""
    onward = reading.asks_reply or bool(_TO_THAT.search(reading.text) or _NEXT.search(reading.text))
    if (not onward and not _BEFORE.search(reading.text)) or len(_own_terms(reading)) > MAX_OTHER_TERMS:
        return []
    blocks = collection.documents[units[first].document].blocks
    here = units[last if onward else first].block_index
    if blocks[here].kind is not BlockKind.TURN:  # reported speech holds the reply in the same paragraph, often quoted
        return []
    others = range(here + 1, len(blocks)) if onward else range(here - 1, -1, -1)
    turns = [n for n in others if blocks[n].kind is BlockKind.TURN and blocks[n].speaker != blocks[here].speaker]
    named: Iterator[int] = (n for n in islice(turns, N_TURNS) if blocks[n].speaker in reading.speakers)
    turn = next(named, turns[0] if turns else None)
    held = [n for n in of_document if units[n].block_index == turn]
    return held[:N_OPENING] if onward else held[-N_OPENING:]


def _own_terms(reading: Reading) -> set[str]:
    return set(terms(reading.text)) - _POINTING - {term for person in reading.people for term in terms(person)}
