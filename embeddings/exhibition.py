"""What a manifest says for an exhibition: words to open with, themes, comparisons, and its own words in translation."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from embeddings.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A subject that runs through the collection, and questions that lead into it."""

    title: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exhibition:
    """``quotations`` are words of documents, white space folded; ``comparisons`` questions that take two documents.

    ``translations`` hold the manifest's own words by language: a title, a question, an office, a note.
    """

    quotations: tuple[str, ...] = ()
    comparisons: tuple[str, ...] = ()
    themes: tuple[Theme, ...] = ()
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: MappingProxyType({}))

    def translated(self, words: str, language: str) -> str | None:
        """Return the manifest's ``words`` in ``language``, None where it gives no translation."""
        return self.translations.get(language, {}).get(words)


def read_exhibition(top: Table) -> Exhibition:
    """Take what is said for an exhibition out of a manifest.

    Raises:
        ManifestError: a key is missing, unknown or of the wrong kind, or a theme has no questions.
    """
    kiosk, translations = top.table("kiosk"), top.table("translations")
    exhibition = Exhibition(
        quotations=kiosk.texts("quotations"),
        comparisons=kiosk.texts("comparisons"),
        themes=tuple(_theme(table) for table in top.tables("theme")),
        translations={language: table.pairs() for language, table in translations.named().items()},
    )
    kiosk.close()
    return exhibition


def _theme(table: Table) -> Theme:
    theme = Theme(title=table.required("title"), questions=table.texts("questions"))
    if not theme.questions:
        raise table.error("questions", [], "must hold at least one question that leads into the theme")
    table.close()
    return theme


def check_translations(top: Table, exhibition: Exhibition, own_words: Collection[str]) -> None:
    """Raise for a translation of what the manifest does not say: one of mistyped words would never be shown.

    Raises:
        ManifestError: as said.
    """
    for language, pairs in exhibition.translations.items():
        for words, translated in pairs.items():
            if words not in own_words:
                told = "translates words that the manifest does not say; write them as it does"
                raise top.error(f"translations.{language}.{words!r}", translated, told)
