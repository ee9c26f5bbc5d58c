"""The files of a kiosk: units that systemd takes, settings that memcon reads, and nothing that a value could break."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.settings import read_settings
from ui.cli import main
from ui.installing import FILES, SetupError, setup_files

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed")


def run(*arguments: object):
    return CliRunner().invoke(main, [str(a) for a in ("kiosk-setup", *arguments)], env={"MEMCON_SETTINGS": ""})


@pytest.fixture
def folder(tmp_path) -> Path:
    assert run(tmp_path / "kiosk").exit_code == 0
    return tmp_path / "kiosk"


def test_the_command_writes_every_file_and_names_the_next_step(tmp_path):
    result = run(tmp_path / "kiosk", "--user", "screen", "--url", "http://localhost:8100/kiosk?lang=de")
    folder = tmp_path / "kiosk"

    assert sorted(p.name for p in folder.iterdir()) == sorted(FILES)
    assert result.stdout.splitlines() == [str(folder / name) for name in FILES]
    assert "memcon doctor --kiosk" in result.stderr
    unit = (folder / "kiosk.service").read_text()
    assert "\nUser=screen\n" in unit
    assert "\n    http://localhost:8100/kiosk?lang=de\n" in unit


def test_no_placeholder_is_left(folder):
    for name in FILES:
        assert "$" not in re.sub(r"^ {4}.*", "", (folder / name).read_text(), flags=re.M).replace("curl -s $", ""), name


def test_the_settings_are_read_and_say_what_a_kiosk_needs(folder):
    settings = read_settings({}, settings_path=folder / "memcon.toml")

    assert (settings.kiosk, settings.host, settings.port) == (True, "127.0.0.1", 8000)
    assert (settings.keep_questions, settings.cache_path) == (0, Path("/var/cache/memcon"))


def test_the_browsers_policy_opens_this_server_only(folder):
    policy = json.loads((folder / "chromium-policy.json").read_text())

    assert (policy["URLBlocklist"], policy["URLAllowlist"]) == (["*"], ["http://127.0.0.1:8000"])


@pytest.mark.parametrize(
    "option",
    [
        ("--user", "a b"), ("--user", "root\nExecStart=/bin/sh"), ("--user", ""), ("--user", "%n"),
        ("--url", "http://example.org/kiosk"), ("--url", "http://127.0.0.1:8000/"), ("--url", "file:///etc/passwd"),
        ("--url", "http://127.0.0.1:8000/kiosk --no-sandbox"), ("--url", "http://127.0.0.1:99999/kiosk"),
        ("--url", "http://127.0.0.1:8000/kiosk\nUser=root"), ("--url", "http://127.0.0.1:8000@evil.example/kiosk"),
    ],
)  # fmt: skip
def test_a_value_that_could_say_more_than_it_should_is_told_and_nothing_is_written(tmp_path, option):
    result = run(tmp_path / "kiosk", *option)

    assert result.exit_code == 2
    assert f"{option[0].strip('-')} = " in result.stderr
    assert not (tmp_path / "kiosk").exists()


def test_a_folder_of_a_strange_name_is_told(tmp_path):
    with pytest.raises(SetupError, match="must be an absolute path of letters"):
        setup_files(tmp_path / "a b%n", user="kiosk", url="http://127.0.0.1:8000/kiosk", settings=read_settings({}))


def test_a_collections_folder_of_any_name_stands_in_the_settings_as_it_is(tmp_path, make_collection):
    odd = make_collection({"a.txt": "One."}).rename(tmp_path / "caf\u00e9 \"quoted\" 'and' back\\slash")
    assert run(tmp_path / "kiosk", "--collection", odd).exit_code == 0

    assert read_settings({}, settings_path=tmp_path / "kiosk" / "memcon.toml").collection_path == odd


def test_files_that_differ_are_replaced_only_when_it_is_asked_for(folder):
    (folder / "memcon.toml").write_text("mine")
    kept = run(folder)
    assert (kept.exit_code, (folder / "memcon.toml").read_text()) == (2, "mine")
    assert "is there already and differs; give --overwrite" in kept.stderr

    assert run(folder, "--overwrite").exit_code == 0
    assert run(folder).exit_code == 0
    assert "mine" not in (folder / "memcon.toml").read_text()


@needs_systemd
def test_systemd_takes_the_units(folder):
    for name, absent in (("memcon.service", "memcon"), ("kiosk.service", "cage")):
        told = subprocess.run([ANALYZE, "verify", folder / name], capture_output=True, text=True, check=False)
        lines = [line for line in told.stderr.splitlines() if str(folder) in line or line.startswith(name)]
        missing = [line for line in lines if "is not executable" in line and absent in line]  # not installed here

        assert lines == missing, told.stderr


@needs_systemd
def test_systemd_counts_the_server_as_little_exposed(folder):
    told = subprocess.run(
        [ANALYZE, "security", "--offline=yes", "--no-pager", folder / "memcon.service"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    level = re.search(r"Overall exposure level for memcon.service: ([0-9.]+)", told.stdout)

    assert float(level[1]) <= 2.0  # of 10, where a unit without any option has 9.6


def test_the_units_restart_watch_and_shut_the_network_out(folder):
    unit = (folder / "memcon.service").read_text()

    for line in ("Type=notify", "Restart=always", "WatchdogSec=120", "IPAddressDeny=any", "ProtectSystem=strict"):
        assert f"\n{line}\n" in unit
