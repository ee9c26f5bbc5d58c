"""To whom a text attributes words, and whether the record agrees."""

from __future__ import annotations

import pytest

from bot.quotations import QuotationChecker, Verdict
from embeddings.collection import load_collection

MANIFEST = """\
[collection]
id = "c"
title = "C"

[[document]]
id = "talk"
path = "documents/talk.txt"
title = "Talk"
genre = "transcript"
names = ["the talk"]

[[document]]
id = "file"
path = "documents/file.txt"
title = "File"
genre = "prose"

[[document.item]]
id = "letter"
title = "Letter"
author = "Carol Dean"
start = "Dear friends"
names = ["the letter"]

[[document.item]]
id = "order"
title = "Order"
start = "It is ordered"
names = ["the order", "ORD-1", "ORD 1"]

[[person]]
name = "Stone"
full_name = "Ada Stone"
role = "Marshal"
aliases = ["Stein"]
called = ["the marshal"]
speaks = true

[[person]]
name = "Reed"
aliases = ["B. Reed"]
speaks = true

[[person]]
name = "Dean"
full_name = "Carol Dean"
"""
TALK = """\
Stone. The harbor will be closed in March. We all agree on that point.

Reed. Nobody asked the fishermen about it. Dean wrote that the nets are torn and the boats are old.

Stone. The nets are torn and nobody mends them now.
"""
FILE = """\
Dear friends, the winter was very hard on all of us here.

It is ordered that the gates be shut at night until further notice.
"""


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attributed")
    (folder / "documents").mkdir()
    (folder / "documents" / "talk.txt").write_text(TALK)
    (folder / "documents" / "file.txt").write_text(FILE)
    (folder / "manifest.toml").write_text(MANIFEST)
    return QuotationChecker(load_collection(folder))


HARBOR = "“The harbor will be closed in March”"


@pytest.mark.parametrize(
    "text",
    [
        f"As Reed said, {HARBOR}.",
        f"Reed said: {HARBOR}.",
        f"Reed also said in his answer that {HARBOR}.",
        f"Marshal Reed told Stone: {HARBOR}.",
        f"B. Reed (1987) has written {HARBOR}.",
        f"According to Reed, {HARBOR}.",
        f"In the words of Mr. Reed: {HARBOR}.",
        f"{HARBOR}, said Reed.",
        f"{HARBOR}, Reed said later.",
        "“The harbor will be closed in March,” Reed replied.",
        f"{HARBOR} (Reed).",
        f"{HARBOR} (Reed, 1987, p. 4).",
        f"{HARBOR} — Reed",
        f"{HARBOR} -- Mr. Reed, 1987",
        f"Reed: {HARBOR}",
        f"REED\n\nReed:\n{HARBOR}",
        "Reed wrote:\n\n> The harbor will be closed in March.",
        "> The harbor will be closed in March.\n\n— Reed",
        "Reed. The harbor will be closed in March.",
        f"Carol Dean said that {HARBOR}.",
    ],
)
def test_another_speakers_words_are_misattributed(checker, text):
    check = next(c for c in checker.check_text(text) if c.verdict is not Verdict.ABSENT)

    assert check.verdict is Verdict.MISATTRIBUTED, check
    assert check.misattribution.said_by == ("Stone",)
    span = check.misattribution.span
    assert text[span.start : span.end] in ("Reed", "B. Reed", "Carol Dean")
    assert check.misattribution.named in ("Reed", "Dean")


