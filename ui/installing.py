"""``memcon kiosk-setup``: write the units, settings and notes of a kiosk for the machine that it runs on."""

from __future__ import annotations

import json
import re
import sys
from importlib.resources import files
from pathlib import Path
from string import Template
from urllib.parse import urlsplit

import click

from bot.errors import BotError
from bot.settings import Settings
from ui.misuse import guarded
from ui.options import collection_option, settings_of

FILES = ("memcon.service", "kiosk.service", "memcon.toml", "chromium-policy.json", "README.md")
_USER = re.compile(r"[a-z_][a-z0-9_\-]{0,30}")
_PLAIN_PATH = re.compile(r"/[A-Za-z0-9._+@/\-]*")  # what needs no quoting in a unit
_PATHS_OF_HOMES = ("/home", "/root")


class SetupError(BotError):
    """The files of a kiosk cannot be written for this machine."""


@click.command(name="kiosk-setup")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--user", default="kiosk", show_default=True, help="The user whose screen it is.")
@click.option("--url", default="http://127.0.0.1:8000/kiosk", show_default=True, help="The page that the screen shows.")
@click.option("--overwrite", is_flag=True, help="Replace files that are there already and differ.")
@collection_option
@guarded
def kiosk_setup(folder: Path, user: str, url: str, overwrite: bool, collection_path: Path | None) -> None:
    """Write systemd units, settings, browser policy and instructions of a kiosk into DIR."""
    texts = setup_files(folder.absolute(), user=user, url=url, settings=settings_of(collection_path=collection_path))
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        path = folder / name
        if path.exists() and not overwrite and path.read_text(encoding="utf-8") != text:
            raise SetupError(f"{path}: is there already and differs; give --overwrite to replace it, or another folder")
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
        click.echo(folder / name)
    click.echo(f"Next: follow {folder / 'README.md'}; then 'memcon doctor --kiosk' checks all of it.", err=True)


def setup_files(folder: Path, *, user: str, url: str, settings: Settings) -> dict[str, str]:
    """Return the text of each file by its name.

    Raises:
        SetupError: a value cannot stand in a unit.
    """
    if not _USER.fullmatch(user):
        raise SetupError(f"user = {user!r}: must be a user's name of small letters, digits, - and _")
    parts = _address(url)
    memcon = Path(sys.executable).parent / "memcon"  # not resolved: a virtual environment is found by its link
    for name, path in (("folder", folder), ("memcon", memcon)):
        if not _PLAIN_PATH.fullmatch(str(path)):
            raise SetupError(f"{name} = {str(path)!r}: must be an absolute path of letters, digits, ._+@-")
    at_home = str(memcon).startswith(_PATHS_OF_HOMES) or str(settings.collection_path).startswith(_PATHS_OF_HOMES)
    values = {
        "folder": str(folder),
        "memcon": str(memcon),
        "user": user,
        "url": url,
        "origin": f"{parts[0]}://{parts[1]}:{parts[2]}",
        "host": parts[1],
        "port": str(parts[2]),
        "collection": json.dumps(str(settings.collection_path.absolute()), ensure_ascii=False),
        "protect_home": "read-only" if at_home else "yes",
    }
    room = files("ui") / "deployment"
    return {name: Template((room / name).read_text(encoding="utf-8")).substitute(values) for name in FILES}


def _address(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of the page's address, which must be this machine's own."""
    try:
        split = urlsplit(url)
        port = split.port or 8000
    except ValueError:
        port = 0
    plain = re.fullmatch(r"http://(127\.0\.0\.1|localhost)(:[0-9]{1,5})?/kiosk(\?lang=[a-z]{2})?", url)
    if not plain or not 0 < port < 65536:
        raise SetupError(
            f"url = {url!r}: must look like http://127.0.0.1:8000/kiosk or http://localhost:8000/kiosk?lang=de"
        )
    return "http", plain[1], port
