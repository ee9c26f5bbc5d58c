"""Reviewing what got no answer: lists, links, and a questions file that is never damaged."""

from __future__ import annotations

import errno
import os
import stat
import tomllib
from datetime import date

import pytest
from click.testing import CliRunner
from test_journal import HOSTILE, TODAY, keep

import bot.review
from bot.answers import Reason
from bot.journal import Unanswered, read_unanswered
from bot.review import ReviewError, find_group, group, leave_open, link, write
from embeddings.collection import load_collection
from ui.cli import main

TEXT = "The harbour was closed in March. The mole was mended.\n\nThe harbour was closed in March. It froze again.\n"
FILE = """signed = "the editors"  # who else

[[question]]
document = "log"
wordings = ["What froze?"]
reason = "not-stated\""""
LINKED = "log/p1:33-53"  # "The mole was mended."


@pytest.fixture
def folder(make_collection):
    return make_collection({"log.txt": TEXT}, questions=FILE)


@pytest.fixture
def memcon(folder, tmp_path):
    def run(*arguments: str):
        command = ["review", *arguments]
        if arguments and arguments[0] in ("link", "none"):
            command += ["--collection", str(folder)]
        environment = {"MEMCON_STATE_PATH": str(tmp_path / "state"), "MEMCON_KEEP_QUESTIONS": "30"}
        return CliRunner().invoke(main, command, env=environment, catch_exceptions=False)

    return run


def kept(question: str, reason: Reason = Reason.NOT_STATED, language: str | None = None, day: date = TODAY):
    return Unanswered(question=question, language=language, reason=reason, day=day)


def test_questions_of_the_same_words_are_one_and_the_most_asked_comes_first():
    groups = group(
        [
            kept("Who mended it"),
            kept("When was it?", language="en"),
            kept("when was it", Reason.UNCLEAR, "de", date(2026, 11, 1)),
            kept("When   was it?"),
            kept("When was it?", language="en"),
        ]
    )

    assert [(g.number, g.question, g.count) for g in groups] == [(1, "When was it?", 4), (2, "Who mended it", 1)]
    assert (groups[0].languages, groups[0].last) == (("de", "en"), TODAY)
    assert groups[0].reasons == (Reason.NOT_STATED, Reason.UNCLEAR)


def test_questions_without_words_are_told_apart():
    assert len(group([kept("?"), kept("!"), kept("?")])) == 2


def test_a_number_that_is_not_there_is_told():
    for asked in ("0", "2", "9" * 5000):
        with pytest.raises(ReviewError, match="there are 1 to review; 'memcon review' lists them"):
            find_group(group([kept("Who?")]), asked)


def test_a_linked_question_stands_at_the_files_end_signed_and_all_else_is_as_it_was(folder):
    change = link(load_collection(folder), "Who mended what?", LINKED, "A. Curator")
    write(change)
    collection = load_collection(folder)
    made = collection.questions[-1]

    assert (folder / "questions.toml").read_text() == change.after
    assert change.after.startswith(FILE + "\n")
    assert (made.wordings, made.signed, made.reason) == (("Who mended what?",), "A. Curator", None)
    assert [collection.document(d).words(span) for d, span in made.answers] == ["The mole was mended."]
    assert [line for line in change.diff.splitlines() if line.startswith("-") and not line.startswith("---")] == [
        '-reason = "not-stated"'
    ]  # the file's last line had no end


def test_a_collection_without_a_file_of_questions_gets_one(make_collection):
    folder = make_collection({"log.txt": TEXT})
    write(leave_open(load_collection(folder), "Who paid?", Reason.NOT_STATED, "A. Curator"))
    collection = load_collection(folder)

    assert [(q.wordings, q.reason) for q in collection.questions] == [(("Who paid?",), "not-stated")]
    assert collection.questions[0].signed == "A. Curator"


@pytest.mark.parametrize("question", [*HOSTILE, '"""', "\\", "'''\\u0041", "a\x7fb", "]]\n[[question]]"])
def test_hostile_questions_are_written_as_they_are(folder, question):
    write(leave_open(load_collection(folder), question, Reason.UNCLEAR, 'A "B" \\ C\n'))
    made = tomllib.loads((folder / "questions.toml").read_text())["question"]

    assert len(made) == 2
    assert made[-1]["wordings"] == [question]


def test_words_that_would_be_found_elsewhere_are_not_linked(folder):
    with pytest.raises(ReviewError, match=r"log/p2:\d+-\d+: the same words stand at another place before it"):
        link(load_collection(folder), "When did it close?", "log/p2:55-87", "A. Curator")


@pytest.mark.parametrize("identifier", ["log/p9", "nothing", "log/p1:0-9999", "log/p1:5-2", "\x1b[2J"])
def test_what_names_no_words_is_told(folder, identifier):
    with pytest.raises(ReviewError):
        link(load_collection(folder), "When?", identifier, "A. Curator")


