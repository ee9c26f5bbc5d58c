"""What the commands share: the options that name a collection and settings, and what these load."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.settings import Chosen, Settings, choose_settings
from embeddings.collection import Collection, load_collection
from ui.progress import progress_bar

if TYPE_CHECKING:
    from bot.answering import Answerer


def collection_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the option that names a collection."""
    return click.option(
        "--collection",
        "collection_path",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="A folder with documents/ and, better, a manifest.toml.  [default: the seeds]",
    )(command)


def settings_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the program the option that names a file of settings; it counts for every command."""

    def keep(context: click.Context, _: click.Parameter, path: Path | None) -> None:
        context.obj = path

    return click.option(
        "--settings",
        type=click.Path(path_type=Path),
        metavar="FILE",
        callback=keep,
        expose_value=False,
        help="A TOML file of settings.  [default: MEMCON_SETTINGS, else /etc/memcon.toml where it exists]",
    )(command)


def chosen(**given: Any) -> Chosen:
    """Return the settings that the running command has, with what is ``given`` to it, and where each was stated.

    Raises:
        SettingsError: as `bot.settings.read_settings`.
    """
    return choose_settings(settings_path=click.get_current_context().find_root().obj, **given)


def settings_of(**given: Any) -> Settings:
    """Return the settings that the running command has, with what is ``given`` to it.

    Raises:
        SettingsError: as `bot.settings.read_settings`.
    """
    return chosen(**given).settings


def load(collection_path: Path | None, **given: bool) -> Answerer:
    """Return a bot over the chosen collection, and tell what was guessed of it.

    Raises:
        EmbeddingsError, BotError: the collection, a model or a setting is wrong.
    """
    from bot.loading import load_answerer

    answerer = load_answerer(settings_of(collection_path=collection_path, **given), progress_bar("indexing"))
    _tell_guesses(answerer.collection)
    return answerer


def read_collection(collection_path: Path | None) -> Collection:
    """Return the chosen collection without any model, and tell what was guessed of it.

    Raises:
        EmbeddingsError, SettingsError: the collection or a setting is wrong.
    """
    collection = load_collection(settings_of(collection_path=collection_path).collection_path)
    _tell_guesses(collection)
    return collection


def _tell_guesses(collection: Collection) -> None:
    for line in collection.guessed:
        click.echo(f"memcon: guessed: {line}", err=True)
