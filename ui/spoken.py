"""What is said aloud: a quotation after its speaker's name, or a fixed sentence; never what a visitor typed.

The caption is the text itself.  What goes to the synthesiser differs from it only where signs that are read with the
eye would be spoken by their names, and where the synthesiser would obey them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.answers import Citation
from embeddings.collection import Collection
from ui.contents import language
from ui.languages import DEFAULT_LANGUAGE, LANGUAGES, translation
from ui.wording import REASONS, folded, speaker_name

# Fixed sentences by id, each in the languages it is translated into.
Sentences = Mapping[str, Mapping[str, str]]
ENGLISH_SENTENCES: Sentences = {f"reasons/{reason.value}": {"en": sentence} for reason, sentence in REASONS.items()}

_LIGATURES = re.compile("[\ufb00-\ufb06]")  # of print; spoken by their numbers
_MARKS = re.compile(r"([*#~`])\1+|(?<!\S)[*#](?!\S)")  # **bold**, ~~struck through~~, # heading, * entry: silent
_RULES = re.compile(r"_{2,}|([^\w\s.?!])\1{2,}")  # blanks of a form, ruled lines: a pause
_CELLS = re.compile(r"(?<=\S)\t+(?=\S)")  # between the cells of a table: a pause
# 18 initials without a blank are read, of 20 the last are dropped, and of 100 espeak-ng 1.51 and 1.52 die.
_LONG_WORD = re.compile(r"\S{36}(?=\S)")


def fixed_sentences() -> Sentences:
    """Return the fixed sentences by id, in every language of the interface."""
    return {
        identifier: {language: translation(language).gettext(sentence[DEFAULT_LANGUAGE]) for language in LANGUAGES}
        for identifier, sentence in ENGLISH_SENTENCES.items()
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """What a synthesiser is to say, and in which language (BCP 47)."""

    text: str
    language: str


def say_citation(citation: Citation, collection: Collection) -> Spoken:
    """Return a quotation as it is said: who speaks, by the manifest's name, then the exact words."""
    document = collection.document(citation.document_id)
    parts = (speaker_name(citation, collection), citation.exact)
    return Spoken(
        text=speakable(": ".join(part for part in parts if part)),
        language=language(collection, document, document.item(citation.item_id)),
    )


def say_sentence(sentence: str, tag: str) -> Spoken:
    """Return a fixed sentence in the language ``tag`` as it is said."""
    return Spoken(text=speakable(sentence), language=tag)


def speakable(text: str) -> str:
    """Return ``text`` on one line with nothing in it that is a command to espeak-ng.

    It takes ``[[...]]`` for phonemes and a control character for a change of voice or speed.
    """
    text = _CELLS.sub("; ", unicodedata.normalize("NFC", text))
    text = "".join(_heard(c) for c in text)
    text = _LIGATURES.sub(lambda ligature: unicodedata.normalize("NFKC", ligature[0]), text)
    text = text.translate({ord("["): "(", ord("]"): ")"})
    text = _RULES.sub("; ", _MARKS.sub(" ", text))
    return _LONG_WORD.sub(r"\g<0> ", folded(text)).strip()


def _heard(character: str) -> str:
    """Leave out what is not written to be read: controls, and marks of direction, joining and hyphenation."""
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    return " " if category.startswith("C") else character
