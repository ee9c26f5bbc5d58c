"""Read a question: whom, which record and what kind of answer it asks for, by the collection's own names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.errors import QuestionError
from bot.spelling import Speller
from embeddings.collection import Collection
from embeddings.normalized import fold

MAX_CHARACTERS = 2000  # a long paragraph; longer input is a document, not a question

_QUOTED = re.compile(r"[\"“«„]([^\"”»“]+)[\"”»“]")
MIN_QUOTED_CHARACTERS = 3  # fewer name a letter or a number and quote nobody
_SPEECH = (
    r"say|said|says|saying|tell|told|ask|asked|asks|answer|answered|answers|reply|replied|respond|responded|"
    r"suggest|suggested|propose|proposed|offer|offered|call|called|name|named|explain|explained|claim|claimed|"
    r"mention|mentioned|think|thought|believe|believed|feel|felt|describe|described|want|wanted|regret|complain|"
    r"complained|comment|commented|admit|admitted|deny|denied|promise|promised|open|close|invite|invited|warn|warned|"
    r"state|stated|argue|argued|object|objected|report|reported|view|remark|remarked|note|noted|refer|referred|give|"
    r"gave|expect|expected|react|reacted|agree|agreed|stress|stressed|express|expressed|hope|hoped|put|speak|spoke|"
    r"сказал|ответил|спросил|предложил|говорил|sagte|antwortete|fragte|dit|répondu|demandé|dijo|respondió|preguntó"
)
_WHO_SPEAKS = re.compile(
    rf"^(?:and |so |but )?(?:who|which (?:\w+ )?(?:chief|man|person|member|participant|speaker|officer|general)s?)"
    rf"\b(?:\s+\w+){{0,2}}?\s+(?:{_SPEECH})\b",
    re.IGNORECASE,
)
_REPLY = re.compile(
    r"\b(?:answer(?:ed)?|repl(?:y|ied)|respon[ds]e?d?|react(?:ed|ion)?|отве\w+|antwort\w*|répon\w+|respond\w+)\b",
    re.IGNORECASE,
)
_KINDS = (
    ("how-many", re.compile(r"\bhow (?:many|much|long|often|far|big|large|old)\b|\bnumber\b", re.I)),
    (
        "when",
        re.compile(
            r"\bwhen\b|\b(?:what|which) (?:date|year|day|time|month|hour)\b|\bsince what\b|\bwann\b|\bquand\b|"
            r"\bcuándo\b|\bкогда\b",
            re.I,
        ),
    ),
    ("who", re.compile(r"\bwho(?:m|se)?\b|\bwer\b|\bqui\b|\bquién\b|\bкто\b", re.I)),
    ("where", re.compile(r"\bwhere\b|\bwo\b|\boù\b|\bdónde\b|\bгде\b", re.I)),
    ("why", re.compile(r"\bwhy\b|\bfor what reasons?\b|\bwarum\b|\bpourquoi\b|\bpor qué\b|\bпочему\b", re.I)),
    ("how", re.compile(r"\bhow\b|\bwie\b|^comment\b(?! on\b)|\bcómo\b|\bкак\b", re.I)),
)
_LIST = re.compile(
    r"\b(?:list|all|each|both|which|what) (?:(?!(?:is|was|does|has|did|do|are|were)\b)\w+ ){0,3}?"
    r"(?!(?:does|was|has|its|as|this)\b)\w+[^\Wius]s\b|\b(?:two|three|four|five|six|seven|eight|nine|ten)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a question asks for, as far as its words show.

    ``speakers``: whose words are asked for; ``people``: all people it names; ``items``: (document id, item id) of
    the records it names, item id None for a whole document.
    """

    text: str  # the question, names in the record's spelling, typing errors mended: for searching
    kind: str  # how-many, when, who, where, why, how, or other
    speakers: tuple[str, ...]
    people: tuple[str, ...]
    items: tuple[tuple[str, str | None], ...]
    quoted: tuple[str, ...]
    asks_who_spoke: bool
    asks_reply: bool
    asks_list: bool


