"""A permalink leads to the words that were cited, says what became of them, and never leads elsewhere."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.anchoring import MAX_PLACES, Anchored, State, open_permalink
from bot.citations import cite, find_citation
from bot.errors import CitationError
from embeddings.collection import Collection, load_collection
from embeddings.documents import BlockKind, Genre, Span
from embeddings.manifest import Manifest
from embeddings.normalized import tokens
from embeddings.passages import cut_passages

FOUND = {State.UNCHANGED, State.MOVED, State.RESTYLED, State.EDITED}


def folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def compared(text: str) -> list[str]:
    return [token.text for token in tokens(unicodedata.normalize("NFC", text))]


@pytest.fixture(scope="session")
def collect(read_document):
    """Return ``collect({"id": "text"})``, which reads texts as the documents of a collection."""

    def read(texts: dict[str, str], **entry: object) -> Collection:
        documents = tuple(replace(read_document(text, **entry), id=name) for name, text in texts.items())
        return Collection(
            path=Path("nowhere"),
            manifest=Manifest(id="c", title="C", description="", language="en", editor=None, documents=()),
            documents=documents,
            passages=tuple(passage for document in documents for passage in cut_passages(document)),
            questions=(),
            guessed=(),
        )

    return read


def link(collection: Collection, words: str, document_id: str = "d", nth: int = 0) -> str:
    """Cite the nth place of ``words`` and return its permalink."""
    text = collection.document(document_id).text
    start = [match.start() for match in re.finditer(re.escape(words), text)][nth]
    return cite(collection, document_id, Span(start, start + len(words)), 1.0).url


def exacts(anchored: Anchored) -> list[str]:
    return [place.exact for place in anchored.places]


RECORD = (
    "The board met in the old town hall at nine.\n\n"
    "Mr. Ash asked whether the old “ferry” would run in winter. Nobody had an answer to that.\n\n"
    "The motion was carried.\n\n"
    "Mrs. Birch reported that the bridge needs new planks before spring, at a cost of 300 crowns.\n\n"
    "The motion was carried.\n\n"
    "The board parted at noon and went home by cart."
)
FERRY = "whether the old “ferry” would run in winter"


def test_an_unchanged_document_shows_the_words_verified(collect):
    collection = collect({"d": RECORD})
    anchored = open_permalink(collection, link(collection, FERRY))

    assert anchored.state is State.UNCHANGED
    assert anchored.places == (cite(collection, "d", Span(RECORD.index(FERRY), RECORD.index(FERRY) + len(FERRY)), 1.0),)


def test_every_passage_and_sentence_of_the_seeds_opens_unchanged(seeds):
    for passage in seeds.passages:
        for span in (passage.span, *passage.sentences):
            citation = cite(seeds, passage.document_id, span, 1.0)

            assert open_permalink(seeds, citation.url) == Anchored(
                state=State.UNCHANGED, identifier=citation.id, places=(citation,)
            )


CHANGES = {
    "a paragraph before": lambda text: f"Minutes of the board.\n\n{text}",
    "a paragraph after": lambda text: f"{text}\n\nSigned by the clerk.",
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "other lines": lambda text: text.replace(" would", "\nwould"),
    "white space": lambda text: text.replace(" ", "   "),
    "no-break blanks": lambda text: text.replace("run in", "run\u00a0in"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "the words before": lambda text: text.replace("Mr. Ash asked", "Mr. Elm wondered"),
    "the words after": lambda text: text.replace("Nobody", "No one present"),
    "the words on both sides": lambda text: text.replace("asked", "wondered").replace("Nobody", "No one"),
    "what is added to them": lambda text: text.replace("winter.", "winter, or in spring, or not at all."),
    "all other words": lambda text: f"Quite another text says {FERRY} and more.",
    "a copy of them elsewhere": lambda text: f"{text}\n\nMr. Oak said again {FERRY} next year.",
    "stamps": lambda text: text.replace("\n\n", "\n\nSECRET\n\n"),
    "decomposed accents": lambda text: unicodedata.normalize("NFD", text + " Élan."),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_same_words_are_found_again_after_a_change_of(collect, change):
    collection, after = collect({"d": RECORD}), collect({"d": change(RECORD)})
    anchored = open_permalink(after, link(collection, FERRY))

    assert anchored.state is State.MOVED
    assert [folded(exact) for exact in exacts(anchored)] == [folded(FERRY)]
    assert anchored.places[0] == find_citation(after, anchored.places[0].id)


def test_moved_says_from_where_to_where(collect):
    collection, after = collect({"d": RECORD}), collect({"d": f"Minutes of the board.\n\n{RECORD}"})
    anchored = open_permalink(after, link(collection, FERRY))

    assert (anchored.identifier, anchored.places[0].id) == ("d/p2:59-102", "d/p3:82-125")
    assert open_permalink(after, anchored.places[0].url).state is State.UNCHANGED


def test_composed_and_decomposed_accents_are_the_same_words(collect):
    text = "Der Café-Besitzer Ångström sah が und 한국어 nicht. Er ging."
    for one, other in itertools.permutations(("NFC", "NFD")):
        collection, after = (collect({"d": unicodedata.normalize(form, text)}) for form in (one, other))
        words = unicodedata.normalize(one, "Café-Besitzer Ångström sah が und 한국어")
        anchored = open_permalink(after, link(collection, words))

        assert anchored.state is State.MOVED
        assert exacts(anchored) == [unicodedata.normalize(other, words)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("“ferry”", '"ferry"'),
        ("“ferry”", "ferry"),
        ("would run", "WOULD RUN"),
        ("ferry” would", "ferry”, would"),
    ],
)
def test_the_same_words_with_other_marks_are_said_to_be_restyled(collect, old, new):
    collection, after = collect({"d": RECORD}), collect({"d": RECORD.replace(old, new)})
    anchored = open_permalink(after, link(collection, FERRY))

    assert anchored.state is State.RESTYLED
    assert exacts(anchored) == [f"{FERRY.replace(old, new)}."]  # with the mark next to them, for nobody knows now


def test_words_that_a_paragraph_parts_now_are_shown_in_their_parts(collect):
    collection = collect({"d": RECORD})
    words = "Mr. Ash asked whether the old “ferry” would run in winter. Nobody had an answer to that."
    anchored = open_permalink(collect({"d": RECORD.replace("winter. ", "winter.\n\n- ")}), link(collection, words))

    assert anchored.state is State.RESTYLED
    assert exacts(anchored) == [
        "Mr. Ash asked whether the old “ferry” would run in winter.",
        "Nobody had an answer to that.",
    ]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("winter", "summer", "whether the old “ferry” would run in summer."),
        (FERRY, "for tea", "for tea."),
        (FERRY, "██████████", None),
        (FERRY, "[3 lines not declassified]", "[3 lines not declassified]."),
        ("the old “ferry” would", "a boat, “or a ferry,” could", "whether a boat, “or a ferry,” could run in winter."),
        (
            "“ferry” would run in winter",
            "ferry would run in winter, or not",
            "whether the old ferry would run in winter, or not.",
        ),
    ],
)
def test_words_that_were_edited_show_what_stands_between_their_neighbours(collect, old, new, shown):
    collection, after = collect({"d": RECORD}), collect({"d": RECORD.replace(old, new)})
    anchored = open_permalink(after, link(collection, FERRY))

    if shown is None:  # no words are left to show
        assert (anchored.state, anchored.places) == (State.GONE, ())
    else:
        assert anchored.state is State.EDITED
        assert exacts(anchored) == [shown]


@pytest.mark.parametrize(
    ("cited", "state"), [("the old “ferry” would run in winter", State.AMBIGUOUS), (FERRY, State.MOVED)]
)
def test_seven_words_among_others_may_be_said_anew_and_eight_are_the_same(collect, cited, state):
    collection, after = collect({"d": RECORD}), collect({"d": f"Quite another text says {FERRY} and more."})
    anchored = open_permalink(after, link(collection, cited))

    assert (anchored.state, exacts(anchored)) == (state, [cited])


def test_words_given_to_two_speakers_are_never_shown_as_one_quotation(collect):
    talk = (
        "ASH: It is late in the year and cold. We must decide on the ferry today. I will vote for it.\n\nBIRCH: So.\n\n"
    )
    talk += "ASH: Good.\n\nBIRCH: Good.\n\nASH: Then let us all go home now."
    collection = collect({"d": talk})
    anchored = open_permalink(
        collect({"d": talk.replace("decide on", "decide.\n\nBIRCH: On")}),
        link(collection, "We must decide on the ferry today."),
    )

    assert anchored.state is State.EDITED
    assert [(place.speaker, place.exact) for place in anchored.places] == [
        ("Ash", "We must decide."),
        ("Birch", "On the ferry today."),
    ]


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(f" {FERRY}", ""),
        lambda text: text.replace(FERRY, " ".join(["Long words"] * 200)),
        lambda text: text.replace("Mr. Ash", "Mr. Elm").replace("winter", "summer").replace("Nobody", "No one"),
        lambda text: "Nothing of it is left.",
    ],
)
def test_words_that_were_taken_out_or_cannot_be_told_are_gone(collect, change):
    collection, after = collect({"d": RECORD}), collect({"d": change(RECORD)})

    assert open_permalink(after, link(collection, FERRY)) == Anchored(
        state=State.GONE, identifier=find_id(link(collection, FERRY))
    )


def find_id(url: str) -> str:
    return url.removeprefix("/cite/").partition("?")[0]


CARRIED = "The motion was carried."


@pytest.mark.parametrize("nth", [0, 1])
def test_repeated_words_are_told_by_their_neighbours(collect, nth):
    collection, after = collect({"d": RECORD}), collect({"d": f"Minutes.\n\n{RECORD}"})
    anchored = open_permalink(after, link(collection, CARRIED, nth=nth))

    assert anchored.state is State.MOVED
    assert anchored.places[0].start == [m.start() for m in re.finditer(CARRIED, after.documents[0].text)][nth]


@pytest.mark.parametrize("nth", [0, 1])
def test_a_twin_of_words_that_were_taken_out_is_not_taken_for_them(collect, nth):
    collection = collect({"d": RECORD})
    before, _, after = RECORD.rpartition(CARRIED) if nth else RECORD.partition(CARRIED)
    anchored = open_permalink(collect({"d": before + after}), link(collection, CARRIED, nth=nth))

    assert anchored.state is State.AMBIGUOUS
    assert exacts(anchored) == [CARRIED]  # offered as what it may be, or not


def test_an_edited_place_is_not_mistaken_for_its_twin(collect):
    collection = collect({"d": RECORD})
    anchored = open_permalink(collect({"d": RECORD.replace("carried", "lost", 1)}), link(collection, CARRIED))

    assert anchored.state is State.EDITED
    assert exacts(anchored) == ["The motion was lost."]


def test_a_copy_of_words_that_were_edited_leaves_it_open(collect):
    collection = collect({"d": RECORD})
    changed = RECORD.replace("winter", "summer") + f"\n\nOnce it read {FERRY}."
    anchored = open_permalink(collect({"d": changed}), link(collection, FERRY))

    assert anchored.state is State.AMBIGUOUS
    assert exacts(anchored) == ["whether the old “ferry” would run in summer.", FERRY]


def test_copies_with_the_same_neighbours_are_all_offered(collect):
    collection, after = collect({"d": RECORD}), collect({"d": f"{RECORD}\n\n{RECORD}"})
    anchored = open_permalink(after, link(collection, FERRY))

    assert anchored.state is State.AMBIGUOUS
    assert [place.start for place in anchored.places] == [
        m.start() for m in re.finditer(FERRY, after.documents[0].text)
    ]


def test_no_more_places_are_offered_than_a_person_can_look_at(collect):
    collection = collect({"d": "So: Yes. No."})
    for n_copies in (30, 1500):
        anchored = open_permalink(collect({"d": "\n\n".join(["Yes."] * n_copies)}), link(collection, "Yes."))

        assert (anchored.state, len(anchored.places)) == (State.AMBIGUOUS, MAX_PLACES)


def test_a_renamed_document_is_known_by_its_hash(collect):
    collection, after = collect({"d": RECORD}), collect({"new": RECORD, "other": f"{FERRY}."})
    anchored = open_permalink(after, link(collection, CARRIED))

    assert (anchored.state, anchored.elsewhere) == (State.MOVED, True)
    assert [place.id for place in anchored.places] == ["new/p3:135-158"]


def test_words_of_a_renamed_and_changed_document_are_found(collect):
    collection, after = collect({"d": RECORD}), collect({"new": f"Minutes.\n\n{RECORD}", "other": "Other."})
    anchored = open_permalink(after, link(collection, FERRY))

    assert (anchored.state, anchored.elsewhere, exacts(anchored)) == (State.MOVED, True, [FERRY])


def test_two_copies_of_a_renamed_document_are_both_offered(collect):
    collection, after = collect({"d": RECORD}), collect({"one": RECORD, "two": RECORD})
    anchored = open_permalink(after, link(collection, FERRY))

    assert anchored.state is State.AMBIGUOUS
    assert [place.document_id for place in anchored.places] == ["one", "two"]


def test_a_draft_with_the_same_words_is_not_taken_for_a_document_that_lost_them(collect):
    draft = RECORD.replace("nine", "ten")
    collection = collect({"d": RECORD, "draft": draft})
    url = link(collection, FERRY)

    assert "&again=elsewhere&" in url
    assert open_permalink(collect({"d": "Withdrawn.", "draft": draft}), url).state is State.GONE
    withdrawn = open_permalink(collect({"draft": draft}), url)
    assert (withdrawn.state, withdrawn.elsewhere, exacts(withdrawn)) == (State.AMBIGUOUS, True, [FERRY])


def test_words_that_went_into_another_document_are_found_there(collect):
    collection = collect({"d": RECORD})
    anchored = open_permalink(collect({"d": "The board met.", "annex": f"Asked was {FERRY}."}), link(collection, FERRY))

    assert (anchored.state, anchored.elsewhere, exacts(anchored)) == (State.MOVED, True, [FERRY])


def test_a_document_that_is_not_there_and_left_no_words_is_unknown(collect):
    anchored = open_permalink(collect({"other": "It rained."}), link(collect({"d": RECORD}), FERRY))

    assert (anchored.state, anchored.places) == (State.UNKNOWN, ())
    assert anchored.problem == ("'d' names no document, and its words stand in no other; 'memcon documents' lists them")


def test_words_that_are_read_as_a_label_now_are_no_quotation(collect):
    talk = "ASH: It is late.\n\nBIRCH: So it is.\n\n" * 3
    prose, transcript = (collect({"d": talk}, genre=genre) for genre in (Genre.PROSE, Genre.TRANSCRIPT))
    for words in ("ASH", "ASH: It is late."):
        anchored = open_permalink(transcript, link(prose, words))

        assert (anchored.state, anchored.places) == (State.UNKNOWN, ())
        assert anchored.problem == (
            f"'d/p1:0-{len(words)}': the words there no longer stand in one turn or paragraph, "
            "as the document is read now"
        )


def test_another_document_or_another_reading_leaves_a_link_as_it_was(collect):
    collection = collect({"d": RECORD})
    url = link(collection, FERRY)
    more = open_permalink(collect({"a": f"Asked was {FERRY}.", "d": RECORD}), url)
    read_anew = open_permalink(collect({"d": RECORD}, furniture=("The board met.*",)), url)

    assert (more.state, more.elsewhere) == (State.UNCHANGED, False)
    assert read_anew.state is State.UNCHANGED
    assert (read_anew.identifier, read_anew.places[0].id) == ("d/p2:59-102", "d/p1:59-102")


def test_an_id_alone_shows_what_stands_there_unchecked(collect):
    collection = collect({"d": RECORD})
    for identifier in ("d/p2", "d/p2:59-102", "/cite/d/p2:59-102", "https://museum.example/cite/d/p2?format=ris"):
        anchored = open_permalink(collection, f" {identifier}\n")

        assert anchored.state is State.UNCHECKED
        assert anchored.places[0].passage_id == "d/p2"


@pytest.mark.parametrize(
    "identifier", ["", "d", "d/p99", "d/p2:9-5", "e/p1", "/cite/", "../../etc/passwd", "d/p2:59-102:1"]
)
def test_an_id_that_names_nothing_is_unknown_with_or_without_an_anchor(collect, identifier):
    collection = collect({"d": RECORD})
    parameters = link(collection, FERRY).partition("?")[2]
    for text in (identifier, f"/cite/{identifier}?{parameters}"):
        anchored = open_permalink(collection, text)

        if anchored.state is not State.UNCHANGED:  # a wrong number of the passage alone does no harm
            assert (anchored.state, anchored.places) == (State.UNKNOWN, ())
            assert anchored.problem


def test_words_and_places_that_do_not_belong_together_are_shown_as_nothing(collect):
    collection = collect({"d": RECORD})
    url = link(collection, FERRY)
    for start, end in ((60, 102), (59, 101), (0, 39), (59, 99999)):
        anchored = open_permalink(collection, url.replace("59-102", f"{start}-{end}"))

        assert (anchored.state, anchored.places) == (State.UNKNOWN, ())
        assert anchored.problem == (f"'d/p2:{start}-{end}': the words there are not those that the link was made of")


def test_a_passage_id_with_an_anchor_is_verified_too(collect):
    collection = collect({"d": RECORD})
    url = find_citation(collection, "d/p3").url

    assert open_permalink(collection, re.sub(":[0-9-]+", "", url)).state is State.UNCHANGED
    assert open_permalink(collection, re.sub("p3:[0-9-]+", "p5", url)).state is State.UNCHANGED  # the same words
    assert open_permalink(collection, re.sub("p3:[0-9-]+", "p4", url)).state is State.UNKNOWN


def test_every_state_has_a_sentence_and_no_data_in_it(collect):
    sentences = {Anchored(state=state, identifier="d/p1").sentence for state in State}

    assert len(sentences) == len(State)
    assert all(sentence.endswith(".") and not re.search(r"[0-9/“”{}]", sentence) for sentence in sentences)


def test_the_sentence_says_that_the_words_stand_in_another_document(collect):
    collection = collect({"d": RECORD})
    url = link(collection, FERRY)
    sentences = {
        name: open_permalink(collect({document_id: text}), url).sentence
        for name, document_id, text in (
            ("here", "d", f"{RECORD} More."),
            ("elsewhere", "e", f"{RECORD} More."),
            ("restyled", "d", RECORD.replace("“ferry”", "ferry")),
            ("restyled elsewhere", "e", RECORD.replace("“ferry”", "ferry")),
        )
    }

    assert sentences == {
        "here": "The document has changed since it was cited; the words were found in it again, word for word.",
        "elsewhere": "The cited words stand, word for word, in another document than the one that the link names.",
        "restyled": "The cited words stand here with other punctuation, capitals or paragraphs than when they were "
        "cited.",
        "restyled elsewhere": "The cited words stand in another document than the one that the link names, and with "
        "other punctuation, capitals or paragraphs.",
    }


def test_a_link_survives_the_files_being_read_again(make_collection):
    folder = make_collection({"a.txt": RECORD})
    before = load_collection(folder)
    url = link(before, FERRY, "a")
    assert open_permalink(load_collection(folder), url).state is State.UNCHANGED

    (folder / "documents" / "a.txt").write_bytes(b"\xef\xbb\xbf" + RECORD.replace("\n", "\r\n").encode())
    (folder / "documents" / "0.txt").write_text("Another came in.", encoding="utf-8")
    anchored = open_permalink(load_collection(folder), url)
    assert (anchored.state, exacts(anchored)) == (State.MOVED, [FERRY])


# Documents of paragraphs that stay known through every edit: the cited sentence of each is the same as others', or one
# of its own, between two sentences that hold the paragraph's number among the six words next to it.

SPOKEN = ("The motion was carried.", "“Élan” is what member {n} asked of the whole town.", "So be it.")
NEWLINES = ("\n", "\r\n", "\r")


@dataclass(frozen=True)
class Paragraph:
    """One paragraph; an edit changes its sentences, never its number."""

    number: int
    before: str
    cited: str
    after: str

    @property
    def text(self) -> str:
        return f"{self.before} {self.cited} {self.after}"


def paragraph(number: int, spoken: str) -> Paragraph:
    return Paragraph(
        number=number,
        before=f"Then Member {number} opened the talk anew.",
        cited=spoken.format(n=number),
        after=f"With that member {number} thanked everyone.",
    )


@dataclass(frozen=True)
class Page:
    """A document's text, and which paragraph stands where."""

    text: str
    places: tuple[tuple[Span, int], ...]

    def numbers_at(self, start: int, end: int) -> set[int]:
        return {number for span, number in self.places if span.meets(Span(start, end))}


