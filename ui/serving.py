"""Run the server: first the socket, so that a taken port is told at once; then the models; then a line: the address."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
from collections.abc import Callable

import uvicorn

from bot.errors import BotError
from bot.loading import load_answerer
from bot.settings import Settings, read_supervisor
from embeddings.encoder import Progress
from ui.app import create_app
from ui.kiosk import KIOSK_PATH
from ui.pulse import Pulse
from ui.site import Site
from ui.supervision import Supervision

SECONDS_TO_CLOSE = 2  # for what is still being answered
BACKLOG = 512
logger = logging.getLogger(__name__)


class ServeError(BotError):
    """The address cannot be listened on."""


def serve(settings: Settings, say: Callable[[str], None], progress: Progress | None = None) -> None:
    """Serve the collection until the process is told to stop (SIGINT or SIGTERM).

    ``say`` gets one line with the address once a real question has gone through.

    Raises:
        ServeError: the address is taken, or is none of this machine's.
        EmbeddingsError, BotError: the collection or a model cannot be loaded.
    """
    supervision = Supervision(read_supervisor())
    with listen(settings.host, settings.port) as listening:
        site = Site.of(load_answerer(settings, supervision.while_loading(progress)))
        if not site.is_ready():
            raise ServeError("the first question did not go through; 'memcon doctor' looks at every part")
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl-C is how it ends; by now everything is closed
            asyncio.run(_serve(site, listening, say, supervision))


async def _serve(site: Site, listening: socket.socket, say: Callable[[str], None], supervision: Supervision) -> None:
    config = uvicorn.Config(
        create_app(site),
        log_level="warning",
        access_log=False,  # it would hold what visitors opened
        server_header=False,
        timeout_graceful_shutdown=SECONDS_TO_CLOSE,
        proxy_headers=True,  # of a proxy on this machine only
        forwarded_allow_ips="127.0.0.1",
        lifespan="on",
    )
    page = KIOSK_PATH.lstrip("/") if site.settings.kiosk else ""
    say(f"{site.answerer.collection.manifest.title}: {address_of(listening)}{page} (Ctrl-C stops)")
    supervision.ready(f"answers at {address_of(listening)}")
    pulse = asyncio.create_task(Pulse(site, supervision).run())
    try:
        await _Server(config, site).serve(sockets=[listening])
    finally:
        supervision.stopping()
        pulse.cancel()
        site.journal.close()


class _Server(uvicorn.Server):
    """A web server that ends the open pages' streams before it waits for what is still being answered."""

    def __init__(self, config: uvicorn.Config, site: Site) -> None:
        super().__init__(config)
        self._site = site

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop listening, end the streams, and let the rest be answered."""
        self._site.streams.end()
        await super().shutdown(sockets)


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on ``host`` and ``port``; port 0 takes any free one.

    Raises:
        ServeError: the address is taken, or is none of this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(BACKLOG)
        except OSError:
            listening.close()
            raise
    except socket.gaierror as error:
        raise ServeError(f"host = {host!r}: is no address of this machine; 127.0.0.1 or 0.0.0.0 are usual") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise ServeError(
                f"port = {port}: something listens on it already; name another with --port, or 0 for any free one"
            ) from error
        raise ServeError(f"{host}:{port} cannot be listened on: {error.strerror}") from error
    return listening


def address_of(listening: socket.socket) -> str:
    """Return the address to type into a browser."""
    host, port = listening.getsockname()[:2]
    if host in ("0.0.0.0", "::"):
        host = "localhost"
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"
