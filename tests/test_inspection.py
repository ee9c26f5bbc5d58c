"""A kiosk's machine: what is well, what is missing, and the command that mends it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

import ui.inspection
from bot.doctor import Finding
from bot.settings import SEEDS_PATH, Settings
from ui.cli import main
from ui.inspection import inspect

pytestmark = pytest.mark.enable_socket  # the page is asked for on port 1 of this machine, where nobody listens
MEMINFO = "MemTotal:        4000000 kB\nMemAvailable:    {} kB\n"
ROUTES = "Iface\tDestination\tGateway\n{}\t0000A8C0\t00000000\n"


@pytest.fixture
def root(tmp_path) -> Path:
    """A machine where all is well, as far as files tell."""
    root = tmp_path / "machine"
    for name, text in {
        "proc/meminfo": MEMINFO.format(3_000_000),
        "proc/net/route": ROUTES.format("lo"),
        "sys/module/kernel/parameters/consoleblank": "0\n",
        "etc/systemd/system/memcon.service": "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n",
        "etc/systemd/system/kiosk.service": "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=graphical.target\n",
        "etc/systemd/system/graphical.target.wants/.keep": "",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    for unit, target in (("memcon", "multi-user"), ("kiosk", "graphical")):
        wants = root / f"etc/systemd/system/{target}.target.wants"
        wants.mkdir(exist_ok=True)
        (wants / f"{unit}.service").symlink_to(f"/etc/systemd/system/{unit}.service")
    return root


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(kiosk=True, cache_path=tmp_path / "cache", port=1)


Look = Callable[..., Finding]


@pytest.fixture
def look(root, settings) -> Look:
    """Return ``look(what, **settings)``: the finding of that name."""

    def find(what: str, **changed: object) -> Finding:
        return next(f for f in inspect(replace(settings, **changed), root) if f.what == what)

    return find


def programs(folder: Path, **scripts: str) -> str:
    """Write executable scripts into a folder that is the whole path."""
    folder.mkdir()
    for name, script in scripts.items():
        (folder / name.replace("_", "-")).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name.replace("_", "-")).chmod(0o755)
    return str(folder)


def test_on_a_machine_where_all_is_well_the_files_say_so(look, tmp_path, monkeypatch):
    path = programs(tmp_path / "bin", chromium="", cage="", fc_list="echo Noto Sans", systemctl="echo enabled")
    monkeypatch.setenv("PATH", path)

    for what in ("kiosk settings", "languages", "browser", "screen", "fonts", "blanking", "disk", "memory", "network"):
        assert look(what).well, look(what)
    assert look("memcon.service") == Finding(what="memcon.service", well=True, detail="starts by itself")
    assert look("network").detail == "no way out: as it should"
    assert look("clock").well


def test_on_a_bare_machine_every_program_is_named_with_the_command_that_installs_it(look, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", programs(tmp_path / "bin"))

    for what, package in (
        ("read aloud", "espeak-ng"),
        ("browser", "chromium"),
        ("screen", "cage"),
        ("fonts", "fontconfig"),
        ("memcon.service", "systemd"),
    ):
        assert not look(what).well
        assert f"apt-get install {package}" in look(what).detail


def test_fonts_without_cyrillic_are_told(look, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", programs(tmp_path / "bin", fc_list=""))

    assert look("fonts").detail == "no font has Cyrillic letters. Run 'apt-get install fonts-noto-core'"


@pytest.mark.skipif(shutil.which("systemctl") is None, reason="systemctl is not installed")
def test_units_that_systemd_would_not_start_are_told(look, root):
    assert look("memcon.service").well, look("memcon.service")
    (root / "etc/systemd/system/multi-user.target.wants/memcon.service").unlink()

    assert look("memcon.service").detail == "disabled: does not start by itself. Run 'systemctl enable memcon.service'"


def test_units_that_are_not_there_are_told_with_the_way_to_them(look, root):
    (root / "etc/systemd/system/kiosk.service").unlink()

    assert not look("kiosk.service").well
    assert "Run 'memcon kiosk-setup DIR'" in look("kiosk.service").detail


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"kiosk": False}, "kiosk = false: the server has other doors"),
        ({"host": "0.0.0.0"}, "host = '0.0.0.0': other machines could reach the kiosk"),
        ({"kiosk_idle_seconds": 3600}, "kiosk_idle_seconds = 3600: the next visitor meets the last one's questions"),
    ],
)
def test_settings_that_do_not_suit_a_kiosk_are_told(look, changed, told):
    assert look("kiosk settings").well
    finding = look("kiosk settings", **changed)

    assert (finding.well, finding.detail.startswith(told)) == (False, True)


def test_a_console_that_goes_dark_is_told(look, root):
    (root / "sys/module/kernel/parameters/consoleblank").write_text("600\n")

    assert look("blanking").detail.startswith("the console goes dark after 600 s; put consoleblank=0")


def test_too_little_memory_is_told(look, root):
    (root / "proc/meminfo").write_text(MEMINFO.format(500_000))

    assert look("memory").detail == "488 MB are free; server and browser need 1024 MB"


def test_a_way_out_of_the_machine_is_no_fault(look, root):
    (root / "proc/net/route").write_text(ROUTES.format("lo") + "eth0\t00000000\t0100A8C0\n")

    assert look("network") == Finding(what="network", well=True, detail="there is a way out by eth0; memcon needs none")


def test_a_clock_that_lost_its_battery_is_told(look, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 0.0)

    assert "days behind this installation. Run 'timedatectl set-time'" in look("clock").detail


def test_too_small_a_disk_is_told(look, monkeypatch):
    monkeypatch.setattr(ui.inspection, "MIN_DISK", 10**18)

    assert "at least 953674316406 MB are needed" in look("disk").detail


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_cache_that_cannot_be_written_and_holds_no_index_is_told(look, settings):
    settings.cache_path.mkdir()
    settings.cache_path.chmod(0o500)

    assert "cannot be written and holds no index" in look("disk").detail


def test_a_server_that_is_not_there_is_told_with_the_next_command(look):
    finding = look("kiosk page")

    assert not finding.well
    assert finding.detail.startswith("http://127.0.0.1:1/kiosk does not answer (")
    assert "systemctl restart memcon" in finding.detail


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_a_language_without_a_voice_is_told(look, make_collection):
    manifest = """
[collection]
id = "c"
title = "C"
[[document]]
id = "d"
path = "documents/d.txt"
title = "D"
[document.citation]
language = "tlh"
"""
    spoken = make_collection({"d.txt": "Qapla."}, manifest)

    assert look("read aloud", collection_path=SEEDS_PATH).well
    assert "has no voice for the record's language 'tlh'" in look("read aloud", collection_path=spoken).detail


def test_the_command_says_what_is_wrong_and_ends_with_an_error(cache_path, make_collection, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", programs(tmp_path / "bin"))
    monkeypatch.setenv("MEMCON_CACHE_PATH", str(cache_path))
    monkeypatch.setenv("MEMCON_PORT", "1")
    folder = make_collection({"log.txt": "The harbour was closed."})
    result = CliRunner().invoke(main, ["doctor", "--kiosk", "--collection", str(folder)])
    lines = result.stdout.splitlines()

    assert result.exit_code == 2
    assert any(line.startswith("ok     index: ") for line in lines)
    assert any(line.startswith("WRONG  browser: chromium, which shows the page, is not installed.") for line in lines)
