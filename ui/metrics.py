"""Figures for whoever watches the server, in Prometheus' text form: how many, how long, how much; never what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.answers import Abstention, Outcome, Reason
from ui.languages import LANGUAGES

DOORS = ("api", "chat", "embed", "kiosk")
VISITED_DOORS = ("embed", "kiosk")  # whose conversations begin and end with a visit
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
VISIT_SECONDS = (15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1200.0, 3600.0)
SECONDS = (0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)  # an answer takes 0.05 to 0.1, the end of a line 5


class Ending(Enum):
    """What brought a visit to its end."""

    TIME_OUT = "time-out"  # nobody touched the screen
    START_OVER = "start-over"  # somebody chose so
    CLOSED = "closed"  # the page went away


class Metrics:
    """Counts in a registry of its own, so that two sites in one process stay apart."""

    def __init__(self, *, documents: int, passages: int, sentences: int, conversations: Callable[[], int]) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._answers = Counter("memcon_answers", "Questions answered.", ["door"], registry=self._registry)
        self._abstentions = Counter(
            "memcon_abstentions", "Questions not answered, by reason.", ["door", "reason"], registry=self._registry
        )
        self._turned_away = Counter(
            "memcon_turned_away", "Questions not taken: too many were waiting.", ["door"], registry=self._registry
        )
        self._seconds = Histogram(
            "memcon_answer_seconds",
            "Time from a question to its outcome, waiting included.",
            ["door"],
            buckets=SECONDS,
            registry=self._registry,
        )
        self._visits = Counter("memcon_visits", "Visits begun.", ["door"], registry=self._registry)
        self._visits_ended = Counter(
            "memcon_visits_ended",
            "Visits ended, by what ended them and the language they were in.",
            ["door", "ended", "language"],
            registry=self._registry,
        )
        self._visit_seconds = Histogram(
            "memcon_visit_seconds",
            "Time from a visit's beginning to its end.",
            ["door"],
            buckets=VISIT_SECONDS,
            registry=self._registry,
        )
        for door in VISITED_DOORS:
            self._visits.labels(door)
            self._visit_seconds.labels(door)
            for ending in Ending:
                for language in LANGUAGES:
                    self._visits_ended.labels(door, ending.value, language)
        for door in DOORS:  # what has not happened yet counts 0; a series that is not there counts as an error
            self._answers.labels(door)
            self._turned_away.labels(door)
            self._seconds.labels(door)
            for reason in Reason:
                self._abstentions.labels(door, reason.value)
        for name, meaning, value in (
            ("memcon_documents", "Documents in the collection.", documents),
            ("memcon_passages", "Passages in the collection.", passages),
            ("memcon_sentences", "Sentences in the index.", sentences),
        ):
            Gauge(name, meaning, registry=self._registry).set(value)
        held = Gauge("memcon_conversations", "Conversations in memory.", registry=self._registry)
        held.set_function(conversations)

    def count(self, outcome: Outcome, seconds: float, door: str) -> None:
        """Count an outcome that took ``seconds``.

        Raises:
            ValueError: ``door`` is none of `DOORS`.
        """
        door = _known(door)
        self._seconds.labels(door).observe(seconds)
        if isinstance(outcome, Abstention):
            self._abstentions.labels(door, outcome.reason.value).inc()
        else:
            self._answers.labels(door).inc()

    def n_outcomes(self) -> float:
        """Return how many questions had an outcome, answered or not, at all doors."""
        return self.n_answered() + sum(self.n_abstained().values())

    def n_answered(self) -> float:
        """Return how many questions were answered."""
        return sum(self._value("memcon_answers_total", door=door) for door in DOORS)

    def n_abstained(self) -> dict[Reason, float]:
        """Return how many questions were not answered, by reason."""
        return {
            reason: sum(self._value("memcon_abstentions_total", door=door, reason=reason.value) for door in DOORS)
            for reason in Reason
        }

    def n_turned_away(self) -> float:
        """Return how many questions were not taken."""
        return sum(self._value("memcon_turned_away_total", door=door) for door in DOORS)

    def n_visits(self) -> float:
        """Return how many visits were begun."""
        return sum(self._value("memcon_visits_total", door=door) for door in VISITED_DOORS)

    def _value(self, name: str, **labels: str) -> float:
        return self._registry.get_sample_value(name, labels) or 0.0

    def count_turned_away(self, door: str) -> None:
        """Count a question that was not taken.

        Raises:
            ValueError: ``door`` is none of `DOORS`.
        """
        self._turned_away.labels(_known(door)).inc()

    def count_visit(self, door: str) -> None:
        """Count a visit that begins.

        Raises:
            ValueError: ``door`` has no visits.
        """
        self._visits.labels(_known(door, VISITED_DOORS)).inc()

    def count_visit_end(self, door: str, ending: Ending, language: str, seconds: float) -> None:
        """Count a visit that ended after ``seconds``, in ``language``.

        Raises:
            ValueError: ``door`` has no visits, or the interface has no such language.
        """
        if language not in LANGUAGES:
            raise ValueError(f"language {language!r}: must be one of {', '.join(LANGUAGES)}")
        self._visits_ended.labels(_known(door, VISITED_DOORS), ending.value, language).inc()
        self._visit_seconds.labels(door).observe(seconds)

    def text(self) -> bytes:
        """Return all figures as `MEDIA_TYPE`."""
        return generate_latest(self._registry)


def _known(door: str, doors: Sequence[str] = DOORS) -> str:
    if door not in doors:
        raise ValueError(f"door {door!r}: must be one of {', '.join(doors)}")
    return door
