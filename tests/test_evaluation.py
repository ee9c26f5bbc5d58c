"""Scores, worked by hand from the definitions: facets, quotations, silence."""

from __future__ import annotations

import json

import pytest

from bot.answers import Abstention, Answer, Reason
from bot.citations import cite
from bot.errors import QuestionsFileError
from bot.evaluation import Figures, GoldQuestion, evaluate, read_questions_file, score, tally, without_labels
from bot.loading import wire
from bot.settings import Settings
from embeddings.collection import load_collection
from embeddings.documents import Span
from embeddings.index import FaissIndex

MEETING, FILE = "akhromeev-crowe-1987", "nsdd-311"
LASER = (MEETING, "It turned out that the ships had laser binoculars.")  # 9 words, Akhromeev
INTENT = (MEETING, "But I absolutely exclude any evil intent or \npremeditation from our side.")  # 12 words
INVITATION = (MEETING, "I accept it.")  # 3 words, Akhromeev
DOCTRINE = (MEETING, "doctrine of “reasonable \n\nsufficiency.”")  # 4 words, Wickham
CHAIR = (FILE, "It will be chaired by the representative of the National Security Council.")  # 12 words, nobody


def question(*gold, kind="fact", abstain=False, speaker=None):
    return GoldQuestion(id="q", kind=kind, turns=("Why?",), gold=gold, abstain=abstain, speaker=speaker)


@pytest.fixture(scope="session")
def answer(seeds):
    def quote(*quoted):
        citations = []
        for document_id, words in quoted:
            start = seeds.document(document_id).text.index(words)
            citations.append(cite(seeds, document_id, Span(start, start + len(words)), 0.9))
        return Answer(question="Why?", query="Why?", citations=tuple(citations))

    return quote


SILENCE = Abstention(question="Why?", query="Why?", reason=Reason.NOT_STATED)


@pytest.mark.parametrize(
    ("quoted", "gold", "figures"),
    [  # hit@1, coverage, precision, words
        ([LASER], [["laser binoculars"]], (1, 1, 1, 9)),
        ([INVITATION, LASER], [["laser binoculars"]], (0, 1, 1 / 2, 12)),
        ([LASER, INVITATION, INTENT], [["laser binoculars"], ["evil intent"]], (1, 1, 2 / 3, 24)),
        ([LASER, INVITATION], [["laser binoculars"], ["evil intent"]], (1, 1 / 2, 1 / 2, 12)),
        ([INVITATION], [["laser binoculars"]], (0, 0, 0, 3)),
        ([INTENT], [["laser binoculars", "evil intent"]], (1, 1, 1, 12)),  # anchors are interchangeable
        ([INTENT], [["intent or premeditation"]], (1, 1, 1, 12)),  # white space is folded in the quotation
        ([INTENT], [["intent  or\npremeditation"]], (1, 1, 1, 12)),  # and in the anchor
        ([DOCTRINE], [['"reasonable sufficiency."']], (1, 1, 1, 4)),  # quotation marks may be typed straight
        ([LASER], [["Laser Binoculars"]], (0, 0, 0, 9)),  # case counts
    ],
)
def test_an_answer_is_scored_by_the_facets_it_covers(answer, quoted, gold, figures):
    scored = score(question(*map(tuple, gold)), answer(*quoted))

    assert (scored.hit1, scored.coverage, scored.precision, scored.words) == pytest.approx(figures)


@pytest.mark.parametrize(
    ("asked", "answers", "right"),
    [
        (question(kind="none", abstain=True), False, 1),
        (question(kind="none", abstain=True), True, 0),
        (question(("laser",), kind="fact"), False, 0),
        (question(("laser",), kind="false"), False, 1),  # a false premise may be met by abstaining
        (question(("laser",), kind="false"), True, 1),  # or by the words that correct it
        (question(("evil",), kind="false"), True, 0),
    ],
)
def test_silence_is_right_where_the_record_is_silent_or_the_premise_false(answer, asked, answers, right):
    scored = score(asked, answer(LASER) if answers else SILENCE)

    assert (scored.hit1, scored.coverage, scored.precision) == (right, right, right)
    assert scored.answered is answers


