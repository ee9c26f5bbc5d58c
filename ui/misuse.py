"""Misuse: what a user can mend is told in one line, with exit code 2."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from bot.errors import BotError
from embeddings.errors import EmbeddingsError

EXIT_MISUSE = 2


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn the errors we raise into one line on stderr and exit code 2; anything else is a bug and shows itself."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except (BotError, EmbeddingsError) as error:
            click.echo(f"memcon: {error}", err=True)
            sys.exit(EXIT_MISUSE)
        except BrokenPipeError:
            raise  # nobody reads on, as in "memcon documents | head"; click ends quietly
        except OSError as error:
            place = f"{error.filename}: " if error.filename else ""
            click.echo(
                f"memcon: {place}{error.strerror or error}. Check that the folder exists and can be written, or set "
                f"MEMCON_CACHE_PATH to another one",
                err=True,
            )
            sys.exit(EXIT_MISUSE)
        except KeyboardInterrupt:
            click.echo("memcon: stopped; nothing was left half-written", err=True)
            sys.exit(128 + signal.SIGINT)

    return run
