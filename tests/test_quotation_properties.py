"""Quotations drawn from arbitrary documents: no noise makes them altered, and no altered word leaves them exact."""

from __future__ import annotations

import re
import string
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from hypothesis import assume, given, note, settings
from hypothesis import strategies as st

from bot.quotations import MAX_PLACES, QuotationChecker, Verdict
from embeddings.collection import load_collection

MINUTES = Path(__file__).parent / "benchmarks" / "minutes"
SEEDS = Path(__file__).parent.parent / "seeds"
LIGATURES = {"ffi": "ﬃ", "fi": "ﬁ", "fl": "ﬂ", "ff": "ﬀ", "st": "ﬆ"}
WORDS = ["not", "never", "no", "perhaps", "if", "6", "1987", "5%", "military", "zyzzyva", "the", "of", "now", "form"]
SPACES = st.text(" \t\n\u00a0\u2009", min_size=1, max_size=3)


@cache
def checkers():
    """Collections with people and without, and a checker of each."""
    collections = [load_collection(path) for path in (SEEDS, MINUTES / "test", MINUTES / "validation")]
    return [(collection, QuotationChecker(collection)) for collection in collections]


@cache
def records(number):
    """Return each document's letters and digits, word by word, and its text on one line."""
    documents = checkers()[number][0].documents
    return [f" {' '.join(tokens(document.text))} " for document in documents], [folded(d.text) for d in documents]


def tokens(text):
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text))


def folded(text):
    return " ".join(text.split())


@st.composite
def quotations(draw, min_words=1):
    """Draw some words of one block, as they stand: the collection's and the document's number, start and end."""
    number = draw(st.integers(0, len(checkers()) - 1))
    collection, _ = checkers()[number]
    which = draw(st.integers(0, len(collection.documents) - 1))
    document = collection.documents[which]
    block = document.blocks[draw(st.integers(0, len(document.blocks) - 1))]
    words = [match.span() for match in re.finditer(r"\S+", document.words(block.span))]
    assume(len(words) >= min_words)
    first = draw(st.integers(0, len(words) - min_words))
    last = draw(st.integers(first + min_words - 1, min(len(words), first + min_words + 40) - 1))
    start, end = block.span.start + words[first][0], block.span.start + words[last][1]
    assume(tokens(document.text[start:end]))
    # Not in the middle of a compound, a number with its unit or sign, or a pause.
    assume(not re.search(r"(?:\w[-‐‑\u00ad]|[$€£¥.])\s*$", document.text[block.span.start : start]))
    assume(not re.match(r"\s*[%‰.]", document.text[end : block.span.end]))
    assume(not re.search(r"[-‐‑\u00ad$€£¥.…]$", document.text[start:end]) or end == block.sentences[-1].end)
    assume(not re.search(r"\d\s+[-–—−]\s+\d|^\.", document.text[start:end]))
    return number, which, start, end


def noisy(draw, text):
    """Change what is no word: white space, marks, dashes, hyphens at line ends, ligatures, accents, invisibles."""
    if draw(st.booleans()):
        text = draw(st.sampled_from([text.translate({8217: "'", 8216: "'"}), text.replace("'", "’")]))
    if draw(st.booleans()):
        text = re.sub(r"[“”\"]", lambda _: draw(st.sampled_from(['"', "“", "”", "«", "„", ""])), text)
    if draw(st.booleans()):
        dashes = st.sampled_from(["-", "‑", "‐", "–", "-\n", "-\r\n   "])
        text = re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", lambda _: draw(dashes), text)
        text = text.replace("—", draw(st.sampled_from(["—", " — ", " – ", "--", " -- ", " - "])))
    if draw(st.booleans()):
        divided = st.sampled_from(["-\n", "-\r\n  ", "\u00ad", "\u00ad\n ", "\u200b", "\ufeff", ""])
        text = re.sub(
            r"(?<=[a-z]{3})(?=[a-z]{3})", lambda _: draw(divided) if draw(st.integers(0, 5)) == 0 else "", text
        )
    if draw(st.booleans()):
        text = re.sub("|".join(LIGATURES), lambda match: LIGATURES[match.group()], text)
    if draw(st.booleans()):
        text = unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), text)
    if draw(st.booleans()):
        text = re.sub(r"(?<=\w)[,;](?=\s)", "", text)
    if draw(st.booleans()):
        text = re.sub(r"(?<!-)(?<!\u00ad)(?<!-\r)\s+", lambda _: draw(SPACES), text)
    if draw(st.booleans()) and text[0] in string.ascii_lowercase:
        text = text[0].upper() + text[1:]
    return draw(st.sampled_from(["{}", "“{}”", ' "{}" ', "… {} …", "‘{}’", "{} [sic]", "[…] {}"])).format(text)


