"""Which words decide what a sentence says."""

from __future__ import annotations

import pytest

from bot.quoting.alignment import Change
from bot.quoting.meaning import Caution, Concern, Meaning


@pytest.fixture(scope="session")
def meaning():
    return Meaning("en")


@pytest.mark.parametrize(
    ("kind", "record", "quoted", "expected"),
    [
        ("dropped", "do not", "", [Caution(concern=Concern.NEGATION, how="dropped", words="not")]),
        ("elided", "perhaps if", "", [
            Caution(concern=Concern.HEDGE, how="elided", words="perhaps"),
            Caution(concern=Concern.CONDITION, how="elided", words="if"),
        ]),
        ("changed", "5%", "6%", [Caution(concern=Concern.NUMBER, how="changed", words="5% 6%")]),
        ("changed", "five ships", "six ships", [Caution(concern=Concern.NUMBER, how="changed", words="five six")]),
        ("added", "", "don't", [Caution(concern=Concern.NEGATION, how="added", words="don't")]),
        ("inserted", "", "never", [Caution(concern=Concern.NEGATION, how="inserted", words="never")]),
        ("changed", "not here", "not there", []),
        ("dropped", "very good", "", []),
        ("same", "not", "not", []),
    ],
)  # fmt: skip
def test_telling_words_that_changed_are_named(meaning, kind, record, quoted, expected):
    assert meaning.of_changes([Change(kind=kind, record=record, quoted=quoted)]) == expected


@pytest.mark.parametrize(
    ("before", "clause", "after", "expected"),
    [
        ("I do not", "I do not", "", [(Concern.NEGATION, "not")]),
        ("I do not know but", "but", "", []),
        ("If you sign", "", "", [(Concern.CONDITION, "If")]),
        ("", "", "unless you sign", [(Concern.CONDITION, "unless")]),
        ("", "", "and then if you sign", []),
        ("perhaps", "perhaps", "but", [(Concern.HEDGE, "perhaps"), (Concern.CONDITION, "but")]),
    ],
)
def test_what_governs_a_quotation_from_outside_is_named(meaning, before, clause, after, expected):
    found = meaning.beside(before.split(), clause.split(), after.split())

    assert [(caution.concern, caution.words) for caution in found] == expected
    assert all(caution.how == "beside" for caution in found)


@pytest.mark.parametrize(
    ("language", "word"), [("de", "nicht"), ("fr", "jamais"), ("es", "nunca"), ("ru", "не"), ("en-GB", "not")]
)
def test_other_languages_have_their_own_words(language, word):
    (caution,) = Meaning(language).of_changes([Change(kind="dropped", record=word, quoted="")])

    assert caution.concern is Concern.NEGATION


def test_of_an_unknown_language_numbers_alone_are_known():
    found = Meaning("tlh").of_changes([Change(kind="dropped", record="not 5 perhaps", quoted="")])

    assert [caution.words for caution in found] == ["5"]
