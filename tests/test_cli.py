"""The memcon command, as far as it needs no model: cite, quote, documents, help, and misuse."""

from __future__ import annotations

import json
from importlib import metadata

import click
import pytest
from click.testing import CliRunner

from bot.citations import cite
from bot.settings import SEEDS_PATH
from ui.cli import main

T20 = "akhromeev-crowe-1987/t20"


@pytest.fixture
def memcon(monkeypatch, tmp_path):
    """Run the command with an environment of its own; an exception that it does not expect is raised here."""
    monkeypatch.setenv("MEMCON_CACHE_PATH", str(tmp_path / "cache"))

    def run(*arguments, stdin=None):
        return CliRunner().invoke(main, [str(a) for a in arguments], input=stdin, catch_exceptions=False)

    return run


def commands():
    return sorted(main.commands)


def test_the_commands_are_those_of_the_design():
    assert {"ask", "chat", "cite", "quote", "index", "documents", "doctor", "evaluate"} <= set(commands())


@pytest.mark.parametrize("name", ["", *commands()])
def test_every_command_and_option_says_what_it_does(memcon, name):
    result = memcon(*name.split(), "--help")
    command = main.commands[name] if name else main

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith(f"Usage: main {name}".rstrip())
    assert command.help
    assert all(p.help for p in command.params if isinstance(p, click.Option))


NEEDS_NONE = {"serve", "review", "kiosk-setup"}  # the first is tested with a server; `review link` takes one


@pytest.mark.parametrize("name", [name for name in commands() if name not in NEEDS_NONE])
def test_every_command_takes_a_collection(name):
    assert "--collection" in {option for p in main.commands[name].params for option in p.opts}


def test_cite_prints_the_words_and_where_they_stand(memcon):
    result = memcon("cite", f"{T20}:10005-10068")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[2:] == [
        f"{T20}:10005-10068",
        "sha256 5007a91cae393a0a42570edcfc013ea2c2688ed1bef253e6faa1345ce7027f73",
    ]


def test_cite_prints_a_note_after_chicago(memcon):
    result = memcon("cite", "nsdd-311/cover-sheet/p2", "--format", "chicago", "--collection", SEEDS_PATH)

    assert result.exit_code == 0
    assert result.stdout.startswith(
        "National Security Council Information cover sheet, System II No. 90597, Copy 3 (CIA), paragraph 2, p. 1, "
        "NSDD-311 file, "
    )


def test_cite_prints_several_as_one_file(memcon):
    ids = ["nsdd-311/cover-sheet/p2", "nsdd-311/memorandum/p2"]
    result = memcon("cite", *ids, "--format", "csl-json", "--collection", SEEDS_PATH)

    assert result.exit_code == 0
    assert [entry["id"] for entry in json.loads(result.stdout)] == ["nsdd-311/cover-sheet", "nsdd-311/memorandum"]


def test_cite_opens_a_permalink_and_says_what_became_of_it(memcon, seeds):
    link = cite(seeds, "nsdd-311", seeds.passage("nsdd-311/memorandum/p2").span, 1.0).url
    result = memcon("cite", f"https://museum.example{link}", "--collection", SEEDS_PATH)

    assert result.exit_code == 0
    assert "nsdd-311/memorandum/p2" in result.stdout
    assert result.stderr.strip()


@pytest.mark.parametrize(
    ("words", "verdict", "exit_code"),
    [
        ("blood that was shed together", "Exact.", 0),
        ("the ships had laser cannons", "Altered.", 1),
        ("zyzzyva", "Absent: not in this collection.", 1),
    ],
)
def test_quote_says_the_verdict_and_exits_with_it(memcon, words, verdict, exit_code):
    result = memcon("quote", words)

    assert (result.exit_code, result.stdout.splitlines()[0]) == (exit_code, verdict)


def test_quote_prints_json(memcon):
    result = memcon("quote", "the ships had laser cannons", "--json")
    found = json.loads(result.stdout)

    assert result.exit_code == 1
    assert (found["verdict"], found["places"][0]["passage_id"]) == ("altered", T20)


def test_quote_reads_words_from_stdin_whatever_their_bytes(memcon):
    assert memcon("quote", "-", stdin="laser\nbinoculars\n").exit_code == 0
    assert memcon("quote", "-", stdin=b"laser\xffbinoculars\n").exit_code == 1  # a byte that is no word: altered


def test_half_a_character_is_printed_as_json_writes_it(memcon):
    result = memcon("quote", "laser binoculars \udcff", "--json")

    assert json.loads(result.stdout)["quoted"] == "laser binoculars \udcff"


def test_documents_lists_documents_and_passages(memcon):
    assert "akhromeev-crowe-1987  Record of Conversation" in memcon("documents").stdout
    assert f"    {T20}\n" in memcon("documents", "--passages").stdout


