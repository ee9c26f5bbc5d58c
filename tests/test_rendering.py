"""Outcomes as HTML: what came from a document or a visitor reads as itself and makes no element."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answers import Abstention, Answer, Note, Reason
from bot.citations import cite
from embeddings.collection import load_collection
from embeddings.documents import Span
from embeddings.manifest import Certainty
from ui.rendering import ask_button, escape, outcome_html, pending_html, problem_html, question_html
from ui.wording import NOTES, REASONS, RELATED, folded

ELEMENTS = {"div", "p", "figure", "blockquote", "figcaption", "a", "span", "cite", "button", "details", "summary", "dl",
            "dt", "dd", "ul", "li"}  # fmt: skip
ATTRIBUTES = {"class", "lang", "dir", "href", "type"}
HOSTILE = (
    "<script>alert(1)</script> **bold** [x](javascript:alert(1)) `c` _u_ ~~s~~ # h &amp; \u202etxt\u2066 $x$ | a \\"
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)


class Read(HTMLParser):
    """What a browser would make of it: elements, attributes, text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: dict[str, list[str]] = {}
        self.text = ""
        self._open: list[str] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += attrs
        self._open.append(dict(attrs).get("class") or tag)

    def handle_endtag(self, tag):
        self._open.pop()

    def handle_data(self, data):
        self.text += data
        for name in self._open:
            self.words.setdefault(name, []).append(data)


@pytest.fixture
def hostile(make_collection):
    return load_collection(make_collection({"talk.txt": f"{HOSTILE}\n\nA second paragraph.\n"}))


def answer_of(collection, start=0, end=None, **fields):
    document = collection.documents[0]
    span = Span(start, end or len(document.blocks[0].span and document.words(document.blocks[0].span)))
    return Answer(question="Q", query="Q", citations=(cite(collection, document.id, span, 0.5),), **fields)


@given(TEXTS)
@example("\0")
@example("a\n\n\nb\tc\u00a0d\x85e")
@example("\x80\x96\x9f")
@example(HOSTILE)
def test_escaped_text_reads_as_itself_and_makes_no_element(text):
    read = Read(escape(text))

    assert read.elements == []
    assert read.text == folded(text).replace("\0", "\ufffd")


@given(TEXTS)
def test_escaped_text_holds_nothing_that_markdown_reads(text):
    plain = escape(text)

    assert not set(plain) & set("*_`[]()<>\"'\\~|!$\n")
    assert "javascript:" not in plain and "www." not in plain and "://" not in plain


def test_a_hostile_document_shows_as_its_own_characters(hostile):
    answer = answer_of(hostile)
    read = Read(outcome_html(answer, hostile))

    assert read.words["mc-words"] == [folded(answer.citations[0].exact)]
    assert set(read.elements) <= ELEMENTS
    assert {name for name, _ in read.attributes} <= ATTRIBUTES
    assert all((value or "").startswith("/cite/") for name, value in read.attributes if name == "href")


@given(TEXTS)
def test_a_visitors_question_shows_as_its_own_characters(question):
    for markup, n in ((question_html(question), 1), (problem_html(question), 2), (ask_button(question), 1)):
        read = Read(markup)
        assert len(read.elements) == n
        assert read.text == folded(question).replace("\0", "\ufffd")


def test_every_quotation_over_the_seeds_round_trips(seeds):
    for passage in seeds.passages:
        citation = cite(seeds, passage.document_id, passage.span, 1.0)
        read = Read(outcome_html(Answer(question="Q", query="Q", citations=(citation,)), seeds))
        assert "".join(read.words["mc-words"]) == folded(citation.exact)
        assert ("lang", "en") in read.attributes
        assert "".join(read.words["mc-place"]) == citation.locator


@pytest.mark.parametrize("reason", Reason)
def test_an_abstention_says_why_and_labels_what_is_related(seeds, reason):
    passage = seeds.passages[0]
    related = (cite(seeds, passage.document_id, passage.sentences[0], 0.0),)
    read = Read(outcome_html(Abstention(question="Q", query="Q", reason=reason, related=related), seeds))

    assert "".join(read.words["mc-fixed mc-silence"]) == REASONS[reason]
    assert "".join(read.words["mc-label"]) == RELATED
    assert "".join(read.words["mc-related"]).startswith(RELATED)


def test_notes_stand_apart_from_quotations_with_their_ground(seeds):
    note = Note(about="<b>", text="A *note*", ground="hear & say", certainty=Certainty.UNCERTAIN)
    passage = seeds.passages[0]
    citation = cite(seeds, passage.document_id, passage.sentences[0], 1.0)
    read = Read(outcome_html(Answer(question="Q", query="Q", citations=(citation,), notes=(note,)), seeds))

    assert "".join(read.words["mc-notes"]) == f"{NOTES}<b>A *note* (uncertain; ground: hear & say)"
    assert "A *note*" not in "".join(read.words["mc-quotation"])


def test_markers_count_the_quotations_and_what_goes_onward_are_buttons(seeds):
    citations = tuple(cite(seeds, p.document_id, p.sentences[0], 1.0) for p in seeds.passages[:3])
    answer = Answer(question="Q", query="Q", citations=citations)
    read = Read(outcome_html(answer, seeds, before=citations[0], onward=["Who?", "When?"]))

    assert read.words["mc-marker"] == ["1", "2", "3", "↑"]
    assert read.words["mc-ask"] == ["Who?", "When?"]
    assert read.elements.count("details") == 1


def test_what_waits_is_no_outcome():
    assert "mc-outcome" not in pending_html()
