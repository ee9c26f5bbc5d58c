"""What a question asks for, read by the collection's own names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QuestionError
from bot.reading import MAX_CHARACTERS, QuestionReader, check_question
from embeddings.collection import load_collection

ENGLISH = frozenset(
    """what did does say about answer which general offered ports when where were there held crown jewels write
    according accept crowds stands year proposed named""".split()
)


@pytest.fixture(scope="session")
def reader(seeds):
    return QuestionReader(seeds, ENGLISH)


@pytest.mark.parametrize(
    ("question", "people"),
    [
        ("What did Akhromeev say?", ("Akhromeev",)),
        ("What did AKHROMEEV say?", ("Akhromeev",)),
        ("What did Akromeev say?", ("Akhromeev",)),  # as the text spells him once
        ("Was hat Achromejew gesagt?", ("Akhromeev",)),
        ("Что сказал Ахромеев?", ("Akhromeev",)),
        ("What did the Marshal accept?", ("Akhromeev",)),
        ("What did the marshal's host propose?", ("Akhromeev",)),
        ("What did the Soviet side want?", ("Akhromeev",)),
        ("Wen lud der Admiral ein?", ("Crowe",)),
        ("Did William J. Crowe agree?", ("Crowe",)),
        ("What did R. Herres ask?", ("Herres",)),
        ("What did the marine offer?", ("Dean",)),
        ("What did Welch answer to Dean, and Crowe to Welch?", ("Welch", "Dean", "Crowe")),
        ("Who is Schultz?", ("Shultz",)),
        ("Who chairs the SIG?", ()),
        ("What was said of crowds?", ()),
    ],
)
def test_people_are_found_by_name_alias_and_office_in_the_order_named(reader, question, people):
    assert reader.read(question).people == people


@pytest.mark.parametrize(
    ("question", "speakers"),
    [
        ("What did Akhromeev say about lasers?", ("Akhromeev",)),
        ("According to Admiral Crowe, what stands in the way?", ("Crowe",)),
        ("Welch's view of asymmetry", ("Welch",)),
        ("What was proposed by General Dean?", ("Dean",)),
        ("What did Colin Powell write?", ()),  # named in the collection, and speaks nowhere in it
        ("Which ports?", ()),
    ],
)
def test_speakers_are_those_whose_words_are_asked_for(reader, question, speakers):
    assert reader.read(question).speakers == speakers


@pytest.mark.parametrize(
    ("question", "items"),
    [
        ("What does the routing slip say?", [("nsdd-311", "routing-slip")]),
        ("Who is on the distribution of the slip?", [("nsdd-311", "routing-slip")]),
        ("Who signed Powell's memorandum?", [("nsdd-311", "memorandum")]),
        ("What was said at the Pentagon meeting?", [("akhromeev-crowe-1987", None)]),
        ("When was NSDD-311 signed?", [("nsdd-311", None), ("nsdd-311", "directive")]),
        ("Compare the cover sheet with the directive", [("nsdd-311", "cover-sheet"), ("nsdd-311", "directive")]),
        ("Who asked about ports?", []),
    ],
)
def test_records_are_found_by_what_people_call_them(reader, question, items):
    assert sorted(reader.read(question).items, key=str) == sorted(items, key=str)


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("How many countries negotiate in Vienna?", "how-many"),
        ("How long did it last?", "how-many"),
        ("When did they meet?", "when"),
        ("In what year?", "when"),
        ("Who asked?", "who"),
        ("Whom did he invite?", "who"),
        ("Where was it held?", "where"),
        ("Why was the Admiral suspicious?", "why"),
        ("How do they differ?", "how"),
        ("Tell me about lasers", "other"),
        ("Did Crowe comment on lasers?", "other"),
        ("Когда они встретились?", "when"),
        ("Wer fragte danach?", "who"),
        ("Où se sont-ils rencontrés ?", "where"),
        ("¿Por qué lo dijo?", "why"),
        ("Comment Crowe a-t-il répondu ?", "how"),
    ],
)
def test_kind_of_answer_is_read_from_the_question_words(reader, question, kind):
    assert reader.read(question).kind == kind


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ('Who said "reasonable sufficiency"?', ("reasonable sufficiency",)),
        ("Who said “never forgotten”?", ("never forgotten",)),
        ("Wer sagte „nie vergessen“?", ("nie vergessen",)),
        ("Qui a dit « jamais oublié » ?", ("jamais oublié",)),
        ('Compare "human contacts" with "mutual visits"', ("human contacts", "mutual visits")),
        ('What do "IG" and the "SIG" mean?', ("SIG",)),
        ('What is a 5" gun?', ()),
        ("What is the Admiral's view on the Marshal's offer?", ()),
        (f'Who said "{"word " * 100}"?', (("word " * 100).strip(),)),
    ],
)
def test_quoted_words_are_those_between_a_pair_of_quotation_marks(reader, question, quoted):
    assert reader.read(question).quoted == quoted


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What did Akhromev say?", "What did Akhromeev say?"),
        ("What did Akromeev say?", "What did Akhromeev say?"),
        ("What did Hrres say?", "What did Herres say?"),
        ("what did WICKHAM say", "what did Wickham say"),
        ("Which negotations were held?", "Which negotiations were held?"),
        ("What did Crowe say about Vietnam?", "What did Crowe say about Vietnam?"),
        ("Were there crown jewels?", "Were there crown jewels?"),  # a known word is no misspelled Crowe
        ("Did they meet\n at  the ‘Pentagon’?", "Did they meet at the 'Pentagon'?"),
    ],
)
def test_names_are_spelled_as_in_the_record_and_typing_errors_mended(reader, question, text):
    assert reader.read(question).text == text


@pytest.mark.parametrize(
    ("question", "who_spoke", "reply", "a_list"),
    [
        ("Who asked about reasonable sufficiency, and what was the reply?", True, True, False),
        ("Which general offered to come first?", True, False, False),
        ("And who mentioned the ports?", True, False, False),
        ("Who chairs the SIG?", False, False, False),
        ("How did Crowe respond?", False, True, False),
        ("List all goals", False, False, True),
        ("What five goals does the directive set?", False, False, True),
        ("Which agencies are in the SIG?", False, False, True),
        ("When did they meet?", False, False, False),
    ],
)
def test_questions_for_speakers_replies_and_lists_are_told_apart(reader, question, who_spoke, reply, a_list):
    reading = reader.read(question)

    assert (reading.asks_who_spoke, reading.asks_reply, reading.asks_list) == (who_spoke, reply, a_list)


def test_speakers_are_known_without_a_manifest(make_collection):
    text = "Minutes\n\n" + "Novak: Shall we begin?\n\nBerg: We shall.\n\n" * 3
    reader = QuestionReader(load_collection(make_collection({"minutes.txt": text})), ENGLISH)

    reading = reader.read("What did NOVACK say?")

    assert (reading.text, reading.people, reading.speakers) == ("What did Novak say?", ("Novak",), ("Novak",))


@given(question=st.text(max_size=200).filter(lambda text: text.strip() and "\0" not in text))
def test_any_text_can_be_read_and_reading_is_steady(reader, question):
    reading = reader.read(question)

    assert reading == reader.read(question)
    assert all(quoted in question for quoted in reading.quoted)
    assert set(reading.speakers) <= set(reading.people)


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("", 'the question is empty; ask something, e.g. memcon ask "Who took part?"'),
        (" \n\t\u00a0", 'the question is empty; ask something, e.g. memcon ask "Who took part?"'),
        ("Who\0?", "the question holds a NUL character; send text"),
        ("caf\udce9?", "the question is not text in UTF-8; send it in that encoding"),
        (
            "a" * 10_000_000,
            "the question has 10000000 characters; at most 2000 are allowed. "
            "To check a long quotation use 'memcon quote'",
        ),
    ],
    ids=["empty", "white space", "NUL", "half a character", "10 MB"],
)
def test_what_is_no_question_is_an_error(reader, question, message):
    for take in (check_question, reader.read):
        with pytest.raises(QuestionError) as raised:
            take(question)

        assert str(raised.value) == message


def test_the_longest_question_is_taken(reader):
    assert reader.read("Why? " * (MAX_CHARACTERS // 5)).kind == "why"
