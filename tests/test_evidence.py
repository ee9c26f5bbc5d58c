"""What is quoted: the place likeliest to answer, in as many words as they are worth."""

from __future__ import annotations

import numpy as np
import pytest

from bot.evidence import COST_OF_WORD, WORDS_OF_QUOTATION, EvidenceChooser, Region
from embeddings.collection import load_collection
from embeddings.units import read_units

WORDS = "one two three four five six seven eight nine ten"
TEXT = "\n\n".join(" ".join(f"Sentence {p}{s} has {WORDS}." for s in "abcdef") for p in "xyz")  # 13 words a sentence


@pytest.fixture
def chooser(make_collection):
    collection = load_collection(make_collection({"a.txt": TEXT, "b.txt": TEXT}))
    units = read_units(collection)
    assert [len(unit.text.split()) for unit in units] == [13] * 36

    def make(max_words=120, max_citations=3, max_sentences=5):
        return EvidenceChooser(
            collection, units, max_words=max_words, max_citations=max_citations, max_sentences=max_sentences
        )

    return make


def choose(chooser, likely, *, wants_list=False):
    """Choose among all units, the named ones as likely as given, and return their first and last numbers."""
    rest = (1 - sum(likely.values())) / (36 - len(likely))
    scores = np.log(np.array([likely.get(n, rest) for n in range(36)], dtype=np.float32)) + 3  # any constant will do
    regions = chooser.choose(np.arange(36), scores, wants_list=wants_list)
    return [(region.first, region.last) for region in regions]


def test_a_sentence_that_certainly_answers_is_quoted_alone(chooser):
    assert choose(chooser(), {8: 0.98}) == [(8, 8)]


def test_two_likely_neighbours_are_quoted_before_a_likelier_sentence_that_stands_alone(chooser):
    assert choose(chooser(), {8: 0.35, 20: 0.3, 21: 0.3})[0] == (20, 21)


def test_a_neighbour_is_quoted_along_if_it_is_worth_its_words(chooser):
    cost = 13 * COST_OF_WORD
    assert choose(chooser(), {8: 0.9, 9: cost + 0.01}) == [(8, 9)]
    assert choose(chooser(), {8: 0.9, 9: cost - 0.01}) == [(8, 8)]


def test_another_place_must_be_worth_a_quotation_besides(chooser):
    cost = (13 + WORDS_OF_QUOTATION) * COST_OF_WORD
    assert choose(chooser(), {8: 0.9, 20: cost + 0.01}) == [(8, 8), (20, 20)]
    assert choose(chooser(), {8: 0.9, 20: cost - 0.01}) == [(8, 8)]


def test_where_nothing_is_worth_its_words_the_likeliest_is_quoted_and_not_the_shortest(make_collection):
    long = "\n\n".join(f"Long {n} has {' '.join([WORDS] * 4)}." for n in range(40))
    collection = load_collection(make_collection({"a.txt": f"Short.\n\n{long}"}))
    chooser = EvidenceChooser(collection, read_units(collection), max_words=500, max_citations=3)
    scores = np.zeros(41, dtype=np.float32)
    scores[[8, 4]] = 0.2, 0.1

    for least, numbers in ((1, [8]), (3, [8, 4, 0])):
        regions = chooser.choose(np.arange(41), scores, wants_list=False, least=least)
        assert [(region.first, region.last) for region in regions] == [(n, n) for n in numbers]


def test_a_sentence_between_two_likely_ones_is_quoted_with_them(chooser):
    assert choose(chooser(), {7: 0.45, 9: 0.45}) == [(7, 9)]


@pytest.mark.parametrize("likely", [{5: 0.45, 6: 0.45}, {17: 0.45, 18: 0.45}])
def test_neither_paragraphs_nor_documents_are_joined(chooser, likely):
    assert sorted(choose(chooser(), likely)) == [(n, n) for n in likely]


def test_no_more_is_quoted_than_the_settings_allow(chooser):
    likely = {0: 0.2, 2: 0.2, 12: 0.18, 18: 0.16, 24: 0.14}
    assert len(choose(chooser(), likely)) == 3
    assert len(choose(chooser(), likely, wants_list=True)) == 4
    assert choose(chooser(max_citations=1), likely) == [(0, 2)]
    assert choose(chooser(max_words=51), likely) == [(0, 2)]
    assert choose(chooser(max_words=52), likely) == [(0, 2), (12, 12)]
    assert choose(chooser(max_words=17), likely, wants_list=True) == [(0, 2)]  # three times as many for a list
    assert choose(chooser(max_sentences=2), likely)[0] == (0, 0)


def test_a_sentence_longer_than_all_that_may_be_quoted_is_quoted_whole(chooser):
    assert choose(chooser(max_words=5), {8: 0.6, 9: 0.3}) == [(8, 8)]


def test_the_score_is_that_of_the_best_sentence(chooser):
    numbers = np.array([7, 8, 9])
    (region,) = chooser().choose(numbers, np.array([1.0, 2.5, 2.0], dtype=np.float32), wants_list=False)

    assert (region.first, region.last, region.score) == (7, 9, 2.5)


def test_the_choice_does_not_hang_on_the_order_of_the_candidates(chooser):
    numbers, scores = np.arange(36), np.random.default_rng(0).normal(size=36).astype(np.float32) * 3
    shuffled = np.random.default_rng(1).permutation(36)

    assert chooser().choose(numbers, scores, wants_list=True) == chooser().choose(
        numbers[shuffled], scores[shuffled], wants_list=True
    )


def test_the_text_of_a_region_comes_with_its_passage_and_what_stands_around_it(make_collection):
    talk = "SMITH: One came. Two came.\n\nJONES: Yes.\n\nSMITH: No.\n\n" + "JONES: Who?\n\nSMITH: Nobody.\n\n" * 5
    collection = load_collection(make_collection({"1921-05-04-talk.txt": talk, "b.txt": TEXT}))
    units = read_units(collection)
    chooser = EvidenceChooser(collection, units, max_words=120, max_citations=3)

    text = chooser.text_of(Region(first=1, last=2, score=0.5))

    assert units[2].speaker == "Jones"
    assert text.words == "Two came. Yes."
    assert text.passage == "Smith: One came. Two came."
    assert text.around.startswith("May 4, 1921: talk Smith One came. Smith Two came. Jones Yes. Smith No. Jones Who?")
    assert text.around.count("Nobody.") == 2  # six sentences after the region
    assert chooser.text_of(Region(first=9, last=9, score=0.5)).around.count("One came.") == 0
    assert chooser.text_of(Region(first=7, last=8, score=0.5)).around.count("Two came.") == 1  # six before it
    first = next(unit.number for unit in units if unit.document == 1)
    assert "Nobody." in units[first - 1].text
    assert "Nobody." not in chooser.text_of(Region(first=first, last=first, score=0.5)).around
