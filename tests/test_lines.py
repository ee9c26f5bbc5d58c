from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.lines import LineKind, looks_like_heading, read_lines

ANY_LINES = st.lists(
    st.one_of(
        st.sampled_from(
            ["SECRET", "- 2 -", "- entry", "12. entry", "a\tb", "| a | b |", "____", "# Head", "**B**", ""]
        ),
        st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12),
    ),
    max_size=8,
).map("\n".join)


def kinds(text: str, *furniture: str) -> list[str]:
    return [line.kind.value for line in read_lines(text, [re.compile(pattern) for pattern in furniture])]


def words(text: str) -> list[str]:
    return [text[line.start : line.end] for line in read_lines(text, [])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\f"])
def test_every_line_end_ends_one_line(end: str):
    assert words(f"one{end}two{end}") == ["one", "two"]


def test_white_space_and_a_byte_order_mark_stand_outside_a_line():
    assert words("\ufeff  one \t\n\u00a0two\u2003") == ["one", "two"]


def test_indent_counts_what_stands_before_the_words():
    assert [line.indent for line in read_lines("one\n  two\n\tthree", [])] == [0, 2, 1]


@pytest.mark.parametrize(
    "line", ["", "   ", "\u00a0", "\x1c", "____", "* * *", "-----", "=====", "_____\t_____\t_____"]
)
def test_white_space_and_rules_are_blank(line: str):
    assert kinds(f"one\n{line}\ntwo") == ["text", "blank", "text"]


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("- to lend support", "to lend support"),
        ("• one", "one"),
        ("* one", "one"),
        ("– one", "one"),
        ("12. one", "one"),
        ("(3) one", "one"),
        ("b) one", "one"),
        ("  - one", "one"),
    ],
)
def test_a_bullet_or_number_makes_an_entry_and_is_left_out_of_its_body(line: str, body: str):
    (found,) = read_lines(line, [])
    assert found.kind is LineKind.ENTRY
    assert line[found.body : found.end] == body


@pytest.mark.parametrize("line", ["-", "-one", "1987. one", "1.5 years", "I. one", "Mr. one"])
def test_what_only_resembles_a_bullet_is_text(line: str):
    assert kinds(line) == ["text"]


@pytest.mark.parametrize("line", ["1\tDCI\t\tX\t\t", "\t\tACTION", "Name\tDate", "| Name | Date |"])
def test_cells_make_a_row(line: str):
    assert kinds(line) == ["row"]


@pytest.mark.parametrize("line", ["# Head", "### Head", "**ROUTING SLIP**", "__Head__"])
def test_marks_of_markdown_make_a_heading(line: str):
    assert kinds(line) == ["heading"]


@pytest.mark.parametrize("line", ["NSDD #311 establishes", "#311", "~~CONFIDENTIAL~~", "so **bold** here"])
def test_marks_within_a_line_make_no_heading(line: str):
    assert kinds(line) == ["text"]


def test_furniture_matches_whole_lines_without_their_white_space():
    text = "  SECRET  \nSECRET things\n2\n12"
    assert kinds(text, "SECRET", r"\d") == ["furniture", "text", "furniture", "text"]


def test_stamps_that_recur_alone_are_furniture_where_none_is_described():
    text = "SECRET\n\nOne text.\n\nSECRET\n\nTwo texts.\n\nSECRET\n"
    assert kinds(text)[::2] == ["furniture", "text", "furniture", "text", "furniture"]
    assert "furniture" not in kinds(text, "OTHER")


def test_what_comes_twice_or_ends_as_a_sentence_is_no_stamp():
    assert "furniture" not in kinds("SECRET\n\nOne.\n\nSECRET\n")
    assert "furniture" not in kinds("Yes.\n\nYes.\n\nYes.\n")
    assert "furniture" not in kinds("SMITH:\n\nOne.\n\nSMITH:\n\nTwo.\n\nSMITH:\n\nThree.\n")


@pytest.mark.parametrize("number", ["2", "- 2 -", "– 14 –"])
def test_a_page_number_alone_is_furniture(number: str):
    assert kinds(f"One.\n\n{number}\n\nTwo.")[2] == "furniture"


def test_a_number_among_text_is_text():
    assert kinds("There were\n14\nof them") == ["text", "text", "text"]


@pytest.mark.parametrize(
    ("heading", "ended", "is_heading"),
    [
        ("Meeting with members of the Joint Chiefs of Staff", True, True),
        ("Remarks", True, True),
        ("US-SOVIET DEFENSE", True, True),
        ("Remarks", False, False),  # the text before it goes on
        ("to one heading", True, False),
        ("Thank you.", True, False),
        ("1988", True, False),
        ("The group met in the morning and spoke of many things that had been left", True, False),
    ],
)
def test_a_heading_is_told_by_its_words(heading: str, ended: bool, is_heading: bool):
    (line,) = read_lines(heading, [])
    assert looks_like_heading(heading, line, ended) is is_heading


@given(text=ANY_LINES)
def test_lines_hold_every_character_but_white_space_once(text: str):
    lines = read_lines(text, [])
    assert "".join("".join(text[line.start : line.end].split()) for line in lines).replace("\ufeff", "") == "".join(
        text.split()
    ).replace("\ufeff", "")
    assert all(one.end <= other.start for one, other in pairwise(lines))
    assert all(line.start <= line.body <= line.end for line in lines)
