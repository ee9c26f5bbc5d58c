"""Notes and bibliography entries after The Chicago Manual of Style, for manuscripts and unpublished public documents.

Manuscript collections: 17th edition 14.221-231, 18th edition 14.121-128; short notes: 17th 14.29-36, 18th 13.32-39.
ui/formats/README.md says which rule stands behind which part.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from bot.answers import Citation
from embeddings.collection import Collection
from embeddings.dates import spell_date
from ui.formats.addresses import document_address, passage_address
from ui.formats.references import Reference, grouped, occasion, reference_of, speaker_of
from ui.formats.titles import quoted, sentence
from ui.formats.words import initial, inline, listed

_OPENING_MARKS = "“‘\"'([ "
_ARTICLES = ("the ", "a ", "an ")


def chicago_note(citation: Citation, collection: Collection, public_url: str = "") -> str:
    """Return the full note: who, title, date, identifiers, place in the record, file, keeper, collection.

    The order runs from the most specific to the least (18th edition 14.127), and the place in the record is always
    labelled (14.123).  Where the words are speech the speaker comes first, as the person interviewed does in an
    interview (17th edition 14.211).
    """
    reference = reference_of(citation, collection)
    speaker = speaker_of(citation, collection)
    parts = [
        *(_correspondence(reference) if speaker is None else ()),
        reference.title.in_note,
        *occasion(reference),
        f"trans. {reference.translated}" if reference.translated else None,
        *reference.identifiers,
        *reference.shelf,
        inline(citation.locator),
        reference.file_name,
        *reference.units,
        reference.keeper,
        reference.collection,
        passage_address(citation, public_url) or reference.fields.get("url"),
    ]
    note = sentence([part for part in parts if part])
    return f"{speaker.full}, in {note}" if speaker else initial(note)


def chicago_notes(citations: Sequence[Citation], collection: Collection, public_url: str = "") -> str:
    """Return numbered notes, one a line: in full where a record is first cited, then short.

    A short note has the family name of who speaks or wrote, a short title and the place (17th edition 14.30); it
    stands where others would put 'ibid.' (17th 14.34, 18th 13.37).
    """
    shorts = _short_titles([reference for reference, _ in grouped(citations, collection)])
    cited: set[str] = set()
    lines = []
    for number, citation in enumerate(citations, start=1):
        reference = reference_of(citation, collection)
        if reference.id in cited:
            note = _short_note(citation, collection, reference, shorts[reference.id])
        else:
            note = chicago_note(citation, collection, public_url)
        cited.add(reference.id)
        lines.append(f"{number}. {note}")
    return "\n".join(lines)


def chicago_bibliography(citations: Sequence[Citation], collection: Collection, public_url: str = "") -> str:
    """Return a bibliography, one entry a line, in alphabetical order.

    A fonds of which several records are cited stands once, in their place; without a stated fonds each record has its
    own entry (17th edition 14.221-231).
    """
    references = [reference for reference, _ in grouped(citations, collection)]
    sizes = Counter(reference.fields.get("fonds") for reference in references)
    entries = {
        _fonds_entry(reference)
        if "fonds" in reference.fields and sizes[reference.fields["fonds"]] > 1
        else _entry(reference, public_url)
        for reference in references
    }
    return "\n".join(sorted(entries, key=lambda entry: (_sort_key(entry), entry)))


def _correspondence(reference: Reference) -> Iterator[str]:
    """Yield ``author to recipient``, as for letters, or whoever of the two is known."""
    stated = (listed([author.full for author in reference.authors]), _addressed(reference))
    if any(stated):
        yield " ".join(part for part in stated if part)


def _addressed(reference: Reference) -> str:
    return f"to {listed(reference.addressees)}" if reference.recipients else ""


def _short_note(citation: Citation, collection: Collection, reference: Reference, title: str) -> str:
    speaker = speaker_of(citation, collection)
    who = [speaker] if speaker else reference.authors
    names = listed([name.family or name.full for name in who])
    return initial(sentence([part for part in (names, title, inline(citation.locator)) if part]))


def _short_titles(references: Sequence[Reference]) -> dict[str, str]:
    """Return a short title for each record that no other cited one has: with the date, or whole, if need be."""
    titles = {r.id: r.fields.get("short_title") or r.fields.get("number") or r.title.short for r in references}
    for longer in (_dated, _whole):
        counts = Counter(titles.values())
        titles |= {r.id: longer(r, titles[r.id]) for r in references if counts[titles[r.id]] > 1}
    return titles


def _dated(reference: Reference, short: str) -> str:
    return sentence([short, spell_date(reference.date)], end="") if reference.date else short


def _whole(reference: Reference, _: str) -> str:
    return sentence([reference.title.in_note, *occasion(reference)], end="")


def _entry(reference: Reference, public_url: str) -> str:
    title, addressed = reference.title, _addressed(reference)
    heading = [title.in_note, addressed]
    if addressed and title.genre and title.subject:  # Letter to somebody, and its title
        heading = [f"{title.genre} {addressed}", quoted(title.subject)]
    first, others = reference.authors[:1], reference.authors[1:]
    parts = [
        listed([*(author.inverted for author in first), *(author.full for author in others)]),
        initial(sentence([part for part in (*heading, *occasion(reference)) if part], end="")),
        f"Translated by {reference.translated}" if reference.translated else None,
        sentence(reference.identifiers, end=""),
        reference.file_name,
        initial(sentence([part for part in (*reference.shelf, *reference.units, reference.keeper) if part], end="")),
        reference.collection,
        reference.fields.get("url") or document_address(reference, public_url),
    ]
    return sentence([part for part in parts if part], mark=".")


def _fonds_entry(reference: Reference) -> str:
    return sentence([part for part in (reference.fields["fonds"], reference.keeper) if part], mark=".")


def _sort_key(entry: str) -> str:
    """Return what an entry is sorted by: without quotation marks and a first article."""
    words = entry.lstrip(_OPENING_MARKS).casefold()
    return next((words.removeprefix(article) for article in _ARTICLES if words.startswith(article)), words)
