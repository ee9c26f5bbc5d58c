"""A file of settings: what it may say, what counts for more, and how its mistakes are told."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

import bot.settings
from bot.doctor import examine
from bot.errors import SettingsError
from bot.settings import Settings, choose_settings, read_settings
from ui.cli import main

KEYS = ", ".join(field.name for field in fields(Settings))


@pytest.fixture
def file(tmp_path):
    """Return ``write(text)``, which writes a file of settings and returns its path."""

    def write(text: str | bytes) -> Path:
        path = tmp_path / "memcon.toml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def toml_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"'{value}'" if isinstance(value, str | Path) else str(value)


def test_every_setting_can_stand_in_a_file(file):
    text = "\n".join(f"{f.name} = {toml_value(getattr(Settings(), f.name))}" for f in fields(Settings))

    assert read_settings({}, settings_path=file(text)) == Settings()


def test_a_file_counts_for_more_than_the_defaults_the_environment_for_more_and_the_command_line_for_most(file):
    path = file("threads = 3\nmax_words = 60\nmax_citations = 4\n")
    chosen = choose_settings(
        {"MEMCON_SETTINGS": str(path), "MEMCON_MAX_WORDS": "61", "MEMCON_MAX_CITATIONS": "5"}, max_citations=6
    )
    names = ("threads", "max_words", "max_citations", "port")

    assert [getattr(chosen.settings, name) for name in names] == [3, 61, 6, 8000]
    assert [chosen.origins[name] for name in names] == [str(path), "environment", "command line", "default"]


def test_the_file_that_is_given_counts_and_not_the_one_of_the_environment(file):
    given = read_settings({"MEMCON_SETTINGS": "/no/such/file"}, settings_path=file("port = 81"))

    assert given.port == 81


def test_the_systems_file_is_read_where_no_other_is_named(file, monkeypatch):
    monkeypatch.setattr(bot.settings, "SYSTEM_PATH", file("port = 82"))

    assert read_settings({}).port == 82
    assert read_settings({"MEMCON_SETTINGS": ""}).port == Settings().port


def test_an_empty_file_sets_nothing(file):
    assert read_settings({}, settings_path=file("")) == Settings()


def test_a_folder_of_a_file_stands_beside_it_whatever_the_working_folder(file, monkeypatch, tmp_path_factory):
    path = file('collection_path = "papers"\ncache_path = "/var/cache/memcon"\nstate_path = "~/state"\n')
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    settings = read_settings({}, settings_path=path)

    assert settings.collection_path == path.parent / "papers"
    assert settings.cache_path == Path("/var/cache/memcon")
    assert settings.state_path == Path("~/state").expanduser()


def test_a_whole_number_may_stand_for_any_number(file):
    assert read_settings({}, settings_path=file("min_answer_probability = 1")).min_answer_probability == 1.0


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("colour = 'red'", f"colour = 'red': is no setting; there are {KEYS}"),
        ("[museum]\nport = 1", f"museum = {{'port': 1}}: is no setting; there are {KEYS}"),
        ("threads = 0", "threads = 0: must be at least 1"),
        ("threads = '2'", "threads = '2': must be a whole number"),
        ("threads = true", "threads = True: must be a whole number"),
        ("threads = 2.0", "threads = 2.0: must be a whole number"),
        ("reader = 1", "reader = 1: must be true or false"),
        ("reader = 'yes'", "reader = 'yes': must be true or false"),
        ("min_answer_probability = true", "min_answer_probability = True: must be a number"),
        ("min_answer_probability = nan", "min_answer_probability = nan: must be between 0 and 1"),
        ("cache_path = ' '", "cache_path = ' ': must be a folder"),
        ("cache_path = '~nobody-of-that-name'", "cache_path = '~nobody-of-that-name': must be a folder"),
        ("host = 1", "host = 1: must be text between quotation marks"),
        ("host = ['a']", "host = ['a']: must be text between quotation marks"),
        ("port = 1979-05-27", "port = datetime.date(1979, 5, 27): must be a whole number"),
        ("keep_questions = 366", "keep_questions = 366: must be between 0 and 365 days; 0 keeps none"),
        ("keep_questions = -1", "keep_questions = -1: must be between 0 and 365 days; 0 keeps none"),
        ("public_url = 'museum'", "public_url = 'museum': must look like https://museum.example"),
    ],
)
def test_a_mistake_is_told_with_file_key_value_and_what_is_allowed(file, text, problem):
    path = file(text)
    with pytest.raises(SettingsError) as raised:
        read_settings({}, settings_path=path)

    assert str(raised.value) == f"{path}: {problem}"


def test_a_mistake_is_told_even_where_something_else_counts_for_more(file):
    with pytest.raises(SettingsError, match=r"threads = 0: must be at least 1"):
        read_settings({"MEMCON_THREADS": "1"}, settings_path=file("threads = 0"))


@pytest.mark.parametrize("text", ["threads", "threads = 1\nthreads = 2", b"\xff\xfe", "a = " + "[" * 5000, "\0"])
def test_what_is_no_toml_is_told_with_the_file(file, text):
    path = file(text)
    with pytest.raises(SettingsError) as raised:
        read_settings({}, settings_path=path)

    assert str(raised.value).startswith(f"{path}: is not TOML in UTF-8: ")


def test_a_file_that_is_not_there_or_is_a_folder_is_told(tmp_path):
    for path, why in ((tmp_path / "none.toml", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(SettingsError) as raised:
            read_settings({}, settings_path=path)

        assert str(raised.value) == f"{path}: the settings cannot be read ({why}); name another file with --settings"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_told(file):
    path = file("port = 1")
    path.chmod(0)
    with pytest.raises(SettingsError, match="Permission denied"):
        read_settings({}, settings_path=path)


def test_the_command_reads_the_file_that_its_option_names_for_every_subcommand(file, make_collection):
    folder = make_collection({"harbour.txt": "The harbour was closed in March."})
    path = file(f"collection_path = '{folder}'")

    listed = CliRunner().invoke(main, ["--settings", str(path), "documents"])
    wrong = CliRunner().invoke(main, ["--settings", str(path.parent / "none.toml"), "documents"])

    assert listed.stdout.startswith("harbour  Harbour\n")
    assert (wrong.exit_code, wrong.stderr.count("none.toml: the settings cannot be read")) == (2, 1)


def test_the_examination_tells_every_value_and_where_it_was_stated(file):
    path = file("port = 8100\ncollection_path = '/no/such'")
    told = next(iter(examine(choose_settings({"MEMCON_THREADS": "1"}, settings_path=path, host="0.0.0.0"))))

    assert (told.what, told.well) == ("settings", True)
    assert {line.strip() for line in told.detail.splitlines()} >= {
        f"port = 8100 ({path})",
        "threads = 1 (environment)",
        "host = '0.0.0.0' (command line)",
        f"collection_path = '/no/such' ({path})",
        "keep_questions = 0 (default)",
    }
    assert len(told.detail.splitlines()) == len(fields(Settings))
