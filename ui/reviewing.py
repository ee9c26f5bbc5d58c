"""``memcon review``: list the questions that got no answer, and turn them into questions of the collection's own."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bot.answers import Reason
from ui.misuse import guarded
from ui.options import collection_option, read_collection, settings_of

if TYPE_CHECKING:
    from bot.review import Change, Group

NEXT = "Next: 'memcon index', and start the server again."
_ASKED = click.argument("question", metavar="NUMBER|QUESTION")


def _signed_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--signed", required=True, metavar="NAME", help="The reviewer's name; it stands in the file.")(
        command
    )


def _try_option(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--dry-run", "is_trial", is_flag=True, help="Show the change and write nothing.")(command)


@click.group(invoke_without_command=True)
@click.pass_context
def review(context: click.Context) -> None:
    """List the questions that got no answer, most asked first, and review them.

    They are kept where the setting keep_questions says for how many days.
    """
    if context.invoked_subcommand is None:
        _list()


@guarded
def _list() -> None:
    from bot.journal import read_unanswered
    from bot.review import group
    from ui.terminal import plain

    settings = settings_of()
    groups = group(read_unanswered(settings.questions_path))
    for found in groups:
        told = [", ".join(reason.value for reason in found.reasons), *found.languages, f"last on {found.last}"]
        click.echo(f"{found.number:>4}  {found.count} x  {plain(found.question)}\n           ({'; '.join(told)})")
    if not groups:
        why = "" if settings.keep_questions else "; keep_questions = 0 keeps none, set it to a number of days"
        click.echo(f"Nothing to review in {settings.questions_path}{why}.", err=True)


@review.command(name="link")
@_ASKED
@click.argument("identifier", metavar="CITATION_OR_PASSAGE_ID")
@_signed_option
@_try_option
@collection_option
@guarded
def link_question(question: str, identifier: str, signed: str, is_trial: bool, collection_path: Path | None) -> None:
    """Say which words answer a question, and add both to the collection's questions.toml."""
    from bot.review import link

    text, found = _asked(question)
    _apply(link(read_collection(collection_path), text, identifier, signed), found, is_trial)


@review.command(name="none")
@_ASKED
@click.option("--reason", type=click.Choice([reason.value for reason in Reason]), help="[default: the one kept]")
@_signed_option
@_try_option
@collection_option
@guarded
def leave_question(
    question: str, reason: str | None, signed: str, is_trial: bool, collection_path: Path | None
) -> None:
    """Say that the record does not answer a question, and add it to the collection's questions.toml."""
    from bot.review import leave_open

    text, found = _asked(question)
    kept = found.reasons[0] if found else Reason.NOT_STATED
    _apply(
        leave_open(read_collection(collection_path), text, Reason(reason) if reason else kept, signed), found, is_trial
    )


@review.command(name="forget")
@click.argument("question", metavar="NUMBER|QUESTION", required=False)
@click.option("--all", "is_all", is_flag=True, help="Forget every question.")
@guarded
def forget_question(question: str | None, is_all: bool) -> None:
    """Forget a question, or all of them, as if it had never been kept."""
    if (question is None) == (not is_all):
        raise click.UsageError("name one question by its number or words, or give --all")
    n_forgotten = _forget(None if question is None else _asked(question)[0])
    click.echo(f"{n_forgotten} kept question(s) forgotten.")


def _asked(question: str) -> tuple[str, Group | None]:
    """Return the words of a question that is named by its number or by themselves, and its group where it was kept."""
    from bot.journal import read_unanswered
    from bot.reading import check_question
    from bot.review import find_group, group

    check_question(question)
    found = find_group(group(read_unanswered(settings_of().questions_path)), question.strip())
    return (found.question if found else question.strip()), found


def _apply(change: Change, found: Group | None, is_trial: bool) -> None:
    """Show a change, write it, and forget the question that is now the collection's."""
    from bot.review import write
    from ui.terminal import visible

    for line in change.diff.splitlines():
        click.echo(visible(line))
    if is_trial:
        click.echo("Nothing was written.", err=True)
        sys.exit(0)
    write(change)
    if found is not None:
        _forget(found.question)
    click.echo(NEXT, err=True)


def _forget(question: str | None) -> int:
    """Forget what was kept of a question, or of all, and return how many they were."""
    from bot.journal import forget
    from bot.review import words_of

    words = None if question is None else words_of(question)
    return forget(settings_of().questions_path, lambda kept: words is None or words_of(kept) == words)
