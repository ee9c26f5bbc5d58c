"""Chicago notes and bibliographies, and the National Archives' form, of every record of the seeds, worked by hand.

17 and 18 are editions of The Chicago Manual of Style; ui/formats/README.md says where its rules were found.
"""

from __future__ import annotations

import re

import pytest

from bot.citations import find_citation
from embeddings.collection import load_collection
from ui.formats import chicago_note, format_citation, format_citations

# A heading that says what the record is (a record of conversation) takes no quotation marks (17: 14.221-231).
MEETING = (
    "Record of Conversation Between Chief of USSR General Staff Marshal Sergey Fyodorovich Akhromeev and "
    "William J. Crowe with members of the Joint Chiefs of Staff in the Pentagon, December 10, 1987"
)
TRANSLATED = "Anna Melyakova for the National Security Archive"
DIRECTIVE = "National Security Decision Directive Number 311, “US-Soviet Defense and Military Relations,” July 28, 1988"
POWELL = (
    "to the Secretary of State; the Secretary of Defense; the Director of Central Intelligence; "
    "and the Chairman, Joint Chiefs of Staff"
)
CONTACTS = "US-Soviet military contacts, 1987-1988"
NOTES = [
    # The speaker comes first, as in an interview (17: 14.211); turn and page are labelled (18: 14.123).
    ("akhromeev-crowe-1987/t28", f"W. Throst, in {MEETING}, trans. {TRANSLATED}, turn 28, p. 5, {CONTACTS}."),
    (  # where the text spells him Akromeev
        "akhromeev-crowe-1987/t29",
        f"Sergey Fyodorovich Akhromeev, in {MEETING}, trans. {TRANSLATED}, turn 29, p. 5, {CONTACTS}.",
    ),
    # Words that nobody speaks: the item comes first (17: 14.221-231, 18: 14.127).
    ("akhromeev-crowe-1987/p1", f"{MEETING}, trans. {TRANSLATED}, paragraph 1, p. 1, {CONTACTS}."),
    ("akhromeev-crowe-1987/n1", f"{MEETING}, trans. {TRANSLATED}, editor's note 1, p. 6, {CONTACTS}."),
    # Author, description, date; then the file, which holds three other records.
    (
        "nsdd-311/routing-slip/r12",
        "Executive Secretary, Executive Secretariat routing slip, August 2, 1988, table row 12, p. 1, "
        f"NSDD-311 file, {CONTACTS}.",
    ),
    (  # it bears no date, and gets none from its neighbours, nor 'n.d.'
        "nsdd-311/cover-sheet/p3",
        "National Security Council Information cover sheet, System II No. 90597, Copy 3 (CIA), paragraph 3, p. 1, "
        f"NSDD-311 file, {CONTACTS}.",
    ),
    (  # author to recipients, with the kind of what is no letter; its own title in quotation marks, the comma inside
        "nsdd-311/memorandum/p7",
        f"Colin L. Powell {POWELL}, memorandum, “US-Soviet Defense and Military Relations,” July 28, 1988, "
        f"System II 90597, paragraph 7, p. 1, NSDD-311 file, {CONTACTS}.",
    ),
    (  # nobody signs: the issuing body stands in the author's place; the title says the number, so nothing else does
        "nsdd-311/directive/e4",
        f"White House, {DIRECTIVE}, System II 90597, list entry 4, p. 2, NSDD-311 file, {CONTACTS}.",
    ),
]
ENTRIES = {
    "akhromeev-crowe-1987/t28": f"{MEETING}. Translated by {TRANSLATED}. {CONTACTS}.",
    "nsdd-311/routing-slip/r12": (
        f"Executive Secretary. Executive Secretariat routing slip, August 2, 1988. NSDD-311 file. {CONTACTS}."
    ),
    "nsdd-311/cover-sheet/p3": (
        "National Security Council Information cover sheet. System II No. 90597, Copy 3 (CIA). "
        f"NSDD-311 file. {CONTACTS}."
    ),
    # The family name first; the full stop of an initial is not doubled.
    "nsdd-311/memorandum/p7": (
        f"Powell, Colin L. Memorandum {POWELL}, “US-Soviet Defense and Military Relations,” July 28, 1988. "
        f"System II 90597. NSDD-311 file. {CONTACTS}."
    ),
    "nsdd-311/directive/e4": f"White House. {DIRECTIVE}. System II 90597. NSDD-311 file. {CONTACTS}.",
}
# General Information Leaflet 17: the item first, what holds it after it, semicolons between.
NARA = {
    "akhromeev-crowe-1987/t28": (
        f"{MEETING}, translated by {TRANSLATED}, words of W. Throst, turn 28, p. 5; {CONTACTS}."
    ),
    "nsdd-311/routing-slip/r12": (
        "Executive Secretariat routing slip, Executive Secretary, August 2, 1988, table row 12, p. 1; "
        f"NSDD-311 file; {CONTACTS}."
    ),
    "nsdd-311/cover-sheet/p3": (
        "National Security Council Information cover sheet, System II No. 90597, Copy 3 (CIA), paragraph 3, p. 1; "
        f"NSDD-311 file; {CONTACTS}."
    ),
    "nsdd-311/memorandum/p7": (
        "Memorandum, “US-Soviet Defense and Military Relations,” Colin L. Powell "
        f"{POWELL.replace(';', ',')}, July 28, 1988, System II 90597, paragraph 7, p. 1; NSDD-311 file; {CONTACTS}."
    ),
    "nsdd-311/directive/e4": (
        "National Security Decision Directive Number 311, “US-Soviet Defense and Military Relations,” White House, "
        f"July 28, 1988, System II 90597, list entry 4, p. 2; NSDD-311 file; {CONTACTS}."
    ),
}
DOCUMENT = (
    '[[document]]\nid = "d"\npath = "documents/d.txt"\ntitle = "{title}"\n{more}\n[document.citation]\n{fields}\n'
)


