"""A permalink is short, can be read by people, and says when it is damaged."""

from __future__ import annotations

import hashlib
import re

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from bot.citations import cite
from bot.errors import CitationError
from bot.permalinks import (
    MAX_FIRST,
    Anchor,
    Repeated,
    exact_digest,
    make_anchor,
    permalink,
    read_anchor,
    read_permalink,
)
from embeddings.collection import load_collection
from embeddings.documents import Span

ANCHOR = Anchor(document_sha256="0" * 12, first="a café", n_words=7, exact="1" * 12, alike="2" * 8)
URL = "/cite/d/item/t1:0-20?sha256=000000000000&from=a+caf%C3%A9&words=7-111111111111-22222222"


def sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def anchor_of(folder, words: str, nth: int = 0) -> Anchor:
    collection = load_collection(folder)
    document = collection.documents[0]
    start = [match.start() for match in re.finditer(re.escape(words), document.text)][nth]
    return make_anchor(collection, document, Span(start, start + len(words)))


def test_a_permalink_can_be_checked_with_any_sha256_tool(seeds):
    document = seeds.documents[0]
    words = "It turned out that the ships had laser binoculars."
    start = document.text.index(words)

    assert cite(seeds, document.id, Span(start, start + len(words)), 1.0).url == (
        f"/cite/{document.id}/t20:{start}-{start + len(words)}?sha256={document.sha256[:12]}&from=it+turned+out"
        f"&near={sha256('carefully examine this what had happened')[:6]}-"
        f"{sha256('i do not exclude the possibility')[:6]}"
        f"&words=9-{sha256(words)[:12]}-{sha256('it turned out that the ships had laser binoculars')[:8]}"
    )


def test_permalinks_of_the_seeds_fit_a_code_that_a_telephone_reads(seeds):
    answers = [answer for question in seeds.questions for answer in question.answers]
    longest = max(("https://museum.example" + cite(seeds, *answer, 1.0).url for answer in answers), key=len)

    assert len(longest) <= 180
    assert segno.make(longest, error="m", boost_error=False, micro=False).version <= 9


def test_an_anchor_holds_what_is_repeated_and_only_neighbours_that_are_not(make_collection):
    text = "One two three four five six. Yes. Seven eight nine ten eleven twelve."
    once = anchor_of(make_collection({"a.txt": text}), "Yes.")
    assert once.repeated is Repeated.NOWHERE
    assert (once.before, once.after) == (
        sha256("one two three four five six")[:6],
        sha256("seven eight nine ten eleven twelve")[:6],
    )

    twice = anchor_of(make_collection({"a.txt": f"{text} {text} No."}), "Yes.", nth=1)
    assert (twice.repeated, twice.before, twice.after) == (Repeated.HERE, None, None)
    assert "near=" not in permalink("a/p1:0-4", twice)
    assert "&again=here&" in permalink("a/p1:0-4", twice)

    others = anchor_of(make_collection({"a.txt": text, "b.txt": "Yes, so it is."}), "Yes.")
    assert others.repeated is Repeated.ELSEWHERE


def test_neighbours_at_the_edge_of_a_document_know_the_edge(make_collection):
    anchor = anchor_of(make_collection({"a.txt": "It met. Yes."}), "Yes.")

    assert (anchor.before, anchor.after) == (sha256("^ it met")[:6], sha256("^")[:6])


def test_words_without_a_word_have_an_anchor_too(make_collection):
    anchor = anchor_of(make_collection({"a.txt": "It met — at last."}), "—")

    assert (anchor.first, anchor.n_words, anchor.repeated) == ("", 0, Repeated.HERE)
    assert "from=" not in permalink("a/p1:7-8", anchor)
    assert read_permalink(permalink("a/p1:7-8", anchor)) == ("a/p1:7-8", anchor)


def test_words_that_a_span_cuts_count_whole(make_collection):
    anchor = anchor_of(make_collection({"a.txt": "The seamen turned out luckier."}), "eamen turn")

    assert (anchor.first, anchor.n_words) == ("seamen turned", 2)
    assert anchor.exact == sha256("eamen turn")[:12]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Мы должны договориться.", "мы дол"),
        ("記録によれば会議は午前九時に始まった。", "記録によ"),
        ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk.", "donaudampfschifffahrtselektrizit"),
        ("Don't you go?", "don't you go"),
    ],
)
def test_first_words_are_cut_where_they_would_be_long_in_the_url(make_collection, text, first):
    anchor = anchor_of(make_collection({"a.txt": text}), text)
    url = permalink("a/p1:0-9", anchor)

    assert anchor.first == first
    assert len(re.search("from=([^&]*)", url)[1]) <= MAX_FIRST
    assert url.isascii()
    assert read_permalink(url)[1] == anchor


