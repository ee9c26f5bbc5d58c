from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.collection import load_collection
from embeddings.documents import Genre
from embeddings.errors import ManifestError
from embeddings.fields import DOCUMENT_FIELDS, ITEM_FIELDS
from embeddings.manifest import Certainty, Manifest, read_manifest

HEAD = """
[collection]
id = "c"
title = "C"
"""
DOCUMENT = """
[[document]]
id = "d"
path = "documents/d.txt"
title = "D"
"""
ITEM = """
[[document.item]]
id = "slip"
title = "Slip"
start = "It"
"""
PERSON = """
[[person]]
name = "Crowe"
"""
TERM = """
[[term]]
term = "SIG"
note = "Senior Interagency Group"
ground = "the directive"
"""
SMALLEST = HEAD + DOCUMENT
MEND = ". Mend the manifest and run the command again."


@pytest.fixture
def read(make_collection):
    def read(manifest: str) -> Manifest:
        return read_manifest(make_collection({"d.txt": "It met."}, manifest) / "manifest.toml")

    return read


@pytest.fixture
def refusal(make_collection):
    """Return the message of the error that a manifest meets, without the file's name, which it must begin with."""

    def refusal(manifest: str) -> str:
        path = make_collection({"d.txt": "It met."}, manifest) / "manifest.toml"
        with pytest.raises(ManifestError) as caught:
            read_manifest(path)
        assert str(caught.value).startswith(f"{path}: ")
        return str(caught.value).removeprefix(f"{path}: ")

    return refusal


def test_the_smallest_manifest_names_a_collection_and_a_document(read):
    manifest = read(SMALLEST)
    assert (manifest.id, manifest.title, manifest.description, manifest.language) == ("c", "C", "", "en")
    assert manifest.editor is None
    assert manifest.people == manifest.terms == manifest.suggestions == ()
    (document,) = manifest.documents
    assert (document.id, document.title, document.path.name) == ("d", "D", "d.txt")
    assert (document.genre, document.sha256, document.date, document.fields) == (None, None, None, ())


def test_all_that_a_manifest_may_say_is_read(read):
    manifest = read(
        'suggestions = ["Who met?"]'
        + HEAD
        + 'description = "About"\nlanguage = "de"\neditor = "E"\n'
        + DOCUMENT
        + 'genre = "prose"\ndate = "1988"\nnames = ["the file"]\nfurniture = [\'\\d\']\nredactions = ["X1"]\n'
        + 'page_starts = ["It"]\npages_by_item = true\n[document.citation]\nplace = "Pentagon"\n'
        + ITEM
        + 'end = "met."\nnames = ["the slip"]\ndate = "1988"\nauthor = "A"\nrecipient = "R"\nkind = "routing slip"\n'
        + PERSON
        + 'full_name = "William J. Crowe"\nrole = "Admiral"\naliases = ["Кроу"]\ncalled = ["the admiral"]\n'
        + 'speaks = true\nnote = "N"\nground = "G"\ncertainty = "uncertain"\n'
        + TERM
        + 'aliases = ["Senior Group"]\ncertainty = "stated"\n'
    )
    assert (manifest.description, manifest.language, manifest.editor) == ("About", "de", "E")
    assert manifest.suggestions == ("Who met?",)
    (document,), (person,), (term,) = manifest.documents, manifest.people, manifest.terms
    assert (document.genre, document.date, document.names) == (Genre.PROSE, "1988", ("the file",))
    assert (document.furniture, document.redactions, document.page_starts) == ((r"\d",), ("X1",), ("It",))
    assert document.pages_by_item and document.fields == (("place", "Pentagon"),)
    (item,) = document.items
    assert (item.id, item.title, item.start, item.end, item.names) == ("slip", "Slip", "It", "met.", ("the slip",))
    assert (item.date, item.author, item.recipient, item.kind) == ("1988", "A", "R", "routing slip")
    assert (person.name, person.full_name, person.role, person.speaks) == ("Crowe", "William J. Crowe", "Admiral", True)
    assert (person.aliases, person.called) == (("Кроу",), ("the admiral",))
    assert (person.note, person.ground, person.certainty) == ("N", "G", Certainty.UNCERTAIN)
    assert (term.term, term.note, term.ground) == ("SIG", "Senior Interagency Group", "the directive")
    assert (term.aliases, term.certainty) == (("Senior Group",), Certainty.STATED)


