"""Runs: neighbouring characters that are shown alike, with none lost, added or out of order."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.documents import Span
from ui.runs import Cutter, LineBreak, PageMark, Run, split_unseen, words

TEXTS = st.text(st.sampled_from("ab ~\n\t.█\u202e\u2069\u200b\x07\u05d0é"), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202e", "U+202E RIGHT-TO-LEFT OVERRIDE"),
        ("\u2069", "U+2069 POP DIRECTIONAL ISOLATE"),
        ("\u200b", "U+200B ZERO WIDTH SPACE"),
        ("\ufeff", "U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        ("\U000e0041", "U+E0041 TAG LATIN CAPITAL LETTER A"),
        ("\x1b", "U+001B"),
        ("\x85", "U+0085"),
        ("\f", "U+000C"),
    ],
)
def test_a_character_that_nobody_would_see_is_named(character, name):
    assert list(split_unseen(f"a{character}b")) == [Run(text="a"), Run(text=character, unseen=name), Run(text="b")]


@pytest.mark.parametrize("character", [" ", "\n", "\r", "\t", "\u00a0", "\u00ad", "\u200c", "\u200d", "\u200f", "é"])
def test_what_belongs_to_the_spelling_of_languages_stays_as_it_is(character):
    assert list(split_unseen(f"a{character}b")) == [Run(text=f"a{character}b")]


def test_an_empty_text_has_no_runs():
    assert list(split_unseen("")) == []


@given(TEXTS)
def test_splitting_loses_and_adds_no_character(text):
    assert "".join(run.text for run in split_unseen(text)) == text


def test_struck_words_are_marked_and_their_tildes_are_not(read_document):
    document = read_document("It says ~~SECRET~~ and ~~ no ~~ and ~~~~ here.")

    runs = Cutter(document, None, {}).cut(0, len(document.text))

    assert [run.text for run in runs if isinstance(run, Run) and run.struck] == ["SECRET"]
    assert words(runs) == document.text


def test_marks_of_withheld_words_are_set_apart(read_document):
    document = read_document("He met [text not declassified] and ████ there. Code 7 too.", redactions=(r"Code \d",))

    runs = Cutter(document, None, {}).cut(0, len(document.text))

    withheld = [run.text for run in runs if isinstance(run, Run) and run.withheld]
    assert withheld == ["[text not declassified]", "████", "Code 7"]


def test_withheld_spans_that_overlap_are_one_mark(read_document):
    document = read_document("It was [deleted] then.", redactions=(r"\[deleted\] then", r"was \[deleted"))

    runs = Cutter(document, None, {}).cut(0, len(document.text))

    assert [run.text for run in runs if isinstance(run, Run) and run.withheld] == ["was [deleted] then"]


def test_a_page_and_a_line_begin_before_their_first_character(read_document):
    document = read_document("one two three")
    page = PageMark(number=2, anchor="p")

    found = Cutter(document, None, {4: [page]}).cut(0, 13, [4, 8])

    assert found == (Run(text="one "), page, LineBreak(), Run(text="two "), LineBreak(), Run(text="three"))


@given(TEXTS.filter(str.strip), st.data())
def test_the_quoted_runs_are_the_quotation_wherever_the_text_is_cut(read_document, text, data):
    document = read_document(f"x{text}x")
    length = len(document.text)
    start = data.draw(st.integers(0, length - 1))
    quotation = Span(start, data.draw(st.integers(start + 1, length)))
    edges = sorted({0, length, *data.draw(st.lists(st.integers(0, length), max_size=5))})
    cutter = Cutter(document, quotation, {})

    runs = [run for a, b in pairwise(edges) for run in cutter.cut(a, b) if isinstance(run, Run)]

    assert words(runs) == document.text
    assert "".join(run.text for run in runs if run.quoted) == document.words(quotation)
    assert [run.quoted for run in runs if run.opens] == [True]
    assert [run.quoted for run in runs if run.closes] == [True]
