"""Make documents of files: freeze the text, then find items, pages, turns, blocks and sentences in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from embeddings.blocks import read_blocks
from embeddings.documents import Document, Genre, Item, Span
from embeddings.errors import DocumentError, ManifestError
from embeddings.files import read_text
from embeddings.lines import read_lines
from embeddings.manifest import DocumentEntry, ItemEntry, Person
from embeddings.speakers import Speakers, label_spans

# Marks that archives and editors leave where words were withheld.
REDACTIONS = (
    r"\[[^\]\n]{0,60}not declassified[^\]\n]{0,20}\]",
    r"\[(?:redacted|deleted|excised|sanitized)[^\]\n]{0,40}\]",
    r"[█■]{2,}",
)


def parse(entry: DocumentEntry, people: Sequence[Person] = ()) -> Document:
    """Read the file that ``entry`` describes into a `Document`.

    Raises:
        DocumentError: the file cannot be read as text.
        ManifestError: the file's hash is not the manifest's, or an item or page is not where the manifest says.
    """
    text, sha256 = read_text(entry.path)
    if entry.sha256 is not None and entry.sha256 != sha256:
        raise ManifestError(
            f"{entry.path.name}: document.sha256 = {entry.sha256!r}: the file's is {sha256!r}. Either the document was "
            f"altered, then restore it, or the manifest must be brought up to date."
        )
    items = _find_items(text, entry)
    lines = read_lines(text, [re.compile(pattern) for pattern in entry.furniture])
    speakers = Speakers(text, lines, people)
    genre = entry.genre or (Genre.TRANSCRIPT if speakers.transcript else Genre.PROSE)
    labels = dict(label_spans(text, lines, speakers)) if genre is Genre.TRANSCRIPT else {}
    blocks = read_blocks(text, lines, labels, items)
    if not blocks:
        raise DocumentError(f"{entry.path}: holds no sentence; a document needs text")
    return Document(
        id=entry.id,
        title=entry.title,
        text=text,
        sha256=sha256,
        genre=genre,
        blocks=tuple(blocks),
        items=tuple(items),
        redactions=tuple(_redactions(text, (*REDACTIONS, *entry.redactions))),
        page_starts=tuple(_pages(text, entry, items)),
        date=entry.date,
        fields=dict(entry.fields),
    )


def find_words(text: str, words: str, start: int = 0) -> Span | None:
    """Find ``words`` in ``text`` at or after ``start``, white space folded; None when they are not there."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    match = re.compile(pattern).search(text, start)
    return Span(match.start(), match.end()) if match else None


def _find_items(text: str, entry: DocumentEntry) -> list[Item]:
    starts = [_anchor(text, entry, item, "start", item.start, 0) for item in entry.items]
    items: list[Item] = []
    for n, (item, start) in enumerate(zip(entry.items, starts, strict=True)):
        end = starts[n + 1] if n + 1 < len(starts) else len(text)
        if item.end is not None:
            found = find_words(text, item.end, start)
            if found is None:
                raise _item_error(entry, item, "end", item.end, "is not in the document after the item's start")
            end = found.end
        if items and items[-1].span.end > start:
            raise _item_error(entry, item, "start", item.start, f"overlaps the item {items[-1].id!r} before it")
        if end <= start:
            raise _item_error(entry, item, "start", item.start, "stands after the start of the next item")
        items.append(
            Item(
                id=item.id,
                title=item.title,
                span=Span(start, end),
                names=item.names,
                date=item.date,
                author=item.author,
                recipient=item.recipient,
                kind=item.kind,
                fields=dict(item.fields),
            )
        )
    return items


def _anchor(text: str, entry: DocumentEntry, item: ItemEntry, key: str, words: str, start: int) -> int:
    found = find_words(text, words, start)
    if found is None:
        raise _item_error(entry, item, key, words, "is not in the document")
    return found.start


def _item_error(entry: DocumentEntry, item: ItemEntry, key: str, value: str, what: str) -> ManifestError:
    return ManifestError(f"{entry.path.name}: document {entry.id!r}, item {item.id!r}, {key} = {value!r}: {what}")


def _pages(text: str, entry: DocumentEntry, items: Sequence[Item]) -> Iterator[tuple[int, int]]:
    if entry.page_break:
        offsets = [match.start() for match in re.finditer(entry.page_break, text, re.MULTILINE)]
    elif entry.page_starts:
        offsets = []
        for words in entry.page_starts:
            found = find_words(text, words, offsets[-1] + 1 if offsets else 0)
            if found is None:
                raise ManifestError(
                    f"{entry.path.name}: document {entry.id!r}, page_starts = {words!r}: is not in the "
                    f"document after the page before it"
                )
            offsets.append(found.start)
    else:
        offsets = [0, *(m.end() for m in re.finditer("\f", text) if m.end() < len(text))]  # a page has words
        if len(offsets) == 1:
            return
    page, current = 0, None
    for offset in offsets:
        item = next((item.id for item in items if item.span.start <= offset < item.span.end), None)
        page = 1 if entry.pages_by_item and item != current else page + 1
        current = item
        yield offset, page


def _redactions(text: str, patterns: Sequence[str]) -> list[Span]:
    found = [Span(m.start(), m.end()) for p in patterns for m in re.finditer(p, text, re.IGNORECASE) if m.group()]
    return sorted(set(found))
