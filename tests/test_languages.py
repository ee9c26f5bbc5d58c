"""The languages of the interface: whose is chosen, and that each says all that English says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from gettext import NullTranslations
from importlib.resources import files
from pathlib import Path

import pytest
from babel import Locale
from babel.messages import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from bot.citations import find_citation
from ui.dates import date_in
from ui.languages import LANGUAGE_NAMES, LANGUAGES, best_language, known_language, translation
from ui.wording import CERTAINTIES, REASONS, place_of

ROOT = Path(__file__).parent.parent
LOCALES = files("ui") / "locales"
TRANSLATED = [language for language in LANGUAGES if language != "en"]
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[a-zA-Z%]|\{\w*\}")
MARKUP = re.compile(r"[<>]|&\w+;|&#")
BLANK_ENDS = re.compile("^ +| +$")


def catalogue_of(language: str) -> Catalog:
    text = (LOCALES / language / "LC_MESSAGES" / "memcon.po").read_text(encoding="utf-8")
    return read_po(text.splitlines(keepends=True), locale=language, abort_invalid=True)


def messages_of(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def texts(words: str | tuple[str, ...]) -> tuple[str, ...]:
    return words if isinstance(words, tuple) else (words,)


def keys_of(catalogue: Catalog) -> set[tuple[str | None, tuple[str, ...]]]:
    return {(message.context, texts(message.id)) for message in messages_of(catalogue)}


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> Catalog:
    """What the code and the templates say, by the tool that the translators use."""
    path = tmp_path_factory.mktemp("catalogue") / "memcon.pot"
    CommandLineInterface().run(
        ["pybabel", "-q", "extract", "--mapping", str(ROOT / "pyproject.toml"), "--output", str(path), str(ROOT / "ui")]
    )
    return read_po(path.read_text(encoding="utf-8").splitlines(keepends=True))


def test_the_template_of_the_catalogues_holds_what_the_code_says_and_nothing_else(extracted):
    template = read_po((ROOT / "ui/locales/memcon.pot").read_text(encoding="utf-8").splitlines(keepends=True))

    assert keys_of(template) == keys_of(extracted), "'make catalogues' brings the catalogues up to date"
    assert len(keys_of(template)) >= len(REASONS) + len(CERTAINTIES)


def test_french_words_are_not_parted_from_the_marks_that_stand_off_them():
    for message in messages_of(catalogue_of("fr")):
        for text in texts(message.string):
            assert not re.search(r" [:;!?»]|« |(?<![\s\u00a0\u202f])[:;!?»]", text), text


def test_there_is_a_catalogue_of_every_language_and_of_no_other():
    assert sorted(path.name for path in LOCALES.iterdir() if path.is_dir()) == sorted(TRANSLATED)
    assert list(LANGUAGE_NAMES) == list(LANGUAGES)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_translates_all_and_nothing_else(language, extracted):
    catalogue = catalogue_of(language)
    missing = [message.id for message in messages_of(catalogue) if not all(texts(message.string))]

    assert keys_of(catalogue) == keys_of(extracted)
    assert missing == []
    assert [message.id for message in catalogue if message.fuzzy] == []
    assert list(catalogue.obsolete) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_message(language):
    catalogue = catalogue_of(language)
    for message in messages_of(catalogue):
        one, *several = (set(PLACEHOLDER.findall(text)) for text in texts(message.id))
        first, *others = (set(PLACEHOLDER.findall(text)) for text in texts(message.string))
        assert first in (one, *several), message.id  # "in 1 place" may go without saying
        assert all(found in several for found in others), message.id
    assert [(message.id, errors) for message, errors in catalogue.check() if errors] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_message_holds_markup_and_a_translation_begins_and_ends_as_its_message_does(language):
    for message in messages_of(catalogue_of(language)):
        ends = BLANK_ENDS.findall(texts(message.id)[0])
        for text in (*texts(message.id), *texts(message.string)):
            assert not MARKUP.search(text), text
            assert BLANK_ENDS.findall(text) == ends, text


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_states_its_language_and_its_plural_rule(language):
    text = (LOCALES / language / "LC_MESSAGES" / "memcon.po").read_text(encoding="utf-8")

    assert f'"Language: {language}\\n"' in text
    assert re.search(r'"Plural-Forms: nplurals=[23]; plural=\(?n', text)


@pytest.mark.parametrize("language", TRANSLATED)
def test_plural_forms_are_those_of_the_language(language):
    locale = Locale(language)
    forms = {}
    for n in range(1000):
        forms.setdefault(locale.plural_form(n), set()).add(plural_of(language, n))

    assert all(len(form) == 1 for form in forms.values())
    assert len(set.union(*forms.values())) == len(forms)


def plural_of(language: str, n: int) -> int:
    return int(n != 1) if language == "en" else translation(language).plural(n)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("language", "expected"),
    [("ru", [2, 0, 1, 2, 2, 0, 2]), ("de", [1, 0, 1, 1, 1, 1, 1]), ("fr", [0, 0, 1, 1, 1, 1, 1]),
     ("es", [1, 0, 1, 1, 1, 1, 1])],
)  # fmt: skip
def test_russian_counts_in_three_forms_and_the_others_in_two(language, expected):
    assert [plural_of(language, n) for n in (0, 1, 2, 5, 11, 21, 111)] == expected


def plurals() -> Iterator[tuple[str, str]]:
    yield from (message.id for message in messages_of(catalogue_of("ru")) if message.pluralizable)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_counted_message_can_be_said_of_any_number(language):
    for singular, plural in plurals():
        names = re.findall(r"%\((\w+)\)", singular + plural)
        for n in (0, 1, 2, 5, 21, 1000):
            said = translation(language).ngettext(singular, plural, n) % dict.fromkeys(names, n)
            assert "%" not in said
            assert (str(n) in said) == bool(names) or plural_of(language, n) == 0


def test_english_is_what_the_code_says():
    assert type(translation("en")) is NullTranslations


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_two_reasons_are_given_in_the_same_words_and_none_in_english(language):
    said = [translation(language).gettext(words) for words in REASONS.values()]

    assert len(set(said)) == len(REASONS)
    assert not set(said) & set(REASONS.values())


def test_a_translation_is_read_once():
    assert translation("ru") is translation("ru")


@pytest.mark.parametrize("language", ["", "EN", "xx", "../ru", "ru_RU", "e"])
def test_another_language_is_no_translation(language):
    with pytest.raises(ValueError, match="is not spoken here; choose one of en, ru, de, fr, es"):
        translation(language)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"), ("", "en"), ("ru", "ru"), ("de-CH", "de"), ("FR-ca, en;q=0.8", "fr"), ("es_419", "es"),
        ("ja, zh;q=0.9, fr;q=0.2", "fr"), ("en;q=0.2, ru;q=0.9, de;q=0.9", "ru"), ("ja", "en"), ("*", "en"),
        ("ru;q=0, de;q=0.1", "de"), ("ru;q=0", "en"), ("ru;q=2, de", "de"), ("ru;q=nan, es;q=0.1", "es"),
        ("ru;q=1e400", "en"), ("ru;level=1, fr;q=0.1", "fr"), ("deutsch, rus", "en"), (" fr ; Q = 0.7 ", "fr"),
        (",;,;q=,,ru", "ru"), ("../../ru", "en"), ("ru\0", "en"), ("ja," * 400 + "ru", "en"),
    ],
)  # fmt: skip
def test_a_visitor_gets_the_language_wanted_most(header, language):
    assert best_language(header) == language


@given(st.text())
def test_whatever_is_wanted_some_language_is_spoken(header):
    assert best_language(header) in LANGUAGES
    assert known_language(header) in (None, *LANGUAGES)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("1921-03-04", ["March 4, 1921", "4 марта 1921 г.", "4. März 1921", "4 mars 1921", "4 de marzo de 1921"]),
        ("1921-05", ["May 1921", "май 1921 г.", "Mai 1921", "mai 1921", "mayo de 1921"]),
        ("1921", ["1921"] * 5),
        ("spring of 1921", ["spring of 1921"] * 5),
        ("1921-02-30", ["1921-02-30"] * 5),
        ("", [""] * 5),
    ],
)
def test_dates_are_spelled_as_the_language_writes_them(text, spelled):
    assert [" ".join(date_in(language, text).split()) for language in LANGUAGES] == spelled


def test_a_place_in_the_record_is_the_locator_in_english_and_keeps_its_numbers_in_every_language(seeds):
    shown = set()
    for passage in seeds.passages:
        citation = find_citation(seeds, passage.id)
        assert place_of(citation, seeds, translation("en")) == citation.locator.replace("'", "’")
        for language in TRANSLATED:
            place = place_of(citation, seeds, translation(language))
            assert re.findall("[0-9]+", place) == re.findall("[0-9]+", citation.locator)
            shown.add(place)
    assert {"реплика 20, с.\u00a04", "Wortmeldung 20, S.\u00a04"} <= shown


def test_the_catalogues_are_installed_with_the_package():
    installed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    paths = {path for pattern in installed["package-data"]["ui"] for path in (ROOT / "ui").glob(pattern)}

    assert {ROOT / "ui/locales" / language / "LC_MESSAGES/memcon.po" for language in TRANSLATED} <= paths
