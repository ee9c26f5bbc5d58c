"""BibTeX of every record of the seeds, worked by hand, and read back by pybtex, whatever a document holds."""

from __future__ import annotations

import re

import pytest
from hostile import FIELDS, HOSTILE, VALUES, citations_of
from hypothesis import given
from pybtex.database import BibliographyData, parse_string

from bot.citations import find_citation
from ui.formats import format_citation, format_citations
from ui.formats.bibtex import escape
from ui.formats.words import inline

MEETING_TITLE = (
    "Record of Conversation Between Chief of USSR General Staff Marshal Sergey Fyodorovich Akhromeev and "
    "William J. Crowe with members of the Joint Chiefs of Staff in the Pentagon"
)
MEETING_SHA256 = "5007a91cae393a0a42570edcfc013ea2c2688ed1bef253e6faa1345ce7027f73"
FILE_SHA256 = "9d152946fa445326ca74dc58ca6ffefe613f4be58695447c902c877c485bd6e0"
# BibTeX's @misc demands no field; key sorts what has no author; the title's second braces keep its capitals.
ENTRIES = {
    "akhromeev-crowe-1987/t2": f"""\
@misc{{akhromeev-crowe-1987,
  key = {{{MEETING_TITLE}}},
  title = {{{{{MEETING_TITLE}}}}},
  translator = {{Melyakova, Anna}},
  note = {{US-Soviet military contacts, 1987-1988}},
  langid = {{en}},
  annote = {{“I regret this myself. I’m not in the U.S. that often.” (Sergey Fyodorovich Akhromeev, turn 2, p. 1; \
akhromeev-crowe-1987/t2:399-452)

Participants: William J. Crowe; Sergey Fyodorovich Akhromeev; R. Herres; D. Wickham; W. Throst; L. Welch; K. Dean

Time: 8.00-9.30

Translated by: Anna Melyakova for the National Security Archive

Provenance: Obtained from a participant by the author in 1996

SHA-256 of the file: {MEETING_SHA256}}},
  date = {{1987-12-10}},
  year = {{1987}},
  month = dec
}}""",
    "nsdd-311/routing-slip/r12": f"""\
@misc{{nsdd-311/routing-slip,
  author = {{{{Executive Secretary}}}},
  title = {{{{Executive Secretariat routing slip}}}},
  note = {{NSDD-311 file, US-Soviet military contacts, 1987-1988}},
  langid = {{en}},
  annote = {{“11 IG” (table row 12, p. 1; nsdd-311/routing-slip/r12:196-201)

SHA-256 of the file: {FILE_SHA256}}},
  date = {{1988-08-02}},
  year = {{1988}},
  month = aug
}}""",
    "nsdd-311/cover-sheet/r1": f"""\
@misc{{nsdd-311/cover-sheet,
  key = {{National Security Council Information cover sheet}},
  title = {{{{National Security Council Information cover sheet}}}},
  note = {{System II No. 90597, Copy 3 (CIA), NSDD-311 file, US-Soviet military contacts, 1987-1988}},
  langid = {{en}},
  annote = {{“DATE NAME DATE NAME” (table row 1, p. 1; nsdd-311/cover-sheet/r1:1326-1345)

Classification: CONFIDENTIAL, struck through on the page's stamps

SHA-256 of the file: {FILE_SHA256}}}
}}""",
    "nsdd-311/memorandum/p1": f"""\
@misc{{nsdd-311/memorandum,
  author = {{Powell, Colin L.}},
  title = {{{{US-Soviet Defense and Military Relations}}}},
  howpublished = {{memorandum}},
  note = {{System II 90597, NSDD-311 file, US-Soviet military contacts, 1987-1988}},
  langid = {{en}},
  annote = {{“System II 90597” (paragraph 1, p. 1; nsdd-311/memorandum/p1:1551-1568)

Classification: CONFIDENTIAL, struck through on the page's stamps

SHA-256 of the file: {FILE_SHA256}}},
  date = {{1988-07-28}},
  year = {{1988}},
  month = jul
}}""",
    "nsdd-311/directive/f5": f"""\
@misc{{nsdd-311/directive,
  author = {{{{White House}}}},
  title = {{{{National Security Decision Directive Number 311: US-Soviet Defense and Military Relations}}}},
  note = {{System II 90597, NSDD-311 file, US-Soviet military contacts, 1987-1988}},
  langid = {{en}},
  annote = {{“\\textasciitilde{{}}\\textasciitilde{{}}CONFIDENTIAL\\textasciitilde{{}}\\textasciitilde{{}}” \
(stamp 5, p. 1; nsdd-311/directive/f5:3913-3929)

Classification: CONFIDENTIAL, struck through on the pages' stamps

SHA-256 of the file: {FILE_SHA256}}},
  date = {{1988-07-28}},
  year = {{1988}},
  month = jul
}}""",
}
PRINTED = {  # what TeX prints for each command, after the LaTeX 2e kernel
    r"\textbackslash{}": "\\", r"\textbraceleft{}": "{", r"\textbraceright{}": "}", r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^", r"\textless{}": "<", r"\textgreater{}": ">", r"\textbar{}": "|",
    r"\textasciigrave{}": "`", r"\#": "#", r"\$": "$", r"\%": "%", r"\&": "&", r"\_": "_", "{}": "",
}  # fmt: skip


