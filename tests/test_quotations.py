"""Other people's quotations, checked word for word."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from bot.errors import QuestionError
from bot.quotations import MAX_CHARACTERS, MAX_CLAIMS, MAX_PLACES, MAX_PLACES_OF_TEXT, QuotationChecker, Verdict
from bot.quoting.alignment import Change
from bot.quoting.meaning import Concern
from embeddings.collection import load_collection
from embeddings.documents import BlockKind, Span

MINUTES = """\
Quarterly minutes.

The tariff rose by 5% in 1986 and by 15.5% in 1987; each crew got $30 for its nego-
tiations about well-
being at the coöperative, in a dual-use non-nuclear harbor. The long-range ships—all of them—left... at 8.00-9.30 [sic].
"""


@pytest.fixture(scope="session")
def checker(seeds):
    return QuotationChecker(seeds)


@pytest.fixture
def make_checker(make_collection):
    return lambda text: QuotationChecker(load_collection(make_collection({"minutes.txt": text})))


@pytest.fixture
def minutes(make_checker):
    return make_checker(MINUTES)


def kinds(check):
    return [(change.kind, change.record, change.quoted) for change in check.changes if change.kind != "same"]


def concerns(check):
    return [(caution.concern, caution.how, caution.words) for caution in check.warnings]


@pytest.mark.parametrize(
    ("quoted", "changes", "exact"),
    [
        ("the ships had laser cannons.", [("changed", "binoculars", "cannons")], "the ships had laser binoculars"),
        (
            "You do not exclude the possibility but also do assert",
            [("changed", "I", "You"), ("dropped", "not", "")],
            "I do not exclude the possibility but also do not assert",
        ),
        (
            "Blood that was often shed together is never forgotten, he said",
            [("added", "", "often"), ("added", "", "he said")],
            "Blood that was shed together is never forgotten",
        ),
        ("Blood shed together is never forgotten", [("dropped", "that was", "")], None),
        (
            "Perhaps we could understand the policies of our governments",
            [("dropped", "try to", "")],
            "perhaps we could [try to] understand the policies of our governments",
        ),
        ("the ships had Panzerkampfwagen binoculars", [("changed", "laser", "Panzerkampfwagen")], None),
        ("never zyzzyvazyzzyvazyzzyva forgotten", [("added", "", "zyzzyvazyzzyvazyzzyva")], "never forgotten"),
        ("armed FORCES of the united States", [("case", "forces", "FORCES"), ("case", "United", "united")], None),
        ("Soviet American relations", [("changed", "Soviet-American", "Soviet American")], "Soviet-American relations"),
        ("more or less normal", [("changed", "more-or-less", "more or less")], "more-or-less normal"),
        ("political aspect", [("changed", "military-political", "political")], "military- political aspect"),
    ],
)  # fmt: skip
def test_the_diff_names_what_changed(checker, quoted, changes, exact):
    check = checker.check(quoted)

    assert check.verdict is Verdict.ALTERED and kinds(check) == changes
    if exact is not None:
        assert {" ".join(place.exact.split()) for place in check.places} == {exact}


@pytest.mark.parametrize("divided", ["underst-\nand", "underst-\r\n   and", "underst- and"])
def test_a_word_divided_before_letters_that_are_a_conjunction_is_whole(checker, divided):
    check = checker.check(f"could try to {divided} the policies")

    assert check.verdict is Verdict.EXACT and check.changes == ()


def test_the_diff_has_what_stayed_the_same(checker):
    assert checker.check("the ships had laser cannons").changes == (
        Change(kind="same", record="the ships had laser", quoted="the ships had laser"),
        Change(kind="changed", record="binoculars", quoted="cannons"),
    )


@pytest.mark.parametrize(
    "quoted",
    [
        "rose by 5% in 1986",
        "rose by 5 % in 1986",
        "15.5% in 1987",
        "crew got $30 for its",
        "5%",
        "$30",
        "at 8.00–9.30",
        "negotiations about well-being",
        "its nego-\ntiations about",
        "its nego- tiations about",
        "well- being",
        "its nego- \r\n   tiations about",
        "its nego\u00adtiations",
        "its nego\u00ad\n tiations",
        "Ta-\nriff rose",
        "the co\u00f6pe-\nrative",
        "the coo\u0308perative",
        "about wellbeing",
        "in a dual‑use non–nuclear harbor",
        "The long-range ships -- all of them -- left",
        "ships - all of them - left",
        "ships-all of them-left",
        "left ... at 8.00-9.30 [sic]",
        "left … at 8.00-9.30",
        "“The tariff rose”",
        "‘tariff [sic] rose by’",
        "tariff rose (emphasis added) by 5%",
        "the tariff rose",
        "[t]he tariff [r]ose",
        "Rose by 5%",
        "...rose by 5%...",
        "rose … by 5%",
    ],
)
def test_what_changes_no_word_is_exact(minutes, quoted):
    check = minutes.check(quoted)

    assert check.verdict is Verdict.EXACT and len(check.places) == 1 and check.changes == ()


@pytest.mark.parametrize(
    "quoted",
    [
        "rose by 6% in 1986",
        "rose by 5 in 1986",
        "rose by 5",
        "rose by 15",
        "rose by 5% in 1987",
        "rose by -5% in 1986",
        "rose by .5% in 1986",
        "155% in 1987",
        "15,5% in 1987",
        "15 .5% in 1987",
        "15\u00ad.4% in 1987",
        "got €30 for",
        "got 30 for",
        "6%",
        "5 percent",
        "for its nego tiations",
        "NEGOTIATIONS ABOUT",
        "the TARIFF rose",
        "tariff Rose by",
        "quarterly Minutes",
        "each crewgot",
        "by 15 . 5 % in 19 87",
        "a dual use non-nuclear harbor",
        "nuclear harbor",
        "ships all-of them",
        "all of them left at 8.00-9.30",
        "the tarif\ufffd rose",
        "the tar\ufffdff rose",
        "the \u202etariff rose",
        "the tаriff rose",  # a Cyrillic a
        "in 1978; each crew",
        "by 5% form 1986",
    ],
)
def test_another_word_number_sign_hyphen_or_case_is_never_exact(minutes, quoted):
    assert minutes.check(quoted).verdict is not Verdict.EXACT


def test_a_capital_that_opens_a_sentence_may_become_small_and_no_other(make_checker):
    checker = make_checker("They know it. Polish crews and Polish ships, and I, may polish the harbor.")

    assert checker.check("polish crews and").verdict is Verdict.EXACT
    assert checker.check("polish ships, and").verdict is Verdict.ALTERED
    assert checker.check("i, may polish").verdict is Verdict.ALTERED
    assert checker.check("Polish the harbor").verdict is Verdict.EXACT  # it opens the quotation


def test_withheld_words_are_not_passed_over(make_checker):
    checker = make_checker("The agent ██████ met us. The chief [redacted] saw it, he said ■■■■ to us.")

    assert checker.check("The agent met us").verdict is Verdict.ALTERED
    assert checker.check("The agent ██████ met us").verdict is Verdict.EXACT
    assert checker.check("The chief saw it").verdict is Verdict.ALTERED
    assert checker.check("The chief [redacted] saw it").verdict is Verdict.EXACT


def test_words_that_run_over_two_speakers_are_not_exact(seeds, checker):
    document = seeds.document("akhromeev-crowe-1987")
    turns = [block for block in document.blocks if block.kind is BlockKind.TURN]
    for one, other in pairwise(turns):
        ends, begins = document.words(one.span).split()[-4:], document.words(other.span).split()[:4]

        check = checker.check(" ".join([*ends, *begins]))
        assert check.verdict is not Verdict.EXACT
        assert all(len({c.speaker for c in o.citations}) <= 2 for o in check.occurrences)
        assert checker.check(document.text[one.span.end - 20 : other.span.start + 20]).verdict is not Verdict.EXACT


def test_words_that_run_over_a_stamp_are_exact_and_never_one_citation(checker):
    check = checker.check("honest debate; to influence Soviet behavior")

    assert check.verdict is Verdict.EXACT and len(check.occurrences) == 1
    assert [place.exact for place in check.places] == ["honest debate", "to influence Soviet behavior"]
    assert checker.check("COPY 3 (CIA) NATIONAL SECURITY COUNCIL").verdict is Verdict.ALTERED


def test_words_of_two_speakers_quoted_as_one_are_joined(checker):
    check = checker.check("to consider this problem resolved. That is exactly why I think it is necessary")

    assert check.verdict is Verdict.ALTERED and concerns(check) == [(Concern.JOINED, "", "")]
    assert [place.speaker for place in check.places] == ["Akhromeev", "Crowe"]


@pytest.mark.parametrize("quoted", ["Ich bin ein Berliner", "Tear down this wall, Mr. Gorbachev", "zyzzyva", "???!q"])
def test_words_that_are_not_there_are_absent(checker, quoted):
    check = checker.check(quoted)

    assert (check.verdict, check.places, check.changes, check.span) == (Verdict.ABSENT, (), (), Span(0, len(quoted)))


def test_every_place_is_given_in_the_order_of_the_record(checker):
    check = checker.check("“reasonable sufficiency,”")

    assert [(place.speaker, place.exact) for place in check.places] == [
        ("Wickham", "reasonable \n\nsufficiency"),
        ("Welch", "reasonable sufficiency"),
    ]
    assert not check.has_more


def test_places_beyond_the_greatest_number_are_told_of(checker):
    check = checker.check("the")

    assert len(check.places) == MAX_PLACES == 200 and check.has_more
    assert [(p.document_id, p.start) for p in check.places] == sorted((p.document_id, p.start) for p in check.places)


# Ellipses and brackets


@pytest.mark.parametrize(
    ("quoted", "changes", "warnings"),
    [
        ("I do ... exclude the possibility", [("elided", "not", "")], [(Concern.NEGATION, "elided", "not")]),
        ("there were [...] laser weapons on the ships", [("elided", "no", "")], [(Concern.NEGATION, "elided", "no")]),
        (
            "Regrettably you did not have a chance … to seriously get to know our country",
            [("elided", "during this visit", "")],
            [],
        ),
        ("I accept [the invitation]", [("inserted", "it", "the invitation")], []),
        ("we [never] worked together", [("inserted", "", "never")], [(Concern.NEGATION, "inserted", "never")]),
        (
            "it turned out ... had laser cannons",
            [("case", "It", "it"), ("elided", "that the ships", ""), ("changed", "binoculars", "cannons")],
            [],
        ),
    ],
)
def test_what_is_elided_or_inserted_is_told_and_what_it_hides(checker, quoted, changes, warnings):
    check = checker.check(quoted)
    told = [change for change in kinds(check) if change[0] != "case"]

    assert check.verdict is Verdict.ALTERED and told == [change for change in changes if change[0] != "case"]
    assert concerns(check) == warnings
    assert check.marked is (not warnings and all(change[0] in ("elided", "inserted") for change in told))
    assert len(check.places) == 1


def test_whole_sentences_left_out_hide_nothing(checker):
    check = checker.check(
        "the Soviet people feel deep respect for the American people. ... We are divided by deep contradictions"
    )

    assert [change.kind for change in check.changes] == ["same", "elided", "same"]
    assert "never" in check.changes[1].record and check.warnings == () and check.marked


def test_parts_in_another_order_or_by_others_stand_apart(checker):
    for quoted in (
        "reveal the numbers to each other ... the disbalance is favorable to NATO",
        "the ships had laser binoculars ... The Marine Corps is always first",
        "our established four-part agenda ... I regret this myself",
    ):
        check = checker.check(quoted)

        assert check.verdict is Verdict.ALTERED and concerns(check) == [(Concern.APART, "", "")]
        assert len(check.places) == 2


def test_an_ellipsis_over_another_speakers_words_is_told(checker):
    check = checker.check("I regret this myself. ... I accept it")

    assert check.verdict is Verdict.ALTERED and Concern.JOINED in {caution.concern for caution in check.warnings}


def test_a_part_that_is_not_there_is_added(checker):
    check = checker.check("I thank you, Mr. Admiral, for the attention ... zyzzyva quux")

    assert kinds(check) == [("added", "", "zyzzyva quux")]


def test_ellipses_alone_join_nothing(checker):
    assert checker.check("zyzzyva ... quux ... corge").verdict is Verdict.ABSENT


# What governs a quotation


@pytest.mark.parametrize(
    ("quoted", "warnings"),
    [
        ("exclude the possibility but also do not assert", [(Concern.NEGATION, "not"), (Concern.CONDITION, "but")]),
        ("we could [try to] understand", [(Concern.HEDGE, "perhaps")]),
        ("I do not exclude the possibility but also do not assert, but only suppose", []),
        ("the possibility", []),  # a term
        ("the ships had laser binoculars", []),
    ],
)
def test_what_governs_an_exact_quotation_is_told(checker, quoted, warnings):
    check = checker.check(quoted)

    assert check.verdict is Verdict.EXACT
    assert [(caution.concern, caution.words) for caution in check.warnings if caution.how == "beside"][:1] == warnings[
        :1
    ]


# Whole texts


ESSAY = """\
In 1987 the marshal spoke of “reasonable sufficiency” and said that "Blood that was shed together is never
forgotten." As Crowe said, ‘Blood that was shed together is never forgotten.’

