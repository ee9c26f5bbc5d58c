from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.documents import Document, Genre, Span
from embeddings.errors import DocumentError, ManifestError
from embeddings.manifest import ItemEntry
from embeddings.parsing import find_words

TALK = "SMITH: One. Two.\n\nJONES: Three?\n\n" * 3
LINES = st.one_of(
    st.sampled_from(
        [
            "SMITH: It is so. It was.", "JONES: Yes", "SMITH:", "J. Smith. No.", "- to meet", "12. to write", "____",
            "a\tb\tc", "| a | b |", "# Head", "**Head**", "SECRET", "- 2 -", "[Applause.]", "Remarks", "* * *", "",
            "", "The U.S. Army (1988) came. He said “so.” Then", "\f", "\ufeff", "\u00a0", " Indented. Text", "\r",
        ]
    ),
    st.text(alphabet=st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20),
)  # fmt: skip
ANY_TEXT = st.lists(LINES, max_size=14).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n"]).map(lambda e: e.join(lines))
)
# What may stand between blocks: rules and bullets, and in a transcript the speakers' labels.
RULE_OR_BULLET = re.compile(r"[-*_=\s]*|[•–—]|\(?(\d{1,2}|[a-z])[.)]")
LABEL = re.compile(r"[A-ZÀ-ÞА-ЯЁ][\w .'’-]{0,60}([(\[].{1,40}[)\]])?\s*[.:]")


def item(item_id: str, start: str, end: str | None = None) -> ItemEntry:
    return ItemEntry(
        id=item_id, title="I", start=start, end=end, names=(), date=None, author=None, recipient=None, kind=None
    )


def left_out(document: Document) -> str:
    """Return the text that lies in no block, white space dropped."""
    gaps, previous = [], 0
    for block in document.blocks:
        gaps.append(document.text[previous : block.span.start])
        previous = block.span.end
    return "".join("".join([*gaps, document.text[previous:]]).split())


def test_a_described_document_carries_what_is_known_of_it(read_document):
    document = read_document("It met.", date="1988-07-28", fields=(("place", "Pentagon"),))
    assert (document.id, document.title, document.text) == ("d", "D", "It met.")
    assert (document.date, document.fields) == ("1988-07-28", {"place": "Pentagon"})
    assert document.sha256 == hashlib.sha256(b"It met.").hexdigest()


def test_another_hash_than_the_manifests_is_refused(read_document):
    with pytest.raises(ManifestError) as caught:
        read_document("It met.", sha256="0" * 64)
    assert str(caught.value) == (
        f"d.txt: document.sha256 = '{'0' * 64}': the file's is "
        f"'{read_document('It met.').sha256}'. Either the document was altered, then restore it, or the manifest must "
        f"be brought up to date."
    )


@pytest.mark.parametrize("text", ["____", "SMITH:\n\nJONES:\n\n" * 3, "\u00a0", "\u2028\n"])
def test_a_text_without_words_is_refused(read_document, text: str):
    with pytest.raises(DocumentError, match=r"d\.txt: holds no sentence; a document needs text$"):
        read_document(text)


def test_genre_is_detected(read_document):
    assert read_document(TALK).genre is Genre.TRANSCRIPT
    assert read_document("It met. It wrote.").genre is Genre.PROSE


def test_a_genre_that_is_given_is_kept(read_document):
    document = read_document(TALK, genre=Genre.PROSE)
    assert {block.speaker for block in document.blocks} == {None}
    assert document.words(document.blocks[0].span) == "SMITH: One. Two."


def test_form_feeds_start_pages(read_document):
    document = read_document("One.\n\fTwo\fthree.\f")
    assert document.page_starts == ((0, 1), (6, 2), (10, 3))
    assert [document.words(block.span) for block in document.blocks] == ["One.", "Two\fthree."]


def test_a_document_without_form_feeds_has_no_known_pages(read_document):
    assert read_document("One.").page_starts == ()


def test_page_break_starts_pages(read_document):
    assert read_document(" One.\ntwo\n Three.", page_break=r"^ (?=\S)").page_starts == ((0, 1), (10, 2))


