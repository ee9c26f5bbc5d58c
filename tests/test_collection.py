from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from embeddings.collection import load_collection
from embeddings.documents import Genre
from embeddings.errors import DocumentError, ManifestError

TALK = "SMITH: One.\n\nJONES: Two.\n\n" * 3


def test_the_seeds_hold_two_documents_and_nothing_is_guessed(seeds):
    assert [document.id for document in seeds.documents] == ["akhromeev-crowe-1987", "nsdd-311"]
    assert seeds.guessed == ()


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    path = tmp_path / "none"
    with pytest.raises(ManifestError) as caught:
        load_collection(path)
    assert str(caught.value) == (
        f"{path}: no such folder. A collection is a folder with a 'documents' folder in it, and a manifest.toml beside "
        "that; name one with --collection DIR"
    )


def test_a_file_is_no_collection(tmp_path):
    path = tmp_path / "letter.txt"
    path.write_text("It met.")
    with pytest.raises(ManifestError, match="no such folder"):
        load_collection(path)


def test_an_empty_folder_is_refused_with_what_belongs_in_it(tmp_path):
    with pytest.raises(ManifestError) as caught:
        load_collection(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path}: holds no collection: neither manifest.toml nor a text file in {tmp_path / 'documents'}. Put "
        "documents (.txt, .md, .markdown, .text) there, or name another folder with --collection DIR"
    )


def test_without_a_manifest_titles_genres_and_speakers_are_guessed_and_said(make_collection):
    folder = make_collection({"talks_1987-12-10.txt": TALK, "notes/the_file.md": "It met.", ".hidden.txt": "No."})
    collection = load_collection(folder)
    assert [(d.id, d.title, d.date, d.genre) for d in collection.documents] == [
        ("notes-the-file", "The file", None, Genre.PROSE),
        ("talks-1987-12-10", "Talks 1987-12-10", "1987-12-10", Genre.TRANSCRIPT),
    ]
    assert collection.guessed == (
        f"{folder}: no manifest.toml; titles are taken from file names",
        "notes-the-file: read as prose",
        "talks-1987-12-10: read as transcript, speakers Jones, Smith",
    )


def test_a_genre_that_the_manifest_leaves_open_is_guessed_and_said(make_collection):
    manifest = """
        collection = { id = "c", title = "C" }
        document = [{ id = "d", path = "documents/d.txt", title = "D" }]
    """
    assert load_collection(make_collection({"d.txt": "It met."}, manifest)).guessed == ("d: read as prose",)


def test_files_of_other_kinds_are_left_out_and_named_in_the_log(make_collection, caplog):
    folder = make_collection({"a.txt": "It met.", "scan.pdf": b"%PDF-1.4"})
    with caplog.at_level(logging.WARNING):
        assert [document.id for document in load_collection(folder).documents] == ["a"]
    assert caplog.messages == [
        f"{folder / 'documents' / 'scan.pdf'}: not read; supported are .txt, .md, .markdown, .text"
    ]


def test_only_files_of_other_kinds_are_no_collection(make_collection):
    with pytest.raises(ManifestError, match="holds no collection"):
        load_collection(make_collection({"scan.pdf": b"%PDF-1.4"}))


def test_a_file_of_another_kind_that_the_manifest_names_is_refused(make_collection):
    manifest = """
        collection = { id = "c", title = "C" }
        document = [{ id = "d", path = "documents/scan.pdf", title = "D" }]
    """
    with pytest.raises(DocumentError, match=r"scan\.pdf: '\.pdf' is not read; supported are \.txt"):
        load_collection(make_collection({"scan.pdf": b"%PDF-1.4"}, manifest))


def test_names_that_make_the_same_id_are_told_apart(make_collection):
    folder = make_collection({"a b.txt": "One.", "a_b.txt": "Two.", "протокол.txt": "Three.", "記録.txt": "Four."})
    assert [document.id for document in load_collection(folder).documents] == ["a-b", "a-b-2", "document", "document-2"]


def test_documents_passages_and_people_are_found_by_name(seeds):
    assert seeds.document("nsdd-311") is seeds.documents[1]
    passage = seeds.passage("akhromeev-crowe-1987/t24")
    assert seeds.block(passage).speaker == "Herres"
    assert seeds.person("Herres").full_name == "R. Herres"
    assert seeds.person("Nobody") is None


def test_a_passage_is_found_by_any_of_its_characters(seeds):
    for document in seeds.documents:
        held = {
            offset: p
            for p in seeds.passages
            if p.document_id == document.id
            for offset in range(p.span.start, p.span.end)
        }
        for offset in range(len(document.text) + 1):
            assert seeds.passage_at(document.id, offset) is held.get(offset)
    with pytest.raises(KeyError, match="no document 'x'"):
        seeds.passage_at("x", 0)


def test_look_ups_follow_the_documents_of_a_changed_collection(seeds):
    one = replace(seeds, documents=seeds.documents[1:], passages=seeds.passages[-1:])

    assert one.document("nsdd-311") is seeds.documents[1]
    assert one.passage(seeds.passages[-1].id) is seeds.passages[-1]
    with pytest.raises(KeyError):
        one.passage(seeds.passages[0].id)
    assert list(one.words) == ["nsdd-311"]
    assert replace(seeds) == seeds


def test_a_name_that_is_not_there_is_an_error_that_says_what_is(seeds):
    with pytest.raises(KeyError, match="no document 'x'; there are akhromeev-crowe-1987, nsdd-311"):
        seeds.document("x")
    with pytest.raises(KeyError, match="no passage 'x'; 'memcon documents' lists the documents"):
        seeds.passage("x")


def test_the_same_bytes_give_the_same_fingerprint(make_collection):
    one, two = (load_collection(make_collection({"a.txt": TALK, "b.txt": "It met."})) for _ in range(2))
    assert one.path != two.path
    assert one.fingerprint == two.fingerprint


def test_one_other_byte_gives_another_fingerprint(make_collection):
    one = load_collection(make_collection({"a.txt": "It met."}))
    assert one.fingerprint != load_collection(make_collection({"a.txt": "It met!"})).fingerprint
    assert one.fingerprint != load_collection(make_collection({"b.txt": "It met."})).fingerprint


def test_fingerprint_tells_where_one_curated_question_ends(seeds):
    def with_wordings(*wordings: tuple[str, ...]):
        return replace(seeds, questions=tuple(replace(seeds.questions[0], wordings=w) for w in wordings))

    assert with_wordings(("a", "b"), ("c",)).fingerprint != with_wordings(("a", "bc")).fingerprint
