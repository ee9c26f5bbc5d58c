"""Names in their parts, and dates."""

from __future__ import annotations

import pytest

from ui.formats.names import Name, family_names, split_name, split_names
from ui.formats.words import listed


@pytest.mark.parametrize(
    ("full", "family", "name", "inverted"),
    [
        (
            "Colin L. Powell",
            "Powell",
            Name(full="Colin L. Powell", family="Powell", given="Colin L."),
            "Powell, Colin L.",
        ),
        ("R. Herres", "Herres", Name(full="R. Herres", family="Herres", given="R."), "Herres, R."),
        ("Crowe", "Crowe", Name(full="Crowe", family="Crowe"), "Crowe"),
        (
            "John A. Wickham, Jr.",
            "Wickham",
            Name(full="John A. Wickham, Jr.", family="Wickham", given="John A.", suffix="Jr."),
            "Wickham, John A., Jr.",
        ),
        (
            "John Wickham III",
            "Wickham",
            Name(full="John Wickham III", family="Wickham", given="John", suffix="III"),
            "Wickham, John, III",
        ),
        ("Mao Zedong", "Mao", Name(full="Mao Zedong", family="Mao", given="Zedong", family_first=True), "Mao Zedong"),
        (
            "Carla van Dyke",
            "van Dyke",
            Name(full="Carla van Dyke", family="van Dyke", given="Carla"),
            "van Dyke, Carla",
        ),
        ("Executive Secretary", None, Name(full="Executive Secretary"), "Executive Secretary"),
        ("Crowell", "Crowe", Name(full="Crowell"), "Crowell"),  # a part of a word is no family name
    ],
)
def test_a_name_is_divided_at_its_family_name(full, family, name, inverted):
    assert split_name(full, {full: family} if family else {}) == name
    assert name.inverted == inverted


def test_names_are_parted_at_semicolons():
    assert [name.full for name in split_names(" A. B ;; C, D;\n", {})] == ["A. B", "C, D"]
    assert split_names(";", {}) == ()


def test_a_stated_family_name_goes_before_a_word_of_the_list():
    names = ["Anna Lee Brown", "Anna Lee", "Annabel", "Carl Lee, Jr."]

    assert family_names([("Anna Lee Brown", "Brown")], names, ["", "Lee", "Anna"]) == {
        "Anna Lee Brown": "Brown", "Anna Lee": "Lee", "Carl Lee, Jr.": "Lee",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ([], ""),
        (["A"], "A"),
        (["A", "B"], "A and B"),
        (["A", "B", "C"], "A, B, and C"),
        (["A", "B, Jr.", "C"], "A; B, Jr.; and C"),
    ],
)
def test_names_are_listed_as_chicago_lists_them(names, shown):
    assert listed(names) == shown
