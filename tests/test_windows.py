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
    MAX_SENTENCES_BACK,
    MAX_TOKENS,
    MAX_WINDOW_SENTENCES,
    MAX_WINDOW_WORDS,
    MAX_WORDS_BEFORE,
    context_text,
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


def test_question_context_and_sentences_are_laid_out_with_a_marker_before_each_sentence(tokenizer):
    laid = lay_out(tokenizer, [4, 5], [6, 6], [[5, 6], [], [6]])

    assert laid.ids == (CLS, 4, 5, SEP, 6, 6, MARK, 5, 6, MARK, MARK, 6, SEP)
    assert laid.type_ids == (0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1)
    assert laid.markers == (6, 9, 10)


@given(n_question=st.integers(0, 48), n_context=st.integers(0, 56), lengths=st.lists(st.integers(0, 96), max_size=12))
def test_an_input_is_never_too_long_and_holds_whole_sentences_from_the_first_on(
    tokenizer, n_question, n_context, lengths
):
    laid = lay_out(tokenizer, [4] * n_question, [6] * n_context, [[5] * length for length in lengths])
    n_held = len(laid.markers)

    assert len(laid.ids) == len(laid.type_ids) <= MAX_TOKENS
    assert len(laid.ids) == n_question + n_context + 3 + n_held + sum(lengths[:n_held])
    assert [laid.ids[place] for place in laid.markers] == [MARK] * n_held
    assert n_held == len(lengths) or len(laid.ids) + 1 + lengths[n_held] > MAX_TOKENS


@pytest.mark.parametrize(("n_last", "n_held"), [(96, 2), (97, 2), (98, 1)])
def test_the_last_sentence_is_held_when_it_just_fits(tokenizer, n_last, n_held):
    # [CLS] + 3 + [SEP], then a marker and 151, a marker and the last sentence, [SEP]: 159 + n_last
    laid = lay_out(tokenizer, [4] * 3, [], [[5] * 151, [5] * n_last])

    assert len(laid.markers) == n_held
    assert len(laid.ids) == (159 + n_last if n_held == 2 else 158)


def test_a_tokenizer_of_another_kind_is_an_error():
    with pytest.raises(ValueError) as raised:
        lay_out(Tokenizer(WordLevel({"[CLS]": 0, "[SEP]": 1}, unk_token="[CLS]")), [0], [], [[0]])

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


TALK = {
    "1921-05-04-talk.txt": f"SMITH: Who came?\n\nJONES: One came. {'Another came. ' * MAX_SENTENCES_BACK}\n\n"
    "SMITH: So.\n\nJONES: Yes.\n\nSMITH: Good.\n\nJONES: Good.",
    "letter.txt": "The letter opens here. It has a " + "word " * 30 + "end.\n\nThe letter closes here.",
}


@pytest.fixture
def talk(make_collection):
    return read_units(load_collection(make_collection(TALK)))


def context(units, text):
    number = next(unit.number for unit in units if unit.text == text)
    return context_text(units, range(number, number + 1))


def test_a_window_is_read_with_the_date_and_title_of_its_record(talk):
    assert context(talk, "Who came?") == "May 4, 1921: talk. "
    assert context(talk, "The letter opens here.") == "Letter. "


def test_within_a_turn_the_words_before_are_those_of_the_speaker_before(talk):
    answers = [unit.number for unit in talk if unit.speaker == "Jones" and unit.text.endswith("came.")]

    before = [context_text(talk, range(n, n + 1)).removeprefix("May 4, 1921: talk. ") for n in answers]

    assert len(answers) == MAX_SENTENCES_BACK + 1
    assert before[:MAX_SENTENCES_BACK] == ["Smith: Who came?"] * MAX_SENTENCES_BACK
    assert before[MAX_SENTENCES_BACK] == "Another came."  # too far from the question
    assert context(talk, "So.") == "May 4, 1921: talk. Jones: Another came."


def test_of_a_long_sentence_before_the_last_words_are_read(talk):
    words = context(talk, "The letter closes here.").removeprefix("Letter. ").split()

    assert words == ["word"] * (MAX_WORDS_BEFORE - 1) + ["end."]


def test_an_item_of_a_file_is_the_record_that_is_named(units, seeds):
    document = next(document for document in seeds.documents if document.items)
    names = {unit.record for unit in units if seeds.documents[unit.document] is document}

    assert len(names) == len(document.items)
    assert all(any(item.title in name for name in names) for item in document.items)
