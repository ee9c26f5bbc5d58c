"""The seeds as they are read: every trap that is known of the two documents."""

from __future__ import annotations

import re

import pytest

from embeddings.collection import load_collection
from embeddings.documents import Block, BlockKind, Document, Genre
from embeddings.passages import block_id
from embeddings.units import describe

SPEAKERS = [
    *["Crowe", "Akhromeev"] * 10,
    "Crowe",  # then they go into the conference hall
    *"Crowe Akhromeev Herres Akhromeev Wickham Akhromeev Throst Akhromeev Welch Akhromeev Welch Dean Akhromeev".split(),
]


@pytest.fixture(scope="module")
def meeting(seeds) -> Document:
    return seeds.document("akhromeev-crowe-1987")


@pytest.fixture(scope="module")
def directive(seeds) -> Document:
    return seeds.document("nsdd-311")


def turns(document: Document) -> list[Block]:
    return [block for block in document.blocks if block.kind is BlockKind.TURN]


def by_id(document: Document, id_: str) -> Block:
    return next(block for block in document.blocks if block_id(document, block) == f"{document.id}/{id_}")


def words(document: Document, id_: str) -> str:
    return document.words(by_id(document, id_).span)


def folded(text: str) -> str:
    return " ".join(text.split())


def left_out(document: Document) -> list[str]:
    """Return the words that lie in no block, line by line."""
    gaps, previous = [], 0
    for block in document.blocks:
        gaps += document.text[previous : block.span.start].splitlines()
        previous = block.span.end
    return [line.strip() for line in [*gaps, *document.text[previous:].splitlines()] if line.strip()]


def test_the_meeting_has_thirty_four_turns_by_seven_speakers(meeting):
    assert meeting.genre is Genre.TRANSCRIPT
    assert [block.speaker for block in turns(meeting)] == SPEAKERS
    assert [block.number for block in turns(meeting)] == list(range(1, 35))


def test_only_the_thirty_four_labels_lie_outside_the_meetings_blocks(meeting):
    labels = left_out(meeting)
    initials = {"Herres": "R. ", "Wickham": "D. ", "Throst": "W. ", "Welch": "L. ", "Dean": "K. "}
    expected = [f"{initials.get(name, '')}{name}." for name in SPEAKERS]
    expected[28] = "Akromeev."  # so spelled once, in the twenty-ninth turn
    assert labels == expected


def test_the_misspelled_speaker_is_akhromeev(meeting):
    assert meeting.text.count("Akromeev") == 1
    assert by_id(meeting, "t29").speaker == "Akhromeev"
    assert words(meeting, "t29").startswith("Yes, the seamen turned out luckier.")


def test_twenty_seven_turns_hold_a_blank_line(meeting):
    assert sum(bool(re.search(r"\n\s*\n", meeting.words(block.span))) for block in turns(meeting)) == 27


def test_a_name_in_running_text_opens_no_turn(meeting):
    assert words(meeting, "t25").startswith("We discussed this question with Admiral Crowe. I think that further")


def test_the_heading_before_the_twenty_second_turn_is_no_speech(meeting):
    heading = by_id(meeting, "h1")
    assert meeting.words(heading.span) == "Meeting with members of the Joint Chiefs of Staff"
    assert heading.speaker is None
    assert meeting.blocks[meeting.blocks.index(heading) + 1] is by_id(meeting, "t22")
    assert folded(words(meeting, "t21")).endswith("meet chiefs of staff of different armed force [branches].")


def test_the_source_note_is_no_speech(meeting):
    note = meeting.blocks[-1]
    assert (note.kind, note.speaker) == (BlockKind.NOTE, None)
    assert meeting.words(note.span).startswith("[Source:  Obtained from a participant")
    assert meeting.words(note.span).endswith("National Security Archive]")
    assert words(meeting, "t34").endswith("about the role of the \narmed forces.")


def test_the_meetings_title_is_no_speech(meeting):
    assert meeting.blocks[0].speaker is None
    assert meeting.words(meeting.blocks[0].span).endswith("December 10, 1987 (8.00-9.30)")


def test_the_meeting_has_six_pages(meeting):
    assert meeting.page_starts == ((0, 1), (3163, 2), (6450, 3), (9535, 4), (12801, 5), (15927, 6))
    firsts = [" ".join(meeting.text[start:].split()[:3]) for start, _ in meeting.page_starts]
    assert firsts == [
        "Record of Conversation",
        "Akhromeev. I was",
        "discuss ground forces",
        "Akhromeev. The goal",
        "R. Herres. Marshal,",
        "Akhromeev. Yes, this",
    ]


