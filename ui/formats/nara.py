"""Citations as the National Archives of the United States asks for its records: General Information Leaflet 17.

The item comes first and the repository last; file unit, series, subgroup and record group stand between, from the
smallest to the largest.  Semicolons part the levels, for their titles have commas of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answers import Citation
from embeddings.collection import Collection
from ui.formats.addresses import passage_address
from ui.formats.references import occasion, reference_of, speaker_of
from ui.formats.titles import sentence
from ui.formats.words import initial, inline


def nara_citation(citation: Citation, collection: Collection, public_url: str = "") -> str:
    """Return one citation: item; file unit; series; subgroup; record group; repository; collection."""
    reference = reference_of(citation, collection)
    speaker = speaker_of(citation, collection)
    authors, recipients = _joined([author.full for author in reference.authors]), _joined(reference.addressees)
    item = [
        reference.title.in_note,
        " ".join(part for part in (authors, recipients and f"to {recipients}") if part),
        *occasion(reference),
        f"translated by {reference.translated}" if reference.translated else None,
        *reference.identifiers,
        f"words of {speaker.full}" if speaker else None,
        inline(citation.locator),
    ]
    levels = [
        initial(sentence([part for part in item if part], end="")),
        reference.file_name,
        sentence(reference.shelf, end=""),
        *reference.units,
        reference.keeper,
        reference.collection,
    ]
    address = passage_address(citation, public_url) or reference.fields.get("url")
    parted = [level.replace(";", ",") for level in levels if level]
    return f"{'; '.join([*parted, address] if address else parted)}."


def nara_citations(citations: Sequence[Citation], collection: Collection, public_url: str = "") -> str:
    """Return numbered citations, one a line, each in full: the leaflet wants enough to find the record by."""
    numbered = enumerate((nara_citation(citation, collection, public_url) for citation in citations), start=1)
    return "\n".join(f"{number}. {text}" for number, text in numbered)


def _joined(names: list[str]) -> str:
    """Join names with commas: semicolons part the levels."""
    return ", ".join([*names[:-1], f"and {names[-1]}"]) if len(names) > 2 else " and ".join(names)
