"""Dates as manifests and file names give them, and as English spells them."""

from __future__ import annotations

import pytest

from embeddings.dates import date_parts, spell_date


@pytest.mark.parametrize(
    ("iso", "parts", "spelled"),
    [
        ("1987-12-10", (1987, 12, 10), "December 10, 1987"),
        ("1988-08-02", (1988, 8, 2), "August 2, 1988"),
        ("1988-07", (1988, 7), "July 1988"),
        ("1988", (1988,), "1988"),
        ("0050", (50,), "0050"),
        ("0000", (), "0000"),
        ("1988-13-40", (), "1988-13-40"),
        ("1987-02-29", (), "1987-02-29"),
        ("1988-07-", (), "1988-07-"),
        ("around 1900", (), "around 1900"),
        ("1988-07-28/1988-08-02", (), "1988-07-28/1988-08-02"),
        ("١٩٨٨", (), "١٩٨٨"),
    ],
)
def test_a_date_is_spelled_out_as_far_as_it_is_one(iso, parts, spelled):
    assert date_parts(iso) == parts
    assert spell_date(iso) == spelled
