"""Turn public question sets into training windows for the reader.

Every function yields windows of consecutive sentences, labelled by sentence.  A window with no
labelled sentence teaches the reader to find nothing.
"""

from __future__ import annotations

import json
import math
import random
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.windows import MAX_WINDOW_WORDS, context_of, context_text, last_words, sentence_texts, window_around
from embeddings.collection import load_collection
from embeddings.normalized import fold
from embeddings.sentences import split_sentences
from embeddings.units import Unit, read_units


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A question, consecutive sentences with their context, and which of them answer it."""

    question: str
    context: str  # the record's name, and the words before the first sentence
    sentences: tuple[str, ...]
    labels: tuple[int, ...]
    group: str  # article or document: the unit of a held-out split
    origin: str
    question_id: str


def _window(sentences: Sequence[str], center: int, rng: random.Random, limit: int = MAX_WINDOW_WORDS) -> range:
    """Grow a range around ``center`` to either side by chance until ``limit`` words are in it."""
    left, right = center, center + 1
    words = len(sentences[center].split())
    while True:
        sides = [side for side in ("left", "right") if (left > 0 if side == "left" else right < len(sentences))]
        if not sides:
            return range(left, right)
        index = left - 1 if rng.choice(sides) == "left" else right
        words += len(sentences[index].split())
        if words > limit or right - left >= 10:
            return range(left, right)
        left, right = min(left, index), max(right, index + 1)


class TermOverlap:
    """Ranks sentences by idf-weighted overlap: the hard negatives of a question."""

    def __init__(self, sentences: Sequence[str]) -> None:
        self.terms = [set(re.findall(r"\w+", s.lower())) for s in sentences]
        counts = Counter(term for terms in self.terms for term in terms)
        self.idf = {term: math.log(1 + len(sentences) / n) for term, n in counts.items()}

    def rank(self, question: str) -> list[int]:
        asked = set(re.findall(r"\w+", question.lower()))
        score = [sum(self.idf[t] for t in asked & terms) / (3 + len(terms)) ** 0.5 for terms in self.terms]
        return sorted(range(len(score)), key=lambda i: (-score[i], i))


def read_squad(path: Path, rng: random.Random) -> Iterator[Window]:
    """Yield windows of SQuAD 2.0 articles: each question's own place and one hard negative."""
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        sentences: list[str] = []
        offsets = []
        for paragraph in article["paragraphs"]:
            spans = split_sentences(paragraph["context"])
            offsets.append((len(sentences), spans))
            sentences += [paragraph["context"][a:b] for a, b in spans]
        overlap = TermOverlap(sentences)
        for (first, spans), paragraph in zip(offsets, article["paragraphs"], strict=True):
            for qa in paragraph["qas"]:
                gold = set()
                if not qa.get("is_impossible"):
                    starts = [a["answer_start"] for a in qa["answers"]]
                    at = Counter(starts).most_common(1)[0][0]
                    gold = {first + i for i, (a, b) in enumerate(spans) if a <= at < b}
                own = range(first, first + len(spans))
                centers = sorted(gold) or [next(i for i in overlap.rank(qa["question"]) if i in own)]
                yield from _labelled(
                    qa["question"], sentences, centers[0], gold, rng, article["title"], "squad2", qa["id"]
                )
                if rng.random() < 0.35:
                    far = [i for i in overlap.rank(qa["question"])[:6] if i not in own]
                    if far:
                        center = rng.choice(far)
                        yield from _labelled(
                            qa["question"], sentences, center, gold, rng, article["title"], "squad2-far", qa["id"]
                        )


def _labelled(
    question: str,
    sentences: Sequence[str],
    center: int,
    gold: set[int],
    rng: random.Random,
    group: str,
    origin: str,
    question_id: str,
) -> Iterator[Window]:
    window = _window(sentences, center, rng)
    before = sentences[window.start - 1] if window.start else ""
    yield Window(
        question=question,
        context=context_of(group.replace("_", " "), last_words(before)),
        sentences=tuple(sentences[i] for i in window),
        labels=tuple(int(i in gold) for i in window),
        group=group,
        origin=origin,
        question_id=question_id,
    )


