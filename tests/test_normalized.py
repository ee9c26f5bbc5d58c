from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.normalized import fold, tokens

ANY_TEXT = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=("Cs",)), st.sampled_from(list("aB1 \n\r-’'“”\u00ad\u0301\u00a0ﬁ\ufe58"))
    ),
    max_size=40,
)


def words(text: str) -> list[str]:
    return [token.text for token in tokens(text)]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("I’m ‘here’", "I'm 'here'"),
        ("“reasonable\n\nsufficiency”", '"reasonable sufficiency"'),
        ("military-\npolitical", "military-political"),
        ("military-  \r\n  political", "military-political"),
        ("Europe—and", "Europe-and"),
        ("a\u00a0b\tc \n", "a b c"),
        ("con\ufb01dential", "confidential"),
        ("co\u00adoperate", "cooperate"),
        ("\ufe58", "-"),  # a dash only after its compatible form is taken
        ("", ""),
    ],
)
def test_fold_folds_quotes_dashes_ligatures_and_white_space(text: str, folded: str):
    assert fold(text) == folded


def test_a_dash_between_words_at_a_lines_end_is_no_hyphen():
    assert fold("levels --\npolicies") == "levels -- policies"


@given(text=ANY_TEXT)
def test_what_is_folded_is_folded(text: str):
    assert fold(fold(text)) == fold(text)


def test_tokens_are_words_numbers_and_unit_signs_without_case():
    assert words("The U.S. paid $5, or 10%, in 1.5-2 years!") == [
        "the", "u", "s", "paid", "$", "5", "or", "10", "%", "in", "1", "5", "2", "years",
    ]  # fmt: skip


def test_an_apostrophe_belongs_to_its_word_curly_or_straight():
    assert words("we’ve") == words("We've") == ["we've"]
    assert words("‘forces’ nations'") == ["forces", "nations"]


def test_an_underscore_is_no_letter():
    assert words("_____ a_b") == ["a", "b"]


def test_a_word_hyphenated_at_a_lines_end_is_the_word_with_a_hyphen():
    assert words("military-\npolitical") == words("military-political") == ["military", "political"]


def test_a_soft_hyphen_and_a_decomposed_accent_break_no_word():
    assert words("co\u00adoperate") == ["cooperate"]
    assert words("Akhromei\u0308ev") == words("Akhromeïev") == ["akhromeïev"]


def test_scripts_are_all_read():
    assert words("Маршал Ахромеев, 記録") == ["маршал", "ахромеев", "記録"]


def test_tokens_of_a_range_have_offsets_of_the_whole_text():
    text = "One two three"
    assert [(t.text, t.span.start, t.span.end) for t in tokens(text, 4, 13)] == [("two", 4, 7), ("three", 8, 13)]


@given(text=ANY_TEXT)
def test_every_letter_and_digit_lies_in_one_token(text: str):
    found = tokens(text)
    inside = [offset for token in found for offset in range(token.span.start, token.span.end)]
    assert inside == sorted(set(inside))
    assert {offset for offset, c in enumerate(text) if c.isalnum()} <= set(inside)


@given(text=ANY_TEXT)
def test_a_token_compares_as_its_own_words_do(text: str):
    for token in tokens(text):
        assert words(text[token.span.start : token.span.end]) == [token.text]
