"""Which language a question is in: curated ones are written in several, and none is labelled.

Telling five languages apart in a short question needs no model: their commonest words hardly overlap.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bm25s import stopwords

_COMMON: Mapping[str, frozenset[str]] = {
    "en": frozenset(stopwords.STOPWORDS_EN_PLUS),
    "ru": frozenset(stopwords.STOPWORDS_RUSSIAN),
    "de": frozenset(stopwords.STOPWORDS_GERMAN),
    "fr": frozenset(stopwords.STOPWORDS_FRENCH),
    "es": frozenset(stopwords.STOPWORDS_SPANISH),
}
_ASKING: Mapping[str, frozenset[str]] = {  # left out of lists of stop words, being what a search is about
    "en": frozenset({"who", "what", "when", "where", "why", "how", "which", "whom", "whose", "did", "does"}),
    "de": frozenset(
        "wer was wann wo warum wie welche welcher welches welchen wen sagte fragte antwortete bedeutet steht".split()
    ),
    "fr": frozenset({"qui", "que", "quand", "où", "pourquoi", "comment", "quel", "quelle", "quels", "quelles", "est"}),
    "es": frozenset({"quién", "quiénes", "qué", "cuándo", "dónde", "cómo", "cuál", "cuáles", "cuánto", "cuántos"}),
}
# The last of the French is the blank before its question mark.
_MARKS: Mapping[str, tuple[str, ...]] = {"de": (*"äöüß",), "fr": (*"çêèàùâîôûœ", " ?"), "es": (*"¿¡ñ",)}
_LATIN = re.compile("[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")


def language_of(words: str) -> str | None:
    """Return which of English, Russian, German, French and Spanish ``words`` are in, None where it does not show."""
    if _CYRILLIC.search(words):
        return "ru"
    folded = words.casefold().replace("\u00a0", " ").replace("\u202f", " ")
    found = set(_WORD.findall(folded))
    if not found:
        return None
    scores = {
        language: len(found & (common | _ASKING.get(language, frozenset())))
        + sum(mark in folded for mark in _MARKS.get(language, ()))
        for language, common in _COMMON.items()
    }
    best = sorted(scores, key=lambda language: -scores[language])
    return best[0] if scores[best[0]] > scores[best[1]] else None


def reads(languages: frozenset[str] | None, words: str) -> bool:
    """Whether ``words`` are in one of ``languages``, of those written in Latin letters, as far as it shows.

    ``languages`` None: nothing is known of them, and all are read.
    """
    if languages is None:
        return True
    language = language_of(words)
    letters = [letter for letter in words if letter.isalpha()]
    if language is None:
        return 2 * sum(bool(_LATIN.match(letter)) for letter in letters) >= len(letters)
    return language in languages
