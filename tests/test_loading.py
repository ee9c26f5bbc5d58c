from __future__ import annotations

import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from bot.loading import build_index, load_answerer
from bot.settings import Settings
from embeddings.errors import StaleIndexError

TEXT = "The committee met on Monday. It chose a chairman.\n\nThe archive was closed in winter.\n"


@pytest.fixture
def small(make_collection, tmp_path: Path, cache_path: Path) -> Settings:
    folder = make_collection({"minutes.txt": TEXT})
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "encoders").symlink_to(cache_path / "encoders")
    return Settings(collection_path=folder, cache_path=tmp_path / "cache")


def test_an_index_that_was_never_built_is_built(small: Settings, answerer) -> None:
    assert not small.index_path.exists()
    outcome = load_answerer(small).answer("When did the committee meet?")
    assert outcome.citations[0].exact.startswith("The committee met on Monday.")
    assert (small.index_path / "index.json").is_file()


def test_changed_documents_refuse_and_name_the_command(small: Settings, answerer) -> None:
    build_index(small)
    (small.collection_path / "documents" / "minutes.txt").write_text(TEXT + "More.\n", encoding="utf-8")
    with pytest.raises(StaleIndexError, match="Run 'memcon index' to build it anew"):
        load_answerer(small)
    build_index(small)
    load_answerer(small)


def test_a_damaged_index_refuses_and_names_the_command(small: Settings, answerer) -> None:
    build_index(small)
    (small.index_path / "sentence.faiss").write_bytes(b"no index")
    with pytest.raises(StaleIndexError, match=r"is damaged .*Run 'memcon index'"):
        load_answerer(small)


def test_an_index_by_another_release_is_built_anew_and_said_so(
    small: Settings, answerer, caplog: pytest.LogCaptureFixture
) -> None:
    build_index(small)
    path = small.index_path / "index.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"format": 0}), encoding="utf-8")
    with caplog.at_level(logging.WARNING):
        load_answerer(small)
    assert "building it anew" in caplog.text


def test_a_bot_works_without_its_reader(small: Settings, answerer) -> None:
    outcome = load_answerer(replace(small, reader=False)).answer("When did the committee meet?")
    assert outcome.query == "When did the committee meet?"