def test_certainty_is_stated_for_a_person_and_probable_for_a_term_unless_said(read):
    manifest = read(SMALLEST + PERSON + TERM)
    assert manifest.people[0].certainty is Certainty.STATED
    assert manifest.terms[0].certainty is Certainty.PROBABLE


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (DOCUMENT, "collection.id = None: is missing; it must be text"),
        (HEAD.replace('title = "C"', "") + DOCUMENT, "collection.title = None: is missing; it must be text"),
        (SMALLEST.replace('id = "c"', "id = 7"), "collection.id = 7: must be text, and not empty"),
        ('collection = "c"\n' + DOCUMENT, "collection = 'c': must be a table"),
        (HEAD + "colour = 1\n" + DOCUMENT, "collection.colour = 1: is not a key that memcon knows here"),
        ("colour = 1\n" + SMALLEST, "colour = 1: is not a key that memcon knows here"),
        ('suggestions = "Who?"\n' + SMALLEST, "suggestions = 'Who?': must be a list of texts"),
        ('suggestions = ["Who?", ""]\n' + SMALLEST, "suggestions = ['Who?', '']: must be a list of texts"),
        (HEAD + "[document]\n", "document = {}: must be an array of tables, [[document]]"),
        ("document = [3]\n" + HEAD, "document[1] = 3: must be a table"),
        (HEAD + DOCUMENT.replace('id = "d"', ""), "document[1].id = None: is missing; it must be text"),
        (
            SMALLEST + "date = 1988-07-28\n",
            "document[1].date = datetime.date(1988, 7, 28): must be text, and not empty",
        ),
        (SMALLEST + 'genre = "poem"\n', "document[1].genre = 'poem': must be one of 'transcript', 'prose'"),
        (SMALLEST + 'pages_by_item = "yes"\n', "document[1].pages_by_item = 'yes': must be true or false"),
        (
            SMALLEST + "furniture = ['[']\n",
            "document[1].furniture = '[': is not a regular expression (unterminated character set at position 0)",
        ),
        (
            SMALLEST + "page_break = '('\n",
            "document[1].page_break = '(': is not a regular expression "
            "(missing ), unterminated subpattern at position 0)",
        ),
        (
            SMALLEST + "page_break = '^'\npage_starts = ['It']\n",
            "document[1].page_starts = ['It']: cannot stand beside page_break; keep one of them",
        ),
        (
            SMALLEST.replace('id = "d"', 'id = "The File"'),
            "document[1].id = 'The File': must be small letters, digits, '-', '_' and '.': "
            "it becomes part of permalinks",
        ),
        (SMALLEST + "colour = 1\n", "document[1].colour = 1: is not a key that memcon knows here"),
        (SMALLEST + "[document.citation]\nbox = 3\n", "document[1].citation.box = 3: must be text, and not empty"),
        (SMALLEST + ITEM.replace('start = "It"', ""), "document[1].item[1].start = None: is missing; it must be text"),
        (SMALLEST + ITEM + "colour = 1\n", "document[1].item[1].colour = 1: is not a key that memcon knows here"),
        (SMALLEST + PERSON + "speaks = 1\n", "person[1].speaks = 1: must be true or false"),
        (
            SMALLEST + PERSON + 'note = "N"\n',
            "person[1].ground = None: is missing: an editor's note must say what it rests on",
        ),
        (
            SMALLEST + PERSON + 'certainty = "sure"\n',
            "person[1].certainty = 'sure': must be one of 'stated', 'probable', 'uncertain'",
        ),
        (SMALLEST + TERM.replace("ground", "grounds"), "term[1].ground = None: is missing; it must be text"),
    ],
)
def test_a_wrong_value_is_refused_with_file_key_and_value(refusal, manifest: str, message: str):
    assert refusal(manifest) == message + MEND


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (HEAD, "document: names no document; add a [[document]] table"),
        (SMALLEST + DOCUMENT, "document.id = 'd': comes more than once; each must differ"),
        (SMALLEST + ITEM + ITEM, "document[1].item.id = 'slip': comes more than once; each must differ"),
        (SMALLEST + PERSON + PERSON, "person.name = 'Crowe': comes more than once; each must differ"),
        (
            SMALLEST + PERSON + PERSON.replace("Crowe", "Welch") + 'aliases = ["CROWE"]\n',
            "person.aliases = 'CROWE': belongs to both 'Crowe' and 'Welch'; an alias must mean one person",
        ),
    ],
)
def test_what_must_be_one_is_refused_when_it_is_none_or_two(refusal, manifest: str, message: str):
    assert refusal(manifest) == message


