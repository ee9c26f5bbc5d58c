"""Citations as researchers paste them: what the manifest states, and nothing else."""

from __future__ import annotations

import re

import pytest

from bot.citations import cite, find_citation
from embeddings.collection import load_collection
from ui.formats import FORMATS, format_citation, spell_date

MEETING_TITLE = (
    "Record of Conversation Between Chief of USSR General Staff Marshal Sergey Fyodorovich Akhromeev and "
    "William J. Crowe with members of the Joint Chiefs of Staff in the Pentagon"
)
FILE_TITLE = (
    "National Security Decision Directive Number 311: US-Soviet Defense and Military Relations, "
    "with routing slip, cover sheet and memorandum"
)


@pytest.mark.parametrize(
    ("identifier", "note"),
    [
        (
            "akhromeev-crowe-1987/t28",
            f"W. Throst, in “{MEETING_TITLE}”, December 10, 1987, turn 28, p. 5, trans. Anna Melyakova, "
            "for the National Security Archive, US-Soviet military contacts, 1987-1988.",
        ),
        (
            "akhromeev-crowe-1987/t29",  # where the text spells him Akromeev
            f"Sergey Fyodorovich Akhromeev, in “{MEETING_TITLE}”, December 10, 1987, turn 29, p. 5, trans. "
            "Anna Melyakova, for the National Security Archive, US-Soviet military contacts, 1987-1988.",
        ),
        (
            "nsdd-311/memorandum/p7",
            "“Memorandum: US-Soviet Defense and Military Relations”, by Colin L. Powell, July 28, 1988, paragraph 7, "
            f"p. 1, NSDD-311, in “{FILE_TITLE}”, US-Soviet military contacts, 1987-1988.",
        ),
        (
            "nsdd-311/cover-sheet/p2",  # it bears no date, and gets none from its neighbours
            "“National Security Council Information cover sheet”, paragraph 2, p. 1, NSDD-311, "
            f"in “{FILE_TITLE}”, US-Soviet military contacts, 1987-1988.",
        ),
    ],
)
def test_a_chicago_note_is_made_of_what_the_manifest_states(seeds, identifier, note):
    assert format_citation(find_citation(seeds, identifier), seeds, "chicago") == note


def test_the_text_form_has_words_place_id_and_hash(seeds):
    citation = find_citation(seeds, "akhromeev-crowe-1987/t2")

    assert format_citation(citation, seeds, "text") == (
        "“I regret this myself. I’m not in the U.S. that often.”\n"
        "Sergey Fyodorovich Akhromeev, Record of Conversation Between Chief of USSR General Staff Marshal…, "
        "1987-12-10, turn 2, p. 1\n"
        "akhromeev-crowe-1987/t2:399-452\n"
        "sha256 5007a91cae393a0a42570edcfc013ea2c2688ed1bef253e6faa1345ce7027f73"
    )


def test_the_text_form_changes_white_space_only(seeds):
    for passage in seeds.passages:
        citation = find_citation(seeds, passage.id)
        shown = format_citation(citation, seeds, "text").splitlines()[0]

        assert (shown[0], shown[-1]) == ("“", "”")
        assert shown[1:-1].split() == citation.exact.split()


def test_no_form_invents_a_url_a_box_or_a_reading_room_number(seeds):
    for passage in seeds.passages:
        for form in FORMATS:
            text = format_citation(find_citation(seeds, passage.id), seeds, form)

            assert not re.search(r"https?:|www\.|\bBox\b|\bFolder\b|None", text)


def test_without_a_manifest_what_is_unknown_is_left_out(make_collection):
    collection = load_collection(make_collection({"harbour_report.txt": "The harbour was closed."}))
    citation = cite(collection, "harbour-report", collection.passages[0].span, 1.0)

    note = format_citation(citation, collection, "chicago")

    assert note == f"“Harbour report”, paragraph 1, {collection.manifest.title}."


def test_a_form_that_does_not_exist_is_an_error(seeds):
    with pytest.raises(ValueError) as raised:
        format_citation(find_citation(seeds, "akhromeev-crowe-1987/t2"), seeds, "mla")

    assert str(raised.value) == f"format 'mla': must be one of {', '.join(FORMATS)}"


@pytest.mark.parametrize(
    ("iso", "spelled"),
    [
        ("1987-12-10", "December 10, 1987"),
        ("1988-08-02", "August 2, 1988"),
        ("1988", "1988"),
        ("1988-07", "1988-07"),
        ("around 1900", "around 1900"),
        ("1988-13-40", "1988-13-40"),
    ],
)
def test_a_date_is_spelled_out_where_it_is_a_whole_one(iso, spelled):
    assert spell_date(iso) == spelled