@pytest.mark.skipif(not list(metadata.distributions(name="memcon")), reason="memcon is run without being installed")
def test_version_is_the_installed_one(memcon):
    assert memcon("--version").stdout.endswith(f" {metadata.version('memcon')}\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["documents", "--collection", "/no/such"], "/no/such: no such folder. A collection is a folder with"),
        (["cite", "t20"], "'t20' names no passage or citation. An id looks like 'akhromeev-crowe-1987/p1' or"),
        (["cite", "\0"], "'\\x00' names no passage or citation."),
        (["cite", f"{T20}:1-2"], f"'{T20}:1-2': the passage {T20} runs from 9547 to 10435; 1-2 does not begin in it"),
        (["quote", " "], "the quotation holds no words; give the words to look for"),
        (["quote", "a" * 10_000_000], "the quotation has 10000000 characters; at most 100000 are allowed."),
        (["ask", ""], "the question is empty; ask something,"),
        (["ask", " \n"], "the question is empty; ask something,"),
        (["ask", "Who\0?"], "the question holds a NUL character; send text"),
        (["ask", "caf\udce9?"], "the question is not text in UTF-8; send it in that encoding"),
        (["ask", "a" * 10_000_000], "the question has 10000000 characters; at most 2000 are allowed."),
        (["ask", "Who?", "--collection", "/no/such"], "/no/such: no such folder."),
        (["chat", "--collection", "/no/such"], "/no/such: no such folder."),
        (["index", "--collection", "/no/such"], "/no/such: no such folder."),
        (["evaluate", "/no/such.jsonl"], "/no/such.jsonl: cannot be read as UTF-8 text"),
    ],
    ids=lambda value: None,
)
def test_misuse_is_one_line_on_stderr_and_exit_code_2(memcon, arguments, message):
    result = memcon(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"memcon: {message}")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask"], "Error: give one QUESTION, or --batch FILE."),
        (["ask", "Who?", "--batch", "-"], "Error: give one QUESTION, or --batch FILE."),
        (["ask", "--batch", "/no/such.jsonl"], "Error: Invalid value for '--batch'"),
        (["cite"], "Error: Missing argument 'ID_OR_PERMALINK...'."),
        (["cite", T20, "--format", "mla"], "Error: Invalid value for '--format': 'mla' is not one of"),
        (["sing"], "Error: No such command 'sing'."),
        (["documents", "--colour"], "Error: No such option"),
    ],
)
def test_wrong_arguments_are_told_with_the_usage_and_exit_code_2(memcon, arguments, message):
    result = memcon(*arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: main ")
    assert message in result.stderr


def test_an_unknown_variable_is_misuse(memcon, monkeypatch):
    monkeypatch.setenv("MEMCON_COLOUR", "red")

    result = memcon("documents")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("memcon: MEMCON_COLOUR = 'red': is no setting; there are MEMCON_COLLECTION_PATH,")


def test_the_collection_may_be_set_by_a_variable_and_the_option_counts_for_more(memcon, monkeypatch):
    monkeypatch.setenv("MEMCON_COLLECTION_PATH", "/no/such")

    assert memcon("documents").exit_code == 2
    assert memcon("documents", "--collection", SEEDS_PATH).exit_code == 0


def test_a_document_that_is_not_utf_8_is_named_with_the_way_out(memcon, make_collection):
    result = memcon("documents", "--collection", make_collection({"a.txt": b"caf\xe9"}))

    assert (result.exit_code, result.stdout) == (2, "")
    assert "a.txt: byte 3 (0xe9) is not UTF-8. Convert the file first, e.g. iconv" in result.stderr


@pytest.mark.parametrize("documents", [{}, {"a.pdf": b"%PDF"}, {"a.txt": " \n"}, {"a.txt": b"a\0b"}])
def test_a_folder_without_a_text_is_misuse(memcon, make_collection, documents):
    result = memcon("documents", "--collection", make_collection(documents))

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines()[-1].startswith("memcon: ")


def test_a_collection_without_a_manifest_works_and_says_what_was_guessed(memcon, make_collection):
    folder = make_collection({"harbour_report.txt": "The harbour was closed in March."})
    listed = memcon("documents", "--collection", folder)
    guesses = (
        f"memcon: guessed: {folder}: no manifest.toml; titles are taken from file names\n"
        "memcon: guessed: harbour-report: read as prose\n"
    )

    assert listed.stdout.startswith("harbour-report  Harbour report\n")
    assert listed.stderr == guesses
    assert memcon("quote", "closed in march", "--collection", folder).stderr == guesses
    assert memcon("cite", "harbour-report/p1", "--collection", folder).stderr == guesses
