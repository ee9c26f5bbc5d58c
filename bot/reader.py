"""The reader: a small BERT that marks which sentences of a window answer a question, and whether any does."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.errors import ModelError
from bot.windows import (
    INPUT_FORM,
    MAX_CONTEXT_TOKENS,
    MAX_QUESTION_TOKENS,
    MAX_SENTENCE_TOKENS,
    ReaderInput,
    context_text,
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
    """Runs the exported model; reading is a pure function of question, window and its context."""

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
            if self.about.get("input") != INPUT_FORM:
                raise ModelError(
                    f"{folder}: this reader was trained on another form of input ({self.about.get('input')!r}, "
                    f"expected {INPUT_FORM!r}). Install memcon again"
                )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1
            options.log_severity_level = 3
            self._session = onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            raise ModelError(
                f"{folder}: the reader cannot be loaded ({error}). Install memcon again, or set MEMCON_READER=false"
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._sentence_ids: dict[str, list[int]] = {}
        # A window on a thread is read by a quarter faster than all on all threads, and says the same beside any other:
        # the scale of 8-bit numbers is that of all that is read at once.
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="reader")

    def read(self, question: str, units: Sequence[Unit], windows: Sequence[range]) -> list[ReadWindow]:
        """Read ``windows`` of ``units``, by their numbers, in that order."""
        if not windows:
            return []
        question_ids = token_ids(self._tokenizer, question, MAX_QUESTION_TOKENS)
        inputs = [
            lay_out(
                self._tokenizer,
                question_ids,
                self._ids(context_text(units, window))[:MAX_CONTEXT_TOKENS],
                [self._ids(text) for text in sentence_texts(units, window)],
            )
            for window in windows
        ]
        longest_first = sorted(range(len(inputs)), key=lambda n: -len(inputs[n].ids))
        tasks = {n: self._pool.submit(self._run, inputs[n], windows[n].start) for n in longest_first}
        return [tasks[n].result() for n in range(len(windows))]

    def read_sentences(self, question: str, context: str, sentences: Sequence[str]) -> ReadWindow:
        """Read sentences of no collection as one window; ``context``: as `bot.windows.context_of` gives it."""
        question_ids = token_ids(self._tokenizer, question, MAX_QUESTION_TOKENS)
        context_ids = self._ids(context)[:MAX_CONTEXT_TOKENS]
        item = lay_out(self._tokenizer, question_ids, context_ids, [self._ids(sentence) for sentence in sentences])
        return self._run(item, 0)

    def _run(self, item: ReaderInput, start: int) -> ReadWindow:
        """Run the model on one input, whose first sentence is numbered ``start``."""
        ids = np.array([item.ids], dtype=np.int64)
        feed = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.array([item.type_ids], dtype=np.int64),
        }
        sentence, anything = self._session.run(None, feed)
        return ReadWindow(
            numbers=range(start, start + len(item.markers)),
            sentence_scores=tuple(float(sentence[0, position]) for position in item.markers),
            any_score=float(anything[0]),
        )

    def _ids(self, text: str) -> list[int]:
        """Tokenize a sentence or a context of the collection, once: there are about as many as it has sentences."""
        found = self._sentence_ids.get(text)
        if found is None:
            found = self._sentence_ids[text] = token_ids(self._tokenizer, text, MAX_SENTENCE_TOKENS)
        return found
