"""Group lines into turns and blocks, and number them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from embeddings.documents import Block, BlockKind, Item, Span
from embeddings.lines import Line, LineKind, looks_like_heading
from embeddings.sentences import split_sentences
from embeddings.speakers import Label

_SENTENCE_ENDS = (".", "?", "!", '"', "”", "]", ")", ":", "’")
_LEADS = (BlockKind.PARAGRAPH, BlockKind.HEADING, BlockKind.TURN)
_MEMBERS = (BlockKind.ENTRY, BlockKind.ROW)
_LINE_TO_BLOCK = {
    LineKind.FURNITURE: BlockKind.FURNITURE,
    LineKind.ROW: BlockKind.ROW,
    LineKind.ENTRY: BlockKind.ENTRY,
    LineKind.HEADING: BlockKind.HEADING,
    LineKind.TEXT: BlockKind.PARAGRAPH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Neighbouring lines that belong together, before turns are made of them."""

    kind: BlockKind
    start: int
    end: int
    label: Label | None = None


def read_blocks(text: str, lines: Sequence[Line], labels: dict[int, Label], items: Sequence[Item]) -> list[Block]:
    """Return the blocks of a document in reading order, numbered by kind within each item.

    ``labels`` maps the number of a line to the speaker label that begins it; it is empty for prose.
    """
    groups = list(_groups(lines, labels, {item.span.start for item in items}))
    groups = [
        _retyped(text, group, groups[n - 1] if n else None, groups[n + 1 : n + 2]) for n, group in enumerate(groups)
    ]
    merged = list(_turns(groups)) if labels else [(group, None) for group in groups]
    return list(_numbered(text, merged, items))


def _groups(lines: Sequence[Line], labels: dict[int, Label], breaks: set[int]) -> Iterator[_Group]:
    open_group: _Group | None = None
    for number, line in enumerate(lines):
        label = labels.get(number)
        continues = open_group is not None and line.kind is LineKind.TEXT and label is None and line.start not in breaks
        if continues and open_group is not None:
            open_group = replace(open_group, end=line.end)
            continue
        if open_group is not None:
            yield open_group
            open_group = None
        if line.kind is LineKind.BLANK:
            continue
        kind = BlockKind.TURN if label else _LINE_TO_BLOCK[line.kind]
        start = label.speech if label else line.body
        group = _Group(kind=kind, start=min(start, line.end), end=line.end, label=label)
        if kind in (BlockKind.TURN, BlockKind.PARAGRAPH, BlockKind.ENTRY):
            open_group = group
        else:
            yield group
    if open_group is not None:
        yield open_group


def _retyped(text: str, group: _Group, before: _Group | None, after: Sequence[_Group]) -> _Group:
    """Tell headings and editors' notes from paragraphs."""
    if group.kind is not BlockKind.PARAGRAPH:
        return group
    words = text[group.start : group.end]
    if words.startswith("[") and words.endswith("]") and words.count("[") == 1:
        return replace(group, kind=BlockKind.NOTE)
    if "\n" in words or "\r" in words:
        return group
    line = Line(kind=LineKind.TEXT, start=group.start, end=group.end, body=group.start, indent=0)
    ended = (
        before is None
        or (before.kind is not BlockKind.PARAGRAPH and before.kind is not BlockKind.TURN)
        or text[before.start : before.end].endswith(_SENTENCE_ENDS)
    )
    followed = bool(after) and after[0].kind in (BlockKind.TURN, BlockKind.PARAGRAPH, BlockKind.HEADING)
    if followed and not words.endswith(":") and looks_like_heading(text, line, ended):
        return replace(group, kind=BlockKind.HEADING)
    return group


def _turns(groups: Sequence[_Group]) -> Iterator[tuple[_Group, str | None]]:
    """Join what one speaker says: a label's paragraph with the paragraphs and entries after it.

    A heading ends the turn; a note such as ``[Applause]`` or a stamp interrupts it, and the same speaker goes on.
    """
    turn: _Group | None = None
    speaker: str | None = None
    for n, group in enumerate(groups):
        if group.kind is BlockKind.HEADING and speaker is not None and not _heads_speech(groups, n):
            group = replace(group, kind=BlockKind.PARAGRAPH)
        spoken = group.kind in (BlockKind.PARAGRAPH, BlockKind.ENTRY) and speaker is not None
        if group.label is None and turn is not None and spoken:
            turn = replace(turn, end=group.end)
            continue
        if turn is not None and turn.start < turn.end:
            yield turn, speaker
        turn = None
        if group.label is not None:
            speaker, turn = group.label.name, group
        elif spoken:
            turn = replace(group, kind=BlockKind.TURN)
        else:
            if group.kind is BlockKind.HEADING:
                speaker = None
            yield group, None
    if turn is not None and turn.start < turn.end:
        yield turn, speaker


def _heads_speech(groups: Sequence[_Group], n: int) -> bool:
    """Whether what follows the heading at ``n`` is another heading, a note or a labelled turn: a real division."""
    following = next((g for g in groups[n + 1 :] if g.kind not in (BlockKind.NOTE, BlockKind.FURNITURE)), None)
    return following is None or following.label is not None or following.kind is BlockKind.HEADING


def _numbered(text: str, groups: Sequence[tuple[_Group, str | None]], items: Sequence[Item]) -> Iterator[Block]:
    counts: Counter[tuple[str | None, BlockKind]] = Counter()
    lead: int | None = None
    previous: Block | None = None
    for index, (group, speaker) in enumerate(groups):
        item = next((item.id for item in items if item.span.start <= group.start < item.span.end), None)
        counts[item, group.kind] += 1
        if group.kind in _LEADS:
            lead = index
        elif group.kind is BlockKind.ROW and (previous is None or previous.kind is not BlockKind.ROW):
            lead = index  # a table's first row names its columns
        whole = group.kind in (BlockKind.ROW, BlockKind.HEADING, BlockKind.FURNITURE)
        spans = [(group.start, group.end)] if whole else split_sentences(text, group.start, group.end)
        previous = Block(
            number=counts[item, group.kind],
            kind=group.kind,
            span=Span(spans[0][0], group.end),  # a label alone on its line has white space after it
            sentences=tuple(Span(a, b) for a, b in spans),
            item_id=item,
            speaker=speaker,
            lead_in=lead if group.kind in _MEMBERS and lead != index else None,
        )
        yield previous