@pytest.fixture
def described(make_collection):
    """Return ``described(title, fields, more)``: a collection of one paragraph, and its citation."""

    def described(title: str, fields: str = "", more: str = "", text: str = "It was closed.", tables: str = ""):
        manifest = '[collection]\nid = "c"\ntitle = "Harbours"\n' + DOCUMENT.format(
            title=title, fields=fields, more=more
        )
        collection = load_collection(make_collection({"d.txt": text}, manifest + tables))
        return collection, find_citation(collection, collection.passages[0].id)

    return described


@pytest.mark.parametrize(("identifier", "note"), NOTES, ids=[identifier for identifier, _ in NOTES])
def test_a_note_of_each_record_is_the_one_worked_by_hand(seeds, identifier, note):
    citation = find_citation(seeds, identifier)

    assert chicago_note(citation, seeds) == format_citation(citation, seeds, "chicago") == note


@pytest.mark.parametrize(("identifier", "entry"), ENTRIES.items(), ids=list(ENTRIES))
def test_an_entry_of_each_record_is_the_one_worked_by_hand(seeds, identifier, entry):
    assert format_citation(find_citation(seeds, identifier), seeds, "chicago-bibliography") == entry


@pytest.mark.parametrize(("identifier", "citation"), NARA.items(), ids=list(NARA))
def test_the_national_archives_form_of_each_record_is_the_one_worked_by_hand(seeds, identifier, citation):
    assert format_citation(find_citation(seeds, identifier), seeds, "nara") == citation


@pytest.mark.parametrize("form", ["chicago", "chicago-bibliography", "nara"])
def test_no_title_no_name_and_no_number_is_said_twice(seeds, form):
    for passage in seeds.passages:
        shown = format_citation(find_citation(seeds, passage.id), seeds, form)

        for words in (
            "Record of Conversation",
            "Melyakova",
            "US-Soviet Defense",
            "Powell",
            "90597",
            "routing slip",
            CONTACTS,
        ):
            assert shown.casefold().count(words.casefold()) <= 1, f"{words!r} in {shown}"
        assert len(re.findall(r"\b311\b", shown.replace("NSDD-311 file", ""))) <= 1


