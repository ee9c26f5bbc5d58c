"""The staff's page: how the server fares, told at the machine itself, and nothing of what visitors asked."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from html import unescape

import pytest
from starlette.testclient import TestClient

from bot.settings import Supervisor
from ui.app import create_app
from ui.pulse import Pulse
from ui.site import Site
from ui.status import is_here
from ui.supervision import Supervision

SECRET = "zanzibar xylophone quagmire"


@pytest.fixture
def site(answerer) -> Site:
    return Site.of(replace(answerer, settings=replace(answerer.settings, kiosk=True)))


def page(site: Site, address: str = "127.0.0.1") -> tuple[int, str]:
    with TestClient(create_app(site), client=(address, 50000), base_url="http://127.0.0.1:8000") as client:
        response = client.get("/status")
        return response.status_code, unescape(response.text)


def values(text: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text))


def test_it_tells_how_the_server_fares(site):
    asyncio.run(Pulse(site, Supervision(Supervisor())).beat())
    status, text = page(site)
    told = values(text)

    assert status == 200
    assert "All is well." in text
    assert re.fullmatch(r"[0-9: -]+, went through in [0-9.]+ s", told["Own last question"])
    assert re.fullmatch("[0-9a-f]{12}", told["Index"])
    assert {told["Visits"], told["Answered"], told["Turned away"]} == {"0"}
    assert told["Unanswered questions kept"] == "no"
    assert told["Memory of the server"].endswith(" MB")


def test_it_counts_and_holds_no_words_of_questions(site):
    with TestClient(create_app(site), client=("127.0.0.1", 50000), base_url="http://127.0.0.1:8000") as client:
        for question in (SECRET, "Who took part?"):
            client.post("/kiosk/ask", json={"question": question, "visit": None, "language": "en"})
        text = unescape(client.get("/status").text)
    told = values(text)

    assert told["Visits"] == "2"
    assert sum(int(number) for name, number in told.items() if name.startswith(("Answered", "Not answered"))) == 2
    assert not any(word in text for word in SECRET.split())


def test_a_question_that_did_not_go_through_is_told(site, monkeypatch, caplog):
    async def fail(_: Site) -> None:
        raise RuntimeError("gone")

    monkeypatch.setattr(Site, "probe", fail)
    asyncio.run(Pulse(site, Supervision(Supervisor())).beat())

    assert "DID NOT GO THROUGH" in page(site)[1]
    assert "journalctl -u memcon" in page(site)[1]


def test_to_other_machines_it_is_not_there(site):
    assert page(site, "192.168.0.7")[0] == 404


@pytest.mark.parametrize(
    ("address", "here"),
    [("127.0.0.1", True), ("127.9.9.9", True), ("::1", True), ("::ffff:127.0.0.1", True), (None, True),
     ("192.168.0.7", False), ("::ffff:10.0.0.1", False), ("fe80::1%eth0", False), ("testclient", False), ("", False)],
)  # fmt: skip
def test_only_this_machine_is_here(address, here):
    assert is_here(address) is here
