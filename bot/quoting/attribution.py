"""Read to whom a text attributes the words that it quotes, where it clearly does.

Only the names that the manifest gives count: its people with their aliases, its documents and items.  Verbs are
English; a name before a colon, in brackets or after a dash is understood in any language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.quoting.quoted_text import Claim, ClaimKind
from embeddings.collection import Collection
from embeddings.documents import Span
from embeddings.normalized import fold
from embeddings.sentences import split_sentences

_SAY = (
    r"(?:says?|said|writes?|wrote|written|stat(?:es?|ed)|declar(?:es?|ed)|remark(?:s|ed)?|observ(?:es?|ed)|not(?:es?|ed)|"
    r"add(?:s|ed)?|repl(?:y|ies|ied)|answer(?:s|ed)?|respond(?:s|ed)?|argu(?:es?|ed)|claim(?:s|ed)?|insist(?:s|ed)?|"
    r"explain(?:s|ed)?|tells?|told|asks?|asked|assert(?:s|ed)?|announc(?:es?|ed)|conced(?:es?|ed)|admit(?:s|ted)?|"
    r"acknowledg(?:es?|ed)|affirm(?:s|ed)?|conclud(?:es?|ed)|recall(?:s|ed)?|warn(?:s|ed)?|stress(?:es|ed)?|"
    r"emphasi[sz](?:es?|ed)|puts? it|proclaim(?:s|ed)?|reads?|stipulat(?:es?|ed)|provid(?:es?|ed)|requir(?:es?|ed)|"
    r"direct(?:s|ed)?|order(?:s|ed)?|promis(?:es?|ed)|complain(?:s|ed)?|report(?:s|ed)?|comment(?:s|ed)?|"
    r"continu(?:es?|ed)|propos(?:es?|ed)|suggest(?:s|ed)?)"
)
_ADVERB = r"(?:has|had|also|then|later|once|even|himself|herself|again|finally|\w+ly)"
_TITLES = frozenset(
    """the mr mrs ms miss dr prof professor sir lord lady general gen admiral adm marshal colonel col major maj captain
    capt senator sen secretary minister ambassador president chairman justice judge chief vice""".split()
)
# Before a name these open a sentence; any other word with a capital may be a part of another name.
_LEADING = frozenset(
    """as but and then when while so yet what here there later earlier again once thus also even both in at on to that
    where because since after before how indeed still meanwhile moreover however finally""".split()
)
# After these the name that follows is not, or not alone, the one who speaks.
_OBJECT = frozenset(
    """of to with by for about and or from against than unlike did does do if whether not never nor neither would could
    should might may""".split()
)
_NOT_SAID = re.compile(
    r"\b(?:not|never|no|nothing|nobody|none|cannot|without|unlike|contrary)\b|n['’]t\b", re.IGNORECASE
)
_SAYS_MORE = re.compile(r"\b(?:said|says|tells|told|writes|wrote|\w{3,}ed)\b|[;\"“”«»]")
_ADDRESSED = re.compile(r"\s*(?:to\s+)?(?:\w+\.?\s+){0,2}$")
_MAX_TAIL = 6  # words between the verb and the quotation
_BEFORE = 400  # characters before and after a quotation in which an attribution stands
_AFTER = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Whom a text names as the speaker, or which records as the place, of words that it quotes."""

    name: str  # a person's canonical name, or a record's as the text has it
    span: Span  # of the name in the text
    person: str | None
    records: frozenset[tuple[str, str | None]] = frozenset()  # document and item, item None for a whole document