def test_notes_after_the_first_of_a_record_are_short(seeds):
    identifiers = (
        "akhromeev-crowe-1987/t28", "nsdd-311/directive/e4", "akhromeev-crowe-1987/t29", "akhromeev-crowe-1987/t29",
        "nsdd-311/directive/p9.2", "nsdd-311/memorandum/p7", "nsdd-311/memorandum/p9", "nsdd-311/cover-sheet/p3",
        "nsdd-311/cover-sheet/p4", "nsdd-311/routing-slip/r12", "nsdd-311/routing-slip/p2", "akhromeev-crowe-1987/n1",
    )  # fmt: skip
    full = dict(NOTES)

    # Family name, short title, place (17: 14.30); the same again and not 'ibid.' (17: 14.34; 18: 13.37).
    assert format_citations([find_citation(seeds, i) for i in identifiers], seeds, "chicago").splitlines() == [
        f"1. {full['akhromeev-crowe-1987/t28']}",
        f"2. {full['nsdd-311/directive/e4']}",
        "3. Akhromeev, Record of Conversation, turn 29, p. 5.",
        "4. Akhromeev, Record of Conversation, turn 29, p. 5.",
        "5. White House, NSDD-311, paragraph 9, p. 2.",
        f"6. {full['nsdd-311/memorandum/p7']}",
        "7. Powell, memorandum, paragraph 9, p. 1.",
        f"8. {full['nsdd-311/cover-sheet/p3']}",
        "9. Cover sheet, paragraph 4, p. 1.",
        f"10. {full['nsdd-311/routing-slip/r12']}",
        "11. Executive Secretary, routing slip, paragraph 2, p. 1.",
        "12. Record of Conversation, editor's note 1, p. 6.",
    ]


def test_a_bibliography_has_each_record_once_in_alphabetical_order(seeds):
    citations = [find_citation(seeds, passage.id) for passage in seeds.passages]

    assert format_citations(citations, seeds, "chicago-bibliography").splitlines() == [
        ENTRIES["nsdd-311/routing-slip/r12"],  # Executive Secretary
        ENTRIES["nsdd-311/cover-sheet/p3"],  # National Security Council
        ENTRIES["nsdd-311/memorandum/p7"],  # Powell
        ENTRIES["akhromeev-crowe-1987/t28"],  # Record
        ENTRIES["nsdd-311/directive/e4"],  # White House
    ]


def test_the_national_archives_form_of_several_is_numbered_and_each_in_full(seeds):
    citations = [find_citation(seeds, i) for i in ("nsdd-311/directive/e4", "nsdd-311/directive/e4")]

    assert format_citations(citations, seeds, "nara").splitlines() == [
        f"1. {NARA['nsdd-311/directive/e4']}",
        f"2. {NARA['nsdd-311/directive/e4']}",
    ]


def test_an_address_stands_last_without_the_proof_that_programs_read(seeds):
    citation = find_citation(seeds, "akhromeev-crowe-1987/t28")

    assert format_citation(citation, seeds, "chicago", "https://museum.example") == (
        f"W. Throst, in {MEETING}, trans. {TRANSLATED}, turn 28, p. 5, {CONTACTS}, "
        "https://museum.example/cite/akhromeev-crowe-1987/t28:14462-14788."
    )
    assert format_citation(citation, seeds, "chicago-bibliography", "https://museum.example") == (
        f"{ENTRIES['akhromeev-crowe-1987/t28']} https://museum.example/documents/akhromeev-crowe-1987."
    )


LETTER = """
type = "letter"
author = "Ann Smith, Jr.; Harbour Board"
recipient = "Bo Li"
family_names = "Smith; Bo"
number = "L-7"
box = "2"
folder = "5"
series = "Letters Received; 1890"
fonds = "Harbour Board Records"
repository = "Town Archive"
repository_place = "Bergen"
url = "https://archive.example/7?a=1;b=2"
"""


