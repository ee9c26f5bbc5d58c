"""What a text quotes, and where in it."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quoting.quoted_text import ClaimKind, claimed_words, cut_claims

LABEL = re.compile(r"^[ \t]*(?:Ada|Ben)[.:](?=\s)\s*", re.MULTILINE)
PASTED = st.text(
    st.one_of(st.characters(), st.sampled_from(list("“”\"„«»‘’' \n\t>a.s"))),
    max_size=60,
)


def quoted(text, *kinds):
    kinds = kinds or (ClaimKind.QUOTATION,)
    return [text[c.span.start : c.span.end] for c in cut_claims(text, LABEL) if c.kind in kinds]


@pytest.mark.parametrize(
    ("text", "quotations"),
    [
        ('He said "we agree" and left.', ["we agree"]),
        ("He said “we agree” and “we go”.", ["we agree", "we go"]),
        ("Er sagte: „wir gehen“, dann „wir bleiben”.", ["wir gehen", "wir bleiben"]),
        ("Il dit « nous allons » et ‹ moi ›.", ["nous allons", "moi"]),
        ("Er sagte »wir gehen« und ›nein‹.", ["wir gehen", "nein"]),
        ("Han sade ”vi går” igen.", ["vi går"]),
        ("彼は「行こう」と『本』", ["行こう", "本"]),
        ("‘We don’t go,’ he said, ‘ever.’", ["We don’t go,", "ever."]),
        ("'We don't go,' he said.", ["We don't go,"]),
        ("the ‘nations’ leaders’ met", ["nations’ leaders"]),
        ("the 'ships' and 'planes' met", ["ships", "planes"]),
        ("“He said ‘go’ and ‘stay’.”", ["He said ‘go’ and ‘stay’."]),
        ("“a “nested” one”", ["a “nested” one"]),
        ("(“in brackets”)—“after a dash”", ["in brackets", "after a dash"]),
        ("“ spaced ”", ["spaced"]),
        ("“First paragraph.\n\n“Second paragraph.”", ["First paragraph.", "Second paragraph."]),
        ("“left open and “closed”", ["closed"]),
        ('a 5" gun and a 7" gun', []),
        ("the '80s, 'tis so, rock 'n' roll, the nations' own", []),
        ('"" “” « »', []),
    ],
)
def test_quotation_marks_of_every_style_are_read(text, quotations):
    assert quoted(text) == quotations


def test_quoted_lines_are_one_block_without_their_marks():
    text = "She wrote:\n\n> We agree\n> to go.\n\nThen “no”."
    claims = cut_claims(text)

    assert [(c.kind, text[c.span.start : c.span.end]) for c in claims] == [
        (ClaimKind.SENTENCE, "She wrote:"),
        (ClaimKind.BLOCK, "We agree\n> to go."),
        (ClaimKind.QUOTATION, "no"),
    ]
    assert claimed_words(text, claims[1]) == "We agree\n  to go."


def test_an_indented_paragraph_after_one_that_leads_to_it_is_a_block():
    text = "She wrote:\n\n    We agree\n    to go.\n\nThen she left."

    assert quoted(text, ClaimKind.BLOCK) == ["We agree\n    to go."]


def test_a_text_indented_throughout_holds_no_block():
    assert quoted("    We agree.\n\n    We go.", ClaimKind.BLOCK) == []


def test_sentences_are_cut_with_their_speakers():
    text = "Ada. We agree to go. Mr. Noble agrees.\n\nBen: No.\n\n- One more."
    claims = cut_claims(text, LABEL)

    assert [text[c.span.start : c.span.end] for c in claims] == [
        "We agree to go.", "Mr. Noble agrees.", "No.", "One more.",
    ]  # fmt: skip
    named = [c.label and text[c.label.start : c.label.end].strip() for c in claims]
    assert named == ["Ada.", "Ada.", "Ben:", None]


def test_a_blank_line_inside_a_sentence_ends_none():
    assert quoted("We go as \n\nguests of yours.\n\nThen we leave.", ClaimKind.SENTENCE) == [
        "We go as \n\nguests of yours.", "Then we leave.",
    ]  # fmt: skip


def test_sentences_beside_quotations_are_given_too():
    text = "“We agree,” he said. Nobody went."

    assert quoted(text) == ["We agree,"] and quoted(text, ClaimKind.SENTENCE) == ["Nobody went."]


@given(text=PASTED)
def test_claims_stand_in_order_in_the_text_and_meet_nowhere(text):
    claims = cut_claims(text, LABEL)

    for claim in claims:
        assert 0 <= claim.outer.start <= claim.span.start < claim.span.end <= claim.outer.end <= len(text)
        assert text[claim.span.start : claim.span.end].strip() == text[claim.span.start : claim.span.end]
    for one, other in itertools.pairwise(claims):
        assert one.outer.end <= other.outer.start


@given(text=PASTED)
def test_every_letter_of_a_text_without_marks_is_claimed(text):
    text = re.sub("[“”\"„‟«»‹›「」『』‘’‚']", "", text)
    inside = {n for c in cut_claims(text) for n in range(c.span.start, c.span.end)}

    assert {n for n, c in enumerate(text) if c.isalpha()} - inside <= _bullets(text)


def _bullets(text):
    return {n for n, c in enumerate(text) if c.isalpha() and text[n + 1 : n + 2] in (".", ")")}


@pytest.mark.parametrize("text", ["“" * 30_000, " 'a" * 10_000, "s' a 's " * 4_000, '"a" ' * 8_000, "\n> " * 10_000])
def test_marks_in_great_number_are_read_once(text):
    claims = cut_claims(text)

    assert len(claims) <= len(text) // 4
