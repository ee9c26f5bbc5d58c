"""Other people's quotations, checked word for word."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.errors import QuestionError
from bot.quotations import MAX_CHARACTERS, MAX_PLACES, Change, QuotationChecker, Verdict
from embeddings.collection import load_collection
from embeddings.documents import BlockKind

CURLY = str.maketrans({"’": "'", "“": '"', "”": '"'})
STRAIGHT = str.maketrans({"'": "’", '"': "”"})
WHITE_SPACE = st.text(" \t\n\u00a0", min_size=1, max_size=4)
MINUTES = """\
Quarterly minutes.

The tariff rose by 5% in 1986 and by 15.5% in 1987; each crew got $30 for its nego-
tiations about well-
being at the coöperative.
"""


@pytest.fixture(scope="session")
def checker(seeds):
    return QuotationChecker(seeds)


@pytest.fixture
def minutes(make_collection):
    return QuotationChecker(load_collection(make_collection({"minutes.txt": MINUTES})))


def plain(text):
    """Words as a person compares them: no case, no punctuation, straight apostrophes."""
    return " ".join(re.findall(r"[a-z0-9%$]+(?:'[a-z0-9]+)*", text.translate(CURLY).casefold()))


def record(seeds):
    """Return all blocks' words, one block a line."""
    return [f" {plain(d.words(block.span))} " for d in seeds.documents for block in d.blocks]


def draw_run(data, seeds, min_words=1):
    """Draw some words of one block, as they stand: a document, start and end."""
    blocks = [(d, b) for d in seeds.documents for b in d.blocks if len(d.words(b.span).split()) >= min_words]
    document, block = blocks[data.draw(st.integers(0, len(blocks) - 1), label="block")]
    words = [match.span() for match in re.finditer(r"\S+", document.words(block.span))]
    first = data.draw(st.integers(0, len(words) - min_words), label="first word")
    last = data.draw(st.integers(first + min_words - 1, len(words) - 1), label="last word")
    start, end = block.span.start + words[first][0], block.span.start + words[last][1]
    assume(len(plain(document.text[start:end]).split()) >= min_words)
    return document, start, end


@settings(max_examples=200)
@given(data=st.data())
def test_words_of_one_block_are_exact_at_their_place_however_they_are_typed(seeds, checker, data):
    document, start, end = draw_run(data, seeds)
    words = document.text[start:end].split()
    typed = words[0]
    for word in words[1:]:
        typed += data.draw(WHITE_SPACE) + word
    typed = data.draw(st.sampled_from([str, str.upper, str.lower, str.title]))(typed.translate(CURLY))
    typed = data.draw(st.sampled_from(["{}", "“{}”", '  "{}" ', "…{},"])).format(typed)
    typed = typed.translate(STRAIGHT) if data.draw(st.booleans()) else typed
    typed = re.sub(r"(?<=\w)-(?=\w)", data.draw(st.sampled_from(["-", "‑", "–", "-\n", "-\r\n   "])), typed)

    check = checker.check(typed)

    assert check.verdict is Verdict.EXACT and check.changes == ()
    assert {plain(place.exact) for place in check.places} == {plain(document.text[start:end])}
    inside = any(place.document_id == document.id and start <= place.start < end >= place.end for place in check.places)
    assert inside or len(check.places) == MAX_PLACES


@settings(max_examples=150)
@given(data=st.data(), word=st.sampled_from(["not", "never", "6", "%", "military", "zyzzyva", "the"]))
def test_a_changed_dropped_or_inserted_word_is_never_called_exact(seeds, checker, data, word):
    document, start, end = draw_run(data, seeds, min_words=5)
    words = plain(document.text[start:end]).split()
    at = data.draw(st.integers(1, len(words) - 2))
    replacement = data.draw(st.sampled_from([[], [word], [words[at], word]]))  # drop, change, insert
    altered = " ".join([*words[:at], *replacement, *words[at + 1 :]])
    assume(not any(f" {altered} " in block for block in record(seeds)))

    check = checker.check(altered)

    assert check.verdict is not Verdict.EXACT
    if check.verdict is Verdict.ALTERED:
        assert any(change.kind != "same" for change in check.changes)
        assert " ".join(filter(None, (change.quoted for change in check.changes))) == altered


@settings(max_examples=100)
@given(data=st.data())
def test_the_diff_of_an_altered_quotation_reads_as_the_record_and_as_the_quotation(seeds, checker, data):
    document, start, end = draw_run(data, seeds, min_words=10)
    words = plain(document.text[start:end]).split()
    words[data.draw(st.integers(1, len(words) - 2))] = "zyzzyva"

    check = checker.check(" ".join(words))

    assert check.verdict is Verdict.ALTERED
    assert " ".join(filter(None, (change.quoted for change in check.changes))) == " ".join(words)
    assert " ".join(filter(None, (change.record for change in check.changes))) == plain(check.places[0].exact)
    assert sum(change.quoted.split().count("zyzzyva") for change in check.changes) == 1


