"""Runs of words in the stream, and the stretches near a quotation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quoting.shingles import ShingleIndex, reading_order
from bot.quoting.wordforms import form_of, key_of, scan_words
from embeddings.collection import load_collection
from embeddings.documents import BlockKind


@pytest.fixture(scope="session")
def index(seeds):
    return ShingleIndex(seeds)


@pytest.fixture
def make_index(make_collection):
    return lambda documents: ShingleIndex(load_collection(make_collection(documents)))


def forms_of(document, span):
    return [form_of(written) for written, _, _ in scan_words(document.text, span.start, span.end)]


def test_every_block_stands_in_the_stream_with_its_words(seeds, index):
    for document in seeds.documents:
        for block in document.blocks:
            forms = forms_of(document, block.span)
            if not forms:
                continue
            places = index.runs([index.spelled(form) for form in forms]).tolist()
            found = {(index.document(p).id, index.span(p).start, index.span(p + len(forms) - 1).end) for p in places}

            assert any(d == document.id and block.span.start <= a <= b <= block.span.end for d, a, b in found)


@given(data=st.data())
def test_runs_are_all_the_places_that_a_search_word_by_word_finds(index, data):
    stream = index.forms(0, len(index))
    first = data.draw(st.integers(0, len(stream) - 4))
    wanted = stream[first : first + data.draw(st.integers(1, 3))]
    if "" in wanted:
        return
    by_hand = [n for n in range(len(stream)) if stream[n : n + len(wanted)] == wanted]
    loosely = [n for n in range(len(stream)) if [*map(key_of, stream[n : n + len(wanted)])] == [*map(key_of, wanted)]]

    assert index.runs([[index.form_id(form)] for form in wanted]).tolist() == by_hand
    assert index.runs([index.spelled(form, loosely=True) for form in wanted]).tolist() == loosely


def test_nothing_runs_from_one_document_into_the_next(make_index):
    index = make_index({"a.txt": "We go home today.", "b.txt": "Nobody was there."})

    assert not len(index.runs([index.spelled("today"), index.spelled("Nobody")]))
    assert not len(index.runs([]))
    assert not len(index.runs([[]]))


def test_the_stretch_with_most_of_the_words_is_near(seeds, index):
    keys = index.known("zyzzyva that the ships zyzzyva laser zyzzyva binoculars".split())
    low, high = index.near(keys, 1)[0]

    assert "laser binoculars" in " ".join(index.forms(low, high))


def test_words_that_the_collection_lacks_are_near_nothing(index):
    assert index.near(index.known(["zyzzyva", "quux"]), 3) == []


def test_what_is_rare_tells_more(index):
    the, laser, unknown = index.weights(index.known(["the", "laser", "zyzzyva"])).tolist()

    assert 0 < the < laser <= unknown == 10.0


def test_a_stamp_interrupts_nothing_and_stands_between_its_neighbours(seeds):
    document = seeds.document("nsdd-311")
    stretches = list(reading_order(document))
    stamps = {n for n, block in enumerate(document.blocks) if block.kind in (BlockKind.FURNITURE, BlockKind.NOTE)}

    assert sorted(stretches[0]) == stretches[0]
    assert set(stretches[0]) == set(range(len(document.blocks))) - stamps
    assert {n for stretch in stretches[1:] for n in stretch} >= stamps
    assert all(stretch == list(range(stretch[0], stretch[-1] + 1)) for stretch in stretches[1:])


def test_withheld_words_are_a_word(make_index):
    text = "The agent ██████ met us there.\n\nThe agent met us there."
    index = make_index({"a.txt": text})

    assert len(index.runs([index.spelled(w) for w in "The agent met us".split()])) == 1
    assert "██████" in index.forms(0, len(index))


def test_compounds_are_found_by_their_parts(make_index):
    index = make_index({"a.txt": "A non-nuclear well-\nbeing programme, 10-81."})

    assert index.compounds_that_end("nuclear") == [index.spelled("non-nuclear")]
    assert index.compounds_that_begin("well") == [index.spelled("wellbeing")]
    assert index.compounds_that_begin("nuclear") == []


@pytest.mark.parametrize("text", ["...", "“ ”\n\nWord.", "\u200b a \u200b b c", "[redacted]\n\n[redacted]"])
def test_documents_of_few_words_are_indexed(make_index, text):
    index = make_index({"a.txt": text})

    assert len(index.near(index.known(["a", "b", "c"]), 3)) <= 3
    assert len(index.runs([index.spelled("Word")])) <= 1
