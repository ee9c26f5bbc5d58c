"""``/status``: how the server fares, for staff at the machine itself; numbers only, and no text of any question."""

from __future__ import annotations

import ipaddress
import json
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from ui.routes import ApiRoute
from ui.site import Site
from ui.templating import environment

STATUS_PATH = "/status"
PROCESS_PATH = Path("/proc/self/status")
Row = tuple[str, str]


def status_router(site: Site) -> APIRouter:
    """Build the page; to any other machine it is not there."""
    router = APIRouter(route_class=ApiRoute, include_in_schema=False)

    @router.get(STATUS_PATH)
    def status(request: Request) -> HTMLResponse:
        if not is_here(request.client.host if request.client else None):
            raise HTTPException(404)
        beat = site.beats.last
        page = (
            environment()
            .get_template("status.html")
            .render(
                title=site.answerer.collection.manifest.title,
                well=beat is None or beat.well,
                sections=[
                    ("Server", list(_server(site))),
                    ("Since then", list(_counted(site))),
                    ("Machine", list(_machine(site))),
                ],
            )
        )
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})

    return router


def is_here(address: str | None) -> bool:
    """Whether a client's address is this machine's own; a socket of this machine has none."""
    if address is None:
        return True
    with suppress(ValueError):
        parsed = ipaddress.ip_address(address.partition("%")[0])
        mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
        return (mapped or parsed).is_loopback
    return False


def _server(site: Site) -> Iterator[Row]:
    beats, settings = site.beats, site.settings
    yield "memcon", version("memcon")
    up = timedelta(seconds=int((datetime.now().astimezone() - beats.started).total_seconds()))
    yield "Up since", f"{beats.started:%Y-%m-%d %H:%M} ({up})"
    if beats.last is None:
        yield "Own last question", "none yet"
    else:
        ended = "went through" if beats.last.well else "DID NOT GO THROUGH"
        yield "Own last question", f"{beats.last.at:%Y-%m-%d %H:%M:%S}, {ended} in {beats.last.seconds:.2f} s"
    yield "Encoder", settings.encoder
    yield "Index", _fingerprint(settings.index_path)
    kept = (
        f"for {settings.keep_questions} days; {site.journal.n_lost} could not be" if settings.keep_questions else "no"
    )
    yield "Unanswered questions kept", kept


def _counted(site: Site) -> Iterator[Row]:
    metrics = site.metrics
    yield "Visits", f"{metrics.n_visits():.0f}"
    yield "Answered", f"{metrics.n_answered():.0f}"
    for reason, number in metrics.n_abstained().items():
        yield f"Not answered: {reason.value}", f"{number:.0f}"
    yield "Turned away", f"{metrics.n_turned_away():.0f}"


def _machine(site: Site) -> Iterator[Row]:
    for name, folder in (("Cache", site.settings.cache_path), ("State", site.settings.state_path)):
        with suppress(OSError):
            yield f"Disk free, {name.lower()}", f"{shutil.disk_usage(folder).free // 2**20} MB in {folder}"
    with suppress(OSError, ValueError, StopIteration):
        lines = PROCESS_PATH.read_text(encoding="ascii").splitlines()
        resident = next(line.split()[1] for line in lines if line.startswith("VmRSS:"))
        yield "Memory of the server", f"{int(resident) // 1024} MB"


def _fingerprint(index_path: Path) -> str:
    try:
        return str(json.loads((index_path / "index.json").read_text(encoding="utf-8"))["fingerprint"])[:12]
    except (OSError, ValueError, KeyError, TypeError):
        return "its file cannot be read; the one in memory goes on"
