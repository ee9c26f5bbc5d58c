"""The README and CONTRIBUTING say what is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click import Group
from click.testing import CliRunner

from bot.settings import FILE_VARIABLE, Settings
from ui.cli import main

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```console\n\$ memcon (.+)\n((?:.*\n)*?)```", README)


def test_the_readme_has_an_answer_and_an_abstention() -> None:
    commands = [command for command, _ in EXAMPLES]
    assert sum(command.startswith("ask") for command in commands) >= 2
    assert any("The record does not answer" in output for _, output in EXAMPLES)


@pytest.mark.parametrize(("command", "output"), EXAMPLES, ids=[command for command, _ in EXAMPLES])
def test_an_example_of_the_readme_prints_what_the_readme_says(
    answerer, cache_path: Path, command: str, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MEMCON_CACHE_PATH", str(cache_path))
    result = CliRunner().invoke(main, shlex.split(command))
    assert result.exit_code in (0, 1), result.output
    assert result.stdout == output


def test_every_command_is_in_the_readme_and_every_command_of_the_readme_exists() -> None:
    named = set(re.findall(r"`memcon ([a-z][a-z-]*)", README))
    assert named == set(main.commands)


def test_every_option_and_setting_of_the_readme_exists() -> None:
    parts = [part for c in main.commands.values() if isinstance(c, Group) for part in c.commands.values()]
    options = {option for c in (main, *main.commands.values(), *parts) for p in c.params for option in p.opts}
    options |= {"--rebuild", "--help", "--version", "--constraint", "--editable"}
    assert set(re.findall(r"(?<![\w-])--[a-z]+", README)) <= options
    settings = {f"MEMCON_{name.upper()}" for name in Settings.__dataclass_fields__} | {FILE_VARIABLE}
    assert set(re.findall(r"MEMCON_[A-Z_]+", README)) == settings


def test_every_make_target_of_the_documents_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        assert set(re.findall(r"`make ([a-z]+)`", (ROOT / name).read_text(encoding="utf-8"))) <= targets


def test_every_file_that_the_documents_name_exists() -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for path in re.findall(r"`((?:bot|embeddings|seeds|tests|ui)/[\w./-]+)`", text):
            assert (ROOT / path).exists(), f"{name} names {path}"


def test_the_readme_has_at_most_230_lines() -> None:
    assert len(README.splitlines()) <= 230
