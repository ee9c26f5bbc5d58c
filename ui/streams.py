"""Streams that a page holds open for as long as it is open: they end with the server, so that it can end at once."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

STREAMS = ("/gradio_api/heartbeat", "/gradio_api/queue/data")


class OpenStreams:
    """The streams that are open now; a web server that stops would wait for them, and then complain of them."""

    def __init__(self) -> None:
        self._streams: set[asyncio.Future[None]] = set()

    def __len__(self) -> int:
        return len(self._streams)

    def end(self) -> None:
        """End them all; their pages notice, and try again."""
        for stream in tuple(self._streams):
            stream.cancel()

    async def run(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Run ``app`` until its stream ends, or `end` ends it."""
        begun = whole = False

        async def watched(message: Message) -> None:
            nonlocal begun, whole
            await send(message)
            begun, whole = True, message["type"] == "http.response.body" and not message.get("more_body", False)

        stream = asyncio.ensure_future(app(scope, receive, watched))
        self._streams.add(stream)
        try:
            await asyncio.wait({stream})
        finally:
            self._streams.discard(stream)
            if not stream.done():  # the request itself was cancelled
                stream.cancel()
        if not stream.cancelled():
            stream.result()
        elif begun and not whole:
            await send({"type": "http.response.body", "body": b"", "more_body": False})


class EndStreams:
    """Passes requests on; those for a stream are known to ``streams``."""

    def __init__(self, app: ASGIApp, *, streams: OpenStreams) -> None:
        self.app = app
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http" and scope["path"].startswith(STREAMS):
            await self._streams.run(self.app, scope, receive, send)
        else:
            await self.app(scope, receive, send)
