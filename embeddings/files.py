"""Read a document's bytes: the one place that decides what text is, before it is frozen."""

from __future__ import annotations

import hashlib
from pathlib import Path

from embeddings.errors import DocumentError

SUFFIXES = (".txt", ".md", ".markdown", ".text")
MAX_BYTES = 64 * 1024 * 1024  # far beyond any record; a larger file is a mistake worth naming


def read_text(path: Path) -> tuple[str, str]:
    """Read a text file as it stands.

    Returns the text, with no character changed, so that offsets into it are offsets into the decoded file, and
    the sha256 of the bytes.

    Raises:
        DocumentError: the file is not text in UTF-8, is empty, too large, or holds NUL characters.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise DocumentError(f"{path}: {path.suffix or 'no ending'!r} is not read; supported are {', '.join(SUFFIXES)}")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise DocumentError(f"{path}: is {size} bytes; at most {MAX_BYTES} are read. Split it into its records.")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read ({error.strerror})") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DocumentError(
            f"{path}: byte {error.start} ({data[error.start]:#04x}) is not UTF-8. Convert the file first, e.g. "
            f"iconv -f WINDOWS-1252 -t UTF-8 {path.name}"
        ) from error
    if "\0" in text:
        raise DocumentError(f"{path}: holds a NUL character at offset {text.index(chr(0))}; this is no text file")
    if not text.strip("\ufeff \t\r\n\f\v"):
        raise DocumentError(f"{path}: is empty; a document needs text")
    return text, hashlib.sha256(data).hexdigest()
