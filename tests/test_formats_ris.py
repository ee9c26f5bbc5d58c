"""RIS of every record of the seeds, worked by hand, and read back by rispy, whatever a document holds."""

from __future__ import annotations

import pytest
import rispy
from hostile import FIELDS, HOSTILE, VALUES, citations_of
from hypothesis import given

from bot.citations import find_citation
from ui.formats import format_citation, format_citations
from ui.formats.words import inline

MEETING_SHA256 = "5007a91cae393a0a42570edcfc013ea2c2688ed1bef253e6faa1345ce7027f73"
FILE_SHA256 = "9d152946fa445326ca74dc58ca6ffefe613f4be58695447c902c877c485bd6e0"
# Tags of the RIS specification of 2011: DA is YYYY/MM/DD/, A4 the translator, M3 the kind of a manuscript.
ENTRIES = {
    "akhromeev-crowe-1987/t2": f"""\
TY  - MANSCPT
ID  - akhromeev-crowe-1987
TI  - Record of Conversation Between Chief of USSR General Staff Marshal Sergey Fyodorovich Akhromeev and \
William J. Crowe with members of the Joint Chiefs of Staff in the Pentagon
T3  - US-Soviet military contacts, 1987-1988
PY  - 1987
DA  - 1987/12/10/
CY  - Pentagon
A4  - Melyakova, Anna
LA  - en
N1  - “I regret this myself. I’m not in the U.S. that often.” (Sergey Fyodorovich Akhromeev, turn 2, p. 1; \
akhromeev-crowe-1987/t2:399-452)
N1  - Participants: William J. Crowe; Sergey Fyodorovich Akhromeev; R. Herres; D. Wickham; W. Throst; L. Welch; K. Dean
N1  - Time: 8.00-9.30
N1  - Translated by: Anna Melyakova for the National Security Archive
N1  - Provenance: Obtained from a participant by the author in 1996
N1  - SHA-256 of the file: {MEETING_SHA256}
ER  - """,
    "nsdd-311/routing-slip/r12": f"""\
TY  - MANSCPT
ID  - nsdd-311/routing-slip
AU  - Executive Secretary
TI  - Executive Secretariat routing slip
T2  - NSDD-311 file
T3  - US-Soviet military contacts, 1987-1988
PY  - 1988
DA  - 1988/08/02/
LA  - en
N1  - “11 IG” (table row 12, p. 1; nsdd-311/routing-slip/r12:196-201)
N1  - SHA-256 of the file: {FILE_SHA256}
ER  - """,
    "nsdd-311/cover-sheet/p2": f"""\
TY  - MANSCPT
ID  - nsdd-311/cover-sheet
TI  - National Security Council Information cover sheet
T2  - NSDD-311 file
T3  - US-Soviet military contacts, 1987-1988
M1  - System II No. 90597, Copy 3 (CIA)
LA  - en
N1  - “COPY 3 (CIA)” (paragraph 2, p. 1; nsdd-311/cover-sheet/p2:607-619)
N1  - Classification: CONFIDENTIAL, struck through on the page's stamps
N1  - SHA-256 of the file: {FILE_SHA256}
ER  - """,
    "nsdd-311/memorandum/p1": f"""\
TY  - MANSCPT
ID  - nsdd-311/memorandum
AU  - Powell, Colin L.
TI  - US-Soviet Defense and Military Relations
M3  - memorandum
T2  - NSDD-311 file
T3  - US-Soviet military contacts, 1987-1988
PY  - 1988
DA  - 1988/07/28/
M1  - System II 90597
LA  - en
N1  - To: The Secretary of State; The Secretary of Defense; The Director of Central Intelligence; \
The Chairman, Joint Chiefs of Staff
N1  - “System II 90597” (paragraph 1, p. 1; nsdd-311/memorandum/p1:1551-1568)
N1  - Classification: CONFIDENTIAL, struck through on the page's stamps
N1  - SHA-256 of the file: {FILE_SHA256}
ER  - """,
    "nsdd-311/directive/p3": f"""\
TY  - MANSCPT
ID  - nsdd-311/directive
AU  - White House
TI  - National Security Decision Directive Number 311: US-Soviet Defense and Military Relations
T2  - NSDD-311 file
T3  - US-Soviet military contacts, 1987-1988
PY  - 1988
DA  - 1988/07/28/
M1  - System II 90597
LA  - en
N1  - “NATIONAL SECURITY DECISION DIRECTIVE NUMBER 311” (paragraph 3, p. 1; nsdd-311/directive/p3:2186-2235)
N1  - Classification: CONFIDENTIAL, struck through on the pages' stamps
N1  - SHA-256 of the file: {FILE_SHA256}
ER  - """,
}