def read_selqa(path: Path, rng: random.Random) -> Iterator[Window]:
    """Yield windows of SelQA sections, one around an answering sentence and at times one away from it."""
    for n, entry in enumerate(json.loads(path.read_text(encoding="utf-8"))):
        sentences, gold = entry["candidates"], set(entry["answers"])
        if not gold:
            continue
        question_id = f"{path.stem}-{n}"
        yield from _labelled(entry["question"], sentences, min(gold), gold, rng, entry["article"], "selqa", question_id)
        ranked = [i for i in TermOverlap(sentences).rank(entry["question"])[:4] if i not in gold]
        if ranked and rng.random() < 0.3:
            yield from _labelled(
                entry["question"], sentences, rng.choice(ranked), gold, rng, entry["article"], "selqa-far", question_id
            )


def read_clapnq(path: Path, rng: random.Random) -> Iterator[Window]:
    """Yield windows of CLAPNQ passages; the unanswerable file gives windows without labels."""
    for line in path.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        sentences = [s for s in entry["passages"][0]["sentences"] if s.strip()]
        chosen = {s.strip() for s in (entry.get("output") or [{}])[0].get("selected_sentences") or []}
        gold = {i for i, s in enumerate(sentences) if s.strip() in chosen}
        center = min(gold) if gold else TermOverlap(sentences).rank(entry["input"])[0]
        title = entry["passages"][0]["title"]
        yield from _labelled(entry["input"], sentences, center, gold, rng, title, "clapnq", entry["id"])


def read_public(data_path: Path, seed: int = 0) -> list[Window]:
    """Read every public set under ``data_path`` (folders ``squad2``, ``selqa``, ``clapnq``)."""
    rng = random.Random(seed)
    windows: list[Window] = []
    windows += read_squad(data_path / "squad2" / "squad2-half-dev.json", rng)
    for name in ("selqa-ass-dev.json", "selqa-ass-test.json"):
        windows += read_selqa(data_path / "selqa" / name, rng)
    for name in ("answerable.jsonl", "unanswerable.jsonl"):
        windows += read_clapnq(data_path / "clapnq" / name, rng)
    return windows


def read_minutes(folder: Path, split: str, seed: int = 0, limit: int | None = None) -> list[Window]:
    """Read our questions over minutes: for each its own place, a place that tempts, and for the unanswerable two.

    ``limit``: of the questions, in the file's order; None reads all.
    """
    rng = random.Random(seed)
    units = read_units(load_collection(folder / split))
    names = [document.id for document in load_collection(folder / split).documents]
    by_name: dict[str, list[int]] = {}
    for unit in units:
        by_name.setdefault(names[unit.document], []).append(unit.number)
    overlaps = {name: TermOverlap([units[n].window_text for n in numbers]) for name, numbers in by_name.items()}
    windows: list[Window] = []
    for line in (folder / f"{split}.jsonl").read_text(encoding="utf-8").splitlines()[:limit]:
        question = json.loads(line)
        numbers = by_name[question["document"]]
        gold = _holding(units, numbers, [anchor for facet in question["gold"] for anchor in facet])
        near = sorted(_holding(units, numbers, question["near"]))
        asked = " ".join(question["turns"][-2:])
        ranked = [numbers[i] for i in overlaps[question["document"]].rank(asked)[:8]]
        tempting = [n for n in (*near, *ranked) if not any(abs(n - g) < 8 for g in gold)]
        centers = []
        if gold:
            at = rng.choice(sorted(gold)) + rng.choice((-2, -1, -1, 0, 0, 0, 1, 1, 2))
            centers.append(min(max(at, numbers[0]), numbers[-1]))
            if tempting and rng.random() < 0.6:
                centers.append(rng.choice(tempting[:5]))
        elif not question["gold"]:
            centers += tempting[:1] + ([rng.choice(tempting[1:5])] if len(tempting) > 1 else [])
        for center in centers:
            window = window_around(units, center)
            windows.append(window_of(units, window, gold, asked, question["document"], "minutes", question["id"]))
    return windows


def window_of(
    units: Sequence[Unit],
    window: range,
    gold: Collection[int],
    question: str,
    group: str,
    origin: str,
    question_id: str,
) -> Window:
    """Return the units of ``window`` to learn from, its sentences labelled by the ``gold`` unit numbers."""
    return Window(
        question=question,
        context=context_text(units, window),
        sentences=tuple(sentence_texts(units, window)),
        labels=tuple(int(n in gold) for n in window),
        group=group,
        origin=origin,
        question_id=question_id,
    )


def _holding(units: Sequence[Unit], numbers: Sequence[int], anchors: Sequence[str]) -> set[int]:
    folded = [fold(anchor) for anchor in anchors]
    return {
        n
        for n in numbers
        if any(a in units[n].text or (len(units[n].text) > 25 and units[n].text in a) for a in folded)
    }