def lay_out(
    paragraphs: list[Paragraph], newline: str = "\n", form: str = "NFC", stamp: str = "", wrap: int = 0
) -> Page:
    text, places = "", []
    for part in paragraphs:
        words = unicodedata.normalize(form, part.text)
        if wrap:
            pieces = words.split(" ")
            words = newline.join("  ".join(pieces[n : n + wrap]) for n in range(0, len(pieces), wrap))
        places.append((Span(len(text), len(text) + len(words)), part.number))
        text += words + newline * 2 + (stamp + newline * 2 if stamp else "")
    return Page(text=text or "Nothing.", places=tuple(places))


paragraph_lists = st.lists(st.sampled_from(SPOKEN), min_size=2, max_size=6).map(
    lambda spoken: [paragraph(number, words) for number, words in enumerate(spoken, start=1)]
)
layouts = st.fixed_dictionaries(
    {
        "newline": st.sampled_from(NEWLINES),
        "form": st.sampled_from(["NFC", "NFD"]),
        "stamp": st.sampled_from(["", "TOP SECRET", "DECLASSIFIED"]),
        "wrap": st.sampled_from([0, 3, 7]),
    }
)
EDITS = ("insert", "delete", "copy", "move", "reword", "restyle", "before", "after")


@st.composite
def edited(draw, paragraphs: list[Paragraph], edits=EDITS) -> list[Paragraph]:
    """Edit a list of paragraphs up to three times."""
    found = list(paragraphs)
    for edit in draw(st.lists(st.sampled_from(edits), max_size=3)):
        if not found:
            break
        n, to = (draw(st.integers(0, len(found) - 1)) for _ in range(2))
        match edit:
            case "insert":
                found.insert(to, paragraph(100 + len(found), draw(st.sampled_from(SPOKEN))))
            case "delete":
                del found[n]
            case "copy":
                found.insert(to, found[n])
            case "move":
                found.insert(to, found.pop(n))
            case "reword":
                found[n] = replace(found[n], cited=f"{found[n].cited[:-1]} or else not.")
            case "restyle":
                found[n] = replace(found[n], cited=found[n].cited.upper())
            case "before":
                found[n] = replace(found[n], before=f"Here member {found[n].number} went on to speak.")
            case "after":
                found[n] = replace(found[n], after=f"Then number {found[n].number} sat down again.")
    return found