class AttributionReader:
    """Knows the names of a collection's people and records."""

    def __init__(self, collection: Collection) -> None:
        self._people: dict[str, str] = {}
        self._records: dict[str, set[tuple[str, str | None]]] = {}
        self._titles = set(_TITLES)
        for person in collection.manifest.people:
            for name in filter(None, (person.name, person.full_name, *person.aliases)):
                self._people[fold(name)] = person.name
            self._titles |= {word.casefold() for word in re.findall(r"\w+", person.role or "")}
        entries = {entry.id: entry for entry in collection.manifest.documents}
        for document in collection.documents:
            named: list[tuple[str, str | None]] = [(name, None) for name in entries[document.id].names]
            named += [(name, item.id) for item in document.items for name in item.names]
            for name, item_id in named:
                self._records.setdefault(fold(name).casefold(), set()).add((document.id, item_id))
        people, records = _any_of(self._people), _any_of(self._records)
        name = rf"(?<![\w-])(?P<name>{people}|(?i:{records}))(?![\w-]|['’]\w)"
        titled = rf"(?P<title>(?:[A-Za-z]+\.?\s+){{0,3}}?){name}"
        apart = r"(?:\s*[(\[][^)\]]{0,40}[)\]])?"
        self._name = re.compile(name)
        self._says = re.compile(rf"{name}{apart}(?:\s+{_ADVERB}){{0,2}}\s+{_SAY}\b")
        self._ends = (
            re.compile(rf"(?m:^)[ \t]*(?P<title>(?:[A-Za-z]+\.?[ \t]+){{0,3}}?){name}[.:]\s*$"),
            re.compile(rf"\b(?:according to|in the words of)\s+{titled}{apart}\s*[,:]?\s*$", re.IGNORECASE),
        )
        self._begins = (
            re.compile(rf"[,.]?\s*(?:{_ADVERB}\s+)?{_SAY}\s+{titled}(?!\s+and\s+[A-Z])"),
            re.compile(rf"[.,]?\s*[(\[]{titled}(?:,[^)\]\n]{{0,80}})?[)\]]"),
            re.compile(rf"[.,]?\s*(?:[—–]|--?)\s*{titled}\s*(?:[,(].*)?$"),
        )
        self._says_after = re.compile(rf"\s*{titled}{apart}(?:\s+{_ADVERB}){{0,2}}\s+{_SAY}\b")
        self.label = re.compile(rf"^[ \t]*(?:{people})[.:](?=\s)\s*", re.MULTILINE) if self._people else None

    def read(self, text: str, claim: Claim) -> Attribution | None:
        """Return to whom ``text`` clearly attributes a claim's words, None where it does not."""
        if claim.kind is ClaimKind.SENTENCE:
            named = self._name.search(text, claim.label.start, claim.label.end) if claim.label else None
            return self._attribution(named) if named else None
        found = [self._attribution(match) for match in (self._before(text, claim), self._after(text, claim)) if match]
        return found[0] if len({(a.person, a.records) for a in found}) == 1 else None

    def people_in(self, text: str) -> frozenset[str]:
        """Return the canonical names of the people whom ``text`` names."""
        named = (fold(match["name"]) for match in self._name.finditer(text))
        return frozenset(self._people[name] for name in named if name in self._people)

    def _before(self, text: str, claim: Claim) -> re.Match[str] | None:
        """Return the name in what leads to a claim: its sentence, or a line that ends with a colon."""
        first = max(claim.paragraph.start, claim.outer.start - _BEFORE)
        if claim.outer.start == claim.paragraph.start:  # a block quotation: the paragraph before it leads to it
            first = max(text.rfind("\n\n", 0, len(text[: claim.outer.start].rstrip())), claim.outer.start - _BEFORE, 0)
        sentences = split_sentences(text, first, claim.outer.start)
        if not sentences:
            return None
        start, end = sentences[-1][0], claim.outer.start
        for pattern in self._ends:
            match = _last(pattern.finditer(text, first if pattern is self._ends[0] else start, end))
            if match is not None and self._is_titled(match):
                return match
        lead = text[start:end].rstrip()
        if lead.endswith((".", "!", "?")) or _NOT_SAID.search(lead):
            return None
        match = _last(self._says.finditer(text, start, end))
        return match if match is not None and self._speaks(text, start, end, match) else None

    def _speaks(self, text: str, start: int, end: int, match: re.Match[str]) -> bool:
        """Whether the one named is who speaks: not another of that surname, nor one spoken of or to."""
        before = [word.rstrip(".") for word in re.findall(r"[\w’'-]+\.?|[,;:—(]", text[start : match.start("name")])]
        while before and before[-1].casefold() in self._titles:
            before.pop()
        word = before[-1] if before else ","
        if word.casefold() in _OBJECT or (word[0].isupper() and word.casefold() not in _LEADING):
            return False
        tail = text[match.end() : end]
        other = self._name.search(tail)
        if other is not None and not _ADDRESSED.fullmatch(tail[: other.start()]):
            return False
        return len(tail.split()) <= _MAX_TAIL and not _SAYS_MORE.search(tail)

    def _after(self, text: str, claim: Claim) -> re.Match[str] | None:
        """Return the name in what follows a claim: "said X", "X said" after a comma, "(X)" or "— X"."""
        start = claim.outer.end
        if claim.outer.end == claim.paragraph.end:  # a credit on a line of its own
            start += len(text[start : start + 4]) - len(text[start : start + 4].lstrip())
        line = text.find("\n", start)
        end = min(start + _AFTER, len(text) if line < 0 else line)
        for pattern in self._begins:
            match = pattern.match(text, start, end)
            if match is not None and self._is_titled(match):
                return match
        if not text[: claim.outer.end + 1].endswith(",") and not text[: claim.span.end].endswith(","):
            return None
        after = start + 1 if text[start : start + 1] == "," else start
        match = self._says_after.match(text, after, end)
        return match if match is not None and self._is_titled(match) else None

    def _is_titled(self, match: re.Match[str]) -> bool:
        """Whether nothing but titles stands before the name."""
        return all(word.rstrip(".").casefold() in self._titles for word in match["title"].split())

    def _attribution(self, match: re.Match[str]) -> Attribution:
        name, span = fold(match["name"]), Span(*match.span("name"))
        person = self._people.get(name)
        records = frozenset() if person else frozenset(self._records[name.casefold()])
        return Attribution(name=person or name, span=span, person=person, records=records)


def _any_of(names: Iterable[str]) -> str:
    """Return a pattern of any of ``names``, a longer one before its part; of none, what never matches."""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return "|".join(r"\s+".join(map(re.escape, name.split())) for name in ordered) or r"(?!)"


def _last(matches: Iterator[re.Match[str]]) -> re.Match[str] | None:
    last = None
    for match in matches:
        last = match
    return last
