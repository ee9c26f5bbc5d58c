"""Citations in the forms that researchers paste and reference managers read (ui/formats/README.md)."""

from ui.formats.chicago import chicago_note
from ui.formats.forms import FORMATS, MEDIA_TYPES, SUFFIXES, format_citation, format_citations

__all__ = [
    "FORMATS",
    "MEDIA_TYPES",
    "SUFFIXES",
    "chicago_note",
    "format_citation",
    "format_citations",
]
