"""Review questions that got no answer: link one to the words that answer it, or say that the record has none.

Either becomes a question of the collection's own ``questions.toml``, signed by the reviewer.
"""

from __future__ import annotations

import difflib
import json
import os
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.anchoring import State, open_permalink
from bot.answers import Reason
from bot.errors import BotError
from bot.journal import Unanswered
from embeddings.collection import QUESTIONS_NAME, Collection
from embeddings.documents import Span
from embeddings.errors import ManifestError
from embeddings.normalized import tokens
from embeddings.questions import CuratedQuestion, read_questions


class ReviewError(BotError):
    """A question cannot be reviewed: there is none such, its words are not found, or the file cannot be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions of the same words, the first of them as most put it."""

    number: int  # 1-based, most asked first
    question: str
    count: int
    languages: tuple[str, ...]
    reasons: tuple[Reason, ...]  # most frequent first
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a review would make of a questions file: its text before and after."""

    path: Path
    before: str
    after: str

    @property
    def diff(self) -> str:
        """Return the change as a unified diff."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True), self.after.splitlines(keepends=True), str(self.path), str(self.path)
        )
        return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def group(unanswered: Iterable[Unanswered]) -> list[Group]:
    """Group questions by their words (case, accents' form and punctuation apart), most asked first."""
    by_words: dict[tuple[str, ...], list[Unanswered]] = defaultdict(list)
    for kept in unanswered:
        by_words[words_of(kept.question)].append(kept)
    ordered = sorted(by_words.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    return [_group(number, members) for number, (_, members) in enumerate(ordered, start=1)]


def words_of(question: str) -> tuple[str, ...]:
    """Return what makes two questions the same one; of a question without words, its characters."""
    return tuple(token.text for token in tokens(question)) or (question,)


def find_group(groups: Sequence[Group], asked: str) -> Group | None:
    """Return the group of that number or of those words, None where there is none.

    Raises:
        ReviewError: there is no group of that number.
    """
    if asked.isascii() and asked.isdecimal():
        number = int(asked[:9])
        if not 1 <= number <= len(groups):
            raise ReviewError(
                f"question {asked}: there are {len(groups)} to review; 'memcon review' lists them with their numbers"
            )
        return groups[number - 1]
    return next((found for found in groups if words_of(found.question) == words_of(asked)), None)


def link(collection: Collection, question: str, identifier: str, signed: str) -> Change:
    """Propose that the words of a citation or passage answer ``question``.

    Raises:
        ReviewError: the id names nothing, or the words would be found at another place.
    """
    found = open_permalink(collection, identifier)
    if found.state is State.UNKNOWN:
        raise ReviewError(found.problem)
    if found.state not in (State.UNCHECKED, State.UNCHANGED) or len(found.places) != 1:
        raise ReviewError(f"{identifier}: {found.sentence} Take the id of one citation, as 'memcon ask' prints it")
    place = found.places[0]
    asked = Span(place.start, place.end)

    def is_linked(made: CuratedQuestion) -> bool:
        return made.answers == ((place.document_id, asked),)

    entry: dict[str, str | list[str]] = {
        "document": place.document_id,
        "wordings": [question],
        "answers": [place.exact],
    }
    try:
        return _propose(collection, entry, signed, is_linked)
    except _ElsewhereError as error:
        raise ReviewError(
            f"{place.id}: the same words stand at another place before it, and would be taken for it. "
            f"Cite more words, until they stand there only"
        ) from error


def leave_open(collection: Collection, question: str, reason: Reason, signed: str) -> Change:
    """Propose that the record has no answer to ``question``, and why.

    Raises:
        ReviewError: the question cannot be written into the file.
    """
    entry: dict[str, str | list[str]] = {
        "document": collection.documents[0].id,
        "wordings": [question],
        "reason": reason.value,
    }
    return _propose(collection, entry, signed, lambda made: made.reason == reason.value and not made.answers)


def write(change: Change) -> None:
    """Write a change, whole or not at all.

    Raises:
        ReviewError: the file was changed by somebody else meanwhile, or cannot be written; it is as it was.
    """
    path = change.path.resolve()
    try:
        if (path.read_bytes() if path.exists() else b"") != change.before.encode():
            raise ReviewError(f"{path}: was changed meanwhile; give the command again")
        _replace(path, change.after.encode())
    except OSError as error:
        raise ReviewError(
            f"{path}: cannot be written ({error.strerror}); it is as it was. Review a copy of the collection in a "
            f"folder of your own, with --collection"
        ) from error


class _ElsewhereError(Exception):
    """The words were found, and not where they were to be found."""


def _propose(
    collection: Collection,
    entry: Mapping[str, str | list[str]],
    signed: str,
    is_right: Callable[[CuratedQuestion], bool],
) -> Change:
    """Add an entry to the text of the questions file, and read the result as the collection would be read."""
    path = collection.path / QUESTIONS_NAME
    if not signed.strip():
        raise ReviewError("signed = '': must be the reviewer's name")
    try:
        before = path.read_bytes().decode("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ReviewError(f"{path}: cannot be read ({error})") from error
    head = before if not before or before.endswith("\n") else before + "\n"
    head = head or f"signed = {_toml(signed)}\n"
    lines = [f"{key} = {_toml(value)}" for key, value in (*entry.items(), ("signed", signed))]
    after = f"{head}\n[[question]]\n" + "\n".join(lines) + "\n"
    made = _read(path, after, collection)
    earlier = _read(path, before, collection) if before else ()
    if made[:-1] != earlier or made[-1].wordings != tuple(entry["wordings"]):
        raise ReviewError(f"{path}: the question cannot be added at its end; add it by hand")
    if not is_right(made[-1]):
        raise _ElsewhereError
    known = next((q for q in earlier for w in q.wordings if words_of(w) == words_of(made[-1].wordings[0])), None)
    if known is not None:
        raise ReviewError(f"{path}: question {known.number} of the file asks the same; change it there by hand")
    return Change(path=path, before=before, after=after)


def _read(path: Path, text: str, collection: Collection) -> tuple[CuratedQuestion, ...]:
    """Read ``text`` as if it stood in the file, by the reader that will read it there."""
    with tempfile.TemporaryDirectory() as folder:
        draft = Path(folder) / QUESTIONS_NAME
        draft.write_bytes(text.encode())
        try:
            return read_questions(draft, collection.documents)
        except ManifestError as error:
            raise ReviewError(str(error).replace(str(draft), str(path))) from error


def _toml(value: str | list[str]) -> str:
    """Write a string or a list of strings as TOML: JSON's escapes are TOML's, but for DEL."""
    if isinstance(value, list):
        return "[\n" + "".join(f"  {_toml(text)},\n" for text in value) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _replace(path: Path, data: bytes) -> None:
    mode = path.stat().st_mode if path.exists() else 0o644
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode & 0o777)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _group(number: int, members: Sequence[Unanswered]) -> Group:
    wordings = Counter(kept.question for kept in members)
    reasons = Counter(kept.reason for kept in members)
    return Group(
        number=number,
        question=min(wordings, key=lambda wording: (-wordings[wording], wording)),
        count=len(members),
        languages=tuple(sorted({kept.language for kept in members if kept.language})),
        reasons=tuple(sorted(reasons, key=lambda reason: (-reasons[reason], reason.value))),
        last=max(kept.day for kept in members),
    )