def cited_of(collection: Collection, page: Page, cited: Paragraph):
    span = next(span for span, number in page.places if number == cited.number)
    start = page.text.index(cited.cited, span.start)
    return cite(collection, "d", Span(start, start + len(cited.cited)), 1.0)


@settings(max_examples=150)
@given(data=st.data(), paragraphs=paragraph_lists, layout=layouts)
def test_no_edit_leads_a_link_to_a_wrong_place(collect, data, paragraphs, layout):
    page = lay_out(paragraphs)
    cited = data.draw(st.sampled_from(paragraphs))
    citation = cited_of(collect({"d": page.text}), page, cited)
    after = lay_out(data.draw(edited(paragraphs)), **layout)
    collection = collect({"d": after.text})
    anchored = open_permalink(collection, citation.url)

    assert (anchored.state is State.UNCHANGED) == (after.text == page.text)
    for place in anchored.places:
        assert collection.document("d").text[place.start : place.end] == place.exact
        if anchored.state in FOUND:
            assert after.numbers_at(place.start, place.end) == {cited.number}
    words = [compared(exact) for exact in exacts(anchored)]
    if anchored.state in (State.UNCHANGED, State.MOVED):
        assert [folded(exact) for exact in exacts(anchored)] == [folded(citation.exact)]
    if anchored.state is State.RESTYLED:
        assert words == [compared(citation.exact)]
        assert [folded(exact) for exact in exacts(anchored)] != [folded(citation.exact)]
    if anchored.state is State.EDITED:
        assert words != [compared(citation.exact)]
    if cited.number not in {number for _, number in after.places}:
        assert anchored.state in (State.GONE, State.AMBIGUOUS)


