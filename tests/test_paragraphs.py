"""Where paragraphs and lines were meant to end, and where they only ran out of room."""

from __future__ import annotations

import pytest

from ui.paragraphs import End, line_ends, usual_line

# Lines of 60 to 64 characters, broken where the next word had no room.
WRAPPED = """\
Adams. The committee met in the small room above the library
because the hall was being painted. It heard a long report on
the catalogue of maps, and asked when the work would be done.
A member said that it never would.
The others laughed, and the chairman asked for the next point
on the agenda, which was the budget of the coming year. Nobody

knew the figures, so that it was put off until the meeting of
the spring. He thanked all members for their patience with it.

Then tea was brought, and the meeting ended at half past four.

Brown. I ask to speak about the roof before we all go home now.

Adams. Granted, if it is short and does not cost us much money.

Brown. It is short, and it costs nothing at all but attention.

Adams. Then let us hear it before the tea is cold for everyone.

Brown. The roof leaks, and has leaked ever since the last year.
"""


def ends_of(document, n=0):
    block = document.blocks[n]
    found = line_ends(document, block, usual_line(document.text), 0)
    return {document.text[offset:].split()[0]: end for offset, end in found.items()}


@pytest.mark.parametrize(
    ("text", "length"),
    [("", 1), ("\n\n", 1), ("abc", 3), ("a\nbb\r\ncccc\n", 4), ("a" * 60 + "\n" + "b" * 62 + "\nshort\n", 60)],
)
def test_the_usual_line_is_that_of_the_median_character(text, length):
    assert usual_line(text) == length


def test_a_full_line_runs_on_and_a_short_one_after_a_sentence_ends_a_paragraph(read_document):
    ends = ends_of(read_document(WRAPPED))

    assert ends["The"] is End.PARAGRAPH  # after a short line
    assert ends["Then"] is End.PARAGRAPH  # after a blank line
    assert set(ends) == {"The", "Then"}  # and nowhere else: not at the blank line in mid-sentence


def test_lines_set_one_by_one_stay_lines(read_document):
    document = read_document(
        "MEMORANDUM FOR THE KEEPER\nTHE LIBRARIAN\nTHE READERS\n\n" + "A paragraph of one long line. " * 12
    )

    assert ends_of(document) == {"THE": End.LINE}
    assert len(line_ends(document, document.blocks[0], usual_line(document.text), 0)) == 2


def test_a_bullet_begins_a_line_however_full_the_one_before_it(read_document):
    text = WRAPPED.replace("It heard a long report on\nthe catalogue", "It heard a long report on\n- the catalogue")

    assert ends_of(read_document(text))["-"] is End.LINE


def test_rows_headings_and_stamps_are_not_divided(read_document):
    document = read_document("A HEADING\n\na\tb\tc\n\n3\n\nWords of a paragraph that follow it.")

    for block in document.blocks[:-1]:
        assert line_ends(document, block, 1000, block.span.start) == {}
