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

    Entries on both sides of a page's stamps belong to one list and give two regions.  An entry that introduces entries
    of its own is followed by those.  Where there is no list, or one of more than `MAX_ENTRIES` entries, ``region``
    comes back alone.
    """
    document = collection.documents[units[region.first].document]
    within = list(_entries_within(document, units[region.last].block_index)) if introduces(units[region.last]) else []
    if len(within) >= 2:
        return [region, *_regions(document, units, region, within)]
    numbers = list(_entries(document, units[region.first].block_index, units[region.last].block_index))
    if not 2 <= len(numbers) <= MAX_ENTRIES:
        return [region]
    return _regions(document, units, region, numbers)


def with_whole_list(
    collection: Collection,
    units: Sequence[Unit],
    regions: Sequence[Region],
    best: int,
    *,
    wants_list: bool,
    max_words: int,
) -> list[Region]:
    """Put a whole list in the place of what was found of it, or after words that only introduce one.

    ``regions``: best first, at least one; ``best``: the unit of the first that is the likeliest to answer.  A region
    that ends with a list's lead-in, and whose best is other words beside it, is kept before the entries.
    ``max_words``: of an answer to a question that asks for no list.
    """
    first = regions[0]
    whole = complete_list(collection, units, first)
    if whole == [first]:
        return list(regions)
    found_in_list = _is_entry(collection.documents[units[best].document], units[best].block_index)
    if wants_list and (found_in_list or introduces(units[best])):
        return whole
    followed = [first, *(region for region in whole if region != first)]
    n_words = sum(len(units[n].text.split()) for region in followed for n in range(region.first, region.last + 1))
    return followed if introduces(units[first.last]) and (wants_list or n_words <= max_words) else list(regions)


def introduces(unit: Unit) -> bool:
    """Whether ``unit`` ends by saying that something follows."""
    return unit.text.endswith(":")


def _regions(document: Document, units: Sequence[Unit], found: Region, numbers: Sequence[int]) -> list[Region]:
    """Return the regions of the blocks ``numbers`` of the document in which ``found`` is."""
    members = [u for u in units if u.document == units[found.first].document and u.block_index in numbers]
    regions: list[Region] = []
    for unit in members:
        first = units[regions[-1].first] if regions else None
        if first is not None and may_join(document, first.block_index, unit.block_index):
            regions[-1] = Region(first=regions[-1].first, last=unit.number, score=found.score)
        else:
            regions.append(Region(first=unit.number, last=unit.number, score=found.score))
    return regions


def _entries(document: Document, first: int, last: int) -> Iterator[int]:
    """Yield the numbers of the list entries that share a lead-in with the blocks ``first`` to ``last``."""
    leads = {document.blocks[n].lead_in for n in range(first, last + 1) if _is_entry(document, n)}
    leads |= {n for n in range(first, last + 1) if _is_entry(document, n + 1) and document.blocks[n + 1].lead_in == n}
    for number, block in enumerate(document.blocks):
        if block.kind is BlockKind.ENTRY and block.lead_in is not None and block.lead_in in leads:
            yield number


def _entries_within(document: Document, lead: int) -> Iterator[int]:
    """Yield the numbers of the entries after the entry ``lead``, up to one that introduces others."""
    number = lead + 1
    while _is_entry(document, lead) and _is_entry(document, number):
        block = document.blocks[number]
        if block.lead_in != document.blocks[lead].lead_in or document.words(block.span).rstrip().endswith(":"):
            return
        yield number
        number += 1


def _is_entry(document: Document, number: int) -> bool:
    return number < len(document.blocks) and document.blocks[number].kind is BlockKind.ENTRY
