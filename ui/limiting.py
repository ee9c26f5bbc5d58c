"""Limits of one client: requests a minute, and bytes a body."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass

from cachetools import LRUCache
from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.problems import API_PREFIX, Kind, ProblemError, problem_response

MAX_CLIENTS = (
    1024  # remembered at once (the library looks through all, again and again); the one unseen for longest goes
)
WINDOW_SECONDS = 60
MAX_BODY = 64 * 1024  # bytes: fifty turns of 1,300 letters
MAX_BODIES = {"/api/v1/quotations": 512 * 1024}  # bytes, by path


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a client may still do: whether this request passed, how many more may, and when all may again (seconds)."""

    passed: bool
    remaining: int
    seconds: int


class ClientLimiter:
    """Counts the requests of each client in a moving window of one minute."""

    def __init__(self, *, per_minute: int, max_clients: int = MAX_CLIENTS) -> None:
        self.per_minute = per_minute
        self._item = RateLimitItemPerMinute(per_minute)
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)
        self._clients = _Clients(max_clients, self._storage)

    @property
    def n_clients(self) -> int:
        """Return how many clients are remembered."""
        return len(self._clients)

    def take(self, address: str | None, cost: int = 1) -> Allowance:
        """Let a client do ``cost`` requests more, all or none."""
        client = client_of(address)
        self._clients[self._item.key_for(client)] = None
        passed = self._limiter.hit(self._item, client, cost=cost)
        reset, remaining = self._limiter.get_window_stats(self._item, client)
        seconds = min(max(math.ceil(reset - time.time()), 1), WINDOW_SECONDS)
        return Allowance(passed=passed, remaining=max(remaining, 0), seconds=seconds)

    def headers(self, allowance: Allowance) -> dict[str, str]:
        """Return the header fields ``RateLimit`` and ``RateLimit-Policy`` (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "RateLimit-Policy": f'"client";q={self.per_minute};w={WINDOW_SECONDS}',
            "RateLimit": f'"client";r={allowance.remaining};t={allowance.seconds}',
        }

    def problem(self, allowance: Allowance) -> ProblemError:
        """Return the problem of a request that did not pass."""
        return ProblemError(
            Kind.TOO_MANY,
            f"More than {self.per_minute} requests in {WINDOW_SECONDS} seconds; "
            f"{allowance.remaining} more are allowed now, another in {allowance.seconds} seconds",
            headers={"Retry-After": str(allowance.seconds), **self.headers(allowance)},
        )


class _Clients(LRUCache[str, None]):
    """The clients that the storage remembers: it would forget none, as it keeps an empty window of each."""

    def __init__(self, max_clients: int, storage: MemoryStorage) -> None:
        super().__init__(max_clients)
        self._storage = storage

    def popitem(self) -> tuple[str, None]:
        key, nothing = super().popitem()
        with self._storage.locks[key]:  # its timer may be looking through the same window
            self._storage.clear(key)
        return key, nothing


def client_of(address: str | None) -> str:
    """Return what counts as one client: an address, or the network of 64 bits that one IPv6 subscriber has."""
    try:
        parsed = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or "local"  # a socket of this machine has no address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


class RateLimit:
    """Turn away the requests of a client that sends too many to the HTTP interface (ASGI middleware).

    A client is the address that the server sees; no header counts, for anyone can write one.
    """

    def __init__(self, app: ASGIApp, *, limiter: ClientLimiter, prefix: str = API_PREFIX) -> None:
        self.app = app
        self._limiter = limiter
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer that it is one too many."""
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self.app(scope, receive, send)
            return
        client = scope.get("client")
        allowance = self._limiter.take(client[0] if client else None)
        if not allowance.passed:
            await problem_response(scope["path"], self._limiter.problem(allowance))(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._limiter.headers(allowance).items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, send_with_headers)


class BodyLimit:
    """Stop reading a body that is longer than its path takes, whatever length it declares (ASGI middleware).

    The error is raised where the body is read, so that the application makes its response; Starlette's own middleware
    answers in plain text.
    """

    def __init__(self, app: ASGIApp, *, most: int = MAX_BODY, most_by_path: Mapping[str, int] = MAX_BODIES) -> None:
        self.app = app
        self._most = most
        self._most_by_path = most_by_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with a body that ends in an error where it exceeds the limit."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = self._most_by_path.get(scope["path"], self._most)
        declared = Headers(scope=scope).get("content-length", "")
        n_received = most + 1 if _exceeds(declared, most) else 0

        async def receive_within() -> Message:
            nonlocal n_received
            if n_received <= most:
                message = await receive()
                n_received += len(message.get("body", b""))
                if n_received <= most:
                    return message
            raise ProblemError(Kind.TOO_LARGE, f"The body has more than {most} bytes, the most that this path takes")

        await self.app(scope, receive_within, send)


def _exceeds(declared: str, most: int) -> bool:
    """Whether a declared length is a number above ``most``; one of many digits is not even read."""
    return declared.isdecimal() and (len(declared) > 18 or int(declared) > most)
