from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.collection import load_collection
from embeddings.encoder import Encoder
from embeddings.index import SEARCHED, FaissIndex, Grain, Hit

# Words of two letters, of seven, of two and four, of two: of the query "to be" they score 1, 0, 2 / root 5 and 1.
FOUR = "it is so\n\nmarshal\n\nis an area\n\nwe do"
GRAINS = st.sampled_from(list(Grain))
QUERIES = st.lists(st.integers(min_value=1, max_value=17).map(lambda n: "x" * n), max_size=6).map(" ".join)


@pytest.fixture(scope="module")
def index(seeds, encoder) -> FaissIndex:
    return FaissIndex.build(seeds, encoder)


@pytest.fixture(scope="module")
def loaded(seeds, encoder, index, tmp_path_factory) -> FaissIndex:
    folder = tmp_path_factory.mktemp("seeds") / "index"
    index.save(folder)
    return FaissIndex.load(folder, seeds, encoder)


@pytest.fixture
def four(make_collection, encoder) -> FaissIndex:
    return FaissIndex.build(load_collection(make_collection({"d.txt": FOUR})), encoder)


def rounded(hits: list[Hit]) -> list[tuple[int, float]]:
    return [(hit.number, round(hit.score, 3)) for hit in hits]


def test_hits_come_best_first_and_ties_by_number(four, encoder):
    (query,) = encoder.encode(["to be"])
    assert rounded(four.search(Grain.SENTENCE, query, 9)) == [(0, 1.0), (3, 1.0), (2, 0.894), (1, 0.0)]


def test_a_tie_is_cut_by_number(make_collection, encoder):
    # Thirty texts that score 1 and thirty that score less, by turns: any twelve of the best would be as good.
    collection = load_collection(make_collection({"d.txt": "\n\n".join(["is an area", "we do"] * 30)}))
    (query,) = encoder.encode(["to be"])
    hits = FaissIndex.build(collection, encoder).search(Grain.SENTENCE, query, 12)
    assert [hit.number for hit in hits] == list(range(1, 25, 2))
    hits = FaissIndex.build(collection, encoder).search(Grain.SENTENCE, query, 32)
    assert [hit.number for hit in hits] == [*range(1, 61, 2), 0, 2]


def test_no_more_hits_come_than_are_asked_for_or_exist(four, encoder):
    (query,) = encoder.encode(["to be"])
    assert [len(four.search(Grain.PASSAGE, query, n_hits)) for n_hits in (0, 1, 3, 4, 5, 500)] == [0, 1, 3, 4, 4, 4]


def test_a_grain_without_texts_has_no_hits(four, encoder):
    (query,) = encoder.encode(["to be"])
    assert four.search(Grain.QUESTION, query, 3) == []
    assert four.scores(Grain.QUESTION, query, []).shape == (0,)


def test_scores_of_all_texts_are_those_of_each(four, encoder):
    (query,) = encoder.encode(["to be"])
    for grain in Grain:
        numbers = list(range(len(four.scores(grain, query))))
        assert four.scores(grain, query) == pytest.approx(four.scores(grain, query, numbers))
    assert len(four.scores(Grain.PASSAGE, query)) == 4


def test_scores_are_those_of_the_texts_that_are_asked_for(four, encoder):
    (query,) = encoder.encode(["to be"])
    scores = four.scores(Grain.SENTENCE, query, [2, 1, 2])
    assert scores.dtype == np.float32
    assert scores.tolist() == pytest.approx([2 / 5**0.5, 0, 2 / 5**0.5])
    assert four.scores(Grain.SENTENCE, query, np.array([3])).tolist() == pytest.approx([1])


def test_every_grain_has_a_vector_and_what_is_searched_terms_for_each_of_its_texts(seeds, index, encoder):
    counts = {
        Grain.SENTENCE: len(index.units),
        Grain.WINDOW: len(index.units),
        Grain.PASSAGE: len(seeds.passages),
        Grain.QUESTION: sum(len(question.wordings) for question in seeds.questions),
    }
    (query,) = encoder.encode(["laser"])
    for grain, count in counts.items():
        assert len(index.search(grain, query, 10**6)) == count
        if grain in SEARCHED:
            assert index.term_scores(grain, "laser").shape == (count,)


def test_terms_find_the_sentence_that_holds_them(seeds, index):
    best = index.units[int(np.argmax(index.term_scores(Grain.SENTENCE, "laser binoculars")))]
    assert seeds.documents[best.document].words(best.span) == "It turned out that the ships had laser binoculars."


