"""The ``memcon`` command: it reads arguments, calls the bot, and prints."""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import asdict
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from typing import TextIO

import click

from bot.answers import Answer, Exchange
from bot.errors import BotError, CitationError
from ui.formats import FORMATS, format_citation, format_citations
from ui.installing import kiosk_setup
from ui.misuse import EXIT_MISUSE, guarded
from ui.options import chosen, collection_option, load, read_collection, settings_of, settings_option
from ui.progress import progress_bar
from ui.reviewing import review

EXIT_ABSTAINED = 1


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="memcon", message="%(prog)s %(version)s")
@settings_option
@click.option("--verbose", is_flag=True, help="Say on stderr what is being done.")
def main(verbose: bool) -> None:
    r"""Ask an archival collection, and be answered in its own words.

    Every answer is made of verified quotations with speaker, place and hash; where the record does not answer,
    memcon says so and why. Nothing leaves this machine.

    \b
      memcon ask "Who took part, and when?"
      memcon chat
      memcon quote "words that somebody quotes"
      memcon ask --collection my-archive "Who was present?"
    """
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, TextIOWrapper):  # what the terminal's encoding lacks is marked, and stops nothing
            stream.reconfigure(errors=errors)
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="memcon: %(message)s", stream=sys.stderr
    )
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


