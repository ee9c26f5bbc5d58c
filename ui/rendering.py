"""Outcomes as HTML for a chat page: everything that came from a document or a visitor is escaped, nothing else is said.

The page's Markdown reader and sanitiser run over this once more.  So every character that is neither a letter, a digit
nor a blank becomes a numeric reference, which leaves nothing to either of them; and white space folds to one blank.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from bot.answers import Answer, Citation, Note, Outcome
from embeddings.collection import Collection
from ui.wording import NOTES, REASONS, RELATED, date_of, folded, speaker_name, speaker_role, title_of


def escape(text: str) -> str:
    """Return ``text`` as HTML that reads as ``text``, white space folded, whatever it holds.

    Control characters stay as they are (a numeric reference to one names another character); NUL, which HTML cannot
    hold, becomes U+FFFD.
    """
    return "".join(map(_escaped, folded(text)))


def _escaped(character: str) -> str:
    if character == "\0":
        return "\ufffd"
    if character.isalnum() or character == " " or unicodedata.category(character) == "Cc":
        return character
    return f"&#{ord(character)};"


def question_html(question: str) -> str:
    """Return what a visitor asked."""
    return f'<div class="mc-question" dir="auto">{escape(question)}</div>'


def problem_html(message: str) -> str:
    """Return why a question was not taken; no outcome, and no part of the record."""
    return f'<div class="mc-outcome mc-problem"><p class="mc-fixed">{escape(message)}</p></div>'


def pending_html() -> str:
    """Return what stands where the answer will be."""
    return '<p class="mc-pending">Reading the record</p>'


def outcome_html(
    outcome: Outcome, collection: Collection, *, before: Citation | None = None, onward: Sequence[str] = ()
) -> str:
    """Return an outcome: its quotations, notes, what was said just ``before``, and questions to go ``onward`` with."""
    return "".join(_parts(outcome, collection, before, onward))


def _parts(outcome: Outcome, collection: Collection, before: Citation | None, onward: Sequence[str]) -> Iterator[str]:
    answers = isinstance(outcome, Answer)
    yield f'<div class="mc-outcome {"mc-answer" if answers else "mc-abstention"}">'
    if isinstance(outcome, Answer):
        yield f'<p class="mc-fixed">{_lead(outcome)}</p>'
        for number, citation in enumerate(outcome.citations, start=1):
            yield quotation_html(citation, collection, str(number))
        if before is not None:
            yield '<details class="mc-before"><summary>What was said just before</summary>'
            yield quotation_html(before, collection, "↑")
            yield "</details>"
    else:
        yield f'<p class="mc-fixed mc-silence">{escape(REASONS[outcome.reason])}</p>'
        if outcome.related:
            yield f'<div class="mc-related"><p class="mc-label">{escape(RELATED)}</p>'
            for letter, citation in zip("abcdefgh", outcome.related, strict=False):
                yield quotation_html(citation, collection, letter)
            yield "</div>"
    if outcome.notes:
        yield f'<div class="mc-notes"><p class="mc-label">{escape(NOTES)}</p><dl>'
        yield from map(_note, outcome.notes)
        yield "</dl></div>"
    if onward:
        yield '<div class="mc-onward"><p class="mc-label">Worth asking next</p><ul>'
        yield from (f"<li>{ask_button(question)}</li>" for question in onward)
        yield "</ul></div>"
    yield "</div>"


def ask_button(question: str) -> str:
    """Return a button that asks ``question``; the page's script listens to its class."""
    return f'<button type="button" class="mc-ask">{escape(question)}</button>'


def quotation_html(citation: Citation, collection: Collection, marker: str) -> str:
    """Return a quotation with its marker, who spoke, and where it stands.

    The marker is a plain link to the quotation's page; the chat's script opens the same view beside the conversation.
    """
    language = escape(collection.manifest.language)
    return (
        f'<figure class="mc-quotation"><blockquote class="mc-words" lang="{language}" dir="auto">'
        f"{escape(citation.exact)}</blockquote>"
        f'<figcaption class="mc-attribution"><a class="mc-marker" href="{escape(citation.url)}">{escape(marker)}</a>'
        f'<span class="mc-where" lang="{language}">{_attribution(citation, collection)}</span>'
        '<button type="button" class="mc-copy mc-cite">Cite this</button></figcaption></figure>'
    )


def _attribution(citation: Citation, collection: Collection) -> str:
    who, role = speaker_name(citation, collection), speaker_role(citation, collection)
    parts = [
        f'<span class="mc-speaker">{escape(who)}</span>' if who else "",
        f'<span class="mc-role">{escape(role)}</span>' if role else "",
        f'<cite class="mc-title">{escape(title_of(citation, collection))}</cite>',
        f'<span class="mc-date">{escape(date)}</span>' if (date := date_of(citation, collection)) else "",
        f'<span class="mc-place">{escape(citation.locator)}</span>',
    ]
    return '<span class="mc-comma">, </span>'.join(part for part in parts if part)


def _lead(answer: Answer) -> str:
    n = len(answer.citations)
    return "The record says:" if n == 1 else f"The record says, in {n} places:"


def _note(note: Note) -> str:
    ground = f"; ground: {escape(note.ground)}" if note.ground else ""
    return (
        f"<dt>{escape(note.about)}</dt><dd>{escape(note.text)} "
        f'<span class="mc-ground">({note.certainty.value}{ground})</span></dd>'
    )
