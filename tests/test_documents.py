from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.documents import Block, BlockKind, Document, Genre, Item, Span
from embeddings.errors import DocumentError

TEXT = "One. Two.\n\nThree."


def spans() -> st.SearchStrategy[Span]:
    ends = st.integers(min_value=0, max_value=20)
    return st.tuples(ends, ends).filter(lambda pair: pair[0] < pair[1]).map(lambda pair: Span(*pair))


def block(start: int, end: int, number: int = 1) -> Block:
    return Block(number=number, kind=BlockKind.PARAGRAPH, span=Span(start, end), sentences=(Span(start, end),))


def document(**changes: object) -> Document:
    values: dict[str, object] = {
        "id": "d",
        "title": "D",
        "text": TEXT,
        "sha256": "0" * 64,
        "genre": Genre.PROSE,
        "blocks": (block(0, 9), block(11, 17, 2)),
    }
    return Document(**(values | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(("start", "end"), [(3, 3), (4, 3), (-1, 3)])
def test_span_refuses_offsets_that_hold_nothing(start: int, end: int):
    with pytest.raises(ValueError) as caught:
        Span(start, end)
    assert str(caught.value) == f"a span needs 0 <= start < end, got start={start}, end={end}"


def test_span_holds_itself_and_what_lies_inside():
    assert Span(2, 5).holds(Span(2, 5))
    assert Span(2, 5).holds(Span(3, 4))
    assert not Span(2, 5).holds(Span(4, 6))


def test_spans_that_only_touch_do_not_meet():
    assert not Span(0, 2).meets(Span(2, 4))
    assert Span(0, 3).meets(Span(2, 4))


@given(one=spans(), other=spans())
def test_spans_meet_when_they_share_a_character(one: Span, other: Span):
    shared = set(range(one.start, one.end)) & set(range(other.start, other.end))
    assert one.meets(other) == other.meets(one) == bool(shared)
    assert one.holds(other) == (set(range(other.start, other.end)) <= set(range(one.start, one.end)))


def test_block_refuses_a_sentence_outside_its_span():
    with pytest.raises(ValueError) as caught:
        Block(number=1, kind=BlockKind.PARAGRAPH, span=Span(0, 4), sentences=(Span(2, 9),))
    assert str(caught.value) == "sentence Span(start=2, end=9) lies outside its block Span(start=0, end=4)"


def test_document_refuses_blocks_that_overlap():
    with pytest.raises(DocumentError) as caught:
        document(blocks=(block(0, 9), block(8, 17, 2)))
    assert str(caught.value) == (
        "document 'd': block paragraph 2 at Span(start=8, end=17) "
        "overlaps its neighbour or leaves the text of 17 characters"
    )


def test_document_refuses_a_block_beyond_its_text():
    with pytest.raises(DocumentError) as caught:
        document(blocks=(block(0, 18),))
    assert str(caught.value) == (
        "document 'd': block paragraph 1 at Span(start=0, end=18) "
        "overlaps its neighbour or leaves the text of 17 characters"
    )


def test_document_refuses_an_item_beyond_its_text():
    with pytest.raises(DocumentError) as caught:
        document(items=(Item(id="i", title="I", span=Span(0, 18)),))
    assert str(caught.value) == ("document 'd': item 'i' at Span(start=0, end=18) leaves the text of 17 characters")


def test_document_cannot_be_altered():
    with pytest.raises(FrozenInstanceError):
        document().text = "Other."  # type: ignore[misc]


def test_words_are_a_slice_of_the_text():
    assert document().words(Span(5, 9)) == "Two."
    assert document().words(Span(4, 13)) == " Two.\n\nTh"


def test_item_is_found_by_its_id():
    item = Item(id="i", title="I", span=Span(0, 9))
    held = document(items=(item, replace(item, id="j", span=Span(11, 17))))
    assert held.item("i") is item
    assert held.item("k") is None
    assert held.item(None) is None


def test_page_is_the_last_that_starts_at_or_before_the_offset():
    paged = document(page_starts=((2, 1), (11, 2)))
    assert [paged.page_at(offset) for offset in (0, 1, 2, 10, 11, 16)] == [None, None, 1, 1, 2, 2]
    assert document().page_at(3) is None


def test_block_is_found_by_any_of_its_characters():
    held = document()
    assert [held.block_at(offset) for offset in (0, 8, 11, 16)] == [*[held.blocks[0]] * 2, *[held.blocks[1]] * 2]
    assert held.block_at(9) is None  # between the two
    assert held.block_at(17) is None


def test_block_and_page_are_what_a_look_at_each_would_find(seeds):
    for held in seeds.documents:
        for offset in range(-1, len(held.text) + 1):
            numbers = [n for n, block in enumerate(held.blocks) if block.span.start <= offset < block.span.end]
            pages = [page for start, page in held.page_starts if start <= offset]

            assert held.block_number_at(offset) == (numbers[0] if numbers else None)
            assert held.block_at(offset) is (held.blocks[numbers[0]] if numbers else None)
            assert held.page_at(offset) == (pages[-1] if pages else None)
