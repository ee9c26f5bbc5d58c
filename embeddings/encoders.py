"""Choose an encoder by its name."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from embeddings.encoder import DEFAULT_ENCODER, MULTILINGUAL_ENCODER, Encoder, find_weights, hash_weights, load_encoder
from embeddings.question_encoder import add_question_encoder


def choose_encoder(name: str, cache_path: Path, *, threads: int = 2) -> Encoder:
    """Return the encoder of that name: a packaged one, the multilingual one, or a sentence-transformers folder.

    Raises:
        EncoderError: there are no such weights on this machine, they are not those expected, or they cannot be run.
    """
    if name == MULTILINGUAL_ENCODER:
        from embeddings.multilingual import MultilingualEncoder

        return MultilingualEncoder(_english_words())
    encoder = load_encoder(name, cache_path, threads=threads)
    return add_question_encoder(encoder, threads=threads) if name == DEFAULT_ENCODER else encoder


def identify_encoder(name: str) -> str:
    """Return the sha256 of the weights that ``name`` stands for, without loading them.

    Raises:
        EncoderError: they are missing, or are not those expected.
    """
    if name != MULTILINGUAL_ENCODER:
        return hash_weights(find_weights(name), name)
    from embeddings.multilingual import hash_multilingual

    return hash_multilingual()


def _english_words() -> frozenset[str]:
    """Return the whole words of the default encoder, for whoever brings no list: they are no typing errors."""
    tokenizer = Tokenizer.from_file(str(find_weights(DEFAULT_ENCODER) / "tokenizer.json"))
    return frozenset(word for word in tokenizer.get_vocab() if word.isalpha())
