"""The chat at ``/``: a Gradio page around one function, which asks and renders."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Any

# Before the import: neither it nor what it imports may look anything up.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"

import gradio as gr

from bot.answers import Answer, Citation, Exchange
from bot.errors import BotError
from bot.onward import next_questions, words_before
from bot.reading import MAX_CHARACTERS
from embeddings.documents import Document
from ui.rendering import ask_button, escape, outcome_html, pending_html, problem_html, question_html
from ui.site import Site

MAX_SHOWN = 20  # exchanges on the page: each turn sends all of them, and the oldest are the least read
MAX_WAITING = 64
SECONDS_BETWEEN_LOOKS = 0.02  # at the queue; Gradio's own millisecond keeps an idle server busy
DOOR = "chat"
HEAD = (
    '<link rel="stylesheet" href="site/tokens.css"><link rel="stylesheet" href="site/record.css">'
    '<link rel="stylesheet" href="site/chat.css"><link rel="stylesheet" href="site/desk.css">'
    '<script src="site/site.js" defer></script><script src="site/cite.js" defer></script>'
)
THEME = gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])  # nothing to fetch
_QUESTION = re.compile(r'<div class="mc-question" dir="auto">(?P<text>.*)</div>', re.DOTALL)

Conversation = tuple[Exchange, ...]
Messages = list[dict[str, Any]]


def chat_page(site: Site) -> Any:
    """Build the page, a `gradio.Blocks`; a conversation lives in the page's session and is forgotten with it."""
    manifest = site.answerer.collection.manifest
    minutes = site.settings.conversation_minutes
    with gr.Blocks(title=manifest.title, analytics_enabled=False, fill_width=True, fill_height=True) as page:
        conversation = gr.State(value=(), time_to_live=minutes * 60)
        gr.Markdown(_header(site), elem_id="mc-head", sanitize_html=True)
        chatbot = gr.Chatbot(
            label="Conversation",
            show_label=False,
            container=False,
            elem_id="mc-conversation",
            height=None,
            autoscroll=False,
            placeholder=_opening(site),
            buttons=[],
            feedback_options=None,
            allow_tags=False,
            latex_delimiters=[],
            layout="panel",
            group_consecutive_messages=False,
        )
        with gr.Column(elem_id="mc-foot"):
            question = gr.Textbox(
                label="Ask the record",
                placeholder="Ask in your own words",
                elem_id="mc-ask",
                max_length=MAX_CHARACTERS,
                max_lines=4,
                submit_btn="Ask",
                container=False,
                autofocus=True,
            )
            with gr.Row(elem_id="mc-tools"):
                again = gr.Button("Ask again", elem_id="mc-again", size="sm")
                clear = gr.Button("Start over", elem_id="mc-clear", size="sm")
                gr.Button("Save as Markdown", elem_id="mc-save-md", size="sm")
                gr.Button("Save as JSON", elem_id="mc-save-json", size="sm")

        def ask(text: str, shown: Messages | None, held: Conversation) -> Iterator[tuple[Any, ...]]:
            """Answer ``text``: at once the question, then the outcome."""
            if not (text or "").strip():
                yield gr.skip(), gr.skip(), gr.skip()
                return
            held = held or asked_again(site, _taken(shown or []))
            messages = messages_of(site, held)
            messages.append({"role": "user", "content": question_html(text[:MAX_CHARACTERS])})
            yield [*messages, {"role": "assistant", "content": pending_html()}], held, ""
            try:
                outcome = site.ask(text, held, DOOR)
            except BotError as error:
                yield [*messages, {"role": "assistant", "content": problem_html(str(error))}], held, text
                return
            site.journal.keep(outcome, None)
            held = (*held, Exchange(question=text, outcome=outcome))[-MAX_SHOWN:]
            yield messages_of(site, held), held, gr.skip()  # the next question may stand in the box by now

        def ask_again(shown: Messages | None, held: Conversation) -> Iterator[tuple[Any, ...]]:
            """Ask the last question once more, in the place where it was asked."""
            turns = turns_of(shown or [])
            if not turns:
                yield gr.skip(), gr.skip(), gr.skip()
                return
            if len(held) == len(turns):  # else the last was not taken
                held = held[:-1]
            yield from ask(turns[-1], (shown or [])[: 2 * (len(turns) - 1)], held)

        outputs = [chatbot, conversation, question]
        chat_events: dict[str, Any] = {
            "concurrency_limit": site.settings.threads,
            "concurrency_id": "ask",
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        question.submit(
            ask,
            [question, chatbot, conversation],
            outputs,
            trigger_mode="always_last",  # what is asked too early is asked as soon as it can be
            **chat_events,
        )
        again.click(ask_again, [chatbot, conversation], outputs, **chat_events)
        clear.click(lambda: ([], (), ""), None, outputs, show_progress="hidden", queue=False, api_visibility="private")

        def forget(request: gr.Request) -> None:
            """Forget a session when its page is closed: Gradio alone would keep it for an hour and more."""
            forget_session(page, request.session_hash or "")

        page.unload(forget)
    page.state_session_capacity = site.settings.max_conversations
    page.queue(max_size=MAX_WAITING, default_concurrency_limit=site.settings.threads)
    page._queue.sleep_when_free = SECONDS_BETWEEN_LOOKS
    page._queue.process_events = _emptied(page._queue.process_events)
    return page


def forget_session(page: gr.Blocks, session_hash: str) -> None:
    """Remove a session's state and undelivered messages from the memory of a running page.

    These are private names of Gradio's: the release is pinned, and a test searches the memory for the words.
    """
    page.state_holder.session_data.pop(session_hash, None)
    page.state_holder.time_last_used.pop(session_hash, None)
    page._queue.pending_messages_per_session.pop(session_hash, None)
    page._queue.pending_event_ids_session.pop(session_hash, None)


def _emptied(process: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """Empty the queue's events once they are through: its loop holds the last one, with a whole conversation in it."""

    async def process_and_empty(events: Sequence[Any], *given: Any) -> None:
        try:
            await process(events, *given)
        finally:
            for event in events:
                event.data = event.request = None

    return process_and_empty


def messages_of(site: Site, held: Conversation) -> Messages:
    """Return the conversation as the page shows it; what to ask next stands under the last outcome."""
    collection = site.answerer.collection
    messages: Messages = []
    for number, exchange in enumerate(held, start=1):
        before: Citation | None = None
        onward: tuple[str, ...] = ()
        if number == len(held):
            asked = [earlier.question for earlier in held]
            onward = next_questions(collection, exchange.outcome, asked)
        if isinstance(exchange.outcome, Answer):
            before = words_before(collection, exchange.outcome.citations[0])
        content = outcome_html(exchange.outcome, collection, before=before, onward=onward)
        messages.append({"role": "user", "content": question_html(exchange.question)})
        messages.append({"role": "assistant", "content": content})
    return messages


def asked_again(site: Site, shown: Messages) -> Conversation:
    """Answer the questions on the page again, where the server has forgotten them: it was started anew meanwhile.

    The same question after the same conversation has the same outcome, so nothing changes for the visitor.
    """
    held: Conversation = ()
    for turn in turns_of(shown)[-MAX_SHOWN:]:
        try:
            held = (*held, Exchange(question=turn, outcome=site.ask(turn, held, DOOR)))
        except BotError:
            continue  # it was not taken the first time either, and said so
    return held


def _taken(shown: Messages) -> Messages:
    """Leave out a last question that was not taken: it stays on the page until the next, and begins no conversation."""
    return shown[:-2] if shown and "mc-problem" in str(shown[-1].get("content")) else shown


def turns_of(shown: Sequence[dict[str, Any]]) -> list[str]:
    """Return the questions on the page, as they were typed; what else a client may have put there is left out."""
    turns = []
    for message in shown[-2 * MAX_SHOWN :]:
        if message.get("role") == "user":
            content = message.get("content")
            parts = content if isinstance(content, list) else [{"text": content}]
            text = " ".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))
            match = _QUESTION.fullmatch(text.strip())
            if match:
                turns.append(html.unescape(match["text"])[:MAX_CHARACTERS])
    return turns


