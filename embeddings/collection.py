"""A collection: its documents, and what its manifest knows of people, terms and places."""

from __future__ import annotations

import hashlib
import logging
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from embeddings.documents import Block, Document, Passage, Span
from embeddings.errors import ManifestError
from embeddings.files import SUFFIXES
from embeddings.manifest import DocumentEntry, Manifest, Person, read_manifest
from embeddings.parsing import parse
from embeddings.passages import cut_passages
from embeddings.questions import CuratedQuestion, find_quotations, read_questions
from embeddings.words import WordIndex

logger = logging.getLogger(__name__)
MANIFEST_NAME = "manifest.toml"
QUESTIONS_NAME = "questions.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Documents read and frozen, with the manifest that describes them."""

    path: Path
    manifest: Manifest
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    questions: tuple[CuratedQuestion, ...]
    guessed: tuple[str, ...]  # what was guessed for want of a manifest, one line each
    quotations: tuple[tuple[str, Span], ...] = ()  # (document id, span): words to open with, chosen by the editors
    words: WordIndex = field(init=False, repr=False, compare=False)
    _documents: dict[str, Document] = field(init=False, repr=False, compare=False)
    _passages: dict[str, Passage] = field(init=False, repr=False, compare=False)
    _passages_of: dict[str, list[Passage]] = field(init=False, repr=False, compare=False)  # by document, in its order

    def __post_init__(self) -> None:
        passages_of: dict[str, list[Passage]] = {}
        for passage in self.passages:
            passages_of.setdefault(passage.document_id, []).append(passage)
        for name, value in (
            ("words", WordIndex(self.documents)),
            ("_documents", {document.id: document for document in self.documents}),
            ("_passages", {passage.id: passage for passage in self.passages}),
            ("_passages_of", passages_of),
        ):
            object.__setattr__(self, name, value)

    @property
    def fingerprint(self) -> str:
        """Return the sha256 over documents, passages and curated questions: the same bytes give the same index."""
        digest = hashlib.sha256()
        for document in self.documents:
            digest.update(f"{document.id}\0{document.sha256}\0{document.genre.value}\n".encode())
        for passage in self.passages:
            digest.update(f"{passage.id}\0{passage.span.start}\0{passage.span.end}\n".encode())
        for question in self.questions:
            digest.update(("\0".join(question.wordings) + "\n").encode())
        return digest.hexdigest()

    def document(self, document_id: str) -> Document:
        """Return the document of that id.

        Raises:
            KeyError: there is none; the message lists the ids there are.
        """
        if document_id not in self._documents:
            raise KeyError(f"no document {document_id!r}; there are {', '.join(self._documents)}")
        return self._documents[document_id]

    def passage(self, passage_id: str) -> Passage:
        """Return the passage of that id.

        Raises:
            KeyError: there is none.
        """
        if passage_id not in self._passages:
            raise KeyError(f"no passage {passage_id!r}; 'memcon documents' lists the documents")
        return self._passages[passage_id]

    def passage_at(self, document_id: str, offset: int) -> Passage | None:
        """Return the passage of a document that holds the character at ``offset``, None where none does.

        Raises:
            KeyError: there is no such document.
        """
        passages = self._passages_of.get(self.document(document_id).id, [])
        number = bisect_right(passages, offset, key=lambda passage: passage.span.start) - 1
        return passages[number] if number >= 0 and offset < passages[number].span.end else None

    def block(self, passage: Passage) -> Block:
        """Return the block that ``passage`` is, or is a part of."""
        return self.document(passage.document_id).blocks[passage.block_index]

    def person(self, name: str) -> Person | None:
        """Return the person of that canonical surname, None when the manifest names none."""
        return next((person for person in self.manifest.people if person.name == name), None)


def load_collection(path: Path) -> Collection:
    """Read the collection in folder ``path``.

    Raises:
        ManifestError: the folder holds no collection, or its manifest is wrong.
        DocumentError: a document cannot be read.
    """
    if not path.is_dir():
        raise ManifestError(
            f"{path}: no such folder. A collection is a folder with a 'documents' folder in it, and a "
            f"{MANIFEST_NAME} beside that; name one with --collection DIR"
        )
    guessed: list[str] = []
    if (path / MANIFEST_NAME).is_file():
        manifest = read_manifest(path / MANIFEST_NAME)
    else:
        manifest = _guess(path)
        guessed.append(f"{path}: no {MANIFEST_NAME}; titles are taken from file names")
    documents = tuple(parse(entry, manifest.people) for entry in manifest.documents)
    for document, entry in zip(documents, manifest.documents, strict=True):
        if entry.genre is None:
            guessed.append(_described(document))
    passages = tuple(passage for document in documents for passage in cut_passages(document))
    questions_path = path / QUESTIONS_NAME
    questions = read_questions(questions_path, documents) if questions_path.is_file() else ()
    return Collection(
        path=path,
        manifest=manifest,
        documents=documents,
        passages=passages,
        questions=questions,
        guessed=tuple(guessed),
        quotations=find_quotations(manifest.exhibition.quotations, documents),
    )


def _guess(path: Path) -> Manifest:
    folder = path / "documents"
    files = (
        sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")) if folder.is_dir() else []
    )
    readable = [p for p in files if p.suffix.lower() in SUFFIXES]
    if not readable:
        raise ManifestError(
            f"{path}: holds no collection: neither {MANIFEST_NAME} nor a text file in {folder}. Put documents "
            f"({', '.join(SUFFIXES)}) there, or name another folder with --collection DIR"
        )
    for skipped in sorted(set(files) - set(readable)):
        logger.warning("%s: not read; supported are %s", skipped, ", ".join(SUFFIXES))
    entries = tuple(_entries(folder, readable))
    return Manifest(
        id=_slug(path.resolve().name),
        title=_title(path.resolve().name),
        description="",
        language="en",
        editor=None,
        documents=entries,
    )


def _entries(folder: Path, paths: list[Path]) -> Iterator[DocumentEntry]:
    taken: set[str] = set()
    for path in paths:
        slug = _slug(str(path.relative_to(folder).with_suffix("")))
        name, n = slug, 2
        while name in taken:
            name, n = f"{slug}-{n}", n + 1
        taken.add(name)
        date = re.search(r"(?<!\d)(1[5-9]|20)\d\d-[01]\d-[0-3]\d(?!\d)", path.stem)
        yield DocumentEntry(id=name, path=path, title=_title(path.stem), date=date.group() if date else None)


def _described(document: Document) -> str:
    speakers = sorted({block.speaker for block in document.blocks if block.speaker})
    who = f", speakers {', '.join(speakers)}" if speakers else ""
    return f"{document.id}: read as {document.genre.value}{who}"


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.") or "document"


def _title(name: str) -> str:
    words = re.sub(r"[_\-]+", " ", re.sub(r"(?<=\d)-(?=\d)", "\0", name)).replace("\0", "-").strip()
    return words[:1].upper() + words[1:]
