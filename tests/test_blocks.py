from __future__ import annotations

from embeddings.collection import load_collection
from embeddings.documents import Document
from embeddings.passages import block_id

TALK = "SMITH: One.\n\nJONES: Two.\n\n" * 3


def blocks(document: Document) -> list[tuple[str, str]]:
    """Return (id without the document's, words) of every block."""
    return [(block_id(document, block).partition("/")[2], document.words(block.span)) for block in document.blocks]


def test_a_blank_line_parts_paragraphs(read_document):
    document = read_document("The group met\nin May.\n\nIt met again.\n")
    assert blocks(document) == [("p1", "The group met\nin May."), ("p2", "It met again.")]


def test_lines_of_an_entry_stay_together_without_its_bullet(read_document):
    document = read_document("It decided:\n- to meet\n  again\n- to write.\n")
    assert blocks(document) == [("p1", "It decided:"), ("e1", "to meet\n  again"), ("e2", "to write.")]


def test_entries_know_the_paragraph_that_introduces_them(read_document):
    document = read_document("It decided:\n\n- to meet;\n\nSECRET\n\n2\n\n- to write.\n", furniture=("SECRET", r"\d"))
    assert blocks(document)[1:] == [("e1", "to meet;"), ("f1", "SECRET"), ("f2", "2"), ("e2", "to write.")]
    assert [block.lead_in for block in document.blocks] == [None, 0, None, None, 0]


def test_rows_know_the_row_that_names_their_columns(read_document):
    document = read_document("A list:\n\nName\tDate\nCrowe\tMay\nWelch\tJune\n\nName\tPlace\nDean\tVienna\n")
    assert blocks(document)[1:4] == [("r1", "Name\tDate"), ("r2", "Crowe\tMay"), ("r3", "Welch\tJune")]
    # A table goes on over a blank line: its page may end there.
    assert [block.lead_in for block in document.blocks] == [None, None, 1, 1, 1, 1]


def test_a_rule_parts_paragraphs_and_is_no_block(read_document):
    document = read_document("It met.\n____\nIt met again.\n")
    assert blocks(document) == [("p1", "It met."), ("p2", "It met again.")]


def test_a_short_line_alone_above_a_paragraph_is_a_heading(read_document):
    document = read_document("Present Members\n\nThe group met in May.\n")
    assert blocks(document) == [("h1", "Present Members"), ("p1", "The group met in May.")]


def test_a_bracketed_paragraph_is_an_editors_note(read_document):
    document = read_document("The group met in May.\n\n[Source: a participant.]\n\n[One] is not [two]\n")
    assert [kind for kind, _ in blocks(document)] == ["p1", "n1", "p2"]


def test_a_turn_goes_on_over_blank_lines_and_entries(read_document):
    document = read_document(TALK + "SMITH: We ask\n\nfor this:\n\n- peace,\n- quiet.\n\nJONES: Yes.\n")
    assert blocks(document)[6:] == [("t7", "We ask\n\nfor this:\n\n- peace,\n- quiet."), ("t8", "Yes.")]


def test_a_note_interrupts_a_turn_and_its_speaker_goes_on(read_document):
    document = read_document(TALK + "SMITH: Well.\n\n[Applause.]\n\nThank you.\n")
    assert [(block_id(document, b), b.speaker) for b in document.blocks[6:]] == [
        ("d/t7", "Smith"),
        ("d/n1", None),
        ("d/t8", "Smith"),
    ]


def test_a_stamp_interrupts_a_turn_and_its_speaker_goes_on(read_document):
    document = read_document(TALK + "SMITH: Well,\n\nSECRET\n\nthank you.\n", furniture=("SECRET",))
    assert [(block.kind.value, block.speaker) for block in document.blocks[6:]] == [
        ("turn", "Smith"),
        ("furniture", None),
        ("turn", "Smith"),
    ]


def test_a_heading_ends_a_turn_and_nobody_speaks_it(read_document):
    document = read_document(TALK + "Second Session\n\n" + TALK)
    assert document.words(document.blocks[6].span) == "Second Session"
    assert [block.speaker for block in document.blocks[5:8]] == ["Jones", None, "Smith"]


def test_a_label_alone_on_its_line_speaks_what_follows(read_document):
    document = read_document(TALK + "SMITH:\r\n\r\nAll is well.\r\n")
    assert blocks(document)[6] == ("t7", "All is well.")
    assert document.blocks[6].speaker == "Smith"


def test_a_label_without_words_is_no_turn(read_document):
    document = read_document(TALK + "SMITH:\n\nJONES: Yes.\n")
    assert blocks(document)[6:] == [("t7", "Yes.")]


def test_blocks_are_numbered_by_kind_and_item(make_collection):
    manifest = """
        collection = { id = "c", title = "C" }
        [[document]]
        id = "d"
        path = "documents/d.txt"
        title = "D"
        item = [
          { id = "letter", title = "Letter", start = "Dear Sir" },
          { id = "reply", title = "Reply", start = "Thank you" },
        ]
    """
    text = "File 3.\n\nDear Sir, I ask.\n\nYours.\nThank you, no.\n\nYours, too.\n"
    (document,) = load_collection(make_collection({"d.txt": text}, manifest)).documents
    assert blocks(document) == [
        ("p1", "File 3."),
        ("letter/p1", "Dear Sir, I ask."),
        ("letter/p2", "Yours."),
        ("reply/p1", "Thank you, no."),
        ("reply/p2", "Yours, too."),
    ]
