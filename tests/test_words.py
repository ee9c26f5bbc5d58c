"""Words are numbered, found whole, and lead back to the text, however its accents are composed."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from embeddings.documents import Span
from embeddings.normalized import tokens
from embeddings.words import WordIndex, read_words

TEXT = "Well: the “Café”,\nthe old one, is no cafe."


def test_words_are_joined_as_they_are_compared():
    assert read_words(TEXT).joined == " well the café the old one is no cafe "
    assert read_words("").joined == read_words("... ___ \n").joined == " "
    assert len(read_words("...")) == 0


def test_each_word_knows_its_place():
    words = read_words(TEXT)

    assert [TEXT[a:b] for a, b in zip(words.starts, words.ends, strict=True)] == [
        "Well", "the", "Café", "the", "old", "one", "is", "no", "cafe",
    ]  # fmt: skip
    assert words.between(1, 2) == "the café"
    assert words.between(8, 8) == "cafe"


def test_words_beside_a_word_are_marked_where_the_document_ends():
    words = read_words(TEXT)

    assert [words.before(n, 2) for n in (0, 1, 2, 3)] == ["^", "^ well", "well the", "the café"]
    assert [words.after(n, 2) for n in (8, 7, 6, 5)] == ["^", "cafe ^", "no cafe", "is no"]
    assert words.before(9, 2) == "no cafe"  # what stands before the end
    assert words.after(-1, 2) == "well the"


def test_words_that_meet_a_span_are_those_it_shares_a_character_with():
    words = read_words(TEXT)

    assert words.meeting(Span(0, 4)) == range(0, 1)
    assert words.meeting(Span(3, 8)) == range(0, 2)
    assert words.meeting(Span(4, 6)) == range(1, 1)  # between the first word and the second
    assert words.meeting(Span(0, len(TEXT))) == range(9)


def test_words_are_found_whole_but_for_the_last_which_may_be_cut():
    words = read_words(TEXT)

    assert list(words.find("the")) == [1, 3]
    assert list(words.find("the o")) == [3]
    assert list(words.find("ld")) == []
    assert words.holds("the") and words.holds("the", 2) and not words.holds("the", 3)
    assert not words.holds("the o")


def test_neighbours_share_their_blank_and_both_are_found():
    assert read_words("No, no, no!").holds("no", 3)
    assert read_words("No, no, no!").holds("no no", 2)


@given(text=st.text(alphabet="aé e\u0301\u0323\u05d1\u05b8\u0627\u0653がか\u3099한ﬁ-'.\n\r", max_size=60))
def test_composed_and_decomposed_text_has_the_same_words_in_the_same_places(text):
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    one, other, mixed = read_words(composed), read_words(decomposed), read_words(text)

    assert one.joined == other.joined == mixed.joined == " ".join(["", *(t.text for t in tokens(composed)), ""])
    for a, b, c, d in zip(one.starts, one.ends, other.starts, other.ends, strict=True):
        assert unicodedata.normalize("NFC", decomposed[c:d]).startswith(composed[a:b])
        assert 0 <= c < d <= len(decomposed)
    assert list(other.starts) == sorted(other.starts) and list(other.ends) == sorted(other.ends)


def test_a_letter_under_a_heap_of_marks_is_read():
    text = "a" + "\u0301\u0323" * 2_000 + " b"
    words = read_words(text)

    assert list(words.find("b")) == [len(words) - 1]
    assert text[words.starts[len(words) - 1] :] == "b"


def test_documents_are_read_when_they_are_asked_for(seeds):
    index = WordIndex(seeds.documents)

    assert list(index) == [document.id for document in seeds.documents]
    assert len(index) == len(seeds.documents)
    assert index["nsdd-311"] is index["nsdd-311"]
    assert index["nsdd-311"].joined == read_words(seeds.document("nsdd-311").text).joined
    assert "x" not in index
