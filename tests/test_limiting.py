"""Limits of one client: requests a minute, and bytes a body."""

from __future__ import annotations

import asyncio

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from ui.limiting import BodyLimit, ClientLimiter, RateLimit, client_of
from ui.problems import add_problem_handlers

KIB = 1024


def served(limiter=None):
    """An application behind both limits that says how many bytes it read."""
    app = FastAPI()
    add_problem_handlers(app)

    async def read(request: Request) -> dict[str, int]:
        return {"read": len(await request.body())}

    for path in ("/api/v1/ask", "/api/v1/quotations", "/page"):
        app.add_api_route(path, read, methods=["GET", "POST"])
    app.add_middleware(BodyLimit)
    app.add_middleware(RateLimit, limiter=limiter or ClientLimiter(per_minute=10_000))
    return app


@pytest.fixture
def hour(monkeypatch):
    """The clock of the storage, which stands still until it is moved."""
    now = [1_000_000.0]
    monkeypatch.setattr("limits.storage.memory.time.time", lambda: now[0])
    return now


def test_a_client_may_send_as_many_requests_as_are_allowed_and_no_more(hour):
    limiter = ClientLimiter(per_minute=3)

    assert [limiter.take("192.0.2.1").remaining for _ in range(3)] == [2, 1, 0]
    refused = limiter.take("192.0.2.1")
    assert (refused.passed, refused.remaining, refused.seconds) == (False, 0, 60)
    assert limiter.take("192.0.2.2").passed


def test_the_window_moves(hour):
    limiter = ClientLimiter(per_minute=2)
    limiter.take("192.0.2.1")
    hour[0] += 40
    limiter.take("192.0.2.1")
    hour[0] += 15
    assert limiter.take("192.0.2.1").seconds == 5
    hour[0] += 6

    assert limiter.take("192.0.2.1").passed
    assert not limiter.take("192.0.2.1").passed


def test_several_requests_pass_together_or_not_at_all(hour):
    limiter = ClientLimiter(per_minute=5)

    assert limiter.take("192.0.2.1", cost=3).remaining == 2
    refused = limiter.take("192.0.2.1", cost=3)
    assert (refused.passed, refused.remaining) == (False, 2)
    assert limiter.take("192.0.2.1", cost=2).passed
    assert not limiter.take("192.0.2.2", cost=6).passed


def test_no_more_clients_are_remembered_than_allowed():
    limiter = ClientLimiter(per_minute=1, max_clients=50)
    for number in range(1000):
        limiter.take(f"10.0.{number // 250}.{number % 250}")

    assert limiter.n_clients == 50
    assert len(limiter._storage.events) == 50
    assert not limiter.take("10.0.3.249").passed


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", "local"),
        (None, "local"),
    ],
)
def test_a_client_is_an_address_or_the_network_of_one_subscriber(address, client):
    assert client_of(address) == client


def test_one_request_too_many_is_a_problem_that_says_when_to_come_back(hour):
    client = TestClient(served(ClientLimiter(per_minute=2)))
    first = client.post("/api/v1/ask")
    client.post("/api/v1/ask")
    response = client.post("/api/v1/ask")

    assert first.headers["RateLimit-Policy"] == '"client";q=2;w=60'
    assert first.headers["RateLimit"] == '"client";r=1;t=60'
    assert response.status_code == 429
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Retry-After"] == "60"
    assert response.headers["RateLimit"] == '"client";r=0;t=60'
    assert response.json() == {
        "type": "/api/v1/problems#too-many",
        "title": "Too many requests",
        "status": 429,
        "detail": "More than 2 requests in 60 seconds; 0 more are allowed now, another in 60 seconds",
        "instance": "/api/v1/ask",
    }


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP", "CF-Connecting-IP"])
def test_no_header_makes_a_client_another(header):
    client = TestClient(served(ClientLimiter(per_minute=2)))
    statuses = [client.post("/api/v1/ask", headers={header: f"192.0.2.{n}"}).status_code for n in range(4)]

    assert statuses == [200, 200, 429, 429]


def test_pages_are_not_counted_and_bear_no_such_header():
    client = TestClient(served(ClientLimiter(per_minute=1)))
    responses = [client.get("/page") for _ in range(5)]

    assert {response.status_code for response in responses} == {200}
    assert "RateLimit" not in responses[0].headers


def test_paths_that_do_not_exist_are_counted_too():
    client = TestClient(served(ClientLimiter(per_minute=2)))

    assert [client.get("/api/nothing").status_code for _ in range(3)] == [404, 404, 429]


@pytest.mark.parametrize(("path", "most"), [("/api/v1/ask", 64 * KIB), ("/api/v1/quotations", 512 * KIB)])
def test_a_body_may_be_as_long_as_its_path_takes_and_no_longer(path, most):
    client = TestClient(served())

    assert client.post(path, content=b"a" * most).json() == {"read": most}
    response = client.post(path, content=b"a" * (most + 1))
    assert response.status_code == 413
    assert response.json()["detail"] == f"The body has more than {most} bytes, the most that this path takes"


def test_a_body_of_no_declared_length_is_counted_as_it_comes():
    client = TestClient(served())
    sent = []

    def parts():
        for _ in range(1000):
            sent.append(1)
            yield b"a" * 16 * KIB

    response = client.post("/api/v1/ask", content=parts())

    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/problem+json"


def call(headers, bodies, path="/api/v1/ask"):
    """Send a request part by part; return the status and how many parts were read."""
    waiting, sent = list(bodies), []

    async def receive():
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "http_version": "1.1", "headers": headers, "client": None, "server": ("memcon", 80),
    }  # fmt: skip
    asyncio.run(served()(scope, receive, send))
    return sent[0]["status"], len(bodies) - len(waiting)


def test_a_body_that_declares_too_much_is_not_read_at_all():
    assert call([(b"content-length", b"65537")], [b"a", b"b"]) == (413, 0)


@pytest.mark.parametrize(("length", "status"), [(b"9" * 5000, 413), (b"0" * 30 + b"1", 413), (b"\xb2\xb3" * 9, 200)])
def test_an_absurd_length_does_no_harm(length, status):
    assert call([(b"content-length", length)], [b"a"])[0] == status


@pytest.mark.parametrize("length", [b"2", b"-1", b"", b"nonsense"])
def test_a_body_that_is_longer_than_it_declares_is_cut_off(length):
    parts = [b"a" * 32 * KIB] * 10

    assert call([(b"content-length", length)], parts) == (413, 3)


def test_a_page_has_its_own_error_of_a_body_too_long():
    response = TestClient(served()).post("/page", content=b"a" * (64 * KIB + 1))

    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/json"
    assert "problems#" not in response.text


def test_what_is_no_request_passes():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    for middleware in (BodyLimit(app), RateLimit(app, limiter=ClientLimiter(per_minute=1))):
        asyncio.run(middleware({"type": "lifespan"}, None, None))

    assert seen == ["lifespan", "lifespan"]
