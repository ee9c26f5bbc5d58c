"""Permalinks: the URL of a citation, which carries enough to find its words again and to prove that it found them.

``/cite/ID?sha256=...&from=first+three+words&near=...-...&words=23-...-...`` holds, in the terms of the W3C's Web
Annotation model, a TextPositionSelector (the id) and a TextQuoteSelector by digests.  Spelled out, the words of a long
quotation would make a QR code too fine to scan; a text fragment (``#:~:text=``) never reaches the server, and proves
nothing.  The first words stay readable: whoever has the document but no memcon searches for them, and checks what
follows with any sha256 tool.

Each digest is the beginning of a sha256 in hexadecimal digits, over UTF-8:

- ``sha256``, 12 digits: the document's file.
- ``near``: 6 digits over the six words before, and 6 over the six after, each only where these stand once in the
  document, so that finding them again proves the place.
- ``again``: ``here`` where the words stood more than once in the document, ``elsewhere`` where other documents have
  them too, left out where neither.
- ``words``: how many there are; 12 digits over the exact words, composed (NFC), every run of white space one blank;
  8 digits over the words as `embeddings.normalized` compares them, which tell other punctuation from other words.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from bot.errors import CitationError
from embeddings.collection import Collection
from embeddings.documents import Document, Span
from embeddings.words import DocumentWords

N_FIRST = 3  # words that a person can search for
MAX_FIRST = 36  # characters of them in the URL, where a letter beyond ASCII takes six or nine
N_NEAR = 6  # words on either side: of 258,000 words of minutes, 99.1 % of such runs stand once in their document
_FORMS = {
    name: re.compile(form)
    for name, form in {
        "sha256": r"[0-9a-f]{12}",
        "from": rf"[^\x00-\x1f]{{0,{MAX_FIRST}}}",
        "near": r"((?P<before>[0-9a-f]{6})?-(?P<after>[0-9a-f]{6})?)?",
        "again": r"(here|elsewhere)?",
        "words": r"(?P<n>[0-9]{1,6})-(?P<exact>[0-9a-f]{12})-(?P<alike>[0-9a-f]{8})",
    }.items()
}


class Repeated(Enum):
    """Where else the words of a citation stood when it was made."""

    NOWHERE = ""
    ELSEWHERE = "elsewhere"  # in other documents of the collection
    HERE = "here"  # in the same document


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What a permalink knows of its words, beside their id; every digest is the beginning of a sha256."""

    document_sha256: str  # 12 digits
    first: str  # the first words as they are compared, the last of them perhaps cut
    n_words: int
    exact: str  # 12 digits
    alike: str  # 8 digits
    before: str | None = None  # 6 digits; None where the words before stand elsewhere in the document too
    after: str | None = None
    repeated: Repeated = Repeated.NOWHERE


def make_anchor(collection: Collection, document: Document, span: Span) -> Anchor:
    """Make the anchor of ``span``; the words that it cuts count whole, except in the exact digest."""
    words = collection.words[document.id]
    met = words.meeting(span)
    joined = words.between(met[0], met[-1]) if met else ""
    return Anchor(
        document_sha256=document.sha256[:12],
        first=_first(joined),
        n_words=len(met),
        exact=exact_digest(document.words(span)),
        alike=alike_digest(joined),
        before=_single(words, words.before(met.start, N_NEAR)),
        after=_single(words, words.after(met.stop - 1, N_NEAR)),
        repeated=_repeated(collection, document.id, joined),
    )


def permalink(citation_id: str, anchor: Anchor) -> str:
    """Return the URL of a citation, relative to the server: ``/cite/...``.

    What proves most stands last, so that a URL that lost its end is known to be damaged.
    """
    parameters = [("sha256", anchor.document_sha256)]
    if anchor.first:
        parameters.append(("from", anchor.first))
    if anchor.before or anchor.after:
        parameters.append(("near", f"{anchor.before or ''}-{anchor.after or ''}"))
    if anchor.repeated is not Repeated.NOWHERE:
        parameters.append(("again", anchor.repeated.value))
    parameters.append(("words", f"{anchor.n_words}-{anchor.exact}-{anchor.alike}"))
    query = "&".join(f"{name}={quote_plus(value)}" for name, value in parameters)
    return f"/cite/{quote(citation_id, safe='/:')}?{query}"


def read_permalink(link: str) -> tuple[str, Anchor | None]:
    """Read a URL, whole or from ``/cite/`` on, or an id: the id that it names, and its anchor if it carries one.

    White space in a URL, as a line's end puts there in print and in mail, is left out.

    Raises:
        CitationError: the URL or its anchor is damaged.
    """
    if "?" not in link and "/cite/" not in link:
        return link.strip(), None
    try:
        parts = urlsplit("".join(link.split()))
    except ValueError as error:
        raise CitationError(f"{link!r}: is no URL ({error}). Copy the link whole, or give an id alone") from error
    identifier = unquote(parts.path)
    return identifier.partition("/cite/")[2] or identifier, read_anchor(dict(parse_qsl(parts.query)))


def read_anchor(parameters: Mapping[str, str]) -> Anchor | None:
    """Read the anchor in the parameters of a URL; None when it has none of them.

    Raises:
        CitationError: a parameter is missing, cut or malformed.
    """
    if not _FORMS.keys() & parameters.keys():
        return None
    found = {name: _read(name, parameters.get(name, "")) for name in _FORMS}
    return Anchor(
        document_sha256=found["sha256"][0],
        first=found["from"][0],
        n_words=int(found["words"]["n"]),
        exact=found["words"]["exact"],
        alike=found["words"]["alike"],
        before=found["near"]["before"],
        after=found["near"]["after"],
        repeated=Repeated(found["again"][0]),
    )


def _read(name: str, value: str) -> re.Match[str]:
    match = _FORMS[name].fullmatch(value)
    if match is None:
        raise CitationError(
            f"{name} = {value!r}: the link is damaged. Copy it whole, or leave out all from the question mark on: "
            f"that shows what stands at its place now"
        )
    return match


def exact_digest(text: str) -> str:
    """Digest words as they stand: only white space, and how accents are composed, make no difference."""
    return _digest(" ".join(unicodedata.normalize("NFC", text).split()))[:12]


def alike_digest(joined: str) -> str:
    """Digest words as they are compared, one blank between them."""
    return _digest(joined)[:8]


def near_digest(joined: str) -> str:
    """Digest the words beside a citation."""
    return _digest(joined)[:6]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _first(joined: str) -> str:
    """Return the first words, cut where they would make the URL long."""
    first = " ".join(joined.split()[:N_FIRST])
    while len(quote_plus(first)) > MAX_FIRST:
        first = first[:-1]
    return first.strip()


def _single(words: DocumentWords, beside: str) -> str | None:
    """Return the digest of the words beside a citation if these stand once in the document.

    Those at the document's edge, which `DocumentWords` marks, stand there alone.
    """
    return None if words.holds(beside, 2) else near_digest(beside)


def _repeated(collection: Collection, document_id: str, joined: str) -> Repeated:
    if not joined or collection.words[document_id].holds(joined, 2):
        return Repeated.HERE
    if any(words.holds(joined) for other, words in collection.words.items() if other != document_id):
        return Repeated.ELSEWHERE
    return Repeated.NOWHERE