@pytest.mark.parametrize(
    "text",
    [
        f"As Stone said, {HARBOR}.",
        f"As Stein said, {HARBOR}.",
        f"As the order says elsewhere. He said {HARBOR}.",
        f"Reed never said {HARBOR}.",
        f"Reed did not say {HARBOR}.",
        f"It is not true that Reed said {HARBOR}.",
        f"If Reed said {HARBOR}, he erred.",
        f"Did Reed say {HARBOR}?",
        f"Walter Reed said {HARBOR}.",
        f"W. Reed said {HARBOR}.",
        f"Reed’s aide said {HARBOR}.",
        f"The aide of Reed said {HARBOR}.",
        f"In reply to Reed said the other {HARBOR}.",
        f"Stone and Reed said {HARBOR}.",
        f"Reed said nothing. {HARBOR}.",
        f"Reed said when he heard Stone explain in some detail {HARBOR}.",
        f"Reed said many things on many a day, and one of them was {HARBOR}.",
        f"{HARBOR}, said Reed and Stone.",
        f"{HARBOR}. Reed said: “Nobody asked the fishermen.”",
        f"{HARBOR}, said Walter Reed.",
        f"{HARBOR} (Reed disagreed).",
        f"{HARBOR} — Reed was the first to object.",
        f"Stone said {HARBOR} (Reed).",
        f"the reed said {HARBOR}.",
        f"The marshal said {HARBOR}.",
        f"Nobody said {HARBOR}.",
    ],
)
def test_what_is_rightly_or_not_clearly_attributed_is_not_misattributed(checker, text):
    check = next(c for c in checker.check_text(text) if "harbor" in c.quoted)

    assert check.verdict is Verdict.EXACT and check.misattribution is None


def test_who_reports_another_is_no_proof_against_that_other(checker):
    (check,) = checker.check_text("Dean wrote: “the boats are old”.")

    assert check.verdict is Verdict.EXACT


def test_words_that_both_say_are_anybodys(checker):
    assert [c.verdict for c in checker.check_text("Reed said “The nets are torn”.")] == [Verdict.EXACT]


def test_an_altered_quotation_can_be_misattributed(checker):
    (check,) = checker.check_text("Reed said: “The harbor will be shut in March.”")

    assert check.verdict is Verdict.MISATTRIBUTED and check.misattribution.said_by == ("Stone",)
    assert [c.kind for c in check.changes] == ["same", "changed", "same"]


def test_a_quotation_with_little_of_the_record_is_not_held_against_anybody(checker):
    (check,) = checker.check_text("Reed said: “The harbor will be open on Sunday morning in March.”")

    assert check.verdict is Verdict.ALTERED


@pytest.mark.parametrize(
    ("text", "verdict", "said_by"),
    [
        ("The order says: “the winter was very hard”.", Verdict.MISATTRIBUTED, ("Letter",)),
        ("According to ORD-1, “the winter was very hard”.", Verdict.MISATTRIBUTED, ("Letter",)),
        ("“the winter was very hard” (the order)", Verdict.MISATTRIBUTED, ("Letter",)),
        ("The letter says: “the winter was very hard”.", Verdict.EXACT, None),
        ("The talk reads: “the gates be shut at night”.", Verdict.MISATTRIBUTED, ("Order",)),
        ("Reed wrote: “the winter was very hard”.", Verdict.MISATTRIBUTED, ("Carol Dean",)),
        ("Dean wrote: “the winter was very hard”.", Verdict.EXACT, None),
        ("Reed wrote: “the gates be shut at night”.", Verdict.EXACT, None),  # nobody knows who wrote it
    ],
)
def test_records_are_attributed_by_their_names(checker, text, verdict, said_by):
    (check,) = checker.check_text(text)

    assert check.verdict is verdict
    assert (check.misattribution and check.misattribution.said_by) == said_by


def test_what_is_absent_is_misattributed_to_nobody(checker):
    (check,) = checker.check_text("Reed said: “Never have so many zyzzyvas been seen.”")

    assert check.verdict is Verdict.ABSENT and check.misattribution is None


def test_a_transcript_with_its_labels_is_read_turn_by_turn(checker):
    assert {check.verdict for check in checker.check_text(TALK)} == {Verdict.EXACT}


def test_without_a_manifest_nobody_is_named(make_collection):
    folder = make_collection({"talk.txt": TALK})
    (check,) = QuotationChecker(load_collection(folder)).check_text(f"Reed said {HARBOR}.")

    assert check.verdict is Verdict.EXACT
