from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from embeddings.documents import Document
from embeddings.passages import MAX_WORDS, cut_passages

TALK = "SMITH: One.\n\nJONES: Two.\n\n" * 3


def ids(document: Document, max_words: int = MAX_WORDS) -> list[str]:
    return [passage.id for passage in cut_passages(document, max_words)]


def test_a_block_is_a_passage_named_after_it(read_document):
    assert ids(read_document("Remarks\n\nIt met:\n\n- in May,\n- in June.\n")) == ["d/h1", "d/p1", "d/e1", "d/e2"]
    assert ids(read_document(TALK))[:2] == ["d/t1", "d/t2"]


def test_a_long_block_is_cut_at_sentence_ends(read_document):
    document = read_document("One two three. Four five. Six. Seven eight.")
    passages = cut_passages(document, max_words=4)
    assert [(p.id, document.words(p.span)) for p in passages] == [
        ("d/p1.1", "One two three."),
        ("d/p1.2", "Four five. Six."),
        ("d/p1.3", "Seven eight."),
    ]


def test_a_long_sentence_stays_whole(read_document):
    document = read_document("One two three four five. Six.")
    assert [document.words(p.span) for p in cut_passages(document, max_words=2)] == ["One two three four five.", "Six."]


def test_the_seeds_ids_are_permalinks_that_stay(seeds):
    found = [passage.id for passage in seeds.passages]
    assert len(found) == len(set(found)) == 127
    assert found[0] == "akhromeev-crowe-1987/p1"
    assert [id_ for id_ in found if id_.count(".")] == [
        f"akhromeev-crowe-1987/t{number}.{part}" for number in (4, 5, 12, 23) for part in (1, 2)
    ] + ["nsdd-311/directive/p9.1", "nsdd-311/directive/p9.2"]


def test_no_passage_of_the_seeds_is_too_long(seeds):
    for passage in seeds.passages:
        assert len(seeds.document(passage.document_id).words(passage.span).split()) <= MAX_WORDS


def test_passages_of_the_seeds_know_their_block(seeds):
    for passage in seeds.passages:
        block = seeds.block(passage)
        assert block.span.holds(passage.span)
        assert set(passage.sentences) <= set(block.sentences)


@given(
    lengths=st.lists(st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=6), min_size=1, max_size=5),
    max_words=st.integers(min_value=1, max_value=12),
)
def test_passages_hold_every_sentence_once_in_order(read_document, lengths: list[list[int]], max_words: int):
    text = "\n\n".join(" ".join("Word" + " word" * (n - 1) + "." for n in paragraph) for paragraph in lengths)
    document = read_document(text)
    passages = cut_passages(document, max_words)
    assert [s for p in passages for s in p.sentences] == [s for block in document.blocks for s in block.sentences]
    assert "".join("".join(document.words(p.span).split()) for p in passages) == "".join(text.split())
    for passage in passages:
        assert len(passage.sentences) == 1 or len(document.words(passage.span).split()) <= max_words
    # No cut without need: a passage and the first sentence of the next are too long together.
    for one, other in pairwise(passages):
        if one.block_index == other.block_index:
            n_together = len(document.words(one.span).split()) + len(document.words(other.sentences[0]).split())
            assert n_together > max_words
