"""A whole visit on a machine without any network: server and browser run where nothing but this machine is there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
VISITS = "tests/browser/test_kiosk.py"
VISIT = "whole_visit"
# A network of its own with one interface, the machine's inner one, which is switched on by the second command.
ISOLATED = ("unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "isolated")
LOOKING = """
import errno, socket, sys
from pathlib import Path
lines = Path("/proc/net/route").read_text().splitlines()[1:]
names = {line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:]}
reached = []
for address in ("192.0.2.1", "8.8.8.8", "10.0.0.1"):
    with socket.socket() as tried:
        tried.settimeout(2)
        if tried.connect_ex((address, 80)) != errno.ENETUNREACH:
            reached.append(address)
sys.exit(f"routes {lines}, interfaces {names}, reached {reached}" if lines or names != {"lo"} or reached else 0)
"""


def isolated(*command: str, **given: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ISOLATED, *command], capture_output=True, text=True, check=False, cwd=ROOT, **given)


@pytest.fixture(scope="module")
def network_of_its_own() -> None:
    told = "unshare or ip is not installed: 'apt-get install util-linux iproute2'"
    if shutil.which("unshare") and shutil.which("ip"):
        tried = isolated("true")
        if tried.returncode == 0:
            return
        told = f"the kernel gives no network of one's own: {tried.stderr.strip()}"
    if os.environ.get("REQUIRE_NETNS"):
        pytest.fail(f"{told}; REQUIRE_NETNS is set, so this test is not skipped")
    pytest.skip(told)


@pytest.mark.slow
@pytest.mark.usefixtures("network_of_its_own")
def test_where_the_visit_takes_place_there_is_no_way_out():
    told = isolated(sys.executable, "-c", LOOKING)

    assert told.returncode == 0, told.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("network_of_its_own")
def test_a_whole_visit_works_without_any_network():
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-m", "slow or not slow", VISITS, "-k", VISIT]
    told = isolated(*command, env={**os.environ, "REQUIRE_BROWSER": "1", "REQUIRE_SPEECH": "1"})

    assert told.returncode == 0, told.stdout + told.stderr
    assert "2 passed" in told.stdout  # before an upright screen and a broad one