def test_the_meeting_is_read_without_a_manifest_too(meeting, make_collection):
    folder = make_collection({"meeting.txt": meeting.text})
    (undescribed,) = load_collection(folder).documents
    assert [(block.span, block.speaker) for block in undescribed.blocks] == [
        (block.span, block.speaker) for block in meeting.blocks
    ]


def test_the_directives_file_holds_four_items(directive):
    assert directive.genre is Genre.PROSE
    assert [(item.id, item.span.start, item.span.end) for item in directive.items] == [
        ("routing-slip", 2, 568),
        ("cover-sheet", 568, 1533),
        ("memorandum", 1533, 2091),
        ("directive", 2091, 6230),
    ]
    assert len(directive.text) == 6230


def test_pages_are_numbered_within_each_item(directive):
    assert directive.page_starts == ((2, 1), (568, 1), (1533, 1), (2091, 1), (3931, 2))
    assert directive.text[3931:].split()[:3] == ["CONFIDENTIAL", "CONFIDENTIAL", "2"]


def test_only_bullets_and_rules_lie_outside_the_directives_blocks(directive):
    assert left_out(directive) == ["_____\t_____\t_____\t_____"] * 7 + ["-"] * 5


def test_five_goals_stand_in_one_list_across_the_pages_furniture(directive):
    entries = [block for block in directive.blocks if block.kind is BlockKind.ENTRY]
    assert [directive.words(block.span).split(",")[0].split(" --")[0] for block in entries] == [
        "to gain greater access to and understanding of the Soviet defense establishment at all levels",
        "to influence the Soviets to subject their military policy",
        "to influence Soviet behavior toward our security objectives",
        "to reduce the possibility of incidents of dangerous military activity where our forces are operating in close "
        "proximity to each other in peacetime; and",
        "to lend support",
    ]
    assert {block.lead_in for block in entries} == {directive.blocks.index(by_id(directive, "directive/p7"))}
    assert describe(directive, entries[4]) == (
        "To provide overall guidance as we pursue this new opportunity, the following goals will be used to focus US "
        "government efforts:"
    )
    assert [directive.page_at(block.span.start) for block in entries] == [1, 1, 2, 2, 2]


def test_stamps_and_page_numbers_are_furniture(directive):
    stamps = {directive.words(block.span) for block in directive.blocks if block.kind is BlockKind.FURNITURE}
    assert stamps == {"~~CONFIDENTIAL~~", "CONFIDENTIAL", "Declassify on: OADR", "2", "25X1"}
    others = [b for b in directive.blocks if b.kind is not BlockKind.FURNITURE]
    assert not any(directive.words(block.span) in stamps for block in others)


def test_the_withheld_words_are_marked_as_a_redaction(directive):
    (redaction,) = directive.redactions
    assert directive.words(redaction) == "25X1"
    assert directive.page_at(redaction.start) == 1


def test_the_routing_slip_has_a_row_for_each_addressee(directive):
    rows = [b for b in directive.blocks if b.kind is BlockKind.ROW and b.item_id == "routing-slip"]
    assert len(rows) == 24  # the columns' names, twenty-two addressees, the suspense date
    numbers = [directive.words(block.span).split("\t")[0] for block in rows]
    assert numbers == ["ACTION", *map(str, range(1, 23)), "SUSPENSE"]
    assert directive.words(rows[11].span) == "11\tIG"


def test_a_row_is_described_by_the_column_it_is_marked_in(directive):
    assert describe(directive, by_id(directive, "routing-slip/r2")) == "Executive Secretariat routing slip: INFO:"
    assert describe(directive, by_id(directive, "routing-slip/r12")) == "Executive Secretariat routing slip:"


def test_marks_of_markdown_stay_in_the_words(directive):
    assert words(directive, "routing-slip/h1") == "**EXECUTIVE SECRETARIAT**"
    assert words(directive, "cover-sheet/h2") == "## Notice"
    assert words(directive, "cover-sheet/p1").startswith("~~CONFIDENTIAL~~SYSTEM II")


def test_every_citation_field_of_the_seeds_is_the_manifests(meeting, directive):
    assert meeting.fields["translator"] == "Anna Melyakova"
    assert directive.fields["copy"] == "Copy 3 (CIA)"
    assert not {"url", "box", "reading_room"} & {*meeting.fields, *directive.fields}
