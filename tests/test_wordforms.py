"""Which spellings are one word, and which are two."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quoting.wordforms import (
    differs_in_case_only,
    form_of,
    is_spelled,
    key_of,
    other_first_letter,
    scan_words,
    shown,
)

ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=("Cs",)),
        st.sampled_from(list("aB1 59\n\r-–—’'“”.,%$#/[]…\u00ad\u200b\u0301\u00a0ﬁ²½−\ufffd\u202e")),
    ),
    max_size=40,
)


def forms(text):
    return [form_of(written) for written, _, _ in scan_words(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I’m here, “now”!", ["I'm", "here", "now"]),
        ("the nations' ‘own’ 'forces'", ["the", "nations", "own", "forces"]),
        ("well-being military–political non‑nuclear", ["well-being", "military-political", "non-nuclear"]),
        ("Europe—and levels -- policies", ["Europe", "and", "levels", "policies"]),
        ("nego-\ntiations nego- \r\n  tiations", ["nego\ntiations", "nego\ntiations"]),
        ("nego\u00adtiations nego\u00ad\n tiations nego¬\ntiations", ["negotiations"] * 3),
        ("conﬁdential ﬃ ſo Ｆｕｌｌ", ["confidential", "ffi", "so", "Full"]),
        ("Akhromei\u0308ev Akhromeïev", ["Akhromeïev", "Akhromeïev"]),
        ("la\u200bser\ufeff \u200b", ["laser", ""]),
        ("**BOLD** ~~STRUCK~~ a_b | _____", ["BOLD", "STRUCK", "a", "b"]),
        ("D/ICS DDS&T and/or a / b", ["D/ICS", "DDS&T", "and/or", "a", "b"]),
        ("[T]he ship[s] [try to]", ["The", "ships", "try", "to"]),
        ("so ... on… and . . . on....", ["so", "…", "on", "…", "and", "…", "on", "…"]),
        ("Маршал, 記録 कि", ["Маршал", "記録", "कि"]),
        ("The U.S. at 8 a.m.", ["The", "U", "S", "at", "8", "a", "m"]),
    ],
)
def test_words_are_read_without_what_is_not_compared(text, expected):
    assert forms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5% 5 % 5\u202f% 15.5%", ["5%", "5%", "5%", "15.5%"]),
        ("$30 $ 30 €30 £1,000.50", ["$30", "$30", "€30", "£1,000.50"]),
        ("-5 −5 (-5) +5 -$5 .5 1.5-2", ["-5", "-5", "-5", "+5", "-$5", ".5", "1.5-2"]),
        ("1987–88 1987-\n88 8.00-9.30 10:30 1/2", ["1987-88", "1987-88", "8.00-9.30", "10:30", "1/2"]),
        ("5 - 3 1987, 88", ["5", "-", "3", "1987", "88"]),
        ("10² 1½ 5′ 5″ 5° #311", ["10²", "1½", "5′", "5″", "5°", "#311"]),
        ("155-mm 1980s 5th", ["155-mm", "1980s", "5th"]),
        ("in 1987.", ["in", "1987"]),
    ],
)
def test_a_number_keeps_its_sign_separators_and_unit(text, expected):
    assert forms(text) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("now", "not"),
        ("form", "from"),
        ("1987", "1978"),
        ("5%", "5"),
        ("5%", "6%"),
        ("$5", "5"),
        (".5", "5"),
        ("-5", "5"),
        ("-$5", "$5"),
        ("1.5", "15"),
        ("1,5", "1.5"),
        ("10²", "102"),
        ("1½", "11/2"),
        ("5′", "5″"),
        ("re-sign", "resign"),
        ("non-nuclear", "nuclear"),
        ("US", "us"),
        ("Maßen", "Massen"),
        ("we’ll", "well"),
        ("résumé", "resume"),
        ("коп", "kon"),
        ("рart", "part"),  # a Cyrillic er
        ("l987", "1987"),
        ("modern", "modem"),
        ("n\ufffdt", "not"),
        ("\u202enot", "not"),
        ("कि", "की"),
        ("█", "██"),
    ],
)
def test_other_letters_digits_and_signs_are_another_word(one, other):
    assert not is_spelled(form_of(one), form_of(other))


@pytest.mark.parametrize("spelled", ["negotiations", "nego-tiations", "nego-\ntiations", "nego\u00adtiations"])
def test_what_a_line_divides_may_have_had_a_hyphen_or_none(spelled):
    assert is_spelled(form_of("nego-\ntiations"), form_of(spelled))


def test_a_hyphen_inside_a_line_is_one():
    assert not is_spelled(form_of("nego-tiations"), form_of("negotiations"))
    assert key_of(form_of("nego-tiations")) == key_of(form_of("Negotiations"))


def test_a_hyphen_beside_a_digit_stays_in_the_key():
    assert key_of("10-81") == "10-81" and key_of("B-52") == "b-52"


def test_case_alone_is_told_from_other_letters():
    assert differs_in_case_only("US", "us") and differs_in_case_only("Well\nbeing", "well-being")
    assert not differs_in_case_only("US", "US") and not differs_in_case_only("US", "use")


@pytest.mark.parametrize(
    ("form", "turned"), [("the", "The"), ("The", "the"), ("a", "A"), ("I", "I"), ("i", "i"), ("5%", "5%"), ("ßx", "ßx")]
)
def test_the_first_letter_alone_is_turned(form, turned):
    assert other_first_letter(form) == turned


def test_forms_are_shown_on_one_line():
    assert shown(["well\nbeing", "dual-", "use"]) == "well-being dual-use"


@given(text=ANY_TEXT)
def test_every_letter_and_digit_lies_in_one_word(text):
    spans = [(start, end) for _, start, end in scan_words(text)]
    inside = [offset for start, end in spans for offset in range(start, end)]

    assert inside == sorted(set(inside))
    assert {n for n, c in enumerate(text) if c.isalnum()} <= set(inside)
    assert all(text[start:end] == written for written, start, end in scan_words(text))


@given(text=ANY_TEXT)
def test_a_forms_letters_and_digits_are_the_words_own(text):
    for written, _, _ in scan_words(text):
        folded = unicodedata.normalize("NFKC", written)
        assert {c for c in form_of(written) if c.isalnum()} <= {c for c in folded + written if c.isalnum()}


@given(text=ANY_TEXT)
def test_digits_are_never_lost(text):
    for written, _, _ in scan_words(text):
        assert sum(c.isdigit() for c in form_of(written)) == sum(c.isdigit() for c in written)


@given(text=ANY_TEXT)
def test_a_form_is_one_line_and_has_one_key(text):
    for form in forms(text):
        assert key_of(form) == key_of(form)
        assert len(shown([form]).splitlines()) <= 1
        assert not form or key_of(form)


def test_a_suspended_hyphen_joins_nothing():
    assert forms("short-\nand medium-\nrange") == ["short", "and", "medium\nrange"]
