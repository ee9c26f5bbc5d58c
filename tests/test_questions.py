from __future__ import annotations

from pathlib import Path

import pytest

from embeddings.documents import Document
from embeddings.errors import ManifestError
from embeddings.questions import REASONS, CuratedQuestion, read_questions

MEND = ". Mend the manifest and run the command again."
QUESTION = """
signed = "the editors"
[[question]]
document = "d"
wordings = ["Who met?"]
"""


@pytest.fixture
def document(read_document) -> Document:
    return read_document("SMITH: We met in May.\n\nJONES: You\n\ndid not.\n\n" + "SMITH: Yes.\n\nJONES: No.\n\n" * 2)


@pytest.fixture
def read(tmp_path: Path, document: Document):
    def read(questions: str) -> tuple[CuratedQuestion, ...]:
        path = tmp_path / "questions.toml"
        path.write_text(questions, encoding="utf-8")
        return read_questions(path, [document])

    return read


def test_an_answer_becomes_a_span_of_its_document(read, document):
    (question,) = read(QUESTION + 'answers = ["You did not."]\n')
    ((document_id, span),) = question.answers
    assert (document_id, document.words(span)) == ("d", "You\n\ndid not.")
    assert (question.number, question.wordings, question.reason, question.signed) == (
        1, ("Who met?",), None, "the editors",
    )  # fmt: skip


def test_an_answer_that_begins_with_a_label_begins_with_the_words_after_it(read, document):
    (question,) = read(QUESTION + 'answers = ["JONES: You did"]\n')
    assert document.words(question.answers[0][1]) == "You\n\ndid"


def test_an_answer_over_several_blocks_becomes_a_span_in_each(read, document):
    (question,) = read(QUESTION + 'answers = ["in May. JONES: You did not. SMITH: Yes."]\n')
    assert [document.words(span) for _, span in question.answers] == ["in May.", "You\n\ndid not.", "Yes."]


def test_an_answer_runs_over_no_stamp_and_may_be_one(tmp_path, read_document):
    document = read_document("It met:\n\n- in May;\n\nSECRET\n\n- in June.\n", furniture=("SECRET",))
    path = tmp_path / "questions.toml"
    path.write_text(QUESTION + 'answers = ["in May; SECRET - in June.", "SECRET"]\n')
    (question,) = read_questions(path, [document])
    assert [document.words(span) for _, span in question.answers] == ["in May;", "in June.", "SECRET"]


def test_answers_keep_their_order(read, document):
    (question,) = read(QUESTION + 'answers = ["did not.", "We met"]\n')
    assert [document.words(span) for _, span in question.answers] == ["did not.", "We met"]


def test_a_question_without_answers_carries_its_reason(read):
    (question,) = read(QUESTION + 'reason = "not-stated"\nsigned = "A. Smith"\n')
    assert (question.answers, question.reason, question.signed) == ((), "not-stated", "A. Smith")


def test_an_answer_is_looked_for_in_the_other_documents_too(seeds, tmp_path):
    path = tmp_path / "questions.toml"
    path.write_text(QUESTION.replace('"d"', '"nsdd-311"') + 'answers = ["laser binoculars", "CONFIDENTIAL"]\n')
    (question,) = read_questions(path, seeds.documents)
    assert [document_id for document_id, _ in question.answers] == ["akhromeev-crowe-1987", "nsdd-311"]


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ("", "signed = None: is missing; it must be text"),
        ('signed = "S"\nquestion = 3\n', "question = 3: must be an array of tables, [[question]]"),
        ('signed = "S"\ncolour = 3\n', "colour = 3: is not a key that memcon knows here"),
        (QUESTION.replace('document = "d"', ""), "question[1].document = None: is missing; it must be text"),
        (
            QUESTION.replace("Who met?", "") + 'reason = "unclear"\n',
            "question[1].wordings = ['']: must be a list of texts",
        ),
        (
            QUESTION.replace('"Who met?"', "") + 'reason = "unclear"\n',
            "question[1].wordings = []: must hold at least one wording of the question",
        ),
        (QUESTION, "question[1].reason = None: must stand where there are no answers, and only there"),
        (
            QUESTION + 'answers = ["We met"]\nreason = "unclear"\n',
            "question[1].reason = 'unclear': must stand where there are no answers, and only there",
        ),
        (
            QUESTION + 'reason = "unknown"\n',
            "question[1].reason = 'unknown': must be one of 'not-in-collection', 'not-stated', 'redacted', "
            "'out-of-scope', 'unclear'",
        ),
        (
            QUESTION + 'answers = ["They met"]\n',
            "question[1].answers = 'They met': is not in any document, white space folded",
        ),
        (QUESTION + 'reason = "unclear"\ncolour = 3\n', "question[1].colour = 3: is not a key that memcon knows here"),
    ],
)
def test_a_wrong_value_is_refused_with_file_key_and_value(read, tmp_path, questions: str, message: str):
    with pytest.raises(ManifestError) as caught:
        read(questions)
    assert str(caught.value) == f"{tmp_path / 'questions.toml'}: {message}" + MEND


def test_what_is_not_toml_is_refused(read):
    with pytest.raises(ManifestError, match=r"questions\.toml: is not TOML in UTF-8: Expected"):
        read("[[question\n")


def test_every_answer_of_the_seeds_lies_in_one_block(seeds):
    for question in seeds.questions:
        for document_id, span in question.answers:
            document = seeds.document(document_id)
            block = document.block_at(span.start)
            assert block is not None and block.span.holds(span), question.wordings[0]
            assert document.words(span) == document.words(span).strip()


def test_the_seeds_questions_are_numbered_and_reasoned(seeds):
    assert [question.number for question in seeds.questions] == list(range(1, len(seeds.questions) + 1))
    assert all(question.reason in REASONS for question in seeds.questions if not question.answers)
    assert all(question.signed == "the memcon editors" for question in seeds.questions)
