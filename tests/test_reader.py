"""The reader that ships: what it says of a window, by itself and among others."""

from __future__ import annotations

import json
import shutil

import pytest

from bot.errors import ModelError
from bot.reader import Reader
from bot.settings import DATA_PATH
from bot.windows import INPUT_FORM, window_around
from embeddings.collection import load_collection
from embeddings.units import read_units

LOG = "The keeper reported {} wrecks on the northern shore.\n\nHe asked for a new lamp.\n\nThe board thanked him."


@pytest.fixture(scope="module")
def reader():
    return Reader(DATA_PATH / "reader")


@pytest.fixture
def logs(make_collection):
    files = {f"19{year}-05-04-keepers-log.txt": LOG.format(n) for year, n in ((21, "four"), (24, "nine"), (31, "six"))}
    return read_units(load_collection(make_collection(files)))


def test_a_window_is_read_alike_beside_others_and_in_any_order(reader, logs):
    question = "What did the keeper ask for?"
    windows = [range(0, 3), range(1, 2), range(3, 6), range(7, 9)]

    together = reader.read(question, logs, windows)

    assert [read.numbers for read in together] == windows
    assert together == [reader.read(question, logs, [window])[0] for window in windows]
    assert together[::-1] == reader.read(question, logs, windows[::-1])
    assert reader.read(question, logs, []) == []


@pytest.mark.parametrize("year", [1921, 1924, 1931])
def test_of_words_alike_in_several_records_those_of_the_year_asked_for_are_likeliest(reader, logs, year):
    reports = [unit for unit in logs if "reported" in unit.text]
    assert len(reports) == 3

    windows = [window_around(logs, unit.number) for unit in reports]
    read = reader.read(f"How many wrecks did the keeper report in {year}?", logs, windows)

    best = max(range(3), key=lambda n: max(read[n].sentence_scores))
    assert str(year) in reports[best].record
    assert max(range(3), key=lambda n: read[n].any_score) == best


def test_a_reader_of_another_form_of_input_is_an_error(tmp_path):
    folder = shutil.copytree(DATA_PATH / "reader", tmp_path / "reader")
    about = json.loads((folder / "reader.json").read_text(encoding="utf-8"))
    (folder / "reader.json").write_text(json.dumps(about | {"input": "question, sentences"}), encoding="utf-8")

    with pytest.raises(ModelError) as raised:
        Reader(folder)

    assert about["input"] == INPUT_FORM
    assert str(raised.value) == (
        f"{folder}: this reader was trained on another form of input ('question, sentences', expected {INPUT_FORM!r}). "
        f"Install memcon again"
    )
