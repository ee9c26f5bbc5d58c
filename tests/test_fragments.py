"""A text fragment finds a quotation in a page as browsers look for it."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.citations import cite
from bot.fragments import MAX_WHOLE, text_fragment


def found(fragment: str, page: str) -> str:
    """Find a fragment in a page without tags as the WICG says: the start, then the first end after it."""
    start, _, end = (unquote(part) for part in fragment.removeprefix("#:~:text=").partition(","))
    at = page.casefold().find(start.casefold())
    assert at >= 0
    if not end:
        return page[at : at + len(start)]
    last = page.casefold().find(end.casefold(), at + len(start))
    assert last >= 0
    return page[at : last + len(end)]


@pytest.mark.parametrize(
    ("exact", "fragment"),
    [
        ("It met.", "#:~:text=It%20met."),
        ("It met\r\n  at noon.", "#:~:text=It%20met%20at%20noon."),
        ("a dual-use weapon, tea & more", "#:~:text=a%20dual%2Duse%20weapon%2C%20tea%20%26%20more"),
        ("50% of ~x_y. “Café” #1/2?", "#:~:text=50%25%20of%20~x_y.%20%E2%80%9CCaf%C3%A9%E2%80%9D%20%231%2F2%3F"),
        ("<b>\u202eevil\u202c</b>", "#:~:text=%3Cb%3E%E2%80%AEevil%E2%80%AC%3C%2Fb%3E"),
        ("One.\n\nTwo.", "#:~:text=One.,Two."),
        ("One.\r\n \r\nTwo.", "#:~:text=One.,Two."),
        ("11\tIG\t\tX", "#:~:text=11,X"),
        ("\tONE\n", "#:~:text=ONE"),
        (
            "One two three four five six.\n\nSeven eight nine ten eleven twelve.",
            "#:~:text=One%20two%20three%20four%20five,eight%20nine%20ten%20eleven%20twelve.",
        ),
        ("I say so it is.\n\nAnd you say: so it is.", "#:~:text=I%20say%20so%20it%20is.,you%20say%3A%20so%20it%20is."),
    ],
)
def test_a_fragment_names_the_words_or_their_two_ends(exact, fragment):
    assert text_fragment(exact) == fragment


def test_the_end_is_long_enough_to_stand_nowhere_before_it():
    exact = (
        "He said: not one of the two. " + "It was so, and not one of the two. " * 12 + "So be it, not one of the two."
    )

    assert len(exact) > MAX_WHOLE
    assert found(text_fragment(exact), exact) == exact


@pytest.mark.parametrize("exact", ["", " \n\t\r\n "])
def test_no_words_are_an_error(exact):
    with pytest.raises(ValueError) as raised:
        text_fragment(exact)

    assert str(raised.value) == f"a text fragment needs words, got {exact!r}"


def test_fragments_find_every_quotation_of_the_seeds(seeds):
    for passage in seeds.passages:
        for span in (passage.span, *passage.sentences):
            exact = cite(seeds, passage.document_id, span, 1.0).exact
            page = " ".join(exact.split())
            shown = found(text_fragment(exact), page)

            # A table's row may end with a cell like one before it.
            assert shown == page or ("\t" in exact and page.startswith(shown))


@given(exact=st.text(min_size=1, max_size=700))
def test_a_fragment_is_plain_and_has_at_most_one_comma(exact):
    if not exact.split():
        return
    fragment = text_fragment(exact)

    assert re.fullmatch(r"#:~:text=[A-Za-z0-9%._~]+(,[A-Za-z0-9%._~]+)?", fragment)


def test_words_without_blanks_stay_whole():
    assert unquote(text_fragment("会" * 400)) == "#:~:text=" + "会" * 400
