"""Know when the record does not answer, and say why."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from bot.answers import Reason
from bot.evidence import Region, RegionText
from bot.ranking import Ranker
from bot.reading import Reading, without_quotations
from bot.retrieval import Found
from bot.signals import SIGNALS
from embeddings.collection import Collection
from embeddings.encoder import ENGLISH
from embeddings.languages import reads
from embeddings.lexical import terms
from embeddings.normalized import tokens

JUDGED = (
    "score", "score_gap", "fused", "read", "read_any", "read_second", "dense_sentence", "dense_window", "dense_best",
    "covered_region", "covered_passage", "unknown_terms", "unknown_names", "n_terms", "has_wanted_kind",
    "lacks_wanted_kind", "speaker_asked_right", "speaker_asked_wrong", "is_heading", "n_words", "asks_who_spoke",
    "missing_names", "missing_years",
)  # fmt: skip
# Below this share of the question's words in the best passage, and this cosine, nothing in the collection is about the
# question.  Set by hand: only the wording of the reason depends on them, never whether memcon abstains.
MIN_TOPIC_COVERED = 0.34
MIN_TOPIC_COSINE = 0.38
# Log-odds of words without a quantity as the answer to a question for one: of the minutes' training questions for a
# quantity, 108 of 117 have one in their answer.
WITHOUT_QUANTITY = -2.5
_ASKS_QUANTITY = re.compile(r"\bhow (?:many|much|old)\b|\bwie ?viele?\b|\bcombien\b|\bcuánt[oa]s?\b|\bсколько\b", re.I)
_QUANTITY = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|ninety|"
    r"hundred|thousand|million|half|dozen|several|none|no|third|quarter|once|twice|many|few|most|all|both|single|"
    r"pair|couple)s?\b",
    re.I,
)
_NAME = re.compile(r"(?<![.?!]\s)(?<!^)\b[A-ZА-ЯЁ][\w’'-]+")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
MAX_MISSING = 3  # terms of names; more say no more
_CHECKABLE = ("how-many", "when", "who", "why")  # kinds whose answers show a number, a date, a name, a reason
_SMALL_TALK = re.compile(
    r"^\W*(?:hi|hello|hey|thanks?|thank you|good (?:morning|evening|day)|bye|who are you|how are you|"
    r"what can you do|help|tell me a (?:joke|story)|sing|write (?:me )?an? )\b|\bignore (?:all |your |the |any )|"
    r"\b(?:your|system) (?:rules|prompt|instructions)\b|\b(?:weather|joke|poem|recipe)\b",
    re.IGNORECASE,
)

_ASKS_THE_MACHINE = re.compile(  # for an opinion of its own, for a text of its own, or to be something else
    r"\b(?:in|to|by) your (?:own )?(?:view|opinion|mind|judge?ment|eyes|estimation)\b|\bdo you (?:personally )?(?:"
    r"think|believe|feel|reckon|like|prefer|agree)\b|\byour (?:own |personal )?(?:favou?rite|opinion|take|guess)\b|"
    r"\b(?:forget|ignore|disregard|override) (?:(?:all|any|your|the|these|those|previous|earlier|above|what|of) )*"
    r"(?:rules?|instructions?|sources?|prompts?|guidelines?|documents?|records?|you were told)\b|"
    r"^\W*(?:(?:and|now|then|please|can you|could you|would you|will you|i want you to|you should) )*(?:write|compose|"
    r"invent|make up|imagine|pretend|role-?play|act|sing|rap|do|finish) (?:(?:me|us) )?(?:up )?(?:my|a|an|as|like|that|"
    r"you|another)\b|"
    r"\bпо-(?:вашему|твоему)\b|\bна (?:ваш|твой) взгляд\b|\b(?:deiner|ihrer|eurer) meinung nach\b|"
    r"\bà (?:votre|ton) avis\b|\bselon (?:vous|toi)\b|\ben (?:tu|su|vuestra) opini[óo]n\b",
    re.IGNORECASE,
)


def asks_the_machine(question: str) -> bool:
    """Whether ``question`` wants something of memcon itself, which has no opinions and writes nothing, only quotes."""
    return bool(_ASKS_THE_MACHINE.search(without_quotations(question)))


class Judge:
    """Estimates the probability that a quotation answers, and names the reason when it is too small."""

    def __init__(self, collection: Collection, ranker: Ranker) -> None:
        self._collection = collection
        self._ranker = ranker
        self._vocabulary = frozenset(t for d in collection.documents for t in terms(d.text))

    def probability(self, reading: Reading, found: Found, text: RegionText, best_row: int, extra: float = 0.0) -> float:
        """Return the probability, 0 to 1, that a region answers the question; ``extra`` are log-odds from elsewhere."""
        row = self.judged(reading, found, text, best_row)
        if lacks_quantity(reading.text, text.words):
            extra += WITHOUT_QUANTITY
        return float(1.0 / (1.0 + np.exp(-self._ranker.score(row[None, :])[0] - extra)))

    @staticmethod
    def best_row(found: Found, region: Region) -> int:
        """Return the row of the best sentence in ``region``, one of whose own was found."""
        rows = np.flatnonzero((found.numbers >= region.first) & (found.numbers <= region.last))
        return int(rows[np.argmax(found.scores[rows])])

    def judged(self, reading: Reading, found: Found, text: RegionText, best_row: int) -> np.ndarray:
        """Return what the probability rests on: float32, (n_judged,), columns as `JUDGED`."""
        signal = dict(zip(SIGNALS, found.signals[best_row].tolist(), strict=True))
        order = np.argsort(-found.scores, kind="stable")
        gap = float(found.scores[order[0]] - found.scores[order[min(1, len(order) - 1)]])
        asked = list(dict.fromkeys(terms(reading.text)))
        names = [t.text for m in _NAME.findall(reading.text) for t in tokens(m)]
        wanted = signal["number_wanted"] + signal["date_wanted"] + signal["name_wanted"] + signal["reason_wanted"]
        read_any = float(found.read[:, 2].max())
        return np.array(
            [
                found.scores[best_row], gap, found.fused[best_row], found.read[best_row, 1], read_any,
                float(np.sort(found.read[:, 1])[-2:][0]), signal["dense_sentence"], signal["dense_window"],
                float(found.signals[:, 1].max()), _share(asked, text.words), _share(asked, text.passage),
                _share_missing(asked, self._vocabulary), float(sum(self._unknown(n) for n in names)),
                min(2.0, len(asked) / 6), wanted > 0, reading.kind in _CHECKABLE and wanted == 0,
                signal["from_speaker"], signal["not_from_speaker"], signal["is_heading"],
                min(2.0, len(text.words.split()) / 30), reading.asks_who_spoke,
                *_missing(reading.text, names, text.around),
            ],
            dtype=np.float32,
        )  # fmt: skip

    def reason(self, reading: Reading, found: Found, passage: str, *, redacted: bool) -> Reason:
        """Say why the record does not answer."""
        asked = list(dict.fromkeys(terms(reading.text)))
        if not any(c.isalpha() for c in reading.text):
            return Reason.UNCLEAR
        if _SMALL_TALK.search(reading.text) or asks_the_machine(reading.text):
            return Reason.OUT_OF_SCOPE
        if redacted:
            return Reason.REDACTED
        if not asked:
            return Reason.UNCLEAR
        far = float(found.signals[:, 1].max()) < MIN_TOPIC_COSINE
        if far and _share(asked, passage) < MIN_TOPIC_COVERED:
            return Reason.NOT_IN_COLLECTION
        return Reason.NOT_STATED

    def _unknown(self, name: str) -> bool:
        return not set(terms(name)) <= self._vocabulary


def lacks_quantity(question: str, words: str) -> bool:
    """Whether ``question`` asks for a quantity and ``words`` hold none."""
    return bool(_ASKS_QUANTITY.search(question)) and not _QUANTITY.search(words)


def _share(asked: Sequence[str], words: str) -> float:
    held = set(terms(words))
    return sum(term in held for term in asked) / max(1, len(asked))


def _missing(question: str, names: Sequence[str], around: str) -> tuple[float, float]:
    """Count the terms of names (up to `MAX_MISSING`) and the years of ``question`` that do not stand ``around`` words.

    Of English only: German writes every noun like a name.
    """
    if not reads(ENGLISH, question):
        return 0.0, 0.0
    asked = {term for name in names for term in terms(name)}
    missing = len(asked - set(terms(around)))
    return float(min(missing, MAX_MISSING)), float(any(year not in around for year in _YEAR.findall(question)))


def _share_missing(asked: Sequence[str], vocabulary: frozenset[str]) -> float:
    return sum(term not in vocabulary for term in asked) / max(1, len(asked))