@main.command()
@click.argument("question", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as a JSON object.")
@click.option(
    "--batch",
    type=click.File("r", encoding="utf-8", errors="replace"),
    metavar="FILE|-",
    help='Answer JSON Lines such as {"id": "q1", "turns": ["first question", "follow-up"]}.',
)
@collection_option
@guarded
def ask(question: str | None, as_json: bool, batch: TextIO | None, collection_path: Path | None) -> None:
    """Answer one QUESTION, or a batch of them.

    Exit code: 0 answered, 1 abstained, 2 misuse. A batch ends with 0 when every line was taken, else with 2.
    """
    if (question is None) == (batch is None):
        raise click.UsageError('give one QUESTION, or --batch FILE. Example: memcon ask "Who took part?"')
    if batch is not None:
        _ask_batch(batch, collection_path)
        return
    from bot.reading import check_question
    from ui.outcomes import outcome_object
    from ui.terminal import outcome_text

    question = question or ""
    check_question(question)
    answerer = load(collection_path)
    outcome = answerer.answer(question)
    click.echo(
        json.dumps(outcome_object(outcome), ensure_ascii=False, indent=1)
        if as_json
        else outcome_text(outcome, answerer.collection)
    )
    if not isinstance(outcome, Answer):
        sys.exit(EXIT_ABSTAINED)


def _ask_batch(batch: TextIO, collection_path: Path | None) -> None:
    from ui.batch import answer_line

    answerer = load(collection_path)
    failed = 0
    for number, line in enumerate(batch, start=1):
        if line.strip():
            result = answer_line(answerer, number, line)
            failed += "error" in result
            click.echo(json.dumps(result, ensure_ascii=False))
    if failed:
        click.echo(f"memcon: {failed} line(s) could not be taken; each has an error object in the output", err=True)
        sys.exit(EXIT_MISUSE)


@main.command()
@click.option("--host", help="Address to listen on; 0.0.0.0 lets other machines in.  [default: 127.0.0.1]")
@click.option("--port", type=int, help="Port to listen on; 0 takes any free one.  [default: 8000]")
@click.option("--kiosk", is_flag=True, help="Serve the page of an exhibition's touch screen, and nothing else.")
@collection_option
@guarded
def serve(host: str | None, port: int | None, kiosk: bool, collection_path: Path | None) -> None:
    """Serve the chat page, the documents and the HTTP interface; Ctrl-C stops.

    Builds the index first if it is missing. Prints one line with the address when a real question has gone through.
    """
    from ui.serving import serve as run

    settings = settings_of(collection_path=collection_path, host=host, port=port, kiosk=kiosk or None)
    run(settings, lambda line: click.echo(line), progress_bar("indexing"))


@main.command()
@collection_option
@guarded
def chat(collection_path: Path | None) -> None:
    """Hold a conversation in the terminal; an empty line or Ctrl-D ends it."""
    from ui.terminal import outcome_text

    answerer = load(collection_path)
    manifest = answerer.collection.manifest
    click.echo(f"{manifest.title}. {manifest.description}".strip())
    for suggestion in manifest.suggestions[:4]:
        click.echo(f"  - {suggestion}")
    conversation: list[Exchange] = []
    while question := _prompt():
        try:
            outcome = answerer.answer(question, conversation)
        except BotError as error:
            click.echo(f"memcon: {error}", err=True)
            continue
        conversation.append(Exchange(question=question, outcome=outcome))
        click.echo(outcome_text(outcome, answerer.collection))


def _prompt() -> str:
    if sys.stdin.isatty():
        click.echo("\n? ", nl=False)
    return sys.stdin.readline().strip()


@main.command()
@click.argument("identifiers", metavar="ID_OR_PERMALINK...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How to print.")
@collection_option
@guarded
def cite(identifiers: tuple[str, ...], form: str, collection_path: Path | None) -> None:
    """Print citations by their ids or permalinks, e.g. memcon cite DOCUMENT/t20 --format chicago.

    Several make one file of the format. What became of a permalink's words is said on stderr. Exit code: 0 found,
    1 changed, in several places or gone, 2 misuse.
    """
    from bot.anchoring import State, open_permalink

    public_url = settings_of(collection_path=collection_path).public_url
    collection = read_collection(collection_path)
    opened = [open_permalink(collection, identifier) for identifier in identifiers]
    for found in opened:
        if found.state is State.UNKNOWN:
            raise CitationError(found.problem)
        if found.state is not State.UNCHECKED:
            click.echo(found.sentence, err=True)
    places = [place for found in opened for place in found.places]
    if len(places) == 1:
        click.echo(format_citation(places[0], collection, form, public_url))
    elif places:
        click.echo(format_citations(places, collection, form, public_url))
    if any(found.state in (State.EDITED, State.AMBIGUOUS, State.GONE) for found in opened):
        sys.exit(EXIT_ABSTAINED)


@main.command()
@click.argument("words")
@click.option("--json", "as_json", is_flag=True, help="Print the check as a JSON object.")
@collection_option
@guarded
def quote(words: str, as_json: bool, collection_path: Path | None) -> None:
    """Check a quotation: exact, altered (and how), or absent. WORDS may be - to read them from stdin.

    Exit code: 0 exact, 1 altered or absent, 2 misuse.
    """
    from bot.quotations import QuotationChecker, Verdict
    from ui.outcomes import check_object
    from ui.terminal import check_text

    collection = read_collection(collection_path)
    check = QuotationChecker(collection).check(sys.stdin.read() if words == "-" else words)
    click.echo(
        json.dumps(check_object(check), ensure_ascii=False, indent=1) if as_json else check_text(check, collection)
    )
    if check.verdict is not Verdict.EXACT:
        sys.exit(EXIT_ABSTAINED)


@main.command()
@click.option("--rebuild", is_flag=True, help="Build it even if the saved one is good.")
@collection_option
@guarded
def index(rebuild: bool, collection_path: Path | None) -> None:
    """Build the index of a collection, unless the saved one is good."""
    from bot.loading import build_index

    settings = settings_of(collection_path=collection_path)
    built = build_index(settings, progress_bar("indexing"), rebuild=rebuild)
    click.echo(f"{len(built.units)} sentences indexed in {settings.index_path} (fingerprint {built.fingerprint[:12]})")


@main.command()
@click.option("--passages", is_flag=True, help="List the ids of all passages too.")
@collection_option
@guarded
def documents(passages: bool, collection_path: Path | None) -> None:
    """List the documents of a collection, their items and hashes."""
    from ui.terminal import documents_text

    collection = read_collection(collection_path)
    click.echo(documents_text(collection, passages=passages))


@main.command()
@click.option("--kiosk", is_flag=True, help="Check a kiosk's machine as well: programs, units, page, disk, clock.")
@collection_option
@guarded
def doctor(kiosk: bool, collection_path: Path | None) -> None:
    """Check the installation, the models, the collection's hashes and the index. Exit code 0: all is well."""
    from bot.doctor import examine

    well = True
    settings = chosen(collection_path=collection_path)
    findings = examine(settings)
    if kiosk:
        from ui.inspection import inspect

        findings = chain(findings, inspect(settings.settings))
    for finding in findings:
        well = well and finding.well
        click.echo(f"{'ok   ' if finding.well else 'WRONG'}  {finding.what}: {finding.detail}")
    sys.exit(0 if well else EXIT_MISUSE)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the figures as a JSON object.")
@collection_option
@guarded
def evaluate(file: Path, as_json: bool, collection_path: Path | None) -> None:
    """Score memcon against a questions FILE, with and without the collection's curated questions.

    Words of the record copied as gold may begin with a speaker's label or an entry's number: they are left out.
    """
    from bot.evaluation import evaluate as run
    from bot.evaluation import read_questions_file
    from ui.figures import figures_table

    questions = read_questions_file(file)
    figures = {}
    for name, curated in (("with curated questions", True), ("without", False)):
        answerer = load(collection_path, curated=curated)
        if curated and answerer.curated is None:
            continue
        figures[name] = run(answerer, questions, progress_bar(f"asking, {name}"))
    click.echo(
        json.dumps({name: asdict(f) for name, f in figures.items()}, indent=1) if as_json else figures_table(figures)
    )


for command in (review, kiosk_setup):
    main.add_command(command)

if __name__ == "__main__":
    main()
