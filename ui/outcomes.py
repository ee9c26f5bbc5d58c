"""Outcomes as JSON objects: the contract of the command line, the batch and the HTTP interface."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.answers import Answer, Citation, Note, Outcome
from bot.quotations import QuotationCheck


def outcome_object(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as a JSON object; its keys are the same for answers and abstentions."""
    answer = outcome if isinstance(outcome, Answer) else None
    abstention = None if isinstance(outcome, Answer) else outcome
    return {
        "kind": "answer" if answer else "abstention",
        "question": outcome.question,
        "query": outcome.query,
        "reason": abstention.reason.value if abstention else None,
        "citations": [citation_object(c) for c in answer.citations] if answer else [],
        "related": [citation_object(c) for c in abstention.related] if abstention else [],
        "notes": [note_object(note) for note in outcome.notes],
    }


def citation_object(citation: Citation) -> dict[str, Any]:
    """Return a citation as a JSON object."""
    return asdict(citation)


def note_object(note: Note) -> dict[str, Any]:
    """Return an editor's note as a JSON object."""
    return {"about": note.about, "text": note.text, "ground": note.ground, "certainty": note.certainty.value}


def check_object(check: QuotationCheck) -> dict[str, Any]:
    """Return a quotation check as a JSON object."""
    return {
        "quoted": check.quoted,
        "verdict": check.verdict.value,
        "places": [citation_object(place) for place in check.places],
        "changes": [asdict(change) for change in check.changes],
        "span": asdict(check.span),
        "has_more": check.has_more,
        "misattribution": asdict(check.misattribution) if check.misattribution else None,
        "warnings": [
            {"concern": caution.concern.value, "how": caution.how, "words": caution.words} for caution in check.warnings
        ],
    }