> I do not exclude the possibility
> but also do assert

We reckon with the U.S. armed forces because we live in a modern world. Some of us know that well.
He added: “Nobody expects the zyzzyva.”
"""


def test_every_quotation_of_a_text_is_checked_in_its_order(checker):
    checks = checker.check_text(ESSAY)

    assert [(check.verdict, check.quoted.split()[0]) for check in checks] == [
        (Verdict.EXACT, "reasonable"),
        (Verdict.EXACT, "Blood"),
        (Verdict.MISATTRIBUTED, "Blood"),
        (Verdict.ALTERED, "I"),
        (Verdict.EXACT, "We"),
        (Verdict.ABSENT, "Nobody"),
    ]
    assert all(ESSAY[check.span.start : check.span.end] == check.quoted for check in checks)
    assert [check.span for check in checks] == sorted(check.span for check in checks)


def test_the_records_words_without_marks_are_told(checker):
    checks = checker.check_text(ESSAY)

    assert concerns(checks[4]) == [(Concern.UNMARKED, "", "")]
    assert concerns(checker.check_text(checks[4].quoted)[0]) == []  # where nothing has marks


def test_a_text_that_quotes_nothing_is_checked_sentence_by_sentence(checker):
    checks = checker.check_text("I regret this myself. I’m not in the U.S. that seldom.\n\nZyzzyva quux.")

    assert [check.verdict for check in checks] == [Verdict.EXACT, Verdict.ALTERED, Verdict.ABSENT]


def test_a_document_pasted_whole_is_exact_sentence_by_sentence(seeds, checker):
    for document in seeds.documents:
        checks = checker.check_text(document.text)
        quotations = {'"', "“", "”"} & set(document.text)

        assert checks and {check.verdict for check in checks} == {Verdict.EXACT}
        if not quotations:
            assert sum(len(check.quoted) for check in checks) > 0.6 * len(document.text)


@pytest.mark.parametrize(
    "text", ["<p>“<b>laser</b> binoculars”</p>", "“\u202elaser binoculars”", "“la\x00ser binoculars”"]
)
def test_markup_and_control_characters_are_taken_as_they_stand(checker, text):
    assert [check.verdict for check in checker.check_text(text)] != [Verdict.EXACT]


def test_a_very_long_quotation_is_an_error(checker):
    with pytest.raises(QuestionError) as raised:
        checker.check("a " * 60_000)

    assert str(raised.value) == "the quotation has 120000 characters; at most 100000 are allowed. Check it in parts"


def test_a_very_long_text_is_an_error(checker):
    with pytest.raises(QuestionError) as raised:
        checker.check_text("a " * 60_000)

    assert str(raised.value) == "the text has 120000 characters; at most 100000 are allowed. Check it in parts"


def test_very_many_quotations_are_an_error(checker):
    with pytest.raises(QuestionError) as raised:
        checker.check_text('"a" ' * (MAX_CLAIMS + 1))

    assert str(raised.value) == (
        "the text holds 2001 quotations and sentences; at most 2000 are allowed. Check it in parts"
    )


def test_very_many_places_are_cut_to_one_each(seeds, checker):
    counts = Counter(word for document in seeds.documents for word in document.text.split() if word.isalpha())
    frequent = [word for word, _ in counts.most_common(200)]
    checks = checker.check_text(" ".join(f'"{word}"' for word in frequent * 2))

    assert len(checks) == 400 and all(check.places for check in checks)
    assert sum(len(check.places) for check in checks) <= MAX_PLACES_OF_TEXT + MAX_PLACES + len(checks)
    assert len(checks[-1].places) == 1 and checks[-1].has_more


@pytest.mark.parametrize("words", ["peace ", "the of ", "zyzzyva ", "the ", "No no no ", "5% "])
def test_the_longest_quotation_is_taken(checker, words):
    assert checker.check(words * (MAX_CHARACTERS // len(words))).verdict is not Verdict.EXACT


def test_the_longest_text_is_taken(seeds, checker):
    text = (seeds.documents[1].text + "\n\n") * 20

    assert checker.check_text(text[:60_000])


@pytest.mark.parametrize("quoted", ["", " \n\t", "… — “”", "\0", "\u200b", "[sic]"])
def test_a_quotation_without_words_is_an_error(checker, quoted):
    with pytest.raises(QuestionError) as raised:
        checker.check(quoted)
    with pytest.raises(QuestionError) as raised_too:
        checker.check_text(quoted)

    assert str(raised.value) == "the quotation holds no words; give the words to look for"
    assert str(raised_too.value) == "the text holds no words; give the text whose quotations are to be checked"
