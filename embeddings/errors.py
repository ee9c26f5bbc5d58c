"""Everything that can be wrong with a collection, a document or an index."""

from __future__ import annotations


class EmbeddingsError(Exception):
    """Base of this package's errors; the message names what, the value, and what to do next."""


class DocumentError(EmbeddingsError):
    """A file cannot be read as a document."""


class ManifestError(EmbeddingsError):
    """A manifest is wrong; the message names the file, the key and the value."""


class EncoderError(EmbeddingsError):
    """An encoder's weights are missing, changed or unusable."""


class StaleIndexError(EmbeddingsError):
    """A saved index is missing, damaged, or was built from something else."""


class OutdatedIndexError(StaleIndexError):
    """A saved index is of the same documents, but of another encoder, manifest or release: it may be built anew."""
