"""Read ``manifest.toml``: what is known of a collection beyond its texts.

A manifest that is wrong stops the program with the file, the key and the value; a mistake in it
would otherwise show as a wrong name under a right quotation.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from embeddings.documents import Genre
from embeddings.errors import ManifestError
from embeddings.exhibition import Exhibition, check_translations, read_exhibition
from embeddings.fields import ADDRESS_FIELDS, DOCUMENT_FIELDS, ITEM_FIELDS
from embeddings.tables import Table


class Certainty(Enum):
    """How sure an editorial note is."""

    STATED = "stated"  # the record says so
    PROBABLE = "probable"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """An item as the manifest describes it; ``start`` (and ``end``) are words of the document, white space folded."""

    id: str
    title: str
    start: str
    end: str | None
    names: tuple[str, ...]
    date: str | None
    author: str | None
    recipient: str | None
    kind: str | None
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEntry:
    """A document as the manifest describes it, or as it was guessed where there is no manifest."""

    id: str
    path: Path
    title: str
    genre: Genre | None = None  # None: detect it
    sha256: str | None = None
    date: str | None = None
    names: tuple[str, ...] = ()
    page_break: str | None = None  # a regular expression; a page starts where it matches
    page_starts: tuple[str, ...] = ()  # or the first words of each page
    pages_by_item: bool = False  # whether numbering starts anew with each item
    furniture: tuple[str, ...] = ()  # regular expressions of whole lines
    redactions: tuple[str, ...] = ()  # regular expressions
    items: tuple[ItemEntry, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone named in the collection; ``note`` is the editor's, never the record's."""

    name: str  # the canonical surname
    full_name: str | None
    role: str | None
    aliases: tuple[str, ...]  # other spellings of the name; each belongs to one person only
    called: tuple[str, ...]  # offices and descriptions by which a question may mean this person
    speaks: bool
    note: str | None
    ground: str | None
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """An abbreviation or term that the record does not expand, with the editor's reading of it."""

    term: str
    aliases: tuple[str, ...]
    note: str
    ground: str
    certainty: Certainty


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """All that ``manifest.toml`` says."""

    id: str
    title: str
    description: str
    language: str
    editor: str | None
    documents: tuple[DocumentEntry, ...]
    people: tuple[Person, ...] = ()
    terms: tuple[Term, ...] = ()
    suggestions: tuple[str, ...] = ()
    exhibition: Exhibition = field(default_factory=Exhibition)

    def own_words(self) -> frozenset[str]:
        """Return all that this manifest says and a page may show in a visitor's language."""
        exhibition = self.exhibition
        said = [self.title, self.description, *self.suggestions, *exhibition.comparisons]
        for theme in exhibition.themes:
            said += [theme.title, *theme.questions]
        for person in self.people:
            said += [person.full_name or person.name, person.role or "", person.note or "", person.ground or ""]
        for term in self.terms:
            said += [term.note, term.ground]
        for document in self.documents:
            said += [document.title, dict(document.fields).get("type", "")]
            said += [words for item in document.items for words in (item.title, item.kind or "")]
        return frozenset(said)


