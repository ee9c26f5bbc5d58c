"""What stands before a document's text: facts, speakers, pages, and what proves it."""

from __future__ import annotations

import dataclasses

import pytest

from embeddings.collection import load_collection
from embeddings.manifest import Certainty
from ui.contents import canvas, facts, language, neighbours, pages, speakers, verification

TALK = "Adams: We begin.\n\nBrown: No.\n\nAdams: Yes.\n\nBrown: No.\n\nAdams: Yes.\n\nBrown: No.\n"


def test_facts_are_what_the_manifest_states_and_nothing_for_the_forms_of_citation(seeds):
    document = seeds.document("nsdd-311")
    memorandum = document.item("memorandum")

    names = [name for name, _ in facts(document, None)]

    assert names[:2] == ["Kind", "Date"]
    assert not {"Language", "Short title", "Family names"} & set(names)
    assert ("Author", "Colin L. Powell") in facts(document, memorandum)
    assert ("Date", "July 28, 1988") in facts(document, memorandum)


def test_an_item_without_a_date_takes_none_from_its_document(seeds):
    document = seeds.document("nsdd-311")

    assert "Date" not in dict(facts(document, document.item("cover-sheet")))


def test_speakers_come_in_the_order_of_their_first_words_with_their_turns(seeds):
    found = speakers(seeds, seeds.document("akhromeev-crowe-1987"), None)

    assert [s.shown_name for s in found[:3]] == ["William J. Crowe", "Sergey Fyodorovich Akhromeev", "R. Herres"]
    assert sorted(number for speaker in found for number, _ in speaker.turns) == list(range(1, 35))
    assert found[1].turns[1] == (4, "akhromeev-crowe-1987/t4.1")
    assert found[2].note is not None and found[2].note.certainty is Certainty.PROBABLE


def test_speakers_whom_no_manifest_knows_have_the_names_of_the_text(make_collection):
    collection = load_collection(make_collection({"talk.txt": TALK}))

    found = speakers(collection, collection.documents[0], None)

    assert [(s.shown_name, s.role, s.note, len(s.turns)) for s in found] == [
        ("Adams", None, None, 3),
        ("Brown", None, None, 3),
    ]


def test_pages_are_grouped_by_the_item_they_begin_in(seeds):
    document = seeds.document("nsdd-311")

    grouped = {item.id: [mark.number for mark in marks] for item, marks in pages(document, None) if item}

    assert grouped == {"routing-slip": [1], "cover-sheet": [1], "memorandum": [1], "directive": [1, 2]}
    assert [[m.number for m in marks] for _, marks in pages(document, document.item("directive"))] == [[1, 2]]
    assert len({mark.anchor for _, marks in pages(document, None) for mark in marks}) == 5


def test_neighbours_leave_out_stamps_and_other_documents(seeds):
    assert [p and p.id for p in neighbours(seeds, "nsdd-311/directive/e2")] == [
        "nsdd-311/directive/e1",
        "nsdd-311/directive/e3",
    ]
    assert [p and p.id for p in neighbours(seeds, "akhromeev-crowe-1987/p1")] == [None, "akhromeev-crowe-1987/t1"]
    before, after = neighbours(seeds, "nsdd-311/directive/f3")
    assert (before.id, after.id) == ("nsdd-311/directive/e2", "nsdd-311/directive/e3")


@pytest.mark.parametrize(
    ("of_item", "of_document", "tag"),
    [({"language": "ru"}, {"language": "de"}, "ru"), ({}, {"language": "de"}, "de"), ({}, {}, "en")],
)
def test_the_language_is_that_of_the_nearest_statement(seeds, of_item, of_document, tag):
    document = seeds.document("nsdd-311")
    item = dataclasses.replace(document.items[0], fields=of_item)

    assert language(seeds, dataclasses.replace(document, fields=of_document), item) == tag


@pytest.mark.parametrize(
    ("address", "shown"),
    [("https://iiif.example/canvas/1", True), (None, False), ("javascript:alert(1)", False), ("//iiif.example", False)],
)
def test_a_canvas_is_only_a_web_address_that_the_manifest_gives(seeds, address, shown):
    document = dataclasses.replace(seeds.documents[0], fields={"iiif_canvas": address} if address else {})

    assert canvas(document, None) == (address if shown else None)


def test_a_hash_counts_as_verified_only_against_a_manifest(seeds, make_collection):
    guessed = load_collection(make_collection({"talk.txt": TALK}))

    assert verification(seeds, seeds.documents[0]) == "yes: this is the hash that the collection’s manifest states"
    assert (
        verification(guessed, guessed.documents[0])
        == "no: the collection’s manifest states no hash to compare this one with"
    )
