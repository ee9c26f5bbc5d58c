"""Signs of life: told to the service manager only after a real question went through."""

from __future__ import annotations

import asyncio
import os
import socket
from datetime import timedelta

import pytest
from test_journal import TODAY, keep

from bot.journal import Journal
from bot.settings import Supervisor, read_supervisor
from ui.pulse import SECONDS, Pulse
from ui.site import Site
from ui.supervision import Supervision
from ui.waiting import BusyError


@pytest.fixture
def manager(tmp_path):
    """A service manager's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.setblocking(False)
        yield listening


@pytest.fixture
def supervision(manager):
    return Supervision(Supervisor(address=manager.getsockname(), watchdog_seconds=120.0))


def told(manager) -> list[str]:
    messages = []
    try:
        while True:
            messages.append(manager.recv(4096).decode())
    except BlockingIOError:
        return messages


@pytest.fixture
def site(answerer) -> Site:
    return Site.of(answerer)


def test_the_environment_names_the_manager():
    own = {"NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "120000000", "WATCHDOG_PID": str(os.getpid())}

    assert read_supervisor(own) == Supervisor(address="/run/notify", watchdog_seconds=120.0)
    assert read_supervisor({**own, "WATCHDOG_PID": "1"}) == Supervisor(address="/run/notify")
    assert read_supervisor({}) == Supervisor()


@pytest.mark.parametrize("usec", ["", "0", "-5", "soon", "1e9"])
def test_a_time_that_is_none_watches_nothing(usec):
    assert read_supervisor({"WATCHDOG_USEC": usec, "NOTIFY_SOCKET": "x"}).watchdog_seconds is None


def test_the_manager_is_told_in_its_own_words(manager, supervision):
    supervision.loading("building\nREADY=1")
    supervision.ready("answers\nat home")
    supervision.alive()
    supervision.stopping()

    assert told(manager) == [
        "EXTEND_TIMEOUT_USEC=120000000\nSTATUS=building READY=1",
        "READY=1\nSTATUS=answers at home",
        "WATCHDOG=1",
        "STOPPING=1",
    ]


def test_while_an_index_is_built_the_manager_waits_and_the_user_is_told_too(manager, supervision):
    seen = []
    supervision.while_loading(lambda n_done, n_all: seen.append((n_done, n_all)))(3, 9)

    assert seen == [(3, 9)]
    assert told(manager) == ["EXTEND_TIMEOUT_USEC=120000000\nSTATUS=building the index: 3 of 9 texts"]


def test_an_abstract_socket_is_found():
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0memcon-test-notify")
        listening.setblocking(False)
        Supervision(Supervisor(address="@memcon-test-notify")).alive()

        assert told(listening) == ["WATCHDOG=1"]


def test_without_a_manager_nobody_is_told_and_one_that_is_gone_stops_nothing(tmp_path, caplog):
    Supervision(Supervisor()).alive()
    assert caplog.text == ""
    Supervision(Supervisor(address=str(tmp_path / "gone"))).alive()

    assert "cannot be told (No such file or directory)" in caplog.text


def test_a_manager_that_does_not_listen_holds_nobody_up(manager, supervision, monkeypatch, caplog):
    monkeypatch.setattr("ui.supervision.SECONDS_TO_TELL", 0.01)
    for _ in range(1000):  # more than a socket's queue takes
        supervision.alive()
        if caplog.text:
            break

    assert "cannot be told (timed out)" in caplog.text


def test_a_question_that_went_through_is_a_sign_of_life(manager, supervision, site):
    beat = asyncio.run(Pulse(site, supervision).beat())

    assert told(manager) == ["WATCHDOG=1"]
    assert (beat.well, site.beats.last) == (True, beat)
    assert site.metrics.n_outcomes() == 0  # the server is no visitor


def test_a_server_that_cannot_answer_gives_no_sign_of_life(manager, supervision, site, monkeypatch, caplog):
    async def fail(_: Site) -> None:
        raise RuntimeError("the model is gone")

    monkeypatch.setattr(Site, "probe", fail)
    beat = asyncio.run(Pulse(site, supervision).beat())

    assert told(manager) == []
    assert not beat.well
    assert "the model is gone" in caplog.text


def test_a_full_line_is_life_only_while_it_moves(manager, supervision, site, monkeypatch):
    async def fail(_: Site) -> None:
        raise BusyError("too many are waiting")

    pulse = Pulse(site, supervision)
    monkeypatch.setattr(Site, "probe", fail)
    outcome = site.answerer.answer("Who took part?")

    assert not asyncio.run(pulse.beat()).well
    site.metrics.count(outcome, 0.1, "kiosk")
    assert asyncio.run(pulse.beat()).well
    assert not asyncio.run(pulse.beat()).well
    assert told(manager) == ["WATCHDOG=1"]


def test_three_questions_fit_into_the_managers_patience(site, supervision):
    assert Pulse(site, supervision).seconds == 40.0
    assert Pulse(site, Supervision(Supervisor())).seconds == SECONDS


def test_a_day_that_is_over_is_deleted_though_nobody_asks(answerer, tmp_path, supervision):
    keep(tmp_path, ["Who?"], day=TODAY, days=1)
    days = [TODAY]
    journal = Journal(tmp_path, days=1, today=lambda: days[0])
    site = Site.of(answerer)
    object.__setattr__(site, "journal", journal)
    pulse = Pulse(site, supervision, today=lambda: days[0])
    asyncio.run(pulse.beat())
    assert list(tmp_path.glob("*.jsonl"))
    days[0] += timedelta(days=1)
    asyncio.run(pulse.beat())

    assert not list(tmp_path.glob("*.jsonl"))