@pytest.mark.parametrize(
    ("quoted", "gold", "speaker", "right"),
    [
        ([LASER], "laser", "Akhromeev", True),
        ([LASER], "laser", "akhromeev", True),
        ([LASER], "laser", "Crowe", False),
        ([CHAIR], "chaired", "Crowe", False),
        ([LASER], "laser", None, None),
        ([INVITATION, LASER], "laser", "Akhromeev", None),  # only a hit has a speaker to be right about
    ],
)
def test_speaker_is_judged_on_a_first_quotation_that_covers(answer, quoted, gold, speaker, right):
    assert score(question((gold,), speaker=speaker), answer(*quoted)).speaker_right is right


@pytest.mark.parametrize(
    ("anchor", "quoted"),
    [
        ("MR. SMITH: We met at noon.", "We met at noon."),
        ("MR. SMITH:  We met at noon. Then", "We met at noon. Then"),
        ("2. to report", "to report"),
        ("1. to report", "1. to report"),  # the number of another entry: no words of the record
        ("MR. SMITH: to report", "MR. SMITH: to report"),
        ("at noon. Then we voted.", "at noon. Then we voted."),
        ("MR. SMITH:", "MR. SMITH:"),
    ],
)
def test_a_label_or_number_copied_with_an_anchor_is_no_part_of_what_must_be_quoted(make_collection, anchor, quoted):
    talk = (
        "MR. SMITH: We met at noon. Then we voted.\n\nMR. JONES: Yes.\n\n" + "MR. SMITH: No.\n\nMR. JONES: Yes.\n\n" * 2
    )
    duties = "The duties:\n\n1. to write\n2. to report\n"
    collection = load_collection(make_collection({"talk.txt": talk, "duties.txt": duties}))

    (read,) = without_labels([question((anchor, "other"))], collection)

    assert read == question((quoted, "other"))


def test_figures_of_six_questions_are_those_worked_by_hand(answer):
    outcomes = [
        (question(("laser binoculars",), ("evil intent",), speaker="Akhromeev"), answer(LASER)),  # 1, 1/2, 1
        (question(("laser binoculars",), speaker="Crowe"), answer(LASER, INVITATION)),  # 1, 1, 1/2
        (question(("laser binoculars",)), SILENCE),  # 0, 0, 0: wrongly silent
        (question(("laser binoculars",), kind="false"), SILENCE),  # 1, 1, 1
        (question(kind="none", abstain=True), SILENCE),
        (question(kind="none", abstain=True), answer(CHAIR)),
    ]

    assert tally([score(asked, outcome) for asked, outcome in outcomes]) == Figures(
        questions=6,
        hit1=0.75,  # 3 of 4
        coverage=0.625,  # (1/2 + 1 + 0 + 1) / 4
        precision=0.625,  # (1 + 1/2 + 0 + 1) / 4
        words=10.5,  # median of 9 and 12
        abstention_precision=0.5,  # 1 of 2, the false premise aside
        abstention_recall=0.5,
        abstention_f1=0.5,
        unanswerable_answered=1,
        unanswerable=2,
        false_abstentions=1,
        speaker_accuracy=0.5,
        kinds={"fact": (0.667, 0.5, 0.5, 3), "false": (1.0, 1.0, 1.0, 1), "none": (0.5, 0.5, 0.5, 2)},
    )


def test_every_question_is_asked_and_its_last_turn_scored(make_collection, encoder):
    path = make_collection({"harbour.txt": "The harbour was closed in March.\n\nA storm had broken the pier."})
    collection = load_collection(path)
    settings = Settings(collection_path=path, reader=False)
    answerer = wire(settings, collection, encoder, FaissIndex.build(collection, encoder))
    turns = ('Who wrote "had broken the pier"?', 'Who wrote "closed in March"?')
    questions = [
        GoldQuestion(id=anchor, kind="quote", turns=turns, gold=((anchor,),), abstain=False, speaker=None)
        for anchor in ("harbour", "storm")
    ]
    told = []

    figures = evaluate(answerer, questions, lambda done, n_all: told.append((done, n_all)))

    assert (figures.questions, figures.hit1, figures.words) == (2, 0.5, 6)
    assert told == [(1, 2), (2, 2)]