def test_digest_of_exact_words_knows_no_white_space_and_no_composition():
    assert (
        exact_digest(" Der\r\n Café\u00a0ist\tzu. ")
        == exact_digest("Der Cafe\u0301 ist zu.")
        == sha256("Der Café ist zu.")[:12]
    )
    assert len({exact_digest(w) for w in ("zu", "Zu", "zu.", "z u", "“zu”", '"zu"', "ﬁ", "fi")}) == 8


hexadecimal = st.text("0123456789abcdef", min_size=12, max_size=12)
anchors = st.builds(
    Anchor,
    document_sha256=hexadecimal,
    first=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=12).map(lambda w: f"a {w}"[:MAX_FIRST]),
    n_words=st.integers(1, 999_999),
    exact=hexadecimal,
    alike=hexadecimal.map(lambda d: d[:8]),
    before=st.none() | hexadecimal.map(lambda d: d[:6]),
    after=st.none() | hexadecimal.map(lambda d: d[:6]),
    repeated=st.sampled_from(Repeated),
)


@given(anchor=anchors)
def test_a_permalink_is_read_as_it_was_made(anchor):
    url = permalink("d-1.x/item/t1.2:0-20", anchor)

    assert url.startswith("/cite/d-1.x/item/t1.2:0-20?sha256=")
    assert read_permalink(url) == ("d-1.x/item/t1.2:0-20", anchor)


@pytest.mark.parametrize(
    "link",
    [
        URL,
        f"https://museum.example{URL}",
        f"https://museum.example/archive{URL}#:~:text=a",
        f"{URL}&utm_source=mail&format=ris",
        f"  {URL[:40]}\n   {URL[40:]}\r\n",  # as print and mail break it
        URL.replace("/cite/", ""),
        URL.replace(":", "%3A"),
    ],
)
def test_a_link_is_read_as_people_paste_it(link):
    assert read_permalink(link) == ("d/item/t1:0-20", ANCHOR)


@pytest.mark.parametrize(
    ("link", "identifier"),
    [
        ("d/t20", "d/t20"),
        (" d/item/t20:1-5\n", "d/item/t20:1-5"),
        ("/cite/d/t20", "d/t20"),
        ("https://museum.example/cite/d/t20?format=ris&q=sha256", "d/t20"),
        ("", ""),
    ],
)
def test_a_link_without_parameters_has_no_anchor(link, identifier):
    assert read_permalink(link) == (identifier, None)


@pytest.mark.parametrize(
    ("parameters", "name", "value"),
    [
        ({}, None, None),
        ({"sha256": "00"}, "sha256", "00"),
        ({"sha256": "0" * 11 + "G"}, "sha256", "0" * 11 + "G"),
        ({"words": ""}, "words", ""),
        ({"words": "7-111111111111-2222222"}, "words", "7-111111111111-2222222"),
        ({"words": "9999999-111111111111-22222222"}, "words", "9999999-111111111111-22222222"),
        ({"words": "٧-111111111111-22222222"}, "words", "٧-111111111111-22222222"),
        ({"near": "abc"}, "near", "abc"),
        ({"again": "there"}, "again", "there"),
        ({"from": "x" * 37}, "from", "x" * 37),
        ({"from": "a\x00"}, "from", "a\x00"),
    ],
)
def test_a_damaged_anchor_is_an_error_that_names_what_is_damaged(parameters, name, value):
    whole = {"sha256": "0" * 12, "from": "a café", "words": "7-111111111111-22222222"}
    if name is None:
        assert read_anchor(whole) == ANCHOR
        return
    with pytest.raises(CitationError) as raised:
        read_anchor(whole | parameters)

    assert str(raised.value) == (
        f"{name} = {value!r}: the link is damaged. Copy it whole, or leave out all from the question mark on: "
        "that shows what stands at its place now"
    )


def test_every_beginning_of_an_anchor_is_damaged():
    for length in range(URL.index("?") + len("?sha256=0"), len(URL)):
        with pytest.raises(CitationError, match="the link is damaged"):
            read_permalink(URL[:length])


def test_what_is_no_url_is_an_error():
    with pytest.raises(CitationError, match="is no URL"):
        read_permalink("https://[/cite/d/t20")


@given(
    text=st.text(max_size=60),
    parameters=st.dictionaries(st.sampled_from(["sha256", "from", "near", "again", "words"]), st.text(max_size=40)),
)
def test_no_text_is_too_strange_to_read(text, parameters):
    for read, given_ in (
        (read_permalink, text),
        (read_permalink, f"/cite/{text}?sha256={text}"),
        (read_anchor, parameters),
    ):
        try:
            read(given_)
        except CitationError as error:
            assert str(error)
