"""JSON Lines in, JSON Lines out: a bad line gives an error object, and the rest goes on."""

from __future__ import annotations

import json

import pytest

from bot.loading import wire
from bot.settings import Settings
from embeddings.collection import load_collection
from embeddings.index import FaissIndex
from ui.batch import answer_line

TEXT = "The harbour was closed in March.\n\nA storm had broken the pier, and its repair took two years.\n"


@pytest.fixture(scope="module")
def answerer(tmp_path_factory, encoder):
    path = tmp_path_factory.mktemp("batch")
    (path / "documents").mkdir()
    (path / "documents" / "harbour.txt").write_text(TEXT, encoding="utf-8")
    collection = load_collection(path)
    settings = Settings(collection_path=path, reader=False)
    return wire(settings, collection, encoder, FaissIndex.build(collection, encoder))


def test_every_turn_has_an_outcome(answerer):
    turns = ['Who wrote "closed in March"?', 'Where is "had broken the pier"?']
    found = answer_line(answerer, 1, json.dumps({"id": "q1", "turns": turns, "gold": [], "kind": "fact"}))

    assert list(found) == ["id", "outcomes"]
    assert found["id"] == "q1"
    assert [outcome["question"] for outcome in found["outcomes"]] == turns
    assert [outcome["citations"][0]["exact"] for outcome in found["outcomes"]] == [
        "The harbour was closed in March.",
        "A storm had broken the pier, and its repair took two years.",
    ]


def test_an_id_comes_back_as_it_was_given(answerer):
    for identifier in (7, None, ["a"], "é"):
        line = json.dumps({"id": identifier, "turns": ['"closed in March"']})

        assert answer_line(answerer, 1, line)["id"] == identifier


@pytest.mark.parametrize(
    ("line", "identifier", "error"),
    [
        ("nonsense", None, "line 3: Expecting value: line 1 column 1 (char 0)"),
        ("[1]", None, 'line 3: must be an object with "id" and "turns"'),
        ('{"id": "q"}', "q", 'line 3: "turns" must be a list of at least one text'),
        ('{"id": "q", "turns": []}', "q", 'line 3: "turns" must be a list of at least one text'),
        ('{"id": "q", "turns": "Who?"}', "q", 'line 3: "turns" must be a list of at least one text'),
        ('{"id": "q", "turns": ["Who?", 1]}', "q", 'line 3: "turns" must be a list of at least one text'),
        (
            '{"id": "q", "turns": [" "]}',
            "q",
            'line 3: the question is empty; ask something, e.g. memcon ask "Who took part?"',
        ),
        ('{"id": "q", "turns": ["a\\u0000b"]}', "q", "line 3: the question holds a NUL character; send text"),
        (
            '{"id": "q", "turns": ["a\\ud800b"]}',
            "q",
            "line 3: the question is not text in UTF-8; send it in that encoding",
        ),
    ],
)
def test_a_bad_line_gives_an_error_that_names_it(answerer, line, identifier, error):
    assert answer_line(answerer, 3, line) == {"id": identifier, "error": error, "outcomes": []}


def test_a_line_of_endless_brackets_is_a_bad_line(answerer):
    found = answer_line(answerer, 3, "[" * 100_000)

    assert found["error"].startswith("line 3: ")