def test_a_question_that_the_file_has_is_told_with_its_number(folder):
    with pytest.raises(ReviewError, match="question 1 of the file asks the same; change it there by hand"):
        link(load_collection(folder), "what froze", LINKED, "A. Curator")


def test_nobody_signs_with_nothing(folder):
    with pytest.raises(ReviewError, match="signed = '': must be the reviewer's name"):
        leave_open(load_collection(folder), "Who paid?", Reason.NOT_STATED, " ")


def test_a_file_that_somebody_else_changed_meanwhile_is_left_alone(folder):
    change = link(load_collection(folder), "Who mended what?", LINKED, "A. Curator")
    (folder / "questions.toml").write_text(FILE + "\n# mine")

    with pytest.raises(ReviewError, match="was changed meanwhile; give the command again"):
        write(change)
    assert (folder / "questions.toml").read_text() == FILE + "\n# mine"


def test_a_full_disk_leaves_the_file_as_it_was_and_nothing_beside_it(folder, monkeypatch):
    change = link(load_collection(folder), "Who mended what?", LINKED, "A. Curator")

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(bot.review.os, "fsync", fail)
    with pytest.raises(ReviewError, match="cannot be written \\(No space left on device\\); it is as it was"):
        write(change)
    assert (folder / "questions.toml").read_text() == FILE
    assert sorted(p.name for p in folder.iterdir()) == ["documents", "questions.toml"]


def test_a_file_keeps_its_mode_and_a_link_stays_one(folder):
    path = folder / "questions.toml"
    path.rename(folder / "shared.toml")
    (folder / "shared.toml").chmod(0o640)
    path.symlink_to("shared.toml")
    write(link(load_collection(folder), "Who mended what?", LINKED, "A. Curator"))

    assert path.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_lines_that_end_as_on_windows_stay_so(folder):
    (folder / "questions.toml").write_bytes(FILE.replace("\n", "\r\n").encode())
    write(leave_open(load_collection(folder), "Who paid?", Reason.NOT_STATED, "A. Curator"))

    assert (folder / "questions.toml").read_bytes().startswith(FILE.replace("\n", "\r\n").encode() + b"\n")
    assert len(load_collection(folder).questions) == 2


def test_the_command_lists_numbers_questions_and_shows_no_control_character(memcon, tmp_path):
    keep(tmp_path / "state" / "questions", ["Who paid?", "who paid", "\x1b[2J\u202eevil"], language="fr")
    told = memcon().stdout

    assert told.startswith("   1  2 x  Who paid?\n           (not-stated; fr; last on 2026-11-22)\n   2  1 x  ")
    assert "\x1b" not in told
    assert "\u202e" not in told


def test_the_command_says_that_there_is_nothing_and_why(memcon):
    result = memcon()

    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("Nothing to review in ")


def test_the_command_links_by_number_shows_the_change_and_names_the_next(memcon, tmp_path, folder):
    state = tmp_path / "state" / "questions"
    keep(state, ["Who mended what?", "who mended what", "Who paid?"])
    tried = memcon("link", "1", LINKED, "--signed", "A. Curator", "--dry-run")
    assert (folder / "questions.toml").read_text() == FILE
    assert len(read_unanswered(state)) == 3
    result = memcon("link", "1", LINKED, "--signed", "A. Curator")

    assert result.exit_code == 0, result.output
    assert result.stdout == tried.stdout
    assert '+wordings = [\n+  "Who mended what?",\n+]\n+answers = [\n+  "The mole was mended.",\n+]' in result.stdout
    assert "Next: 'memcon index'" in result.stderr
    assert [k.question for k in read_unanswered(state)] == ["Who paid?"]
    assert len(load_collection(folder).questions) == 2


def test_the_command_leaves_a_question_open_for_the_reason_that_was_kept(memcon, tmp_path, folder):
    keep(tmp_path / "state" / "questions", ["Who paid?"])
    result = memcon("none", "Who paid?", "--signed", "A. Curator")
    other = memcon("none", "Why so?", "--reason", "out-of-scope", "--signed", "A. Curator")

    assert (result.exit_code, other.exit_code) == (0, 0)
    assert [q.reason for q in load_collection(folder).questions] == ["not-stated", "not-stated", "out-of-scope"]


def test_the_command_forgets_one_or_all_and_never_by_accident(memcon, tmp_path):
    state = tmp_path / "state" / "questions"
    keep(state, ["Who paid?", "Why?", "When?"])

    assert memcon("forget").exit_code == 2
    assert memcon("forget", "Who paid?", "--all").exit_code == 2
    assert memcon("forget", "who paid").stdout == "1 kept question(s) forgotten.\n"
    assert memcon("forget", "7").exit_code == 2
    assert memcon("forget", "--all").stdout == "2 kept question(s) forgotten.\n"
    assert read_unanswered(state) == []
