"""Outcomes in a terminal: quotations apart from the fixed words, and nothing lost of them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers import Abstention, Answer, Note, Reason
from bot.citations import find_citation
from bot.quotations import QuotationChecker
from embeddings.collection import load_collection
from embeddings.manifest import Certainty
from ui.terminal import WIDTH, attribution, check_text, documents_text, outcome_text, plain, shorten, visible
from ui.wording import REASONS

NOTE = Note(about="GSVG", text="Group of Forces in Germany.", ground="usage", certainty=Certainty.PROBABLE)


@pytest.fixture(scope="session")
def answer(seeds):
    def quote(*identifiers, notes=()):
        citations = tuple(find_citation(seeds, identifier) for identifier in identifiers)
        return Answer(question="Why?", query="Why?", citations=citations, notes=notes)

    return quote


def test_an_answer_shows_words_speaker_record_place_and_id(seeds, answer):
    text = outcome_text(answer("akhromeev-crowe-1987/t2", "nsdd-311/routing-slip/r12", notes=(NOTE,)), seeds)

    assert (
        text
        == """\
[1] “I regret this myself. I’m not in the U.S. that often.”
    — Sergey Fyodorovich Akhromeev, Record of Conversation Between Chief of USSR General
      Staff Marshal…, 1987-12-10, turn 2, p. 1
      akhromeev-crowe-1987/t2:399-452
[2] “11 IG”
    — Executive Secretariat routing slip, 1988-08-02, table row 12, p. 1
      nsdd-311/routing-slip/r12:196-201

Editor’s notes, not part of the record:
    GSVG: Group of Forces in Germany. (probable; ground: usage)"""
    )


def test_an_abstention_says_why_and_shows_what_is_near_as_no_answer(seeds):
    related = (find_citation(seeds, "akhromeev-crowe-1987/t8"),)
    outcome = Abstention(question="Why?", query="Why?", reason=Reason.NOT_STATED, related=related)

    assert (
        outcome_text(outcome, seeds)
        == """\
The record does not answer: it comes near this, and does not say.

Related, not an answer:
 -  “Any answer from your side will be received with understanding.”
    — Sergey Fyodorovich Akhromeev, Record of Conversation Between Chief of USSR General
      Staff Marshal…, 1987-12-10, turn 8, p. 2
      akhromeev-crowe-1987/t8:3942-4004"""
    )


def test_a_record_without_a_date_gets_none_from_its_neighbours(seeds):
    assert attribution(find_citation(seeds, "nsdd-311/cover-sheet/p2"), seeds) == (
        "National Security Council Information cover sheet, paragraph 2, p. 1"
    )


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_sentence(seeds, reason):
    assert outcome_text(Abstention(question="?", query="?", reason=reason), seeds) == REASONS[reason]


def test_every_quotation_can_be_read_back_from_the_lines(seeds, answer):
    for passage in seeds.passages:
        outcome = answer(passage.id)
        lines = outcome_text(outcome, seeds).splitlines()
        quoted = " ".join(" ".join(lines).split()).removeprefix("[1] “")

        assert all(len(line) <= WIDTH for line in lines)
        assert quoted.startswith(" ".join(outcome.citations[0].exact.split()) + "” — ")


@given(text=st.text(st.characters().filter(lambda c: c.isprintable() or c.isspace())))
def test_display_folds_white_space_and_changes_no_printable_character(text):
    assert plain(text) == re.sub(r"\s+", " ", text)


@given(text=st.text())
def test_display_holds_printable_characters_only(text):
    assert plain(text).isprintable()


def test_what_a_terminal_obeys_is_shown_and_not_obeyed(make_collection):
    assert plain("a\x1b[31mb\u202ec\t\n d") == r"a\x1b[31mb\x202ec d"
    assert visible("    é\x07") == r"    é\x07"

    collection = load_collection(make_collection({"evil\x1b]0;.txt": "Nothing was said."}))
    outcome = Answer(question="?", query="?", citations=(find_citation(collection, collection.passages[0].id),))

    assert "\x1b" not in outcome_text(outcome, collection) + documents_text(collection, passages=True)


def test_a_check_shows_verdict_places_and_changes(seeds):
    checker = QuotationChecker(seeds)

    assert (
        check_text(checker.check("Perhaps it turned out that the ships had laser cannons"), seeds)
        == """\
Altered.
 -  “It turned out that the ships had laser binoculars”
    — Sergey Fyodorovich Akhromeev, Record of Conversation Between Chief of USSR General
      Staff Marshal…, 1987-12-10, turn 20, p. 4
      akhromeev-crowe-1987/t20:10018-10067
    + added: Perhaps
    ~ binoculars  ->  cannons"""
    )
    assert check_text(checker.check("zyzzyva"), seeds) == "Absent: not in this collection."
    assert check_text(checker.check("I do not exclude the possibility but also do assert"), seeds).endswith(
        "    - left out: not"
    )
    assert check_text(checker.check("laser binoculars"), seeds).startswith("Exact.\n -  “laser binoculars”\n    — ")


def test_documents_are_listed_with_items_speakers_and_hashes(seeds):
    lines = documents_text(seeds, passages=False).splitlines()

    assert lines[0].startswith("akhromeev-crowe-1987  Record of Conversation Between Chief")
    assert lines[1] == (
        "    transcript, 37 blocks, sha256 5007a91cae393a0a42570edcfc013ea2c2688ed1bef253e6faa1345ce7027f73"
    )
    assert lines[2] == "    speakers: Akhromeev, Crowe, Dean, Herres, Throst, Welch, Wickham"
    assert "    nsdd-311/routing-slip  Executive Secretariat routing slip, 1988-08-02" in lines
    assert "    nsdd-311/cover-sheet  National Security Council Information cover sheet" in lines


def test_passages_are_listed_when_they_are_wanted(seeds):
    ids = [passage.id for passage in seeds.passages]

    assert set(ids) <= set(documents_text(seeds, passages=True).split())
    assert not set(ids) & set(documents_text(seeds, passages=False).split())


def test_a_long_title_is_cut_at_a_word():
    assert shorten("A short title") == "A short title"
    assert shorten("word " * 30) == " ".join(["word"] * 14) + "…"
