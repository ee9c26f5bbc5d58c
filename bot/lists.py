"""Complete lists: when one entry answers a question that asks for all, the others answer it too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.citations import may_join
from bot.evidence import Region
from embeddings.collection import Collection
from embeddings.documents import BlockKind, Document
from embeddings.units import Unit

MAX_ENTRIES = 12  # of a list that is quoted whole; a longer one is an inventory to be looked up


def complete_list(collection: Collection, units: Sequence[Unit], region: Region) -> list[Region]:
    """Return the regions of the whole list that ``region`` is of or introduces, in reading order.

    Entries on both sides of a page's stamps belong to one list and give two regions.  Where there is no list, or
    one of more than `MAX_ENTRIES` entries, ``region`` comes back alone.
    """
    document = collection.documents[units[region.first].document]
    numbers = list(_entries(document, units[region.first].block_index, units[region.last].block_index))
    if not 2 <= len(numbers) <= MAX_ENTRIES:
        return [region]
    members = [u for u in units if u.document == units[region.first].document and u.block_index in numbers]
    regions: list[Region] = []
    for unit in members:
        first = units[regions[-1].first] if regions else None
        if first is not None and may_join(document, first.block_index, unit.block_index):
            regions[-1] = Region(first=regions[-1].first, last=unit.number, score=region.score)
        else:
            regions.append(Region(first=unit.number, last=unit.number, score=region.score))
    return regions


def _entries(document: Document, first: int, last: int) -> Iterator[int]:
    """Yield the numbers of the list entries that share a lead-in with the blocks ``first`` to ``last``."""
    leads = {document.blocks[n].lead_in for n in range(first, last + 1) if document.blocks[n].kind is BlockKind.ENTRY}
    leads |= {n for n in range(first, last + 1) if _introduces(document, n)}
    for number, block in enumerate(document.blocks):
        if block.kind is BlockKind.ENTRY and block.lead_in is not None and block.lead_in in leads:
            yield number


def _introduces(document: Document, number: int) -> bool:
    following = document.blocks[number + 1 : number + 2]
    return bool(following) and following[0].kind is BlockKind.ENTRY and following[0].lead_in == number
