"""The forms that a citation can be had in: their names, media types and file suffixes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from bot.answers import Citation
from embeddings.collection import Collection
from ui.formats.annotation import web_annotation, web_annotations
from ui.formats.bibtex import bibtex
from ui.formats.chicago import chicago_bibliography, chicago_note, chicago_notes
from ui.formats.csl import csl_json
from ui.formats.nara import nara_citation, nara_citations
from ui.formats.plaintext import plain_text, plain_texts
from ui.formats.ris import ris

_PLAIN = "text/plain; charset=utf-8"
_One = Callable[[Citation, Collection, str], str]
_Many = Callable[[Sequence[Citation], Collection, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """How a form is written, for many citations and, where that differs, for one."""

    many: _Many
    one: _One | None = None
    media_type: str = _PLAIN
    suffix: str = ".txt"


_FORMS: Mapping[str, _Form] = MappingProxyType(
    {
        "text": _Form(many=plain_texts, one=plain_text),
        "chicago": _Form(many=chicago_notes, one=chicago_note),
        "chicago-bibliography": _Form(many=chicago_bibliography),
        "nara": _Form(many=nara_citations, one=nara_citation),
        "ris": _Form(many=ris, media_type="application/x-research-info-systems; charset=utf-8", suffix=".ris"),
        "bibtex": _Form(many=bibtex, media_type="application/x-bibtex; charset=utf-8", suffix=".bib"),
        "csl-json": _Form(many=csl_json, media_type="application/vnd.citationstyles.csl+json", suffix=".json"),
        "web-annotation": _Form(
            many=web_annotations,
            one=web_annotation,
            media_type='application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"',
            suffix=".jsonld",
        ),
    }
)
FORMATS = tuple(_FORMS)
MEDIA_TYPES: Mapping[str, str] = MappingProxyType({name: form.media_type for name, form in _FORMS.items()})
SUFFIXES: Mapping[str, str] = MappingProxyType({name: form.suffix for name, form in _FORMS.items()})


def format_citation(citation: Citation, collection: Collection, form: str, public_url: str = "") -> str:
    """Return ``citation`` in one of `FORMATS`, without a line end after it.

    ``public_url`` is the server's address for others; where it is empty no address of this server is given.

    Raises:
        ValueError: ``form`` is none of them.
    """
    chosen = _form(form)
    return (
        chosen.one(citation, collection, public_url) if chosen.one else chosen.many([citation], collection, public_url)
    )


def format_citations(citations: Sequence[Citation], collection: Collection, form: str, public_url: str = "") -> str:
    """Return ``citations`` as one file in one of `FORMATS`, without a line end after it.

    Notes are numbered in the order given, and short from a record's second on.  A bibliography, RIS, BibTeX and
    CSL-JSON have each record once, the first three with the keys that it has in every export.

    Raises:
        ValueError: ``form`` is none of them.
    """
    return _form(form).many(citations, collection, public_url)


def _form(name: str) -> _Form:
    try:
        return _FORMS[name]
    except KeyError:
        raise ValueError(f"format {name!r}: must be one of {', '.join(FORMATS)}") from None