def test_a_speakers_name_is_a_term_of_the_window_and_not_of_the_sentence(index):
    spoken = [unit.number for unit in index.units if unit.speaker == "Throst"]
    assert all(index.term_scores(Grain.WINDOW, "Throst")[spoken] > 0)
    assert not any(index.term_scores(Grain.SENTENCE, "Throst")[spoken])


def test_building_tells_its_progress(seeds, encoder, index):
    told: list[tuple[int, int]] = []
    FaissIndex.build(seeds, encoder, lambda done, all_: told.append((done, all_)))
    n_texts = 2 * len(index.units) + len(seeds.passages) + sum(len(q.wordings) for q in seeds.questions)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (n_texts, n_texts)
    assert {all_ for _, all_ in told} == {n_texts}


@given(grain=GRAINS, query_text=QUERIES, n_hits=st.integers(min_value=1, max_value=60))
def test_scores_never_increase_and_no_better_text_is_left_out(
    index: FaissIndex, encoder: Encoder, grain: Grain, query_text: str, n_hits: int
):
    (query,) = encoder.encode([query_text])
    hits = index.search(grain, query, n_hits)
    assert [(-hit.score, hit.number) for hit in hits] == sorted((-hit.score, hit.number) for hit in hits)
    scores = index.scores(grain, query)
    n_texts = len(scores)
    assert scores[[hit.number for hit in hits]] == pytest.approx([hit.score for hit in hits], abs=1e-6)
    left_out = sorted(set(range(n_texts)) - {hit.number for hit in hits})
    assert all(scores[left_out] <= hits[-1].score + 1e-6)


@given(grain=GRAINS, query_text=QUERIES, n_hits=st.integers(min_value=1, max_value=60))
def test_saved_and_loaded_an_index_answers_the_same(
    index: FaissIndex, loaded: FaissIndex, encoder: Encoder, grain: Grain, query_text: str, n_hits: int
):
    (query,) = encoder.encode([query_text])
    assert loaded.search(grain, query, n_hits) == index.search(grain, query, n_hits)
    assert loaded.scores(grain, query, [0, 1]).tolist() == index.scores(grain, query, [0, 1]).tolist()
    words = "the laser incident in Vienna " + query_text
    if grain in SEARCHED:
        assert loaded.term_scores(grain, words).tolist() == index.term_scores(grain, words).tolist()


def test_saved_and_loaded_an_index_is_the_same(index, loaded):
    assert loaded.units == index.units
    assert loaded.fingerprint == index.fingerprint


def test_the_same_collection_gives_the_same_fingerprint(make_collection, encoder):
    one, two = (load_collection(make_collection({"d.txt": FOUR})) for _ in range(2))
    assert FaissIndex.build(one, encoder).fingerprint == FaissIndex.build(two, encoder).fingerprint


def test_an_index_is_saved_where_no_folder_was(four, tmp_path: Path):
    four.save(tmp_path / "data" / "cache" / "index")
    assert [path.name for path in (tmp_path / "data" / "cache").iterdir()] == ["index"]


def test_wordings_in_languages_that_the_encoder_does_not_know_are_like_nothing(make_collection, encoder):
    class English(type(encoder)):
        languages = frozenset({"en"})

        def encode_questions(self, texts, progress=None):
            assert all(text.isascii() for text in texts)
            return super().encode_questions(texts, progress)

    asked = '["When was it closed?", "Когда закрыли гавань?", "closed 1988", "Wann wurde der Hafen geschlossen?"]'
    questions = f'signed = "x"\n[[question]]\ndocument = "a"\nwordings = {asked}\nreason = "unclear"\n'
    collection = load_collection(make_collection({"a.txt": "The harbour was closed."}, questions=questions))
    told = []

    index = FaissIndex.build(collection, English(), lambda done, n_all: told.append((done, n_all)))

    query = encoder.encode(["When was it closed?"])[0]
    scores = index.scores(Grain.QUESTION, query)
    assert scores[0] == pytest.approx(1.0)
    assert scores[1] == scores[3] == 0.0
    assert scores[2] > 0.0  # too short to tell its language by
    assert told == sorted(told)
    assert told[-1] == (7, 7)
    whole = FaissIndex.build(collection, encoder)
    assert (whole.scores(Grain.QUESTION, query)[[1, 3]] > 0).all()
