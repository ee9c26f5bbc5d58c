"""Words of the manifest and of curated questions in a visitor's language, as far as editors wrote them in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.wordings import wording_in
from embeddings.collection import Collection
from embeddings.questions import CuratedQuestion


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Words, and the language they are in (BCP 47): what nobody translated stays as it was written, and says so."""

    text: str
    language: str


class Phrases:
    """What a collection's editors wrote, in one language where they wrote it in that."""

    def __init__(self, collection: Collection, language: str) -> None:
        self._manifest, self._language = collection.manifest, language
        self._questions = {wording: question for question in collection.questions for wording in question.wordings}

    def phrase(self, words: str) -> Phrase:
        """Return words of the manifest."""
        translated = self._manifest.exhibition.translated(words, self._language)
        if translated is None:
            return Phrase(text=words, language=self._manifest.language)
        return Phrase(text=translated, language=self._language)

    def question(self, asked: str | CuratedQuestion) -> Phrase:
        """Return a question, curated or the manifest's, by its words or as it is."""
        curated = self._questions.get(asked) if isinstance(asked, str) else asked
        words = asked if isinstance(asked, str) else asked.wordings[0]
        stated = self.phrase(words)
        if self._language in (stated.language, self._manifest.language) or curated is None:
            return stated
        wording = wording_in(curated, self._language)
        return stated if wording is None else Phrase(text=wording, language=self._language)

    def questions(self, asked: Iterable[str | CuratedQuestion]) -> tuple[Phrase, ...]:
        """Return questions, each once."""
        return tuple(dict.fromkeys(map(self.question, asked)))