@pytest.mark.parametrize(("identifier", "entry"), ENTRIES.items(), ids=list(ENTRIES))
def test_an_entry_of_each_record_is_the_one_worked_by_hand(seeds, identifier, entry):
    assert format_citation(find_citation(seeds, identifier), seeds, "ris") == entry


def test_rispy_reads_every_field_where_it_belongs(seeds):
    (entry,) = rispy.loads(format_citation(find_citation(seeds, "nsdd-311/memorandum/p7"), seeds, "ris"))

    assert {
        key: entry[key] for key in ("type_of_reference", "id", "authors", "title", "type_of_work", "year", "date")
    } == {
        "type_of_reference": "MANSCPT",
        "id": "nsdd-311/memorandum",
        "authors": ["Powell, Colin L."],
        "title": "US-Soviet Defense and Military Relations",
        "type_of_work": "memorandum",
        "year": "1988",
        "date": "1988/07/28/",
    }
    assert "unknown_tag" not in entry


def test_several_passages_of_a_record_are_notes_of_one_entry_in_the_order_of_the_text(seeds):
    identifiers = (
        "akhromeev-crowe-1987/t29",
        "nsdd-311/memorandum/p7",
        "akhromeev-crowe-1987/t2",
        "akhromeev-crowe-1987/t2",
    )
    entries = rispy.loads(format_citations([find_citation(seeds, i) for i in identifiers], seeds, "ris"))

    assert [entry["id"] for entry in entries] == ["akhromeev-crowe-1987", "nsdd-311/memorandum"]
    assert [note[:24] for note in entries[0]["notes"][:3]] == [
        "“I regret this myself. I", "“Yes, the seamen turned ", "Participants: William J.",
    ]  # fmt: skip


def test_every_export_of_the_seeds_has_the_same_five_keys(seeds):
    citations = [find_citation(seeds, passage.id) for passage in seeds.passages]
    keys = [entry["id"] for entry in rispy.loads(format_citations(citations, seeds, "ris"))]

    assert keys == [
        "akhromeev-crowe-1987", "nsdd-311/routing-slip", "nsdd-311/cover-sheet", "nsdd-311/memorandum",
        "nsdd-311/directive",
    ]  # fmt: skip
    for citation in citations:
        (entry,) = rispy.loads(format_citation(citation, seeds, "ris"))
        assert entry["id"] in keys


def test_with_an_address_each_quotation_has_its_whole_permalink(seeds):
    citation = find_citation(seeds, "akhromeev-crowe-1987/t2")
    (entry,) = rispy.loads(format_citation(citation, seeds, "ris", "https://museum.example"))

    assert entry["urls"] == ["https://museum.example/documents/akhromeev-crowe-1987"]
    assert entry["notes"][0].endswith(f"; {citation.id}; https://museum.example{citation.url})")


@pytest.mark.parametrize(
    ("date", "year", "shown"),
    [
        ("1987-12-10", "1987", "1987/12/10/"),
        ("1987-12", "1987", "1987/12//"),
        ("1987", "1987", "1987///"),
        ("around 1900", None, "///around 1900"),
        ("1988-13-40", None, "///1988-13-40"),
    ],
)
def test_a_date_is_given_as_far_as_it_is_known(read_document, date, year, shown):
    collection, (citation,) = citations_of(read_document, "It was closed.", date=date)
    (entry,) = rispy.loads(format_citation(citation, collection, "ris"))

    assert (entry.get("year"), entry["date"]) == (year, shown)


@given(text=HOSTILE, title=VALUES, date=VALUES, fields=FIELDS)
def test_no_document_and_no_manifest_breaks_out_of_its_entry(read_document, text, title, date, fields):
    collection, citations = citations_of(read_document, text, title, date=date, fields=tuple(fields.items()))
    exported = format_citations(citations, collection, "ris")
    entries = rispy.loads(exported)

    assert exported.split("\n") == exported.splitlines()
    assert [entry["type_of_reference"] for entry in entries] == ["MANSCPT"] * len(entries)
    assert [entry["id"] for entry in entries] == ["d"] * len(entries)
    assert all(len(entry) == len(entry.keys() - {"unknown_tag"}) for entry in entries)
    for entry in entries:
        assert entry["title"] == inline(title)
        assert entry.get("place_published") == (inline(fields["place"]) if "place" in fields else None)
        quoted = [note for note in entry["notes"] if note.endswith(")") and "; d/" in note]
        for citation in citations:
            assert any(note.startswith(f"“{inline(citation.exact)}” (") for note in quoted)
