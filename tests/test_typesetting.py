"""Editions: every character of what is shown stands in them once and in order."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from embeddings.documents import Genre, Item, Span
from embeddings.errors import DocumentError
from embeddings.manifest import Certainty, ItemEntry, Person
from embeddings.passages import cut_passages
from ui.edition import PartKind
from ui.runs import PageMark, Run, words
from ui.typesetting import page_marks, typeset

LINES = st.one_of(
    st.sampled_from(
        [
            "", "", " ", "\t", "\ufeff", "# Heading", "**BOLD**", "A HEADING", "- entry", "2. second", "(b) third",
            "Adams. We begin. It is late.", "Brown: No.", "Adams.", "[Applause]", "a\tb\tc", "\t\tA\tB", "___\t___\t",
            "| a | b |", "|---|---|", "-----", "~~SECRET~~", "CONFIDENTIAL", "3", "25X1", "████",
            "words of a paragraph",
            "and a longer line of words that runs on, without an end", "\u202ereversed", "<script>alert(1)</script>",
            "\x1c", "\x0b", "\u2028", "שלום. עולם.",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20),
)  # fmt: skip
TEXTS = st.builds(
    lambda lines, ends: "".join(line + end for line, end in zip(lines, ends)),
    st.lists(LINES, min_size=1, max_size=25),
    st.lists(st.sampled_from(["\n", "\n", "\n\n", "\r\n", "\r", "\f", "\n \n"]), min_size=25, max_size=25),
)
SPEAKERS = tuple(
    Person(
        name=name, full_name=None, role=None, aliases=(), called=(), speaks=True, note=None, ground=None,
        certainty=Certainty.STATED,
    )
    for name in ("Adams", "Brown")
)  # fmt: skip


def read(read_document, text, **entry):
    people = entry.pop("people", ())
    try:
        return read_document(text, people, genre=Genre.TRANSCRIPT if people else None, **entry)
    except DocumentError:
        assume(False)


def shown(edition):
    return words(edition.inlines())


def item_of(start, **given):
    return ItemEntry(
        id=start.lower(), title=start, start=start, end=given.get("end"), names=(), date=None, author=None,
        recipient=None, kind=None,
    )  # fmt: skip


def stretches_of(edition):
    for section in edition.sections:
        for part in section.parts:
            for paragraph in (*([part.label] if part.label else []), *(p for entry in part.entries for p in entry)):
                yield from paragraph.stretches


def pages_of(edition):
    for section in edition.sections:
        for part in section.parts:
            yield from part.pages
            yield from (page for entry in part.entries for paragraph in entry for page in paragraph.pages)
    yield from (inline for inline in edition.inlines() if isinstance(inline, PageMark))


@given(TEXTS, st.sampled_from([(), SPEAKERS]))
def test_an_edition_shows_every_character_once_and_in_order(read_document, text, people):
    document = read(read_document, text, people=people, furniture=("CONFIDENTIAL", r"\d"), redactions=("25X1",))

    assert shown(typeset(document, cut_passages(document))) == document.text


@given(TEXTS, TEXTS, TEXTS, st.booleans())
def test_items_divide_the_text_and_each_shows_its_own(read_document, before, first, second, ended):
    text = f"{before}\nALPHA\n{first}\nOMEGA and more\n{second}"
    assume(text.count("ALPHA") == text.count("OMEGA") == 1)
    items = (item_of("ALPHA"), item_of("OMEGA", end="OMEGA and" if ended else None))
    document = read(read_document, text, items=items)
    passages = cut_passages(document)

    assert shown(typeset(document, passages)) == document.text
    for item in document.items:
        edition = typeset(document, passages, item)
        assert [section.item for section in edition.sections] == [item]
        assert shown(edition) == document.words(item.span)


@given(TEXTS, st.sampled_from([(), SPEAKERS]))
def test_every_passage_begins_once_and_holds_its_words(read_document, text, people):
    document = read(read_document, text, people=people)
    passages = cut_passages(document)
    edition = typeset(document, passages)
    rows = [row for section in edition.sections for part in section.parts for row in part.rows]

    begun = Counter(stretch.passage_id for stretch in stretches_of(edition) if stretch.first)
    begun += Counter(row.passage_id for row in rows if row.passage_id)
    held = {}
    for stretch in stretches_of(edition):
        if stretch.passage_id:
            held[stretch.passage_id] = held.get(stretch.passage_id, "") + words(stretch.inlines)

    assert begun == Counter(passage.id for passage in passages)
    for passage in passages:
        if passage.id in held:
            assert "".join(held[passage.id].split()) == "".join(document.words(passage.span).split())


@given(TEXTS)
def test_every_page_is_marked_once(read_document, text):
    document = read(read_document, text)

    found = Counter(page.anchor for page in pages_of(typeset(document, cut_passages(document))))

    assert found == Counter(mark.anchor for _, mark in page_marks(document))


@given(TEXTS, st.data())
def test_the_highlighted_runs_are_the_quotation(read_document, text, data):
    document = read(read_document, text)
    start = data.draw(st.integers(0, len(document.text) - 1))
    quotation = Span(start, data.draw(st.integers(start + 1, len(document.text))))

    runs = [i for i in typeset(document, (), None, quotation).inlines() if isinstance(i, Run)]

    assert "".join(run.text for run in runs if run.quoted) == document.words(quotation)
    assert (sum(run.opens for run in runs), sum(run.closes for run in runs)) == (1, 1)


def test_the_seeds_are_shown_whole(seeds):
    for document in seeds.documents:
        assert shown(typeset(document, seeds.passages)) == document.text
        for item in document.items:
            assert shown(typeset(document, seeds.passages, item)) == document.words(item.span)


def test_every_curated_answer_of_the_seeds_is_highlighted_to_the_letter(seeds):
    for document_id, span in sorted({place for question in seeds.questions for place in question.answers}):
        document = seeds.document(document_id)
        item = document.item(document.block_at(span.start).item_id)
        edition = typeset(document, seeds.passages, item, span)

        assert edition.item == item
        quoted = [i.text for i in edition.inlines() if isinstance(i, Run) and i.quoted]
        assert "".join(quoted) == document.words(span)


def test_a_quotation_that_leaves_its_item_is_shown_in_the_whole_document(read_document):
    document = read_document("ALPHA one two.\n\nThree.", items=(item_of("ALPHA", end="one"),))
    item = document.items[0]

    edition = typeset(document, (), item, Span(item.span.start, item.span.end + 4))

    assert edition.item is None
    assert shown(edition) == document.text


def test_an_item_that_cuts_a_row_shows_only_its_own_cells(read_document):
    document = read_document("a\tb\tOMEGA\td\n", items=(item_of("OMEGA"),))
    passages = cut_passages(document)

    first, second = typeset(document, passages).sections

    assert [words(cell) for cell in first.parts[0].rows[0].cells] == ["a\t", "b\t"]
    assert [words(cell) for cell in second.parts[0].rows[0].cells] == ["OMEGA\t", "d\n"]
    assert [s.parts[0].rows[0].passage_id for s in (first, second)] == [passages[0].id, None]


def test_speakers_are_labelled_as_the_text_spells_them(seeds):
    document = seeds.documents[0]
    speeches = [part for part in typeset(document, seeds.passages).sections[0].parts if part.kind is PartKind.SPEECH]
    first = {}
    for speech in speeches:
        first.setdefault(speech.speaker, speech)

    assert all(speech.label is not None for speech in speeches)
    assert [speech for speech in speeches if speech.introduces] == list(first.values())
    assert {speech.label.text.strip() for speech in speeches if speech.speaker == "Akhromeev"} == {
        "Akhromeev.",
        "Akromeev.",
    }


def test_what_follows_an_interruption_continues_without_a_label(read_document):
    text = "Adams. It begins here.\n\n[Applause]\n\nIt goes on here.\n\nBrown. No.\n\nAdams. So.\n\nBrown. Yes.\n"
    document = read_document(text, SPEAKERS, genre=Genre.TRANSCRIPT)

    parts = typeset(document, cut_passages(document)).sections[0].parts

    assert [part.kind for part in parts[:3]] == [PartKind.SPEECH, PartKind.NOTE, PartKind.SPEECH]
    assert (parts[2].label, parts[2].speaker, parts[2].introduces) == (None, "Adams", False)


def test_rows_stand_in_one_table_under_the_row_that_names_the_columns(seeds):
    document = seeds.document("nsdd-311")
    tables = [
        part
        for section in typeset(document, seeds.passages).sections
        for part in section.parts
        if part.kind is PartKind.TABLE
    ]

    assert [(len(table.rows), table.headed) for table in tables] == [(24, True), (8, True)]
    assert {len(row.cells) for row in tables[0].rows} == {6}
    assert [words(cell).strip() for cell in tables[0].rows[0].cells] == ["", "", "ACTION", "INFO", "DATE", "INITIAL"]
    assert [row.passage_id for row in tables[1].rows[1:]] == [None] * 7  # ruled, and never filled in


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("| a | b |", ["| a ", "| b |\n"]),
        ("|a|b", ["|a", "|b\n"]),
        ("||", ["||\n"]),
        ("x\ty\t", ["x\t", "y\t", "\n"]),
    ],
)
def test_a_row_is_cut_into_cells_that_keep_every_character(read_document, row, cells):
    document = read_document(f"{row}\n| c | d |\n")

    part = typeset(document, cut_passages(document)).sections[0].parts[0]

    assert part.kind is PartKind.TABLE
    assert [words(cell) for cell in part.rows[0].cells] == cells


def test_a_mark_of_withheld_words_is_no_mere_stamp(seeds):
    kinds = [
        (part.kind, part.entries[0][0].text.strip())
        for section in typeset(seeds.document("nsdd-311"), seeds.passages).sections
        for part in section.parts
        if part.kind in (PartKind.WITHHELD, PartKind.STAMPS)
    ]

    assert [text for kind, text in kinds if kind is PartKind.WITHHELD] == ["25X1"]
    assert len(kinds) > 5


def test_stray_lines_and_labels_without_speech_are_shown(read_document):
    text = "Adams. One.\n\n-----\n\nBrown.\n\nAdams. Two.\n\nBrown. Three.\n"
    document = read_document(text, SPEAKERS, genre=Genre.TRANSCRIPT)

    parts = typeset(document, cut_passages(document)).sections[0].parts
    lines = [entry[0].text.strip() for part in parts if part.kind is PartKind.LINES for entry in part.entries]

    assert lines == ["-----", "Brown."]


def test_an_enormous_line_of_nothing_is_set_in_one_go(read_document):
    # Each of these made a naive reader of lines take the square of their length.
    for filling in (" " * 200_000, "|" * 20_000, "~" * 200_000, "\t" * 20_000, "\n" * 50_000):
        document = read_document(f"Words before.\n{filling}\nWords after.\n")

        assert shown(typeset(document, cut_passages(document))) == document.text


def test_what_stands_outside_all_items_has_a_section_of_its_own(read_document):
    document = read_document(
        "Before.\n\nALPHA one.\n\nBetween.\n\nOMEGA two.\n\nAfter.",
        items=(item_of("ALPHA", end="one."), item_of("OMEGA", end="two.")),
    )

    sections = typeset(document, ()).sections

    assert [section.item and section.item.id for section in sections] == [None, "alpha", None, "omega", None]
    assert isinstance(sections[1].item, Item)