def altered(draw, words):
    """Change one word inside a quotation."""
    at = draw(st.integers(1, len(words) - 2))
    other = draw(st.sampled_from(WORDS))
    ways = {
        "substitute": [*words[:at], other, *words[at + 1 :]],
        "drop": [*words[:at], *words[at + 1 :]],
        "insert": [*words[:at], other, *words[at:]],
        "swap": [*words[: at - 1], words[at], words[at - 1], *words[at + 1 :]],
        "join": [*words[: at - 1], words[at - 1] + words[at], *words[at + 1 :]],
        "digit": [*words[:at], counted(words[at]), *words[at + 1 :]],
        "letter": [*words[:at], transposed(words[at]), *words[at + 1 :]],
        "case": [*words[:at], draw(st.sampled_from([str.upper, str.lower, str.swapcase]))(words[at]), *words[at + 1 :]],
        "hyphen": [*words[:at], re.sub(r"(?<=[a-z])-(?=[a-z])", " ", words[at]), *words[at + 1 :]],
    }  # fmt: skip
    way = draw(st.sampled_from(sorted(ways)))
    return way, " ".join(ways[way])


def counted(word):
    """Change a digit into the next: "1987", "2987"."""
    return re.sub(r"[0-9]", lambda match: str((int(match.group()) + 1) % 10), word, count=1)


def transposed(word):
    """Change the places of two letters: "form", "from"."""
    match = re.search(r"([a-z])(?!\1)([a-z])", word)
    return word if match is None else word[: match.start()] + match[2] + match[1] + word[match.end() :]


def noise_changes_nothing(data):
    number, which, start, end = data.draw(quotations())
    document = checkers()[number][0].documents[which]
    quoted = noisy(data.draw, document.text[start:end])
    note(repr(quoted))

    check = checkers()[number][1].check(quoted)

    assert check.verdict is Verdict.EXACT and check.changes == ()
    for occurrence in check.occurrences:
        for place in occurrence.citations:
            cited = checkers()[number][0].document(place.document_id)
            assert cited.text[place.start : place.end] == place.exact
        if len(occurrence.citations) == 1 and cited.block_at(place.start) is cited.block_at(place.end - 1):
            assert "".join(tokens(place.exact))[1:] == "".join(tokens(document.text[start:end]))[1:]
    inside = any(place.document_id == document.id and start <= place.start < place.end <= end for place in check.places)
    assert inside or (check.has_more and len(check.places) == MAX_PLACES)


def a_changed_word_is_seen(data):
    number, which, start, end = data.draw(quotations(min_words=4))
    document = checkers()[number][0].documents[which]
    words = document.text[start:end].split()
    way, quoted = altered(data.draw, words)
    note(f"{way}: {quoted!r}")
    by_words, on_one_line = records(number)
    mine = tokens(quoted)
    if way == "hyphen":
        assume(quoted != " ".join(words) and not any(quoted in text for text in on_one_line))
    else:
        assume(mine != tokens(" ".join(words)))
        turned = [mine[0][:1].swapcase() + mine[0][1:], *mine[1:]]
        assume(not any(f" {' '.join(each)} " in text for text in by_words for each in (mine, turned)))
    quoted = re.sub(r"\s+", lambda _: data.draw(SPACES), quoted)

    check = checkers()[number][1].check(data.draw(st.sampled_from(["{}", "“{}”", "...{}"])).format(quoted))

    assert check.verdict is not Verdict.EXACT
    assert not check.occurrences or any(change.kind != "same" for change in check.changes) or check.warnings


@settings(max_examples=300)
@given(data=st.data())
def test_a_quotation_with_noise_is_exact_at_its_place(data):
    noise_changes_nothing(data)


@settings(max_examples=300)
@given(data=st.data())
def test_a_quotation_with_a_changed_word_is_never_exact(data):
    a_changed_word_is_seen(data)


@pytest.mark.slow
@settings(max_examples=5000)
@given(data=st.data())
def test_five_thousand_quotations_with_noise_are_exact_at_their_places(data):
    noise_changes_nothing(data)


@pytest.mark.slow
@settings(max_examples=5000)
@given(data=st.data())
def test_five_thousand_quotations_with_a_changed_word_are_never_exact(data):
    a_changed_word_is_seen(data)
