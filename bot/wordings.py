"""Choose a curated question's wording in a language."""

from __future__ import annotations

from embeddings.languages import language_of
from embeddings.questions import CuratedQuestion


def wording_in(question: CuratedQuestion, language: str) -> str | None:
    """Return the first whole question in ``language`` among the wordings, None where there is none.

    A wording without a question mark is a few words for a search: too few to tell the language by, and none to offer.
    """
    asked = (wording for wording in question.wordings if wording.rstrip().endswith("?"))
    return next((wording for wording in asked if language_of(wording) == language), None)