def test_page_starts_are_found_one_after_the_other(read_document):
    document = read_document("Page.\n\nPage.\n\nPage  of text.", page_starts=("Page.", "Page.", "Page of"))
    assert document.page_starts == ((0, 1), (7, 2), (14, 3))


def test_a_page_start_that_is_not_there_is_refused(read_document):
    with pytest.raises(ManifestError) as caught:
        read_document("One. Two.", page_starts=("Two", "One"))
    assert str(caught.value) == (
        "d.txt: document 'd', page_starts = 'One': is not in the document after the page before it"
    )


def test_pages_may_be_numbered_within_each_item(read_document):
    document = read_document(
        "A one.\fA two.\fB one.", items=(item("a", "A one"), item("b", "B one")), pages_by_item=True
    )
    assert [page for _, page in document.page_starts] == [1, 2, 1]


def test_items_reach_to_the_next_or_to_their_end(read_document):
    document = read_document(
        "Slip one.\n\nLetter two.\n\nEnd here.\n\nRest.",
        items=(item("slip", "Slip"), item("letter", "Letter", "End here.")),
    )
    assert [item.span for item in document.items] == [Span(0, 11), Span(11, 33)]
    assert [block.item_id for block in document.blocks] == ["slip", "letter", "letter", None]


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([item("a", "Memo")], "item 'a', start = 'Memo': is not in the document"),
        (
            [item("a", "Slip", "Nowhere")],
            "item 'a', end = 'Nowhere': is not in the document after the item's start",
        ),
        (
            [item("a", "Slip", "Letter two"), item("b", "Letter")],
            "item 'b', start = 'Letter': overlaps the item 'a' before it",
        ),
        (
            [item("a", "Letter"), item("b", "Slip")],
            "item 'a', start = 'Letter': stands after the start of the next item",
        ),
    ],
)
def test_an_item_that_is_not_where_it_should_be_is_refused(read_document, items: list[ItemEntry], message: str):
    with pytest.raises(ManifestError) as caught:
        read_document("Slip one.\n\nLetter two.", items=tuple(items))
    assert str(caught.value) == f"d.txt: document 'd', {message}"


def test_redactions_are_found_by_their_usual_marks_and_the_manifests(read_document):
    text = "He [less than 1 line not declassified] met [REDACTED] and ███ 25X1 at 125X12."
    document = read_document(text, redactions=(r"\b25X1\b",))
    assert [document.words(span) for span in document.redactions] == [
        "[less than 1 line not declassified]",
        "[REDACTED]",
        "███",
        "25X1",
    ]


def test_words_are_found_with_white_space_folded():
    assert find_words("CONFIDENTIAL\n\n  2\n", "CONFIDENTIAL 2") == Span(0, 17)
    assert find_words("one two one two", "one two", 1) == Span(8, 15)
    assert find_words("one (two)", "(two)") == Span(4, 9)
    assert find_words("one", "two") is None


@given(before=st.sampled_from(["", TALK]), text=ANY_TEXT)
def test_any_text_with_words_is_read_and_loses_only_labels_bullets_and_rules(read_document, before: str, text: str):
    document = read_document(f"{before}{text}\n\nThe last words are these.")
    previous = 0
    for block in document.blocks:
        for line in re.split(r"[\r\n\f]+", document.text[previous : block.span.start].replace("\ufeff", "")):
            allowed = RULE_OR_BULLET.fullmatch(line.strip()) or (
                document.genre is Genre.TRANSCRIPT and LABEL.fullmatch(line.strip())
            )
            assert allowed, line
        assert "".join("".join(map(document.words, block.sentences)).split()) == "".join(
            document.words(block.span).split()
        )
        assert document.words(block.span).strip() == document.words(block.span)
        previous = block.span.end
    assert document.text.endswith("The last words are these.") and previous == len(document.text)


@given(words=st.lists(st.sampled_from(["we", "came.", "They", "left?", "U.S."]), min_size=1, max_size=12))
def test_plain_prose_loses_nothing(read_document, words: list[str]):
    assert left_out(read_document(" ".join(words))) == ""
