"""The reader: a small BERT that marks which sentences of a window answer a question, and whether any does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.errors import ModelError
from bot.windows import (
    MAX_QUESTION_TOKENS,
    MAX_SENTENCE_TOKENS,
    ReaderInput,
    lay_out,
    sentence_texts,
    token_ids,
)
from embeddings.units import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWindow:
    """What the reader says of one window: log-odds that each unit answers, and that any does."""

    numbers: range
    sentence_scores: tuple[float, ...]
    any_score: float


class Reader:
    """Runs the exported model; reading is a pure function of question and window."""

    def __init__(self, folder: Path, *, threads: int = 2) -> None:
        """Load ``reader.onnx`` and its tokenizer from ``folder``.

        Raises:
            ModelError: a file is missing, or is not the one that ``reader.json`` records.
        """
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            self.about = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
            data = (folder / "reader.onnx").read_bytes()
            digest = hashlib.sha256(data).hexdigest()
            if digest != self.about["sha256"]:
                raise ModelError(
                    f"{folder / 'reader.onnx'}: has sha256 {digest}, expected {self.about['sha256']}. "
                    f"Install memcon again"
                )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.log_severity_level = 3
            options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # two models share two cores
            self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"{folder}: the reader cannot be loaded ({error}). Install memcon again, or set MEMCON_READER=false"
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._sentence_ids: dict[str, list[int]] = {}

    def read(self, question: str, units: Sequence[Unit], windows: Sequence[range]) -> list[ReadWindow]:
        """Read ``windows`` of ``units``, by their numbers, in that order."""
        if not windows:
            return []
        question_ids = token_ids(self._tokenizer, question, MAX_QUESTION_TOKENS)
        inputs = [
            lay_out(self._tokenizer, question_ids, [self._ids(t) for t in sentence_texts(units, w)]) for w in windows
        ]
        sentence, anything = self._session.run(None, _batch(inputs))
        return [
            ReadWindow(
                numbers=range(window.start, window.start + len(item.markers)),
                sentence_scores=tuple(float(sentence[row, position]) for position in item.markers),
                any_score=float(anything[row]),
            )
            for row, (window, item) in enumerate(zip(windows, inputs, strict=True))
        ]

    def read_sentences(self, question: str, sentences: Sequence[str]) -> ReadWindow:
        """Read sentences that belong to no collection, as one window."""
        question_ids = token_ids(self._tokenizer, question, MAX_QUESTION_TOKENS)
        item = lay_out(self._tokenizer, question_ids, [self._ids(sentence) for sentence in sentences])
        sentence, anything = self._session.run(None, _batch([item]))
        scores = tuple(float(sentence[0, position]) for position in item.markers)
        return ReadWindow(numbers=range(len(scores)), sentence_scores=scores, any_score=float(anything[0]))

    def _ids(self, text: str) -> list[int]:
        """Tokenize a sentence of the collection, once: there are as many as the collection has."""
        found = self._sentence_ids.get(text)
        if found is None:
            found = self._sentence_ids[text] = token_ids(self._tokenizer, text, MAX_SENTENCE_TOKENS)
        return found


def _batch(inputs: Sequence[ReaderInput]) -> dict[str, np.ndarray]:
    length = max(len(item.ids) for item in inputs)
    feed = {
        name: np.zeros((len(inputs), length), dtype=np.int64)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    }
    for row, item in enumerate(inputs):
        n = len(item.ids)
        feed["input_ids"][row, :n] = item.ids
        feed["attention_mask"][row, :n] = 1
        feed["token_type_ids"][row, :n] = item.type_ids
    return feed
