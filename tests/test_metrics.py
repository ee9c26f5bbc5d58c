"""Figures of the server: how many, how long, how much; never what."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.answers import Abstention, Answer, Reason
from bot.citations import find_citation
from ui.metrics import DOORS, Ending, Metrics

QUESTION = "Who said zyzzyva?"


@pytest.fixture
def metrics():
    return Metrics(documents=2, passages=70, sentences=300, conversations=lambda: 5)


@pytest.fixture
def answer(seeds):
    citation = find_citation(seeds, seeds.passages[0].id)
    return Answer(question=QUESTION, query=QUESTION, citations=(citation,))


def abstention(reason=Reason.NOT_STATED):
    return Abstention(question=QUESTION, query=QUESTION, reason=reason)


def values(metrics):
    families = text_string_to_metric_families(metrics.text().decode())
    return {(s.name, *sorted(s.labels.items())): s.value for family in families for s in family.samples}


def test_answers_and_abstentions_are_counted_by_door_and_reason(metrics, answer):
    metrics.count(answer, 0.05, "api")
    metrics.count(answer, 0.05, "api")
    metrics.count(abstention(Reason.REDACTED), 0.05, "kiosk")
    found = values(metrics)

    assert found["memcon_answers_total", ("door", "api")] == 2
    assert found["memcon_answers_total", ("door", "kiosk")] == 0
    assert found["memcon_abstentions_total", ("door", "kiosk"), ("reason", "redacted")] == 1
    assert sum(value for key, value in found.items() if key[0] == "memcon_abstentions_total") == 1


def test_times_fall_into_their_buckets(metrics):
    for seconds in (0.01, 0.06, 0.07, 3.0, 100.0):
        metrics.count(abstention(), seconds, "chat")
    found = values(metrics)
    buckets = {
        dict(key[1:])["le"]: value
        for key, value in found.items()
        if key[0] == "memcon_answer_seconds_bucket" and ("door", "chat") in key
    }

    assert (buckets["0.025"], buckets["0.05"], buckets["0.1"], buckets["5.0"], buckets["+Inf"]) == (1, 1, 3, 4, 5)
    assert found["memcon_answer_seconds_sum", ("door", "chat")] == pytest.approx(103.14)


def test_what_never_happened_counts_nothing_and_is_there(metrics):
    found = values(metrics)

    for door in DOORS:
        assert found["memcon_answers_total", ("door", door)] == 0
        assert found["memcon_turned_away_total", ("door", door)] == 0
        assert found["memcon_answer_seconds_count", ("door", door)] == 0
        for reason in Reason:
            assert found["memcon_abstentions_total", ("door", door), ("reason", reason.value)] == 0


def test_the_gauges_show_the_collection_and_the_conversations():
    held = []
    metrics = Metrics(documents=2, passages=70, sentences=300, conversations=lambda: len(held))
    held += ["one", "two"]
    found = values(metrics)

    assert [found[(f"memcon_{name}",)] for name in ("documents", "passages", "sentences", "conversations")] == [
        2, 70, 300, 2,
    ]  # fmt: skip
    assert found[("process_resident_memory_bytes",)] > 1_000_000


def test_who_was_turned_away_is_counted(metrics):
    metrics.count_turned_away("chat")

    assert values(metrics)["memcon_turned_away_total", ("door", "chat")] == 1


def test_two_sites_count_apart(metrics):
    other = Metrics(documents=1, passages=1, sentences=1, conversations=lambda: 0)
    metrics.count(abstention(), 0.1, "api")

    assert values(other)["memcon_abstentions_total", ("door", "api"), ("reason", "not-stated")] == 0


def test_no_word_of_a_question_is_in_the_figures(metrics, answer):
    metrics.count(answer, 0.05, "api")
    metrics.count(abstention(), 0.05, "api")

    assert b"zyzzyva" not in metrics.text()


@pytest.mark.parametrize("door", ["", "API", "door\n", "zyzzyva"])
def test_another_door_is_an_error_lest_labels_multiply(metrics, door):
    with pytest.raises(ValueError) as raised:
        metrics.count(abstention(), 0.05, door)

    assert str(raised.value) == f"door {door!r}: must be one of api, chat, embed, kiosk"
    with pytest.raises(ValueError):
        metrics.count_turned_away(door)
    assert door.encode() not in metrics.text() or not door


def test_visits_are_counted_by_door_and_by_what_ended_them_in_which_language(metrics):
    metrics.count_visit("kiosk")
    metrics.count_visit("kiosk")
    metrics.count_visit_end("kiosk", Ending.TIME_OUT, "ru", 70.0)
    found = values(metrics)

    assert found["memcon_visits_total", ("door", "kiosk")] == 2
    assert found["memcon_visits_total", ("door", "embed")] == 0
    ended = {key[1:]: n for key, n in found.items() if key[0] == "memcon_visits_ended_total" and n}
    assert ended == {(("door", "kiosk"), ("ended", "time-out"), ("language", "ru")): 1}
    assert found["memcon_visit_seconds_bucket", ("door", "kiosk"), ("le", "60.0")] == 0
    assert found["memcon_visit_seconds_bucket", ("door", "kiosk"), ("le", "120.0")] == 1


def test_a_visit_by_a_door_or_in_a_language_there_is_not_is_an_error(metrics):
    with pytest.raises(ValueError, match=r"^door 'api': must be one of embed, kiosk$"):
        metrics.count_visit("api")
    with pytest.raises(ValueError, match=r"^language 'tlh': must be one of en, ru, de, fr, es$"):
        metrics.count_visit_end("kiosk", Ending.CLOSED, "tlh", 1.0)
    assert b"tlh" not in metrics.text()