def test_figures_of_nothing_are_none_and_nought():
    figures = tally([])

    assert (figures.questions, figures.hit1, figures.coverage, figures.precision) == (0, None, None, None)
    assert (figures.words, figures.abstention_f1, figures.speaker_accuracy, figures.kinds) == (0, 0.0, None, {})


LINE = {"id": "q1", "kind": "fact", "turns": ["Who?", "Why?"], "gold": [["a", "b"], ["c"]], "abstain": False}


def test_a_questions_file_is_read_line_by_line(tmp_path):
    path = tmp_path / "questions.jsonl"
    lines = [
        json.dumps(LINE | {"speaker": "Crowe", "document": "nsdd-311", "more": 1}),
        "",
        json.dumps(LINE | {"id": 2, "turns": ["Who\u2028said so?"]}, ensure_ascii=False),
        json.dumps(LINE | {"gold": [], "abstain": True}),
    ]
    path.write_bytes("\r\n".join(lines).encode())

    first, second, third = read_questions_file(path)

    assert first == GoldQuestion(
        id="q1", kind="fact", turns=("Who?", "Why?"), gold=(("a", "b"), ("c",)), abstain=False, speaker="Crowe"
    )
    assert (second.id, second.turns, second.speaker) == ("2", ("Who\u2028said so?",), None)
    assert (third.gold, third.abstain) == ((), True)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("nonsense", "JSONDecodeError: Expecting value: line 1 column 1 (char 0)"),
        ("[1, 2]", "TypeError: list indices must be integers or slices, not str"),
        ("[" * 100_000, "RecursionError: "),
        ({"kind": "fact"}, "KeyError: 'id'"),
        (LINE | {"turns": "Who?"}, "ValueError: turns: 'Who?' is no list of texts, none of them empty"),
        (LINE | {"turns": []}, "ValueError: turns: [] is no list of texts, none of them empty"),
        (LINE | {"turns": ["Who?", " "]}, "ValueError: turns: ['Who?', ' '] is no list of texts, none of them empty"),
        (LINE | {"gold": ["abc"]}, "ValueError: gold: 'abc' is no list of texts, none of them empty"),
        (LINE | {"gold": [["a", ""]]}, "ValueError: gold: ['a', ''] is no list of texts, none of them empty"),
        (LINE | {"gold": None}, "TypeError: 'NoneType' object is not iterable"),
        (LINE | {"abstain": "false"}, "ValueError: abstain: 'false' is neither true nor false"),
    ],
)  # fmt: skip
def test_a_bad_line_names_file_and_line(tmp_path, line, error):
    path = tmp_path / "questions.jsonl"
    path.write_text(f"{json.dumps(LINE)}\n\n{line if isinstance(line, str) else json.dumps(line)}\n", encoding="utf-8")

    with pytest.raises(QuestionsFileError) as raised:
        read_questions_file(path)

    message = str(raised.value)
    assert message.startswith(f"{path}, line 3: is no question ({error}")
    assert message.endswith('); a line is an object with "id", "kind", "turns", "gold" and "abstain"')


def test_a_question_needs_gold_unless_the_record_is_silent(tmp_path):
    path = tmp_path / "questions.jsonl"
    path.write_text(json.dumps(LINE | {"gold": []}), encoding="utf-8")

    with pytest.raises(QuestionsFileError) as raised:
        read_questions_file(path)

    assert str(raised.value) == (
        f"{path}, line 1: question 'q1' needs at least one turn, and gold unless \"abstain\" is true"
    )


@pytest.mark.parametrize("data", [None, b"caf\xe9"])
def test_a_file_that_is_missing_or_no_text_is_named(tmp_path, data):
    path = tmp_path / "questions.jsonl"
    if data:
        path.write_bytes(data)

    with pytest.raises(QuestionsFileError) as raised:
        read_questions_file(path)

    assert str(raised.value).startswith(f"{path}: cannot be read as UTF-8 text (")