def test_all_that_an_archive_can_state_has_its_place(described):
    collection, citation = described("The Fire", LETTER, 'date = "1890-05"')

    # From the most specific to the least; the page, were one known, after box and folder (18: 14.123, 14.127).
    assert format_citation(citation, collection, "chicago") == (
        "Ann Smith, Jr. and Harbour Board to Bo Li, letter, “The Fire,” May 1890, L-7, box 2, folder 5, paragraph 1, "
        "Letters Received; 1890, Harbour Board Records, Town Archive, Bergen, Harbours, "
        "https://archive.example/7?a=1;b=2."
    )
    # The first name is inverted, the others are not.
    assert format_citation(citation, collection, "chicago-bibliography") == (
        "Smith, Ann, Jr. and Harbour Board. Letter to Bo Li, “The Fire,” May 1890. L-7. Box 2, folder 5, "
        "Letters Received; 1890, Harbour Board Records, Town Archive, Bergen. Harbours. "
        "https://archive.example/7?a=1;b=2."
    )
    # Semicolons part the levels: one inside a series' title becomes a comma, an address stays as it is.
    assert format_citation(citation, collection, "nara") == (
        "Letter, “The Fire,” Ann Smith, Jr. and Harbour Board to Bo Li, May 1890, L-7, paragraph 1; box 2, folder 5; "
        "Letters Received, 1890; Harbour Board Records; Town Archive, Bergen; Harbours; "
        "https://archive.example/7?a=1;b=2."
    )


@pytest.mark.parametrize(
    ("title", "fields", "note"),
    [
        ("Report", 'type = "report"', "Report, paragraph 1, Harbours."),
        ("Minutes", 'type = "minutes"\nplace = "Oslo"', "Minutes, Oslo, paragraph 1, Harbours."),
        ("Minutes at Oslo", 'type = "minutes"\nplace = "Oslo"', "Minutes at Oslo, paragraph 1, Harbours."),
        ("Report: Who?", 'type = "report"', "Report, “Who?,” paragraph 1, Harbours."),
        ("On “Trade” Winds", "", "“On ‘Trade’ Winds,” paragraph 1, Harbours."),
        ('A \\"plain\\" word', "", "“A ‘plain’ word,” paragraph 1, Harbours."),
        ("Denoted", 'type = "note"', "Note, “Denoted,” paragraph 1, Harbours."),
        ("Report 12", 'type = "report"\nnumber = "R 12"', "Report 12, paragraph 1, Harbours."),
        ("Report", 'type = "report"\nnumber = "--"', "Report, --, paragraph 1, Harbours."),
        ("Report", 'type = "report"\nrecipient = "The Mayor"', "To the Mayor, Report, paragraph 1, Harbours."),
        ("Report", 'type = "report"\nissuer = "Board"\nauthor = "A. B"', "A. B, Report, paragraph 1, Harbours."),
        ("Report", 'type = "report"\ntranslator = "A; B"', "Report, trans. A and B, paragraph 1, Harbours."),
    ],
)
def test_a_note_says_each_thing_once(described, title, fields, note):
    collection, citation = described(title, fields)

    assert format_citation(citation, collection, "chicago") == note


@pytest.mark.parametrize(
    ("title", "fields", "entry"),
    [
        ("Who was it?", "", "“Who was it?” Harbours."),
        ("On “Trade”", "", "“On ‘Trade.’” Harbours."),
        ("Report", 'type = "report"\nauthor = "Ann B."', "Ann B. Report. Harbours."),
        ("Report", 'type = "report"\nrecipient = "The Mayor"', "Report, to the Mayor. Harbours."),
    ],
)
def test_an_entry_has_one_full_stop_after_each_part(described, title, fields, entry):
    collection, citation = described(title, fields)

    assert format_citation(citation, collection, "chicago-bibliography") == entry


TWO = """
[[document]]
id = "e"
path = "documents/e.txt"
title = "{title}"
date = "{date}"
[document.citation]
{fields}
"""


def notes_of_two(make_collection, fields: str, dates: tuple[str, str], titles: tuple[str, str]) -> list[str]:
    first = TWO.format(title=titles[0], date=dates[0], fields=fields)
    second = TWO.format(title=titles[1], date=dates[1], fields=fields).replace('"e"', '"f"').replace("e.txt", "f.txt")
    folder = make_collection(
        {"e.txt": "It was closed.", "f.txt": "It burned."}, f'[collection]\nid = "c"\ntitle = "C"\n{first}{second}'
    )
    collection = load_collection(folder)
    citations = [find_citation(collection, passage.id) for passage in collection.passages]
    return format_citations([*citations, *citations], collection, "chicago").splitlines()[2:]