class QuestionReader:
    """Knows the names of a collection: people, offices, records, and the words it uses."""

    def __init__(self, collection: Collection, known_words: frozenset[str] = frozenset()) -> None:
        self._names: dict[str, str] = {}
        for person in collection.manifest.people:
            for name in (person.name, *person.aliases, *person.called):
                self._names[fold(name).casefold()] = person.name
        for document in collection.documents:
            for block in document.blocks:
                if block.speaker is not None:
                    self._names.setdefault(block.speaker.casefold(), block.speaker)
        self._speaking = {b.speaker for d in collection.documents for b in d.blocks if b.speaker}
        self._proper = {
            fold(name).casefold(): person.name
            for person in collection.manifest.people
            for name in (person.name, *person.aliases)
        } | {name.casefold(): name for name in self._speaking}
        self._records = list(_record_names(collection))
        called = frozenset(word for name in (*self._names, *(n for n, _ in self._records)) for word in name.split())
        self._speller = Speller(collection, self._proper, known_words, called)

    def read(self, question: str) -> Reading:
        """Read ``question``.

        Raises:
            QuestionError: it is empty, no text, or longer than `MAX_CHARACTERS`.
        """
        check_question(question)
        text = fold(question)
        spelled = self._speller.spell(text)
        lowered = f" {spelled.casefold()} "
        people = self._people(lowered)
        items = tuple(dict.fromkeys(place for name, place in self._records if holds_words(lowered, name)))
        speakers = tuple(p for p in people if p in self._speaking and self._is_asked(lowered, p))
        return Reading(
            text=spelled,
            kind=kind_of(spelled),
            speakers=speakers,
            people=people,
            items=items,
            quoted=quoted_words(question),
            asks_who_spoke=bool(_WHO_SPEAKS.search(spelled)),
            asks_reply=bool(_REPLY.search(spelled)),
            asks_list=bool(_LIST.search(spelled)),
        )

    def _people(self, lowered: str) -> tuple[str, ...]:
        found: dict[str, int] = {}
        for name, person in self._names.items():
            place = _place(lowered, name)
            if place >= 0 and (person not in found or place < found[person]):
                found[person] = place
        return tuple(sorted(found, key=lambda person: found[person]))

    def _is_asked(self, lowered: str, person: str) -> bool:
        """Whether the question asks for this person's own words: the name stands next to a verb of saying."""
        for name, owner in self._names.items():
            if owner != person or _place(lowered, name) < 0:
                continue
            gap = r"(?:\W+\w+){0,2}?\W+"
            escaped = re.escape(name)
            if re.search(
                rf"{escaped}(?:'s)?{gap}(?:{_SPEECH})\b|{escaped}'s\b|"
                rf"\b(?:did|does|do|was|is|would|had|has)\W+(?:the\W+)?(?:\w+\W+)?{escaped}|\bby\W+(?:\w+\W+)?{escaped}|"
                rf"according\W+to\W+(?:\w+\W+)?{escaped}",
                lowered,
            ):
                return True
        return False


def kind_of(question: str) -> str:
    """Return what kind of answer ``question`` asks for by its question word: how-many, when, who, ... or other."""
    return next((kind for kind, pattern in _KINDS if pattern.search(question)), "other")


def quoted_words(question: str) -> tuple[str, ...]:
    """Return what stands between quotation marks in ``question``, without the white space around it."""
    return tuple(q for q in map(str.strip, _QUOTED.findall(question)) if len(q) >= MIN_QUOTED_CHARACTERS)


def without_quotations(question: str) -> str:
    """Return ``question`` with a blank where something stands between quotation marks."""
    return _QUOTED.sub(" ", question)


def check_question(question: str) -> None:
    """Raise `QuestionError` for what is no question at all.

    Raises:
        QuestionError: the question is empty, no text (NUL, half a character), or longer than `MAX_CHARACTERS`.
    """
    if "\0" in question:
        raise QuestionError("the question holds a NUL character; send text")
    if not question.strip():
        raise QuestionError('the question is empty; ask something, e.g. memcon ask "Who took part?"')
    if len(question) > MAX_CHARACTERS:
        raise QuestionError(
            f"the question has {len(question)} characters; at most {MAX_CHARACTERS} are allowed. "
            f"To check a long quotation use 'memcon quote'"
        )
    if any("\ud800" <= character <= "\udfff" for character in question):
        raise QuestionError("the question is not text in UTF-8; send it in that encoding")


def _record_names(collection: Collection) -> Sequence[tuple[str, tuple[str, str | None]]]:
    names: list[tuple[str, tuple[str, str | None]]] = []
    entries = {entry.id: entry for entry in collection.manifest.documents}
    for document in collection.documents:
        names += [(fold(name).casefold(), (document.id, None)) for name in entries[document.id].names]
        for item in document.items:
            names += [(fold(name).casefold(), (document.id, item.id)) for name in item.names]
    bare = [(name.removeprefix("the "), place) for name, place in names if name.startswith("the ") and len(name) > 7]
    return [*names, *bare]


def _place(lowered: str, name: str) -> int:
    match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", lowered)
    return match.start() if match else -1


def holds_words(lowered: str, name: str) -> bool:
    """Whether ``name`` stands in ``lowered`` as whole words."""
    return _place(lowered, name) >= 0