@settings(max_examples=100)
@given(data=st.data(), paragraphs=paragraph_lists, layout=layouts)
def test_words_that_kept_their_neighbours_are_found_in_the_right_state(collect, data, paragraphs, layout):
    page = lay_out(paragraphs)
    cited = data.draw(st.sampled_from(paragraphs))
    citation = cited_of(collect({"d": page.text}), page, cited)
    changed = data.draw(edited(paragraphs, ("insert", "move", "reword", "restyle", "before", "after")))
    now = next(part for part in changed if part.number == cited.number)
    after = lay_out(changed, **layout)
    anchored = open_permalink(collect({"d": after.text}), citation.url)

    if (now.before, now.after) == (cited.before, cited.after):
        expected = {
            cited.cited: State.MOVED if after.text != page.text else State.UNCHANGED,
            cited.cited.upper(): State.RESTYLED,
        }.get(now.cited, State.EDITED)
        assert anchored.state is expected


@settings(max_examples=100)
@given(
    text=st.text(alphabet="ab ~.\n-é“”\u0301が", min_size=1, max_size=60),
    changed=st.text(alphabet="ab ~.\n-é“”\u0301が", min_size=1, max_size=60),
    data=st.data(),
)
def test_in_any_text_only_the_cited_words_are_moved_and_like_words_are_not_gone(collect, text, changed, data):
    collection, after = collect({"d": f"a{text}."}), collect({"d": f"a{changed}."})
    text = collection.documents[0].text
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    try:
        citation = cite(collection, "d", span, 1.0)
    except CitationError:
        return
    assert open_permalink(collection, citation.url).state is State.UNCHANGED
    anchored = open_permalink(after, citation.url)
    if anchored.state is State.MOVED:
        assert [folded(exact) for exact in exacts(anchored)] == [folded(citation.exact)]
    cut = any(token.span.meets(span) and not span.holds(token.span) for token in tokens(text))
    cited = " ".join(["", *compared(citation.exact), ""])
    blocks = [" ".join(["", *compared(after.documents[0].words(b.span)), ""]) for b in after.documents[0].blocks]
    if cited.strip() and not cut and any(cited in block for block in blocks):
        assert anchored.state not in (State.GONE, State.UNKNOWN)


