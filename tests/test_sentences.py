from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.sentences import split_sentences

PROSE = st.text(alphabet=st.sampled_from(list("aBc9 .?!…\n\r\t“”\"'()[]-№é")), max_size=80)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


def test_a_full_stop_before_a_capital_ends_a_sentence():
    assert sentences("We came. They left.") == ["We came.", "They left."]


def test_a_full_stop_before_a_small_letter_ends_none():
    assert sentences("We came. they left.") == ["We came. they left."]


def test_question_and_exclamation_marks_end_sentences():
    assert sentences("Why? Because! Good…  Yes") == ["Why?", "Because!", "Good…", "Yes"]


def test_offsets_are_those_of_the_whole_text():
    assert split_sentences("One. Two. Three.", 5, 16) == [(5, 9), (10, 16)]


def test_white_space_around_a_sentence_is_left_out_and_within_it_kept():
    assert sentences("  We\n\ncame.  \n They left.\n") == ["We\n\ncame.", "They left."]


@pytest.mark.parametrize("text", ["", "   ", "\n\r\n"])
def test_text_without_words_has_no_sentence(text: str):
    assert split_sentences(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Marshal R. Herres spoke.",
        "The reply of W. Throst is short.",
        "I thank you, Mr. Admiral, for the attention.",
        "It was 9:05 a.m. Thursday.",
        "They met Dr. Perkins.",
        "We respect the U.S. Army.",
        "The ministry, the embassy, etc. are responsible.",
        "System II, No. 90597.",
        "See p. 4 and vol. 2.",
        "On Aug. 2 it was sent.",
        "Some examples, e.g. The Hague, follow.",
        "The rise was 1.5 percent.",
    ],
)
def test_a_full_stop_of_an_abbreviation_ends_no_sentence(text: str):
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "I’m not in the U.S.| That is all.",
        "They began at 9:05 a.m.| The room was cold.",
        "It was not I.| He did it.",
        "The answer is no.| Nothing was sent.",
        "It rose in 1988.| The next year it fell.",
        "He called it “sufficiency.”| Right now it is discussed.",
        "(It was withheld.)| Another part was not.",
    ],
)
def test_a_full_stop_that_could_belong_to_an_abbreviation_may_end_a_sentence(text: str):
    first, second = text.split("|")
    assert sentences(first + second) == [first, second.lstrip()]


def test_the_number_of_a_line_stays_with_it():
    assert sentences("3. Report on the talks. It is short.") == ["3. Report on the talks.", "It is short."]


@pytest.mark.parametrize(
    "sentence",
    [
        "We discussed this question with Admiral Crowe.",
        "I’m not in the U.S. that often.",
        "The U.S. and its allies plan to retain nuclear weapons as long as the disbalance in conventional weapons is "
        "not resolved.",
        "I would like to clarify that the nuclear safety center is an interdepartmental organ representing the "
        "Ministry of Defense, the Ministry of Foreign Affairs, etc.",
        "I officially invite you, Marshal, to visit the U.S. as my guest.",
        "To shift this idea to the practical sphere, I would like to know your opinion if I should give you a plan of "
        "such contacts for the next 1.5-2 years?",
        "I thank you, Mr. Admiral, for the attention you have shown me.",
        "Mr. Marshal, regular sessions of the Joint Chiefs of Staff take place in this hall.",
        "For a while now we’ve been hearing about a doctrine of “reasonable sufficiency.”",
        "Considering the geographical asymmetry in the context of developing the agreement on short and medium-range "
        "missiles, we agreed to a “0-0.”",
        "How would the conventional forces of NATO and the WTO, of USSR and the U.S. be limited?",
        "Because the U.S. is in essence an island nation, while the USSR is not.",
        "The SIG will consist of representatives of the Department of State; Department of Defense; National Security "
        "Council; Office of the Chairman, Joint Chiefs of Staff; and the Central Intelligence Agency.",
        "Other discussions and exchanges are being planned for the future.",
    ],
)
def test_the_seeds_traps_are_whole_sentences(seeds, sentence: str):
    found = {
        " ".join(document.words(span).split())
        for document in seeds.documents
        for block in document.blocks
        for span in block.sentences
    }
    assert sentence in found


def test_no_sentence_of_the_seeds_is_a_torn_end(seeds):
    torn = {"S.", "Herres.", "Crowe.", "Admiral, for the attention you have shown me."}
    found = {document.words(s) for document in seeds.documents for block in document.blocks for s in block.sentences}
    assert not found & torn


@given(text=PROSE)
def test_sentences_hold_every_character_but_white_space_once_and_in_order(text: str):
    found = split_sentences(text)
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert all(one[1] <= other[0] for one, other in pairwise(found))
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in found)


@given(before=PROSE, text=PROSE, after=PROSE)
def test_sentences_of_a_range_stay_inside_it(before: str, text: str, after: str):
    start, end = len(before), len(before) + len(text)
    assert all(start <= a < b <= end for a, b in split_sentences(before + text + after, start, end))
