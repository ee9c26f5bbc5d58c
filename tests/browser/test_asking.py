"""Asking in the chat: what an answer shows, what an abstention shows, and how a conversation goes on."""

from __future__ import annotations

from playwright.sync_api import expect

from .visitor import exact_of, folded

LASER = "What did Akhromeev say about the laser incident?"
AGE = "How old was Admiral Crowe?"
WHO = "Who said that?"


def test_an_answer_shows_quotations_with_speaker_place_and_marker(visitor):
    outcome = visitor.ask(LASER)

    told = visitor.outcome_of(LASER)
    assert told["kind"] == "answer"
    shown = outcome.locator("> .mc-quotation")
    expect(shown).to_have_count(len(told["citations"]))
    assert visitor.quoted(shown) == exact_of(told["citations"])
    for number, citation in enumerate(told["citations"], start=1):
        quotation = shown.nth(number - 1)
        expect(quotation.locator(".mc-marker")).to_have_text(str(number))
        expect(quotation.locator(".mc-marker")).to_have_attribute("href", citation["url"])
        expect(quotation.locator(".mc-speaker")).to_contain_text(citation["speaker"])
        expect(quotation.locator(".mc-place")).to_have_text(citation["locator"])
        expect(quotation.locator(".mc-title")).not_to_be_empty()
        expect(quotation.locator(".mc-date")).to_have_text("1987-12-10")


def test_an_abstention_says_why_and_labels_related_passages_as_no_answer(visitor):
    outcome = visitor.ask(AGE)

    told = visitor.outcome_of(AGE)
    assert (told["kind"], told["reason"]) == ("abstention", "not-stated")
    assert told["related"]
    expect(outcome.locator(".mc-silence")).to_have_text(
        "The record does not answer: it comes near this, and does not say."
    )
    expect(outcome.locator("> .mc-quotation")).to_have_count(0)
    related = outcome.locator("> .mc-related")
    expect(related.locator(".mc-label")).to_have_text("Related, not an answer")
    assert visitor.quoted(related) == exact_of(told["related"])
    assert related.locator(".mc-marker").all_text_contents() == list("abcdefgh")[: len(told["related"])]


def test_notes_stand_apart_from_the_record(visitor):
    outcome = visitor.ask(AGE)

    notes = visitor.outcome_of(AGE)["notes"]
    assert notes
    shown = outcome.locator(".mc-notes")
    expect(shown.locator(".mc-label")).to_have_text("Editor’s notes, not part of the record")
    assert [folded(text) for text in shown.locator("dt").all_text_contents()] == [note["about"] for note in notes]
    for number, note in enumerate(notes):
        expect(shown.locator("dd").nth(number)).to_contain_text(note["text"])
        expect(shown.locator(".mc-ground").nth(number)).to_contain_text(note["certainty"])
    expect(outcome.locator(".mc-quotation .mc-notes, .mc-notes .mc-words")).to_have_count(0)
    assert not [note["text"] for note in notes if note["text"] in " ".join(visitor.quoted())]


def test_a_follow_up_is_understood_from_the_conversation(visitor):
    visitor.ask(LASER)

    outcome = visitor.ask(WHO)

    told, alone = visitor.outcome_of(LASER, WHO), visitor.outcome_of(WHO)
    assert told["citations"] != alone["citations"]
    assert visitor.quoted(outcome.locator("> .mc-quotation")) == exact_of(told["citations"])
    expect(visitor.outcomes).to_have_count(2)
    assert visitor.questions.all_text_contents() == [LASER, WHO]


def test_a_question_asked_before_the_last_was_answered_is_answered_after_it(visitor):
    for n_asked, question in enumerate((LASER, AGE), start=1):
        visitor.box.fill(question)
        visitor.box.press("Enter")
        expect(visitor.questions).to_have_count(n_asked)

    visitor.answered(2)

    assert visitor.questions.all_text_contents() == [LASER, AGE]
    assert visitor.quoted(visitor.outcomes.first.locator("> .mc-quotation")) == exact_of(
        visitor.outcome_of(LASER)["citations"]
    )
    expect(visitor.outcomes.last.locator(".mc-silence")).to_be_visible()
    expect(visitor.box).to_have_value("")


def test_a_suggested_question_is_asked_by_a_click_and_so_is_the_next(visitor):
    suggested = visitor.page.locator(".mc-opening .mc-ask").first
    first = suggested.text_content()
    suggested.click()
    onward = visitor.answered(1).locator(".mc-onward .mc-ask").first
    second = onward.text_content()
    onward.click()

    outcome = visitor.answered(2)

    assert first != second
    assert visitor.questions.all_text_contents() == [first, second]
    assert visitor.quoted(outcome.locator("> .mc-quotation")) == exact_of(
        visitor.outcome_of(first, second)["citations"]
    )
    expect(visitor.box).to_have_value("")


def test_only_the_newest_outcome_offers_questions_to_go_on_with(visitor):
    visitor.ask(LASER)

    outcome = visitor.ask(AGE)

    expect(outcome.locator(".mc-onward")).to_have_count(1)
    expect(visitor.page.locator(".mc-onward")).to_have_count(1)


def test_ask_again_puts_the_last_question_once_more_in_its_place(visitor):
    visitor.ask(LASER)
    visitor.ask("Who  said that? ")
    before = visitor.outcomes.last.inner_html()
    visitor.outcomes.last.evaluate("outcome => outcome.classList.add('old')")

    visitor.page.get_by_role("button", name="Ask again").click()
    expect(visitor.page.locator(".mc-outcome.old")).to_have_count(0)
    visitor.answered(2)

    assert [folded(question) for question in visitor.questions.all_text_contents()] == [LASER, WHO]
    assert visitor.outcomes.last.inner_html() == before


def test_start_over_brings_back_the_opening_and_forgets_the_conversation(visitor):
    visitor.ask(LASER)
    visitor.page.get_by_role("button", name="Start over").click()

    expect(visitor.page.locator(".mc-opening")).to_be_visible()
    expect(visitor.questions).to_have_count(0)
    expect(visitor.page.get_by_role("button", name="Start over")).to_be_hidden()
    outcome = visitor.ask(WHO)
    expect(visitor.outcomes).to_have_count(1)
    assert visitor.quoted(outcome.locator("> .mc-quotation")) == exact_of(visitor.outcome_of(WHO)["citations"])


def test_nothing_asked_changes_nothing(visitor):
    for typed in ("", "   ", "\u00a0\u2003"):
        visitor.box.fill(typed)
        visitor.page.get_by_role("button", name="Ask", exact=True).click()

    visitor.ask(LASER)

    assert visitor.questions.all_text_contents() == [LASER]


def test_a_question_in_another_language_is_shown_as_it_was_typed(visitor):
    question = "О чём говорил  маршал Ахромеев?"

    visitor.ask(question)

    expect(visitor.questions).to_have_text("О чём говорил маршал Ахромеев?")
    expect(visitor.questions).to_have_attribute("dir", "auto")
