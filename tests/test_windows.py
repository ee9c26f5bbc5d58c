"""What the reader reads: a window of sentences, laid out with markers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from bot.windows import (
    MARKER,
    MAX_TOKENS,
    MAX_WINDOW_SENTENCES,
    MAX_WINDOW_WORDS,
    lay_out,
    sentence_texts,
    token_ids,
    window_around,
)
from embeddings.collection import load_collection
from embeddings.units import read_units

CLS, SEP, MARK = 0, 1, 2


@pytest.fixture(scope="session")
def tokenizer():
    words = ["[CLS]", "[SEP]", MARKER, "[UNK]", "who", "went", "home"]
    built = Tokenizer(WordLevel({word: n for n, word in enumerate(words)}, unk_token="[UNK]"))
    built.pre_tokenizer = Whitespace()
    return built


@pytest.fixture(scope="session")
def units(seeds):
    return read_units(seeds)


def test_tokens_are_cut_to_the_limit_and_hold_no_special_ones(tokenizer):
    assert token_ids(tokenizer, "who went home", 9) == [4, 5, 6]
    assert token_ids(tokenizer, "who went away home", 3) == [4, 5, 3]
    assert token_ids(tokenizer, "", 3) == []


def test_question_and_sentences_are_laid_out_with_a_marker_before_each_sentence(tokenizer):
    laid = lay_out(tokenizer, [4, 5], [[5, 6], [], [6]])

    assert laid.ids == (CLS, 4, 5, SEP, MARK, 5, 6, MARK, MARK, 6, SEP)
    assert laid.type_ids == (0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1)
    assert laid.markers == (4, 7, 8)


@given(n_question=st.integers(0, 48), lengths=st.lists(st.integers(0, 96), max_size=12))
def test_an_input_is_never_too_long_and_holds_whole_sentences_from_the_first_on(tokenizer, n_question, lengths):
    laid = lay_out(tokenizer, [4] * n_question, [[5] * length for length in lengths])
    n_held = len(laid.markers)

    assert len(laid.ids) == len(laid.type_ids) <= MAX_TOKENS
    assert len(laid.ids) == n_question + 3 + n_held + sum(lengths[:n_held])
    assert [laid.ids[place] for place in laid.markers] == [MARK] * n_held
    assert n_held == len(lengths) or len(laid.ids) + 1 + lengths[n_held] > MAX_TOKENS


@pytest.mark.parametrize(("n_last", "n_held"), [(96, 2), (97, 2), (98, 1)])
def test_the_last_sentence_is_held_when_it_just_fits(tokenizer, n_last, n_held):
    # [CLS] + 3 + [SEP], then a marker and 151, a marker and the last sentence, [SEP]: 159 + n_last
    laid = lay_out(tokenizer, [4] * 3, [[5] * 151, [5] * n_last])

    assert len(laid.markers) == n_held
    assert len(laid.ids) == (159 + n_last if n_held == 2 else 158)


def test_a_tokenizer_of_another_kind_is_an_error():
    with pytest.raises(ValueError) as raised:
        lay_out(Tokenizer(WordLevel({"[CLS]": 0, "[SEP]": 1}, unk_token="[CLS]")), [0], [[0]])

    assert str(raised.value) == "the reader's tokenizer has no token '[unused1]'; it needs a BERT vocabulary"


def test_a_window_holds_its_center_in_one_document_and_within_the_limits(units):
    for center in range(len(units)):
        window = window_around(units, center)
        words = sum(len(units[n].text.split()) for n in window)

        assert center in window and 0 <= window.start < window.stop <= len(units)
        assert {units[n].document for n in window} == {units[center].document}
        assert len(window) <= MAX_WINDOW_SENTENCES
        assert len(window) == 1 or words <= MAX_WINDOW_WORDS


def test_a_window_reaches_equally_far_to_both_sides(make_collection):
    text = " ".join(f"Sentence {name} is here." for name in "abcdefghijklmnopqrstu")
    units = read_units(load_collection(make_collection({"a.txt": text})))

    assert len(units) == 21
    assert window_around(units, 10) == range(6, 16)
    assert window_around(units, 0) == range(0, 10)
    assert window_around(units, 20) == range(11, 21)


def test_a_speaker_is_named_where_a_turn_or_the_window_begins(units):
    start = next(unit.number for unit in units if unit.text.startswith("I regret this myself."))
    texts = sentence_texts(units, range(start - 1, start + 3))

    assert texts[0].startswith("Crowe: Regrettably you did not have")
    assert texts[1:3] == ["Akhromeev: I regret this myself.", "I'm not in the U.S. that often."]
    assert texts[3] == "Crowe: I would like to fix that."


def test_where_nobody_speaks_the_sentences_stand_alone(units):
    number = next(unit.number for unit in units if unit.text.startswith("It will be chaired"))

    assert sentence_texts(units, range(number, number + 1)) == [units[number].text]