@settings(max_examples=100)
@given(data=st.data())
def test_a_damaged_link_leads_nowhere_or_to_its_words(collect, data):
    collection = collect({"d": RECORD})
    url = link(collection, FERRY)
    at = data.draw(st.integers(url.index("?") + 1, len(url) - 1))
    damage = data.draw(st.sampled_from(["cut", "other", "gone", "twice"]))
    character = data.draw(st.sampled_from("0f-&=+%~é"))
    damaged = {
        "cut": url[:at],
        "other": url[:at] + character + url[at + 1 :],
        "gone": url[:at] + url[at + 1 :],
        "twice": url[:at] + url[at] + url[at:],
    }[damage]
    anchored = open_permalink(collection, damaged)

    assert anchored.state in (State.UNKNOWN, State.UNCHECKED) or exacts(anchored) == [FERRY]
    assert exacts(anchored) in ([], [FERRY])


@given(text=st.text(max_size=80))
def test_no_text_is_too_strange_to_open(seeds, text):
    for link_text in (
        text,
        f"/cite/{text}",
        f"https://[{text}/cite/x?{text}",
        f"/cite/d/p1?sha256={text}&words={text}",
    ):
        assert open_permalink(seeds, link_text).state in State


def test_stamps_can_be_cited_too(seeds):
    stamps = [p for p in seeds.passages if seeds.block(p).kind is BlockKind.FURNITURE]

    assert stamps
    for passage in stamps:
        assert open_permalink(seeds, find_citation(seeds, passage.id).url).state is State.UNCHANGED
