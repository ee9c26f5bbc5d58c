"""What a user can mend is one line on stderr; what is a bug shows itself."""

from __future__ import annotations

import errno

import click
import pytest
from click.testing import CliRunner

from bot.errors import QuestionError
from embeddings.errors import ManifestError
from ui.misuse import guarded

WAY_OUT = "Check that the folder exists and can be written, or set MEMCON_CACHE_PATH to another one"


def run(error):
    @click.command()
    @guarded
    def command():
        click.echo("done")
        if error is not None:
            raise error

    return CliRunner().invoke(command)


@pytest.mark.parametrize(
    ("error", "exit_code", "message"),
    [
        (QuestionError("the question is empty"), 2, "memcon: the question is empty\n"),
        (ManifestError("no such folder"), 2, "memcon: no such folder\n"),
        (PermissionError(13, "Permission denied", "/cache"), 2, f"memcon: /cache: Permission denied. {WAY_OUT}\n"),
        (OSError(errno.ENOSPC, "No space left on device"), 2, f"memcon: No space left on device. {WAY_OUT}\n"),
        (KeyboardInterrupt(), 130, "memcon: stopped; nothing was left half-written\n"),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 1, ""),
        (None, 0, ""),
    ],
)
def test_an_error_that_can_be_mended_is_one_line(error, exit_code, message):
    result = run(error)

    assert (result.exit_code, result.stdout, result.stderr) == (exit_code, "done\n", message)


def test_a_bug_shows_itself():
    result = run(ZeroDivisionError("a bug"))

    assert isinstance(result.exception, ZeroDivisionError)
