"""Settings: defaults, variables, and what is no setting."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import SEEDS_PATH, Settings, read_settings

KNOWN = ", ".join([*(f"MEMCON_{field.name.upper()}" for field in fields(Settings)), "MEMCON_SETTINGS"])


def test_without_variables_the_defaults_hold():
    assert read_settings({}) == Settings()
    assert Settings().collection_path == SEEDS_PATH


def test_only_variables_of_ours_are_read():
    assert read_settings({"HOME": "/nowhere", "READER": "no", "memcon_reader": "no"}) == Settings()


@pytest.mark.parametrize(
    ("variable", "text", "value"),
    [
        ("COLLECTION_PATH", "/archive", Path("/archive")),
        ("CACHE_PATH", "~/cache", Path("~/cache").expanduser()),
        ("ENCODER", "other", "other"),
        ("READER", "no", False),
        ("READER", "TRUE", True),
        ("CURATED", "0", False),
        ("MIN_ANSWER_PROBABILITY", "0.5", 0.5),
        ("MIN_ANSWER_PROBABILITY", "1", 1.0),
        ("MAX_WORDS", "80", 80),
        ("THREADS", "1", 1),
    ],
)
def test_a_variable_sets_what_it_names(variable, text, value):
    assert getattr(read_settings({f"MEMCON_{variable}": text}), variable.lower()) == value


def test_every_setting_can_be_set_by_a_variable():
    environment = {f"MEMCON_{field.name.upper()}": str(getattr(Settings(), field.name)) for field in fields(Settings)}

    assert read_settings(environment) == Settings()


def test_what_is_given_counts_for_more_and_none_is_not_given():
    environment = {"MEMCON_THREADS": "3", "MEMCON_READER": "no"}
    settings = read_settings(environment, threads=4, reader=None)

    assert (settings.threads, settings.reader) == (4, False)


def test_the_environment_is_read_where_none_is_given(monkeypatch):
    monkeypatch.setenv("MEMCON_MAX_CITATIONS", "7")

    assert read_settings().max_citations == 7


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("READER", "maybe", "MEMCON_READER = 'maybe': must be true or false"),
        ("READER", "", "MEMCON_READER = '': must be true or false"),
        ("THREADS", "two", "MEMCON_THREADS = 'two': must be a whole number"),
        ("THREADS", "1.5", "MEMCON_THREADS = '1.5': must be a whole number"),
        ("MIN_ANSWER_PROBABILITY", "half", "MEMCON_MIN_ANSWER_PROBABILITY = 'half': must be a number"),
        ("CACHE_PATH", " ", "MEMCON_CACHE_PATH = ' ': must be a folder"),
        ("CACHE_PATH", "~nobody-of-that-name/x", "MEMCON_CACHE_PATH = '~nobody-of-that-name/x': must be a folder"),
        ("THREADS", "0", "threads = 0: must be at least 1"),
        ("MAX_WORDS", "-1", "max_words = -1: must be at least 1"),
        ("MAX_CITATIONS", "0", "max_citations = 0: must be at least 1"),
        ("MIN_ANSWER_PROBABILITY", "1.01", "min_answer_probability = 1.01: must be between 0 and 1"),
        ("MIN_ANSWER_PROBABILITY", "nan", "min_answer_probability = nan: must be between 0 and 1"),
        ("MIN_CURATED_SIMILARITY", "-0.1", "min_curated_similarity = -0.1: must be between 0 and 1"),
        ("COLOUR", "red", f"MEMCON_COLOUR = 'red': is no setting; there are {KNOWN}"),
        ("", "x", f"MEMCON_ = 'x': is no setting; there are {KNOWN}"),
    ],
)
def test_a_variable_that_sets_nothing_right_is_named_with_its_value(variable, text, message):
    with pytest.raises(SettingsError) as raised:
        read_settings({f"MEMCON_{variable}": text})

    assert str(raised.value) == message


def test_settings_are_frozen():
    with pytest.raises(FrozenInstanceError):
        Settings().threads = 3


def test_each_collection_folder_has_an_index_of_its_own(tmp_path, monkeypatch):
    one, other = tmp_path / "a" / "papers", tmp_path / "b" / "papers"
    places = [Settings(collection_path=path, cache_path=tmp_path).index_path for path in (one, other)]

    assert places[0] != places[1]
    assert {place.parent for place in places} == {tmp_path / "indexes"}
    assert all(place.name.startswith("papers-") for place in places)

    monkeypatch.chdir(tmp_path)
    assert Settings(collection_path=Path("a/papers"), cache_path=tmp_path).index_path == places[0]


def test_a_folder_of_any_name_has_a_place_for_its_index(tmp_path):
    assert Settings(collection_path=tmp_path / "caf\udce9", cache_path=tmp_path).index_path.parent.name == "indexes"


@pytest.mark.parametrize("address", ["https://museum.example", "http://10.0.0.5:8000", "https://m.example/records/"])
def test_addresses_of_sites_are_taken(address):
    assert Settings(public_url=address, frame_ancestors=f"{address} https://b.example").public_url == address


@pytest.mark.parametrize("address", ["museum.example", "https://a.example; script-src *", "javascript:alert(1)", "*"])
def test_what_is_no_address_of_a_site_is_named(address):
    with pytest.raises(SettingsError) as caught:
        Settings(public_url=address)

    assert str(caught.value) == f"public_url = {address!r}: must look like https://museum.example"


def test_a_port_out_of_range_is_named():
    with pytest.raises(SettingsError) as caught:
        Settings(port=70000)

    assert str(caught.value) == "port = 70000: must be between 0 and 65535; 0 takes any free one"
