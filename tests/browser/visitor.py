"""A visitor: one browser page, what it shows, and what it asked of the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Locator, Page, Response, expect


class Visitor:
    """Somebody at the chat page of one server."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.console: list[str] = []  # errors and warnings
        self.dialogs: list[str] = []
        self.requests: list[str] = []
        self.responses: list[Response] = []
        page.on("console", lambda said: self.console.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.console.append(str(error)))
        page.on("dialog", self._dismiss)
        page.context.on("request", lambda request: self.requests.append(request.url))
        page.context.on("response", lambda response: self.responses.append(response))

    def _dismiss(self, dialog: Any) -> None:
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    @property
    def box(self) -> Locator:
        """Where one types a question."""
        return self.page.get_by_label("Ask the record")

    @property
    def outcomes(self) -> Locator:
        """The outcomes in the conversation, oldest first."""
        return self.page.locator("#mc-conversation .mc-outcome")

    @property
    def questions(self) -> Locator:
        """The questions in the conversation, oldest first."""
        return self.page.locator("#mc-conversation .mc-question")

    @property
    def panel(self) -> Locator:
        """The source beside the conversation."""
        return self.page.locator("#mc-source")

    @property
    def sheet(self) -> Locator:
        """The dialog that a quotation is cited from."""
        return self.page.get_by_role("dialog", name="Cite this")

    def open(self) -> Visitor:
        """Open the chat and wait until one can ask."""
        self.page.goto(self.address)
        expect(self.page.locator(".mc-opening")).to_be_visible()
        expect(self.box).to_be_editable()
        expect(self.page.locator("#mc-announce")).to_be_attached()  # the page's own script runs
        return self

    def ask(self, question: str) -> Locator:
        """Type a question and return its outcome once it is there."""
        n_asked = self.questions.count()
        self.box.fill(question)
        self.box.press("Enter")
        return self.answered(n_asked + 1)

    def answered(self, n_asked: int) -> Locator:
        """Return the newest outcome once ``n_asked`` questions have one each."""
        expect(self.questions).to_have_count(n_asked)
        expect(self.outcomes).to_have_count(n_asked)
        expect(self.page.locator(".mc-pending")).to_have_count(0)
        return self.outcomes.last

    def outcome_of(self, *turns: str) -> dict[str, Any]:
        """Return what the HTTP interface says to the last of ``turns``."""
        response = self.page.request.post(f"{self.address}api/v1/ask", data={"turns": turns})
        assert response.ok, response.text()
        return response.json()

    def quoted(self, within: Locator | None = None) -> list[str]:
        """Return the words of all quotations shown, white space folded."""
        words = (within or self.page.locator("#mc-conversation")).locator(".mc-words")
        return [folded(text) for text in words.all_text_contents()]

    def marked(self) -> str:
        """Return the highlighted words of the record in view, panel or page, white space folded."""
        return folded("".join(self.page.locator("#record mark").all_text_contents()))


def folded(text: str) -> str:
    """Fold runs of white space to one blank."""
    return " ".join(text.split())


def exact_of(citations: Sequence[dict[str, Any]]) -> list[str]:
    """Return the words of citations, white space folded."""
    return [folded(citation["exact"]) for citation in citations]
