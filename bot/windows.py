"""Lay a question, a window of sentences and its context out as the reader's input."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tokenizers import Tokenizer

from embeddings.units import Unit

MAX_TOKENS = 256  # of a whole input; longer windows cost latency quadratically and are rare
MAX_QUESTION_TOKENS = 48
MAX_WINDOW_WORDS = 75  # about 100 tokens: five such windows hold more answers than three of twice as many words
MAX_WINDOW_SENTENCES = 10
MAX_SENTENCE_TOKENS = 96
MAX_RECORD_WORDS = 14  # of the name of the record that a window stands in
MAX_WORDS_BEFORE = 18  # of the sentence before a window, its last ones
MAX_CONTEXT_TOKENS = 56  # of both, 30 on average: set by hand, for what they cost in time
MAX_SENTENCES_BACK = 8  # from a window within a turn to the words of the speaker before
INPUT_FORM = "question, record and words before, marked sentences"  # `reader.json` says for which it was trained
MARKER = "[unused1]"  # stands before every sentence; the reader scores the sentence there


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderInput:
    """Token ids of one question and window.

    ``markers[i]`` is the position of the i-th sentence's marker; there are fewer markers than
    sentences when the window is too long.
    """

    ids: tuple[int, ...]
    type_ids: tuple[int, ...]
    markers: tuple[int, ...]


def token_ids(tokenizer: Tokenizer, text: str, limit: int) -> list[int]:
    """Encode ``text`` without special tokens, cut to ``limit`` tokens."""
    return list(tokenizer.encode(text, add_special_tokens=False).ids[:limit])


def lay_out(
    tokenizer: Tokenizer,
    question_ids: Sequence[int],
    context_ids: Sequence[int],
    sentence_ids: Sequence[Sequence[int]],
) -> ReaderInput:
    """Join question, context and sentences: ``[CLS] question [SEP] context (marker sentence)* [SEP]``."""
    cls, sep, mark = (_special(tokenizer, token) for token in ("[CLS]", "[SEP]", MARKER))
    ids = [cls, *question_ids, sep]
    n_question = len(ids)
    ids += context_ids
    markers = []
    for sentence in sentence_ids:
        if len(ids) + len(sentence) + 2 > MAX_TOKENS:
            break
        markers.append(len(ids))
        ids += [mark, *sentence]
    ids.append(sep)
    type_ids = (0,) * n_question + (1,) * (len(ids) - n_question)
    return ReaderInput(ids=tuple(ids), type_ids=type_ids, markers=tuple(markers))


def _special(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise ValueError(f"the reader's tokenizer has no token {token!r}; it needs a BERT vocabulary")
    return int(number)


def window_around(units: Sequence[Unit], center: int) -> range:
    """Return the numbers of the units around ``center`` that the reader reads together, in one document."""
    first = last = center
    words = len(units[center].text.split())
    for step in range(1, MAX_WINDOW_SENTENCES):
        for number in (center + step, center - step):
            if number not in (first - 1, last + 1) or not 0 <= number < len(units):
                continue
            length = len(units[number].text.split())
            full = words + length > MAX_WINDOW_WORDS or last - first + 1 >= MAX_WINDOW_SENTENCES
            if full or units[number].document != units[center].document:
                continue
            words += length
            first, last = min(first, number), max(last, number)
    return range(first, last + 1)


def sentence_texts(units: Sequence[Unit], window: range) -> list[str]:
    """Return the sentences of a window as the reader reads them: a speaker's name before each turn."""
    texts = []
    for number in window:
        unit = units[number]
        opens = number == window.start or units[number - 1].block_index != unit.block_index
        texts.append(f"{unit.speaker}: {unit.text}" if unit.speaker and opens else unit.text)
    return texts


def context_text(units: Sequence[Unit], window: range) -> str:
    """Say what a reader of a window alone would miss: the record that it stands in, and the words before it."""
    return context_of(units[window.start].record, _said_before(units, window.start))


def context_of(record: str, before: str) -> str:
    """Join a record's name, as far as it is read, with the words before a window."""
    return f"{' '.join(record.split()[:MAX_RECORD_WORDS])}. {before}"


def _said_before(units: Sequence[Unit], number: int) -> str:
    """Return the end of the sentence before the unit ``number`` in its record, "" where it is the first.

    Within a turn it is the last of the speaker before, after that speaker's name, if it is near: often a question.
    """
    own = units[number]
    back = units[max(0, number - MAX_SENTENCES_BACK) : number]
    near = [unit for unit in reversed(back) if (unit.document, unit.record) == (own.document, own.record)]
    other = next((unit for unit in near if unit.speaker and unit.speaker != own.speaker), None) if own.speaker else None
    if other is not None:
        return f"{other.speaker}: {last_words(other.text)}"
    return last_words(near[0].text) if near else ""


def last_words(text: str) -> str:
    """Return as much of the sentence before a window as is read: its end."""
    return " ".join(text.split()[-MAX_WORDS_BEFORE:])
