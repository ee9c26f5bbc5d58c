"""What every request and response passes: one policy of contents, a list of allowed paths, no forged headers.

Gradio opens more doors than a chat needs (uploads, files, deep links, proxies); here all but the few it uses are shut.
Pure ASGI, so that streams pass unbuffered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.problems import Kind, ProblemError, problem_response

# What a proxy or a client may say of the address of a request; the server has read what it trusts of it by now.
FORGEABLE_HEADERS = frozenset(
    {b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-for", b"x-forwarded-prefix", b"x-forwarded-port",
     b"x-forwarded-server", b"x-gradio-server", b"x-original-url", b"x-rewrite-url", b"forwarded"}
)  # fmt: skip
# All that is served, by the first part of the path; the rest of Gradio's paths answer 404 as if they were not there.
OWN_PATHS = frozenset(
    {
        "api",
        "cite",
        "documents",
        "embed",
        "embed.js",
        "healthz",
        "kiosk",
        "metrics",
        "quotations",
        "readyz",
        "site",
        "speech",
        "status",
    }
)
FRAMED_PATH = "/embed"  # the one page that other sites may show in a frame
SHARED_PATH = "/embed.js"  # the one file that other sites' pages may load
KIOSK_PATHS = frozenset(
    {"healthz", "kiosk", "metrics", "readyz", "site", "speech", "status"}
)  # all that a kiosk serves
GRADIO_PATHS = frozenset({"assets", "config", "favicon.ico", "robots.txt", "svelte", "theme.css"})
_GRADIO_API = re.compile(r"/gradio_api/(?P<rest>.*)", re.DOTALL)
_GRADIO_GET = re.compile(r"queue/data|heartbeat/[A-Za-z0-9_\-]{1,64}|startup-events|theme\.css|info|app_id")
_GRADIO_POST = re.compile(r"queue/join|run/predict|cancel|reset|component_server")


def content_security_policy(frame_ancestors: Iterable[str]) -> str:
    """Return a page's policy: nothing from elsewhere, no script but the server's files, no frame but those named."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",  # Gradio writes style attributes; no script comes that way
            "img-src 'self' data:",
            "font-src 'self' data:",
            "media-src 'self'",
            "connect-src 'self'",
            "frame-src 'self'",
            "manifest-src 'self'",
            "base-uri 'self'",
            "form-action 'self'",
            "object-src 'none'",
            " ".join(("frame-ancestors 'self'", *frame_ancestors)),
        )
    )


class SecurityHeaders:
    """Set the policy of contents and its companions on every response; ``frame_ancestors`` may frame `FRAMED_PATH`."""

    def __init__(self, app: ASGIApp, *, frame_ancestors: Iterable[str] = ()) -> None:
        self.app = app
        self._headers = {
            "content-security-policy": content_security_policy(()),
            "x-content-type-options": "nosniff",
            "referrer-policy": "no-referrer",
            "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
        }
        self._exceptions = {
            FRAMED_PATH: {"content-security-policy": content_security_policy(frame_ancestors)},
            SHARED_PATH: {"cross-origin-resource-policy": "cross-origin"},
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and set the headers of its response."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in (self._headers | self._exceptions.get(scope["path"], {})).items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, send_with_headers)


class StripHeaders:
    """Take away the headers by which a client could claim another address for the server or for itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on without the headers that claim addresses."""
        if scope["type"] == "http":
            kept = [(name, value) for name, value in scope["headers"] if name.lower() not in FORGEABLE_HEADERS]
            scope = {**scope, "headers": kept}
        await self.app(scope, receive, send)


class PathList:
    """Answer 404 to every path that is not on the list, and 403 to what another site's page sends."""

    def __init__(self, app: ASGIApp, *, not_found: ASGIApp, kiosk: bool = False) -> None:
        self.app = app
        self.not_found = not_found
        self._is_open = is_open_in_kiosk if kiosk else is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if its path is open and it comes from a page of this server or from a program."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":  # nothing here speaks it
                await send({"type": "websocket.close", "code": 1000})
                return
            await self.app(scope, receive, send)
            return
        if not self._is_open(scope["method"], scope["path"]):
            await self.not_found(scope, receive, send)
            return
        if scope["method"] not in ("GET", "HEAD", "OPTIONS") and not _from_here(Headers(scope=scope)):
            await problem_response(scope["path"], ProblemError(Kind.FOREIGN))(scope, receive, send)
            return
        await self.app(scope, receive, send)


def is_open(method: str, path: str) -> bool:
    """Whether a request of this method and path is let through."""
    gradio = _GRADIO_API.fullmatch(path)
    if gradio is not None:
        allowed = {"GET": _GRADIO_GET, "POST": _GRADIO_POST}.get(method)
        return allowed is not None and allowed.fullmatch(gradio["rest"].rstrip("/")) is not None
    first = path.split("/", 2)[1]
    return first in OWN_PATHS | GRADIO_PATHS or path == "/"


def is_open_in_kiosk(method: str, path: str) -> bool:
    """Whether a request of this method and path is let through by a server that is a kiosk's alone."""
    return path.split("/", 2)[1] in KIOSK_PATHS


def _from_here(headers: Headers) -> bool:
    """Whether the page that sent this came from this server; programs send no ``Origin`` and pass."""
    origin = headers.get("origin")
    if origin is None:
        return True
    return re.sub(r"^https?://", "", origin) == headers.get("host", "")
