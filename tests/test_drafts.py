"""Drafts: whole or gone, and those of killed processes are cleared."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from embeddings.drafts import clear_drafts, draft_folder


def test_a_draft_can_be_moved_away_and_what_is_left_is_removed(tmp_path):
    with draft_folder(tmp_path / "cache") as draft:
        (draft / "new").mkdir()
        (draft / "left").write_text("x")
        (draft / "new").rename(tmp_path / "cache" / "index")

    assert [p.name for p in (tmp_path / "cache").iterdir()] == ["index"]


def test_a_draft_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(OSError, match="full"), draft_folder(tmp_path) as draft:
        (draft / "half").write_text("x")
        raise OSError("full")

    assert list(tmp_path.iterdir()) == []


def test_the_drafts_of_processes_that_are_gone_are_cleared_and_no_others(tmp_path):
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    names = [f".draft-{gone.pid}-abc", f".draft-{os.getpid()}-mine", ".draft-99999999999-x", f".draft-{os.getppid()}-x"]
    for name in [*names, "index", ".draft-notes"]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    with draft_folder(tmp_path) as draft:
        clear_drafts(tmp_path)

        assert draft.is_dir()
    assert {p.name for p in tmp_path.iterdir()} == {names[2], names[3], "index", ".draft-notes"}


def test_a_folder_that_is_not_there_is_no_matter(tmp_path):
    clear_drafts(tmp_path / "none")

    assert not (tmp_path / "none").exists()


DRAFTING = """
import sys, time
from pathlib import Path
from embeddings.drafts import draft_folder
with draft_folder(Path(sys.argv[1])) as draft:
    (draft / "half").write_text("x")
    print("begun", flush=True)
    time.sleep(60)
"""


def test_a_killed_process_leaves_a_draft_only_until_the_next_one(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", DRAFTING, str(tmp_path)], stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent
    )
    process.stdout.readline()
    clear_drafts(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1  # it is still being written
    process.kill()
    process.wait()
    process.stdout.close()
    with draft_folder(tmp_path) as draft:
        assert list(tmp_path.iterdir()) == [draft]
