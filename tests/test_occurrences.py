"""One citation, or several: what may be quoted as one, and what stands apart."""

from __future__ import annotations

import pytest

from bot.quotations import QuotationChecker, Verdict
from bot.quoting.occurrences import Seam
from embeddings.collection import load_collection

MANIFEST = """\
[collection]
id = "c"
title = "C"

[[document]]
id = "d"
path = "documents/d.txt"
title = "D"
genre = "{genre}"
furniture = ['PAGE \\d', 'SECRET', 'WITHHELD']
redactions = ['WITHHELD']

[[person]]
name = "Ada"
speaks = true

[[person]]
name = "Ben"
speaks = true
"""


@pytest.fixture
def check(make_collection):
    """Return ``check(text, words)`` against a document of that text, and what its occurrences look like."""

    def run(text, words, genre="prose"):
        folder = make_collection({"d.txt": text}, MANIFEST.format(genre=genre))
        collection = load_collection(folder)
        found = QuotationChecker(collection).check(words)
        for place in found.places:
            document = collection.document(place.document_id)
            assert document.text[place.start : place.end] == place.exact
        pieces = [[" ".join(c.exact.split()) for c in occurrence.citations] for occurrence in found.occurrences]
        return found.verdict, pieces, [sorted(s.value for s in o.seams) for o in found.occurrences]

    return run


def test_words_of_one_paragraph_are_one_citation(check):
    assert check("We go home\nto them.", "go home to them") == (Verdict.EXACT, [["go home to them"]], [[]])


def test_entries_of_one_list_are_one_citation(check):
    text = "They will:\n\n- go home;\n- stay there; and\n- agree."

    assert check(text, "go home; stay there; and agree") == (
        Verdict.EXACT, [["go home; - stay there; and - agree"]], [[]],
    )  # fmt: skip


def test_a_quotation_over_a_stamp_is_exact_in_two_places(check):
    text = "They will go home\n\nSECRET\n\nPAGE 2\n\nto the others."

    assert check(text, "go home to the others") == (Verdict.EXACT, [["go home", "to the others"]], [["stamp"]])


def test_a_quotation_with_the_stamp_is_exact_in_all_its_places(check):
    verdict, pieces, seams = check("They will go home\n\nSECRET\n\nto the others.", "go home SECRET to the others")

    assert (verdict, pieces, seams) == (Verdict.EXACT, [["go home", "SECRET", "to the others"]], [["stamp"]])


def test_entries_on_either_side_of_a_stamp_are_two_citations(check):
    text = "They will:\n\n- go home;\n\nSECRET\n\n- stay there."

    assert check(text, "go home; stay there") == (Verdict.EXACT, [["go home", "stay there"]], [["stamp"]])


def test_paragraphs_are_cited_apart(check):
    assert check("We go home.\n\nThey stay there.", "go home. They stay") == (
        Verdict.EXACT, [["go home", "They stay"]], [["paragraph"]],
    )  # fmt: skip


def test_a_paragraph_and_the_list_it_leads_to_are_cited_apart(check):
    text = "They will soon do this:\n\n- go home."

    assert check(text, "do this: go home") == (Verdict.EXACT, [["do this", "go home"]], [["paragraph"]])


def test_what_withheld_words_part_is_not_exact(check):
    verdict, pieces, seams = check("They will go home\n\nWITHHELD\n\nto the others.", "go home to the others")

    assert (verdict, pieces, seams) == (Verdict.ALTERED, [["go home", "to the others"]], [["redaction", "stamp"]])


def test_a_heading_is_no_part_of_a_sentence(check):
    verdict, pieces, seams = check(
        "We all go home.\n\nThe Second Part\n\nThey stay.", "home. The Second Part They stay"
    )

    assert (verdict, pieces, seams) == (Verdict.ALTERED, [["home", "The Second Part", "They stay"]], [["heading"]])


TALK = """\
Ada. We go home with you.

Ben. We stay here with them.

[Applause.]

Nobody goes.

Ada. I agree.

Ada. I agree again.
"""


def test_two_speakers_words_are_never_exact_as_one(check):
    assert check(TALK, "home with you. We stay here", "transcript") == (
        Verdict.ALTERED, [["home with you", "We stay here"]], [["speaker"]],
    )  # fmt: skip


def test_a_speaker_goes_on_after_a_note(check):
    assert check(TALK, "here with them. Nobody goes", "transcript") == (
        Verdict.EXACT, [["here with them", "Nobody goes"]], [["note"]],
    )  # fmt: skip


def test_two_turns_of_one_speaker_are_cited_apart(check):
    assert check(TALK, "I agree. I agree again", "transcript") == (
        Verdict.EXACT, [["I agree", "I agree again"]], [["paragraph"]],
    )  # fmt: skip


def test_seams_are_named():
    assert [seam.value for seam in Seam] == ["stamp", "note", "paragraph", "heading", "redaction", "item", "speaker"]
