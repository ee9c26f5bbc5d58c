from __future__ import annotations

from embeddings.collection import Collection, load_collection
from embeddings.units import Unit, describe, read_units

TALK = "SMITH: One came. Two came. Three came. Four came.\n\nJONES: Yes.\n\n" + "SMITH: No.\n\nJONES: Yes.\n\n" * 2


def units_of(make_collection, text: str) -> tuple[Collection, list[Unit]]:
    collection = load_collection(make_collection({"d.txt": text}))
    return collection, read_units(collection)


def test_units_are_the_sentences_of_the_collection_in_reading_order(seeds):
    units = read_units(seeds)
    assert [unit.number for unit in units] == list(range(len(units)))
    assert [(seeds.documents[unit.document].id, unit.span) for unit in units] == [
        (document.id, span) for document in seeds.documents for block in document.blocks for span in block.sentences
    ]


def test_a_unit_knows_its_passage_block_and_speaker(seeds):
    for unit in read_units(seeds):
        passage = seeds.passages[unit.passage]
        assert unit.span in passage.sentences
        assert passage.document_id == seeds.documents[unit.document].id
        block = seeds.documents[unit.document].blocks[unit.block_index]
        assert (block is seeds.block(passage)) and block.speaker == unit.speaker


def test_a_window_is_a_sentence_with_its_neighbours_and_speaker(make_collection):
    _, units = units_of(make_collection, TALK)
    assert [unit.text for unit in units[:4]] == ["One came.", "Two came.", "Three came.", "Four came."]
    assert [unit.window_text for unit in units[:4]] == [
        "Smith: One came. Two came.",
        "Smith: One came. Two came. Three came.",
        "Smith: Two came. Three came. Four came.",
        "Smith: Three came. Four came.",
    ]
    assert {unit.passage_text for unit in units[:4]} == {"Smith: One came. Two came. Three came. Four came."}


def test_a_window_stays_in_its_passage(make_collection):
    sentence = "Word" + " word" * 99 + "."
    collection, units = units_of(make_collection, f"{sentence} {sentence}")
    assert [passage.id for passage in collection.passages] == ["d/p1.1", "d/p1.2"]
    assert [unit.window_text for unit in units] == [sentence, sentence]


def test_an_entry_is_searched_with_the_sentence_that_introduces_it(make_collection):
    _, units = units_of(make_collection, "It met. It decided:\n\n- to write;\n- to wait.\n")
    assert [unit.text for unit in units[2:]] == ["to write;", "to wait."]
    assert [unit.window_text for unit in units[2:]] == ["It decided: to write;", "It decided: to wait."]


def test_a_row_is_searched_with_the_columns_it_fills(make_collection):
    collection, units = units_of(make_collection, "Name\tVote\tDate\nCrowe\t\tMay\nWelch\tyes\t\n")
    assert [unit.text for unit in units] == ["Name Vote Date", "Name, Date: Crowe May", "Name, Vote: Welch yes"]
    (document,) = collection.documents
    assert describe(document, document.blocks[0]) == ""


def test_a_row_under_unnamed_columns_takes_the_names_of_its_own(make_collection):
    _, units = units_of(make_collection, "\t\tACTION\tINFO\n1\tDCI\t\tX\n2\tDDCI\tX\t\n")
    assert [unit.text for unit in units[1:]] == ["INFO: 1 DCI X", "ACTION: 2 DDCI X"]


def test_a_paragraph_stands_by_itself(make_collection):
    collection, units = units_of(make_collection, "The group\nmet “here.”")
    assert units[0].text == units[0].window_text == units[0].passage_text == 'The group met "here."'
    assert describe(collection.documents[0], collection.documents[0].blocks[0]) == ""


def test_unusual_white_space_introduces_nothing(make_collection):
    _, units = units_of(make_collection, "\u00a0\n- one\n- two\n")
    assert [unit.window_text for unit in units] == ["one", "two"]


def test_a_record_is_named_by_its_date_and_title(make_collection):
    files = {
        "1921-05-04-report-of-1921.txt": "It met.",
        "minutes 1922-01-02.txt": "It met.",
        "a (1923-01-02).txt": "It met.",
        "letter (copy).txt": "It met.",
    }
    units = read_units(load_collection(make_collection(files)))
    assert sorted(unit.record for unit in units) == [
        "January 2, 1922: Minutes", "January 2, 1923: A", "Letter (copy)", "May 4, 1921: report of 1921",
    ]  # fmt: skip
