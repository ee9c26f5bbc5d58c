"""Documents and manifests that try to break out of the forms a citation is written in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from bot.answers import Citation
from bot.citations import cite
from embeddings.collection import Collection
from embeddings.errors import DocumentError
from embeddings.manifest import Manifest
from embeddings.passages import cut_passages

SNIPPETS = (
    "\n", "\r\n", "\r", "\t", "\x0b", "\x1b[31m", "\x07", "\x85", "\u2028", "\u00a0", "\u202e", "\u2066", "\ufeff",
    "ER  - ", "TY  - JOUR", "AU  - Nobody, N.", "\nER  - \nTY  - BOOK\n", "@article{", "}", "{", "\\}", "\\{", "\\",
    "%", "#", "&", "~", "_", "^", "$", "|", "<b>", "--", "---", "''", "``", ",,", '"', "“", "”", "’", "; ", ": ", ", ",
    "\\input{x}", "\\end{document}", "</script><script>alert(1)</script>", "{:author: Nobody}", "null", " and ",
    "é", "Ж", "שלום", "🛰️", "ﬁ", "می\u200cروم", "1. ", "https://museum.example/", "?", "!", ".",
)  # fmt: skip
_ANY = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8)
HOSTILE = st.lists(st.sampled_from(SNIPPETS) | _ANY | st.just("word "), min_size=1, max_size=8).map("".join)
VALUES = HOSTILE.filter(str.strip)  # a manifest's values are never blank
FIELDS = st.dictionaries(
    st.sampled_from(
        ("type", "author", "recipient", "issuer", "short_title", "place", "time", "number", "system_number", "copy",
         "classification", "translator", "translated_for", "family_names", "provenance", "language", "box", "folder",
         "file_unit", "series", "subgroup", "fonds", "repository", "repository_place")
    ),
    VALUES,
)  # fmt: skip


def citations_of(
    read_document, text: str, title: str = "Harbour", **entry: object
) -> tuple[Collection, list[Citation]]:
    """Read a text as a collection of one document called ``title``, and cite each of its passages."""
    try:
        document = read_document(text, **entry)
    except DocumentError:  # no sentence in it
        document = read_document("Words.", **entry)
    document = replace(document, title=title)
    manifest = Manifest(id="c", title=title, description="", language="en", editor=None, documents=())
    passages = tuple(cut_passages(document))
    collection = Collection(
        path=Path(), manifest=manifest, documents=(document,), passages=passages, questions=(), guessed=()
    )
    return collection, [cite(collection, p.document_id, p.span, 1.0) for p in passages]
