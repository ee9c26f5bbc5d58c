"""Questions without an answer: what is kept of them, for how long, and what happens where nothing can be written."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import pytest

import bot.journal
from bot.answers import Abstention, Answer, Reason
from bot.citations import cite
from bot.journal import Journal, forget, read_unanswered

TODAY = date(2026, 11, 22)
HOSTILE = [
    "two\nlines\r\n\x0b\x0c\x1c\x85\u2028\u2029of it",
    "\u202ereversed\u202c",
    "<script>alert(1)</script>",
    '"}\n{"question": "forged", "language": null, "reason": "unclear"}',
    "\x1b[2J\x07",
    "кто? 誰 👩‍🚀 \U0010ffff",
    "x" * 2000,
]


def silence(question: str, reason: Reason = Reason.NOT_STATED) -> Abstention:
    return Abstention(question=question, query=question, reason=reason)


def keep(folder: Path, questions: list[str], day: date = TODAY, days: int = 30, language: str | None = "en") -> Journal:
    journal = Journal(folder, days=days, today=lambda: day)
    for question in questions:
        journal.keep(silence(question), language)
    journal.close()
    return journal


def test_without_days_nothing_is_kept_and_no_folder_made(tmp_path):
    keep(tmp_path / "state", ["Who?"], days=0)

    assert not (tmp_path / "state").exists()


def test_an_answer_leaves_nothing(tmp_path, seeds):
    document = seeds.documents[0]
    answer = Answer(question="Who?", query="Who?", citations=(cite(seeds, document.id, document.blocks[0].span, 1.0),))
    journal = Journal(tmp_path / "state", days=30, today=lambda: TODAY)
    journal.keep(answer, "en")
    journal.close()

    assert not (tmp_path / "state").exists()


def test_a_line_holds_question_language_reason_and_day_and_nothing_else(tmp_path):
    keep(tmp_path, ["Сколько лет?"], language="ru")
    path = tmp_path / "questions-2026-11-22.jsonl"

    assert [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] == [
        {"question": "Сколько лет?", "language": "ru", "reason": "not-stated", "day": "2026-11-22"}
    ]
    assert {p.name for p in tmp_path.iterdir()} <= {path.name, ".lock"}


def test_only_the_owner_may_read_what_is_kept_and_no_time_of_day_is_told(tmp_path):
    keep(tmp_path / "state", ["Who?"])
    path = tmp_path / "state" / "questions-2026-11-22.jsonl"

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert time.localtime(path.stat().st_mtime)[:6] == (2026, 11, 22, 0, 0, 0)


def test_the_order_of_a_day_does_not_tell_which_question_came_first(tmp_path):
    keep(tmp_path / "a", ["b", "a", "c"])
    keep(tmp_path / "b", ["c", "b", "a"])

    assert [kept.question for kept in read_unanswered(tmp_path / "a")] == ["a", "b", "c"]
    assert read_unanswered(tmp_path / "a") == read_unanswered(tmp_path / "b")


def test_hostile_questions_come_back_as_they_were_and_forge_no_line(tmp_path):
    assert keep(tmp_path, HOSTILE).n_lost == 0
    assert sorted(kept.question for kept in read_unanswered(tmp_path)) == sorted(HOSTILE)


@pytest.mark.parametrize(("days", "left"), [(1, [0]), (3, [0, 1, 2]), (365, [0, 1, 2, 3, 30]), (0, [])])
def test_days_that_are_over_are_deleted_at_the_start(tmp_path, days, left):
    for ago in (0, 1, 2, 3, 30):
        keep(tmp_path, [f"{ago}"], day=TODAY - timedelta(days=ago), days=365)
    Journal(tmp_path, days=days, today=lambda: TODAY)

    assert {int(kept.question) for kept in read_unanswered(tmp_path)} == set(left)


def test_a_clock_that_starts_long_ago_deletes_nothing(tmp_path):
    keep(tmp_path, ["Who?"])
    Journal(tmp_path, days=3, today=lambda: date(1970, 1, 1))

    assert len(read_unanswered(tmp_path)) == 1


def test_files_of_others_are_left_alone(tmp_path):
    for name in ("questions-2020-13-99.jsonl", "questions.jsonl", "notes.txt", "questions-2020-01-01.jsonl.bak"):
        (tmp_path / name).write_text("mine")
    Journal(tmp_path, days=0, today=lambda: TODAY)

    assert {p.read_text() for p in tmp_path.iterdir() if p.name != ".lock"} == {"mine"}
    assert read_unanswered(tmp_path) == []


def test_lines_that_are_no_question_are_left_out_and_said(tmp_path, caplog):
    keep(tmp_path, ["Who?"])
    with (tmp_path / "questions-2026-11-22.jsonl").open("ab") as file:
        file.write(b'{"question": "torn\n[]\n"x"\n{"question": 1, "language": null, "reason": "unclear"}\n\xff\n')
        file.write(b'{"question": "a", "language": null, "reason": "boredom"}\n' + b"[" * 100_000 + b"\n")

    assert [kept.question for kept in read_unanswered(tmp_path)] == ["Who?"]
    assert "7 line(s) are no question" in caplog.text


def test_more_than_a_day_may_hold_is_not_kept(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(bot.journal, "MAX_DAY_BYTES", 300)
    journal = keep(tmp_path, [f"question {n}" for n in range(20)])

    assert (tmp_path / "questions-2026-11-22.jsonl").stat().st_size <= 310
    assert journal.n_lost + len(read_unanswered(tmp_path)) == 20
    assert journal.n_lost > 10


def test_a_full_disk_loses_the_question_says_so_without_its_words_and_damages_nothing(tmp_path, monkeypatch, caplog):
    keep(tmp_path, ["Who?"])

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(bot.journal.os, "fsync", fail)
    journal = keep(tmp_path, ["a secret"])

    assert journal.n_lost == 1
    assert "No space left on device" in caplog.text
    assert "secret" not in caplog.text
    assert [kept.question for kept in read_unanswered(tmp_path)] == ["Who?"]
    assert {p.name for p in tmp_path.iterdir()} <= {"questions-2026-11-22.jsonl", ".lock"}


def test_a_folder_that_cannot_be_made_stops_nobody(tmp_path, caplog):
    (tmp_path / "file").write_text("")

    assert keep(tmp_path / "file" / "state", ["Who?"]).n_lost == 1
    assert "could not be kept (Not a directory)" in caplog.text


def test_forgetting_deletes_from_every_day_and_leaves_the_rest(tmp_path):
    keep(tmp_path, ["Who?", "When?"], day=TODAY - timedelta(days=1))
    keep(tmp_path, ["Who?"])

    assert forget(tmp_path, lambda question: question == "Who?") == 2
    assert [kept.question for kept in read_unanswered(tmp_path)] == ["When?"]
    assert not (tmp_path / "questions-2026-11-22.jsonl").exists()
    assert b"Who" not in b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert forget(tmp_path / "none", lambda _: True) == 0


def _keep_many(folder: str, name: str) -> None:
    keep(Path(folder), [f"{name} {n}" for n in range(25)])


def test_two_servers_and_a_review_lose_nothing_of_each_other(tmp_path):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_keep_many, args=(str(tmp_path), name)) for name in ("a", "b")]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        forget(tmp_path, lambda question: question == "never asked")
        time.sleep(0.01)
    for writer in writers:
        writer.join()

    assert len(read_unanswered(tmp_path)) == 50


KEEPING = """
import sys
from datetime import date
from pathlib import Path
from bot.answers import Abstention, Reason
from bot.journal import Journal
journal = Journal(Path(sys.argv[1]), days=30, today=lambda: date(2026, 11, 22))
print("begun", flush=True)
for n in range(100000):
    question = f"question {n:06d} " + "x" * 500
    journal._writer.submit(journal._write, __import__("bot.journal").journal.Unanswered(
        question=question, language="en", reason=Reason.UNCLEAR, day=date(2026, 11, 22))).result()
"""


def test_a_process_killed_while_it_writes_leaves_whole_lines_and_the_next_start_clears_what_lay_beside(tmp_path):
    for _ in range(5):
        process = subprocess.Popen(
            [sys.executable, "-c", KEEPING, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent
        )
        process.stdout.readline()
        time.sleep(0.15)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    path = tmp_path / "questions-2026-11-22.jsonl"
    lines = path.read_bytes().splitlines()
    (tmp_path / ".questions-left").write_bytes(b"half a li")
    Journal(tmp_path, days=30, today=lambda: TODAY)

    assert lines
    assert len(read_unanswered(tmp_path)) == len(lines)
    assert {p.name for p in tmp_path.iterdir()} <= {path.name, ".lock"}