@pytest.mark.parametrize(
    ("fields", "dates", "titles", "short"),
    [
        ('type = "minutes"', ("1890", "1891"), ("Minutes", "Minutes"), ["Minutes, 1890,", "Minutes, 1891,"]),
        ('type = "log"', ("1890", "1890"), ("Log of A", "Log of B"), ["Log of A, 1890,", "Log of B, 1890,"]),
        ('short_title = "M"', ("1890", "1891"), ("A", "B"), ["M, 1890,", "M, 1891,"]),
        ("", ("1890", "1891"), ("The fire: a report", "Smoke"), ["“The fire,”", "“Smoke,”"]),
        ("", ("1890", "1891"), ("Fire: a report", "Fire: a tale"), ["“Fire,” 1890,", "“Fire,” 1891,"]),
        ("", ("1890", "1890"), ("Fire: one", "Fire: two"), ["“Fire: one,” 1890,", "“Fire: two,” 1890,"]),
    ],
)  # fmt: skip
def test_short_titles_tell_records_apart(make_collection, fields, dates, titles, short):
    assert notes_of_two(make_collection, fields, dates, titles) == [
        f"{n}. {title} paragraph 1." for n, title in enumerate(short, start=3)
    ]


def test_a_fonds_of_several_cited_records_stands_once_for_them(make_collection):
    fields = 'fonds = "The Harbour Papers"\nrepository = "Town Archive"\nrepository_place = "Bergen"'
    first = TWO.format(title="A", date="1890", fields=fields)
    second = TWO.format(title="B", date="1891", fields=fields).replace('"e"', '"f"').replace("e.txt", "f.txt")
    third = TWO.format(title="Smoke", date="1892", fields="").replace('"e"', '"g"').replace("e.txt", "g.txt")
    folder = make_collection(
        {"e.txt": "It was closed.", "f.txt": "It burned.", "g.txt": "It smoked."},
        f'[collection]\nid = "c"\ntitle = "C"\n{third}{first}{second}',
    )
    collection = load_collection(folder)
    citations = [find_citation(collection, passage.id) for passage in collection.passages]

    # Single items only where one of a collection is cited (17: 14.221-231); 'The' does not count in the order.
    assert format_citations(citations, collection, "chicago-bibliography").splitlines() == [
        "The Harbour Papers. Town Archive, Bergen.",
        "“Smoke,” 1892. C.",
    ]
    assert format_citations(citations[:2], collection, "chicago-bibliography").splitlines() == [
        "“A,” 1890. The Harbour Papers, Town Archive, Bergen. C.",
        "“Smoke,” 1892. C.",
    ]


ITEMS = """
[[document.item]]
id = "one"
title = "{title}"
start = "It"
"""


@pytest.mark.parametrize(
    ("file", "fields", "item", "note"),
    [
        ("Fire file", 'number = "F 1"', "Report", "“Report,” paragraph 1, “Fire file,” Harbours."),
        ("Fire file", 'type = "file"', "Report", "“Report,” paragraph 1, Fire file, Harbours."),
        ("Fire file", 'box = "3"', "Report", "“Report,” box 3, paragraph 1, “Fire file,” Harbours."),
        ("Report and map", "", "Report", "“Report,” paragraph 1, Harbours."),  # the file is called as the item is
        ("Report and map", 'short_title = "Map"', "Report", "“Report,” paragraph 1, Map, Harbours."),
    ],
)
def test_an_item_is_cited_inside_its_file(described, file, fields, item, note):
    collection, citation = described(file, fields, tables=ITEMS.format(title=item))

    assert citation.item_id == "one"
    assert format_citation(citation, collection, "chicago") == note


def test_what_an_item_states_goes_before_what_its_file_states(described):
    own = ITEMS.format(title="Report") + '[document.item.citation]\nbox = "4"\ncopy = "Copy 2"\n'
    collection, citation = described("File", 'box = "3"\ncopy = "Copy 1"\nrepository = "Archive"', tables=own)

    assert format_citation(citation, collection, "chicago") == (
        "“Report,” Copy 2, box 4, paragraph 1, “File,” Archive, Harbours."
    )