def printed(value: str) -> str:
    """Return what TeX prints of an escaped value; signs that it would obey may stand nowhere in it."""
    commands = sorted(PRINTED, key=len, reverse=True)
    pattern = "|".join(re.escape(command) for command in commands)
    assert not re.search(r"[\\{}~^<>|`#$%&_]|--|''|,,", re.sub(pattern, "\0", value))
    return re.sub(pattern, lambda match: PRINTED[match[0]], value)


def parsed(exported: str) -> BibliographyData:
    return parse_string(exported, "bibtex")


@pytest.mark.parametrize(("identifier", "entry"), ENTRIES.items(), ids=list(ENTRIES))
def test_an_entry_of_each_record_is_the_one_worked_by_hand(seeds, identifier, entry):
    assert format_citation(find_citation(seeds, identifier), seeds, "bibtex") == entry


def test_pybtex_reads_every_field_where_it_belongs(seeds):
    entries = parsed(format_citation(find_citation(seeds, "nsdd-311/memorandum/p7"), seeds, "bibtex")).entries
    entry = entries["nsdd-311/memorandum"]

    assert (len(entries), entry.type) == (1, "misc")
    assert (entry.fields["title"], entry.fields["year"], entry.fields["month"]) == (
        "{US-Soviet Defense and Military Relations}", "1988", "July",
    )  # fmt: skip
    (author,) = entry.persons["author"]
    assert (author.first_names, author.middle_names, author.last_names) == (["Colin"], ["L."], ["Powell"])


@pytest.mark.parametrize(
    ("author", "family", "first", "middle", "last", "lineage"),
    [
        ("Sergey Fyodorovich Akhromeev", "Akhromeev", ["Sergey"], ["Fyodorovich"], ["Akhromeev"], []),
        ("John A. Wickham, Jr.", "Wickham", ["John"], ["A."], ["Wickham"], ["Jr."]),
        ("Mao Zedong", "Mao", ["Zedong"], [], ["Mao"], []),
        ("Сергей Ахромеев", "Ахромеев", ["Сергей"], [], ["Ахромеев"], []),
        ("A_b C{d} E%f & G#~^\\h", "E%f", [r"A\_b"], [r"C\textbraceleft{}d\textbraceright{}"], [r"E\%f"], None),
        ("Smith and Sons, Inc.", "Nobody", [], [], ["{Smith and Sons, Inc.}"], []),
        ("The {Board", "Nobody", [], [], [r"{The \textbraceleft{}Board}"], []),
        ("Powell", "Powell", [], [], ["{Powell}"], []),
    ],
)
def test_names_keep_their_parts(read_document, author, family, first, middle, last, lineage):
    fields = (("author", author), ("family_names", family))
    collection, (citation,) = citations_of(read_document, "It was closed.", fields=fields)
    (person,) = parsed(format_citation(citation, collection, "bibtex")).entries["d"].persons["author"]

    assert (person.first_names, person.middle_names, person.last_names) == (first, middle, last)
    assert lineage is None or person.lineage_names == lineage


def test_several_passages_of_a_record_are_in_one_entry_and_keys_are_the_records_ids(seeds):
    citations = [find_citation(seeds, passage.id) for passage in seeds.passages]
    entries = parsed(format_citations(citations, seeds, "bibtex")).entries

    assert list(entries) == [
        "akhromeev-crowe-1987", "nsdd-311/routing-slip", "nsdd-311/cover-sheet", "nsdd-311/memorandum",
        "nsdd-311/directive",
    ]  # fmt: skip
    for citation in citations:
        key = citation.document_id if citation.item_id is None else f"{citation.document_id}/{citation.item_id}"
        assert inline(citation.exact) in printed(entries[key].fields["annote"])


@pytest.mark.parametrize(
    ("date", "fields"),
    [
        ("1987-12-10", {"date": "1987-12-10", "year": "1987", "month": "December"}),
        ("1987-12", {"date": "1987-12", "year": "1987", "month": "December"}),
        ("1987", {"date": "1987", "year": "1987"}),
        ("c. 1900 {?}", {"year": r"c. 1900 \textbraceleft{}?\textbraceright{}"}),
    ],
)
def test_a_date_is_given_as_far_as_it_is_known(read_document, date, fields):
    collection, (citation,) = citations_of(read_document, "It was closed.", date=date)
    entry = parsed(format_citation(citation, collection, "bibtex")).entries["d"]

    assert {key: entry.fields[key] for key in ("date", "year", "month") if key in entry.fields} == fields


@given(HOSTILE)
def test_what_is_escaped_prints_as_it_was(text):
    assert printed(escape(text)) == text


@given(text=HOSTILE, title=VALUES, date=VALUES, fields=FIELDS)
def test_no_document_and_no_manifest_breaks_out_of_its_entry(read_document, text, title, date, fields):
    collection, citations = citations_of(read_document, text, title, date=date, fields=tuple(fields.items()))
    entries = parsed(format_citations(citations, collection, "bibtex")).entries

    assert list(entries) == ["d"] * bool(citations)
    for entry in entries.values():
        assert entry.type == "misc"
        assert set(entry.fields) <= {
            "key", "title", "shorttitle", "howpublished", "note", "langid", "annote", "date", "year", "month",
            "translator",
        }  # fmt: skip
        assert printed(entry.fields["title"][1:-1]) == inline(title)
        annote = printed(entry.fields["annote"])
        for citation in citations:
            assert f"“{inline(citation.exact)}” (" in annote