def _header(site: Site) -> str:
    manifest = site.answerer.collection.manifest
    return (
        f'<div class="mc-header"><h1>{escape(manifest.title)}</h1>'
        '<p class="mc-nav"><span class="mc-here">Ask</span><a href="documents">Documents</a><a href="cite">Cite</a>'
        '<a href="quotations">Check a quotation</a></p></div>'
    )


def _opening(site: Site) -> str:
    """Return what an empty conversation shows: what the collection is, how it answers, and what to ask."""
    manifest = site.answerer.collection.manifest
    asks = "".join(f"<li>{ask_button(question)}</li>" for question in manifest.suggestions[:7])
    titles = "".join(map(_document, site.answerer.collection.documents[:12]))
    return (
        f'<div class="mc-opening"><p class="mc-about">{escape(manifest.description)}</p>'
        '<p class="mc-fixed">Ask in your own words. The answers are quotations, word for word, each with its speaker '
        "and its place. Where the record is silent, you will be told so.</p>"
        f'<ul class="mc-documents">{titles}</ul>'
        + (f'<p class="mc-label">To begin with</p><ul class="mc-asks">{asks}</ul>' if asks else "")
        + "</div>"
    )


def _document(document: Document) -> str:
    date = f' <span class="mc-date">{escape(document.date)}</span>' if document.date else ""
    return f'<li><a href="documents/{escape(document.id)}">{escape(document.title)}</a>{date}</li>'
