"""A list is quoted whole, whether one of its entries was found or only the words that introduce it."""

from __future__ import annotations

import pytest

from bot.evidence import Region
from bot.lists import MAX_ENTRIES, complete_list, introduces, with_whole_list
from embeddings.collection import load_collection
from embeddings.documents import BlockKind
from embeddings.units import read_units

TEXT = """The board met at noon. It has these duties:

- to keep the light
- to pay the keepers, for three reasons:
- a. they live far from the town;
- b. they buy their own oil;
- c. nobody else would go.
- to report, of these:
- d. the wrecks;
- e. the visitors.

The board rose at one.
"""


@pytest.fixture
def harbour(make_collection):
    collection = load_collection(make_collection({"d.txt": TEXT}))
    units = read_units(collection)
    kinds = [collection.documents[0].blocks[unit.block_index].kind for unit in units]
    assert kinds == [BlockKind.PARAGRAPH] * 2 + [BlockKind.ENTRY] * 8 + [BlockKind.PARAGRAPH]
    return collection, units


def completed(harbour, first, last):
    collection, units = harbour
    return [(r.first, r.last) for r in complete_list(collection, units, Region(first=first, last=last, score=0.5))]


@pytest.mark.parametrize(("first", "last"), [(1, 1), (0, 1), (2, 2), (4, 5)])
def test_the_words_that_introduce_a_list_and_any_entry_bring_all_of_it(harbour, first, last):
    assert completed(harbour, first, last) == [(2, 9)]


@pytest.mark.parametrize(("number", "others"), [(3, (4, 6)), (7, (8, 9))])
def test_an_entry_that_introduces_others_is_followed_by_those_alone(harbour, number, others):
    assert completed(harbour, number, number) == [(number, number), others]


def test_words_after_a_list_bring_none(harbour):
    assert completed(harbour, 10, 10) == [(10, 10)]


def test_a_list_too_long_to_be_quoted_is_left(make_collection):
    text = "These are the lamps:\n\n" + "\n".join(f"- lamp {n}" for n in range(MAX_ENTRIES + 1))
    collection = load_collection(make_collection({"d.txt": text}))
    region = Region(first=0, last=0, score=0.5)
    assert complete_list(collection, read_units(collection), region) == [region]


def test_words_that_end_in_a_colon_introduce_what_follows(harbour):
    _, units = harbour
    said = [unit.number for unit in units if introduces(unit)]
    assert said == [1, 3, 7]


SIDE = """The agency gave its answer on May 4, about two stations. It said of these stations:

- the northern one was closed;
- the southern one was sold.
"""


@pytest.mark.parametrize(
    ("region", "best", "wants_list", "quoted"),
    [
        ((0, 1), 0, True, [(0, 1), (2, 3)]),  # what answers stands beside the list: it is not given up for it
        ((0, 1), 1, True, [(2, 3)]),
        ((3, 3), 3, True, [(2, 3)]),
        ((0, 0), 0, True, [(0, 0)]),
        ((0, 1), 0, False, [(0, 1), (2, 3)]),
        ((2, 2), 2, False, [(2, 2)]),
    ],
)
def test_a_list_takes_the_place_of_what_was_found_of_it_and_of_nothing_else(
    make_collection, region, best, wants_list, quoted
):
    collection = load_collection(make_collection({"d.txt": SIDE}))
    found = Region(first=region[0], last=region[1], score=0.5)

    regions = with_whole_list(collection, read_units(collection), [found], best, wants_list=wants_list, max_words=60)

    assert [(r.first, r.last) for r in regions] == quoted


def test_a_list_that_nobody_asked_for_follows_only_where_there_is_room(make_collection):
    collection = load_collection(make_collection({"d.txt": SIDE}))
    found = Region(first=0, last=1, score=0.5)

    assert with_whole_list(collection, read_units(collection), [found], 0, wants_list=False, max_words=20) == [found]
