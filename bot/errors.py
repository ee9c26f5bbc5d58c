"""Everything that can go wrong between a question and its answer."""

from __future__ import annotations


class BotError(Exception):
    """Base of this package's errors; the message names what, the value, and what to do next."""


class QuestionError(BotError):
    """A question cannot be taken: empty, too long, or no text."""


class ModelError(BotError):
    """A model's file is missing, altered or of another release."""


class CitationError(BotError):
    """An id names no passage or citation."""


class SettingsError(BotError):
    """A setting is unknown or has a value that is not allowed."""


class QuestionsFileError(BotError):
    """A questions file cannot be read."""
