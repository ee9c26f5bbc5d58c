"""A citation is a slice of a document, and says where the words stand."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.citations import cite, find_citation, may_join
from bot.errors import CitationError
from bot.permalinks import read_permalink
from bot.settings import SEEDS_PATH
from embeddings.collection import load_collection
from embeddings.documents import BlockKind, Span

MEETING, FILE = "akhromeev-crowe-1987", "nsdd-311"


def spans(collection):
    for passage in collection.passages:
        for span in (passage.span, *passage.sentences):
            yield passage, span


def span_of(collection, document_id, words):
    start = collection.document(document_id).text.index(words)
    return Span(start, start + len(words))


def test_citation_equals_document_slice(seeds):
    for passage, span in spans(seeds):
        citation = cite(seeds, passage.document_id, span, 0.5)
        text = seeds.document(passage.document_id).text

        assert text[citation.start : citation.end] == citation.exact
        assert (citation.start, citation.end) == (span.start, span.end)


def test_citation_carries_speaker_item_and_passage(seeds):
    for passage, span in spans(seeds):
        citation = cite(seeds, passage.document_id, span, 0.5)
        block = seeds.block(passage)

        assert citation.speaker == block.speaker
        assert citation.item_id == block.item_id
        assert citation.passage_id == passage.id
        assert (citation.speaker is None) == (block.kind is not BlockKind.TURN)


def test_citation_carries_the_hash_of_the_file(seeds):
    for passage, span in spans(seeds):
        data = (SEEDS_PATH / "documents" / f"{passage.document_id}.txt").read_bytes()

        assert cite(seeds, passage.document_id, span, 0.5).document_sha256 == hashlib.sha256(data).hexdigest()


def test_page_of_the_meeting_is_counted_by_the_lines_that_begin_with_one_space(seeds):
    text = seeds.document(MEETING).text
    for passage, span in spans(seeds):
        if passage.document_id == MEETING:
            page = len(re.findall(r"(?m)^ (?=\S)", text[: span.start + 1])) or 1

            assert cite(seeds, MEETING, span, 0.5).page == page


def test_id_and_url_lead_back_to_the_same_citation(seeds):
    for passage, span in spans(seeds):
        citation = cite(seeds, passage.document_id, span, 1.0)

        assert find_citation(seeds, citation.id) == citation
        assert citation.url.startswith(f"/cite/{citation.id}?sha256={citation.document_sha256[:12]}&")
        assert find_citation(seeds, read_permalink(citation.url)[0]) == citation


def test_passage_id_cites_the_whole_passage(seeds):
    for passage in seeds.passages:
        citation = find_citation(seeds, f" {passage.id}\n")

        assert (citation.start, citation.end) == (passage.span.start, passage.span.end)


@pytest.mark.parametrize(
    ("document_id", "words", "speaker", "page", "locator", "passage_id"),
    [
        (MEETING, "It turned out that the ships had laser binoculars.", "Akhromeev", 4, "turn 20, p. 4", "t20"),
        (MEETING, "the seamen turned out luckier", "Akhromeev", 5, "turn 29, p. 5", "t29"),
        (MEETING, "Do you propose to broaden contacts", "Throst", 5, "turn 28, p. 5", "t28"),
        (MEETING, "Translated by Anna Melyakova", None, 6, "editor's note 1, p. 6", "n1"),
        (MEETING, "Meeting with members", None, 4, "heading 1, p. 4", "h1"),
        (FILE, "NSDD #311 establishes", None, 1, "paragraph 2, p. 1", "routing-slip/p2"),
        (FILE, "11\tIG", None, 1, "table row 12, p. 1", "routing-slip/r12"),
        (FILE, "25X1", None, 1, "stamp 1, p. 1", "cover-sheet/f1"),
        (FILE, "to lend support", None, 2, "list entry 5, p. 2", "directive/e5"),
    ],
)
def test_citation_says_where_words_stand(seeds, document_id, words, speaker, page, locator, passage_id):
    citation = cite(seeds, document_id, span_of(seeds, document_id, words), 0.5)

    assert citation.exact == words
    assert (citation.speaker, citation.page, citation.locator) == (speaker, page, locator)
    assert citation.passage_id == f"{document_id}/{passage_id}"


def test_score_is_rounded_to_four_places(seeds):
    assert cite(seeds, MEETING, seeds.passages[0].span, 0.123456).score == 0.1235


@settings(max_examples=300)
@given(data=st.data())
def test_no_citation_joins_speakers_records_or_stamps(seeds, data):
    document = seeds.documents[data.draw(st.integers(0, 1))]
    start = data.draw(st.integers(0, len(document.text) - 1))
    span = Span(start, start + data.draw(st.integers(1, 900)))
    try:
        citation = cite(seeds, document.id, span, 0.5)
    except CitationError:
        return

    met = [block for block in document.blocks if block.span.meets(span)]
    assert document.text[span.start : span.end] == citation.exact
    assert {block.speaker for block in met} == {citation.speaker}
    assert {block.item_id for block in met} == {citation.item_id}
    assert len(met) == 1 or {block.kind for block in met} <= {BlockKind.ENTRY, BlockKind.ROW}


@pytest.mark.parametrize(
    ("document_id", "first", "last"),
    [
        (MEETING, "I regret this myself.", "I would like to fix that."),  # two speakers
        (MEETING, "increase mutual understanding.", "Mr. Marshal, regular sessions"),  # one speaker, a heading between
        (FILE, "to influence the Soviets", "to influence Soviet behavior"),  # one list, stamps between
        (FILE, "COPY 3 (CIA)", "## Notice"),  # a redaction between
        (FILE, "Remarks", "NSDD #311 establishes"),  # a heading and a paragraph
        (FILE, "ACTION\tINFO", "1\tDCI"),  # the names of columns and a row
    ],
)
def test_words_that_stand_apart_are_not_joined(seeds, document_id, first, last):
    span = Span(span_of(seeds, document_id, first).start, span_of(seeds, document_id, last).end)

    with pytest.raises(CitationError) as raised:
        cite(seeds, document_id, span, 0.5)

    assert str(raised.value) == (
        f"{document_id}: {span.start}-{span.end} would join words that stand apart in the record"
    )


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("to influence Soviet behavior", "on our agenda with the Soviet Union. (C)"),
        ("to gain greater access", "openness and honest debate;"),
        ("1\tDCI", "22\tC/ACIS\t\tX"),
    ],
)
def test_entries_of_a_list_and_rows_of_a_table_may_join(seeds, first, last):
    span = Span(span_of(seeds, FILE, first).start, span_of(seeds, FILE, last).end)
    citation = cite(seeds, FILE, span, 0.5)

    assert citation.exact.startswith(first) and citation.exact.endswith(last)
    assert find_citation(seeds, citation.id).exact == citation.exact


def test_a_redaction_between_entries_of_a_list_keeps_them_apart(make_collection):
    text = "Three aims were set:\n\n- to keep the peace\n- to [not declassified] the fleet\n- to go home\n"
    collection = load_collection(make_collection({"aims.txt": text}))
    document = collection.documents[0]
    entries = [n for n, block in enumerate(document.blocks) if block.kind is BlockKind.ENTRY]
    first, last = (document.blocks[n].span for n in (entries[0], entries[-1]))

    assert len(entries) == 3 and not may_join(document, entries[0], entries[-1])
    with pytest.raises(CitationError) as raised:
        cite(collection, "aims", Span(first.start, last.end), 0.5)
    assert str(raised.value) == f"aims: {first.start}-{last.end} would join words that stand apart in the record"


def test_a_speaker_label_is_no_words_of_the_speaker(seeds):
    span = span_of(seeds, MEETING, "Akhromeev. I regret this myself.")

    with pytest.raises(CitationError) as raised:
        cite(seeds, MEETING, span, 0.5)

    assert str(raised.value) == (
        f"{MEETING}: {span.start}-{span.end} does not begin and end inside a turn or paragraph"
    )


def test_a_span_beyond_the_text_is_an_error(seeds):
    with pytest.raises(CitationError) as raised:
        cite(seeds, MEETING, Span(17000, 99999), 0.5)

    assert str(raised.value) == f"{MEETING}: 17000-99999 leaves the text of 17835 characters"


@pytest.mark.parametrize(
    "identifier", ["", "t20", f"{MEETING}/t35", f"{MEETING}/t20:1", "nsdd-311/t20:0-5", f"{MEETING}/t20:9-{'9' * 5000}"]
)
def test_an_id_that_names_nothing_shows_what_ids_look_like(seeds, identifier):
    with pytest.raises(CitationError) as raised:
        find_citation(seeds, identifier)

    assert str(raised.value) == (
        f"{identifier!r} names no passage or citation. An id looks like 'akhromeev-crowe-1987/p1' or "
        f"akhromeev-crowe-1987/p1:1-208; 'memcon documents --passages' lists them"
    )


@pytest.mark.parametrize("place", ["9546-9600", "10435-10440", "9600-9600", "9700-9600", "0-99999"])
def test_a_span_must_begin_in_its_passage(seeds, place):
    with pytest.raises(CitationError) as raised:
        find_citation(seeds, f"{MEETING}/t20:{place}")

    assert str(raised.value) == (
        f"'{MEETING}/t20:{place}': the passage {MEETING}/t20 runs from 9547 to 10435; {place} does not begin in it"
    )