@pytest.mark.parametrize(
    ("quoted", "changes", "exact"),
    [
        (
            "the ships had laser cannons.",
            [Change(kind="changed", record="binoculars", quoted="cannons")],
            "the ships had laser binoculars",
        ),
        (
            "You do not exclude the possibility but also do assert",
            [Change(kind="changed", record="i", quoted="you"), Change(kind="dropped", record="not", quoted="")],
            "I \ndo not exclude the possibility but also do not assert",
        ),
        (
            "Blood that was often shed together is never forgotten, he said",
            [Change(kind="added", record="", quoted="often"), Change(kind="added", record="", quoted="he said")],
            "Blood that was shed together is \nnever forgotten",
        ),
        (
            "Perhaps we could understand the policies of our governments",
            [Change(kind="dropped", record="try to", quoted="")],
            "perhaps we could [try to] understand the policies of our governments",
        ),
    ],
)
def test_the_diff_names_what_changed(checker, quoted, changes, exact):
    check = checker.check(quoted)

    assert check.verdict is Verdict.ALTERED
    assert [change for change in check.changes if change.kind != "same"] == changes
    assert all(change.record == change.quoted for change in check.changes if change.kind == "same")
    assert [" ".join(place.exact.split()) for place in check.places] == [" ".join(exact.split())]


@pytest.mark.parametrize("quoted", ["rose by 5% in 1986", "15.5% in 1987", "crew got $30 for its", "5%", "$30"])
def test_digits_and_signs_are_words(minutes, quoted):
    assert minutes.check(quoted).verdict is Verdict.EXACT


@pytest.mark.parametrize(
    "quoted",
    ["rose by 6% in 1986", "rose by 5 in 1986", "rose by 5% in 1987", "155% in 1987", "got €30 for", "6%", "5 percent"],
)
def test_another_number_or_sign_is_another_quotation(minutes, quoted):
    assert minutes.check(quoted).verdict is not Verdict.EXACT


@pytest.mark.parametrize(
    "quoted",
    [
        "negotiations about well-being",
        "NEGOTIATIONS ABOUT WELLBEING",
        "its nego-\ntiations about",
        "its nego- \r\n   tiations about",
        "its nego\u00adtiations",
        "its nego\u00ad\n tiations",
        "ta-\nriff rose",
        "the co\u00f6pe-\nrative",
    ],
)
def test_a_word_cut_at_a_lines_end_is_the_word(minutes, quoted):
    check = minutes.check(quoted)

    assert check.verdict is Verdict.EXACT and len(check.places) == 1


def test_two_words_are_not_one(minutes):
    assert minutes.check("for its nego tiations").verdict is Verdict.EXACT  # as a compound would be
    assert minutes.check("WELLBEING at the").verdict is Verdict.EXACT
    assert minutes.check("each crewgot").verdict is not Verdict.EXACT
    assert minutes.check("by 15 . 5 % in 19 87").verdict is not Verdict.EXACT


def test_words_that_run_over_two_speakers_are_not_exact(seeds, checker):
    document = seeds.document("akhromeev-crowe-1987")
    turns = [block for block in document.blocks if block.kind is BlockKind.TURN]
    for one, other in pairwise(turns):
        ends, begins = document.words(one.span).split()[-4:], document.words(other.span).split()[:4]

        assert checker.check(" ".join([*ends, *begins])).verdict is not Verdict.EXACT
        assert checker.check(document.text[one.span.end - 20 : other.span.start + 20]).verdict is not Verdict.EXACT


def test_words_that_run_over_a_stamp_are_not_exact(checker):
    assert checker.check("honest debate; to influence Soviet behavior").verdict is not Verdict.EXACT
    assert checker.check("COPY 3 (CIA) NATIONAL SECURITY COUNCIL").verdict is not Verdict.EXACT


@pytest.mark.parametrize("quoted", ["Ich bin ein Berliner", "Tear down this wall, Mr. Gorbachev", "zyzzyva", "???!q"])
def test_words_that_are_not_there_are_absent(checker, quoted):
    check = checker.check(quoted)

    assert (check.verdict, check.places, check.changes) == (Verdict.ABSENT, (), ())


def test_every_place_is_given_in_the_order_of_the_record(checker):
    places = checker.check("“reasonable sufficiency,”").places

    assert [(place.speaker, place.exact) for place in places] == [
        ("Wickham", "reasonable \n\nsufficiency"),
        ("Welch", "reasonable sufficiency"),
    ]


def test_at_most_twenty_places_are_given(checker):
    assert len(checker.check("the").places) == MAX_PLACES == 20


def test_a_very_long_quotation_is_an_error(checker):
    with pytest.raises(QuestionError) as raised:
        checker.check("a " * 60_000)

    assert str(raised.value) == ("the quotation has 120000 characters; at most 100000 are allowed. Check it in parts")


def test_the_longest_quotation_is_taken(checker):
    assert checker.check("peace " * (MAX_CHARACTERS // 6)).verdict is Verdict.ABSENT


@pytest.mark.parametrize("quoted", ["", " \n\t", "… — “”", "\0"])
def test_a_quotation_without_words_is_an_error(checker, quoted):
    with pytest.raises(QuestionError) as raised:
        checker.check(quoted)

    assert str(raised.value) == "the quotation holds no words; give the words to look for"