def read_manifest(path: Path) -> Manifest:
    """Read and check the manifest at ``path``.

    Raises:
        ManifestError: it is not TOML, a key is missing, unknown or of the wrong kind, a document's file is
            missing, an id comes twice, or an alias belongs to two people.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path}: is not TOML in UTF-8: {error}") from error
    top = Table(path, "", values)
    head = top.table("collection")
    documents = tuple(_document(table) for table in top.tables("document"))
    people = tuple(_person(table) for table in top.tables("person"))
    terms = tuple(_term(table) for table in top.tables("term"))
    manifest = Manifest(
        id=head.required("id"),
        title=head.required("title"),
        description=head.text("description") or "",
        language=head.text("language") or "en",
        editor=head.text("editor"),
        documents=documents,
        people=people,
        terms=terms,
        suggestions=top.texts("suggestions"),
        exhibition=read_exhibition(top),
    )
    check_translations(top, manifest.exhibition, manifest.own_words())
    head.close()
    top.close()
    if not documents:
        raise ManifestError(f"{path}: document: names no document; add a [[document]] table")
    _check_unique(path, "document.id", [d.id for d in documents])
    _check_unique(path, "person.name", [p.name for p in people])
    _check_aliases(path, people)
    return manifest


def _document(table: Table) -> DocumentEntry:
    relative = table.required("path")
    path = table.path.parent / relative
    if not path.is_file():
        raise table.error("path", relative, f"no such file ({path})")
    entry = DocumentEntry(
        id=_identifier(table),
        path=path,
        title=table.required("title"),
        genre=table.choice("genre", Genre, None),
        sha256=table.text("sha256"),
        date=table.text("date"),
        names=table.texts("names"),
        page_break=table.pattern("page_break"),
        page_starts=table.texts("page_starts"),
        pages_by_item=table.flag("pages_by_item"),
        furniture=table.patterns("furniture"),
        redactions=table.patterns("redactions"),
        items=tuple(_item(item) for item in table.tables("item")),
        fields=_fields(table.table("citation"), DOCUMENT_FIELDS),
    )
    if entry.page_break and entry.page_starts:
        raise table.error("page_starts", list(entry.page_starts), "cannot stand beside page_break; keep one of them")
    table.close()
    _check_unique(table.path, f"{table.name}.item.id", [item.id for item in entry.items])
    return entry


def _identifier(table: Table) -> str:
    value = table.required("id")
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", value):
        raise table.error("id", value, "must be small letters, digits, '-', '_' and '.': it becomes part of permalinks")
    return value


def _item(table: Table) -> ItemEntry:
    item = ItemEntry(
        id=_identifier(table),
        title=table.required("title"),
        start=table.required("start"),
        end=table.text("end"),
        names=table.texts("names"),
        date=table.text("date"),
        author=table.text("author"),
        recipient=table.text("recipient"),
        kind=table.text("kind"),
        fields=_fields(table.table("citation"), ITEM_FIELDS),
    )
    table.close()
    return item


def _fields(table: Table, known: frozenset[str]) -> tuple[tuple[str, str], ...]:
    fields = table.fields(known)
    for key, value in fields:
        if key in ADDRESS_FIELDS and not re.fullmatch(r"https?://[^\s{}\\\"<>^`|]+", value):
            raise table.error(key, value, "must begin with https:// or http:// and hold no blanks, quotes or brackets")
    return fields


def _person(table: Table) -> Person:
    certainty = table.choice("certainty", Certainty, Certainty.STATED)
    person = Person(
        name=table.required("name"),
        full_name=table.text("full_name"),
        role=table.text("role"),
        aliases=table.texts("aliases"),
        called=table.texts("called"),
        speaks=table.flag("speaks"),
        note=table.text("note"),
        ground=table.text("ground"),
        certainty=certainty or Certainty.STATED,
    )
    if person.note and not person.ground:
        raise table.error("ground", None, "is missing: an editor's note must say what it rests on")
    table.close()
    return person


def _term(table: Table) -> Term:
    term = Term(
        term=table.required("term"),
        aliases=table.texts("aliases"),
        note=table.required("note"),
        ground=table.required("ground"),
        certainty=table.choice("certainty", Certainty, Certainty.PROBABLE) or Certainty.PROBABLE,
    )
    table.close()
    return term


def _check_unique(path: Path, key: str, values: Sequence[str]) -> None:
    for value in values:
        if values.count(value) > 1:
            raise ManifestError(f"{path}: {key} = {value!r}: comes more than once; each must differ")


def _check_aliases(path: Path, people: Sequence[Person]) -> None:
    owner: dict[str, str] = {}
    for person in people:
        for alias in (person.name, *person.aliases):
            other = owner.setdefault(alias.casefold(), person.name)
            if other != person.name:
                raise ManifestError(
                    f"{path}: person.aliases = {alias!r}: belongs to both {other!r} and "
                    f"{person.name!r}; an alias must mean one person"
                )