def test_a_document_without_its_file_is_refused(refusal, tmp_path):
    message = refusal(SMALLEST.replace("documents/d.txt", "documents/e.txt"))
    path = tmp_path / "collection-1" / "documents" / "e.txt"
    assert message == f"document[1].path = 'documents/e.txt': no such file ({path})" + MEND


def test_what_is_not_toml_is_refused_with_its_place(refusal):
    assert refusal("[collection\n").startswith("is not TOML in UTF-8: Expected ']' at the end of a table declaration")


def test_what_is_not_utf_8_is_refused(tmp_path: Path):
    path = tmp_path / "manifest.toml"
    path.write_bytes('title = "Akhromeïev"'.encode("windows-1252"))
    with pytest.raises(ManifestError, match="is not TOML in UTF-8: 'utf-8' codec can't decode byte 0xef"):
        read_manifest(path)


def test_every_note_of_the_seeds_names_its_ground(seeds):
    manifest = seeds.manifest
    assert all(person.ground for person in manifest.people if person.note)
    assert all(term.ground and term.note for term in manifest.terms)
    assert [person.name for person in manifest.people if person.speaks] == [
        "Akhromeev", "Crowe", "Herres", "Wickham", "Throst", "Welch", "Dean",
    ]  # fmt: skip


def test_an_item_states_citation_fields_of_its_own(read):
    manifest = read(
        SMALLEST + '[document.citation]\nbox = "3"\n' + ITEM + '[document.item.citation]\ncopy = "Copy 2"\n'
    )
    (document,) = manifest.documents
    assert (document.fields, document.items[0].fields) == ((("box", "3"),), (("copy", "Copy 2"),))


@pytest.mark.parametrize(
    ("manifest", "key", "known"),
    [
        (SMALLEST + '[document.citation]\nshelf = "3"\n', "document[1].citation.shelf = '3'", DOCUMENT_FIELDS),
        (SMALLEST + ITEM + '[document.item.citation]\nauthor = "A"\n',
         "document[1].item[1].citation.author = 'A'", ITEM_FIELDS),
    ],
)  # fmt: skip
def test_a_field_that_no_citation_shows_is_refused(refusal, manifest: str, key: str, known: frozenset[str]):
    assert refusal(manifest) == f"{key}: is no field of a citation here; there are {', '.join(sorted(known))}" + MEND


@pytest.mark.parametrize("url", ["a.example/7", "ftp://a.example", "https://a/{7}", "https://a b", "https://a<b"])
def test_an_address_that_is_none_is_refused(refusal, url: str):
    assert refusal(SMALLEST + f'[document.citation]\nurl = "{url}"\n') == (
        f"document[1].citation.url = {url!r}: "
        "must begin with https:// or http:// and hold no blanks, quotes or brackets" + MEND
    )


def test_the_addresses_of_archives_are_taken_as_they_stand(read):
    url = "https://archive.example/a_b/7?q=1&r=%20;x#p=3"
    assert read(SMALLEST + f'[document.citation]\nurl = "{url}"\n').documents[0].fields == (("url", url),)


def test_citation_fields_leave_the_fingerprint_of_a_collection_as_it_was(make_collection):
    plain, described = (
        load_collection(make_collection({"d.txt": "It met."}, SMALLEST + more))
        for more in ("", '[document.citation]\nbox = "3"\nauthor = "A"\n')
    )
    assert plain.fingerprint == described.fingerprint
