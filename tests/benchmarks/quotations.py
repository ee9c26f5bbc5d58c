"""Measure the quotation check: ``python -m tests.benchmarks.quotations``.

Quotations are drawn with a fixed seed from the seeds and from the minutes' test split, whose speakers are named in a
manifest made for this; absent ones are sentences of the other splits, the minutes' questions, and paraphrases written
for this.  Prints what was called what, by kind, and the time of pastes of ten pages: of this machine and moment.
"""

from __future__ import annotations

import json
import random
import re
import resource
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.quotations import QuotationChecker, Verdict
from embeddings.collection import Collection, load_collection
from embeddings.documents import BlockKind, Document, Span

HERE = Path(__file__).parent
MINUTES = HERE / "minutes"
SEEDS = HERE.parent.parent / "seeds"
SEED = 311
N_EACH = 250  # quotations of each kind and collection
N_WORDS = 1_000_000  # of the synthetic collection
PAGES = 30_000  # characters of a paste of ten pages
TELLING = ("not", "no", "never", "nor", "cannot", "perhaps", "may", "might", "should", "would", "if", "unless", "only")
LEADS = ("As {} said, “{}”.", "{} remarked: “{}”.", "According to {}, “{}”.")
CREDITS = ("“{}” ({}).", "“{}” — {}", "“{}”, said {}.")


@dataclass(frozen=True)
class Case:
    """A text that quotes, what a checker should call it, and where the words stand."""

    expected: Verdict
    kind: str
    text: str
    place: tuple[str, Span] | None = None


class Drawer:
    """Draws quotations from a collection, the same from the same seed."""

    def __init__(self, collection: Collection, others: Iterable[str]) -> None:
        self.rng = random.Random(SEED)
        self.collection = collection
        self.vocabulary = sorted({word for text in others for word in text.split() if word.isalpha()})
        self.record = [f" {' '.join(_tokens(document.text))} " for document in collection.documents]
        self.blocks = [
            (document, block)
            for document in collection.documents
            for block in document.blocks
            if block.kind in (BlockKind.TURN, BlockKind.PARAGRAPH, BlockKind.ENTRY)
            and len(document.words(block.span).split()) >= 8
        ]

    def words(self, *, spoken: bool = False) -> tuple[Document, Span, list[str]]:
        """Draw 6 to 40 words of one block, if ``spoken`` of a turn."""
        while True:
            document, block = self.rng.choice(self.blocks)
            spans = [match.span() for match in re.finditer(r"\S+", document.words(block.span))]
            n_words = self.rng.randint(6, min(40, len(spans)))
            first = self.rng.randrange(len(spans) - n_words + 1)
            span = Span(block.span.start + spans[first][0], block.span.start + spans[first + n_words - 1][1])
            in_two = re.search(r"[-$.]\s*$", document.text[block.span.start : span.start][-3:])
            if (block.speaker or not spoken) and not in_two and document.text[span.end - 1] not in "-$…":
                return document, span, re.sub(r"[“”„\"]", "'", document.words(span)).split()

    def stands(self, words: list[str]) -> bool:
        """Whether the record has the words, whatever their spacing and punctuation."""
        mine = _tokens(" ".join(words))
        turned = [mine[0][:1].swapcase() + mine[0][1:], *mine[1:]]
        return any(f" {' '.join(each)} " in text for text in self.record for each in (mine, turned))

    def exact(self) -> Iterator[Case]:
        """Draw words as they stand, and with noise that changes none of them."""
        for _ in range(N_EACH):
            document, span, words = self.words()
            yield _case(Verdict.EXACT, "as it stands", words, (document.id, span))
            document, span, words = self.words()
            yield _case(Verdict.EXACT, "with noise", [self._noisy(word) for word in words], (document.id, span))

    def altered(self) -> Iterator[Case]:
        """Draw words and change some, so that the record has them nowhere."""
        ways = {
            "one word substituted": self._substituted, "one word dropped": self._dropped,
            "one word inserted": self._inserted, "two words swapped": self._swapped, "a digit": self._counted,
            "a telling word dropped": self._untold, "a telling word inserted": self._told,
            "two letters swapped": self._transposed, "the case of a word": self._recased,
            "three words in ten": self._rewritten, "an ellipsis": self._elided,
        }  # fmt: skip
        for kind, way in ways.items():
            n_drawn = n_tries = 0
            while n_drawn < N_EACH and n_tries < 60 * N_EACH:
                n_tries += 1
                document, span, words = self.words()
                changed = way(words)
                if changed is not None and changed != words and not self.stands(changed):
                    n_drawn += 1
                    yield _case(Verdict.ALTERED, kind, changed, (document.id, span))

    def attributed(self) -> Iterator[Case]:
        """Draw spoken words and attribute them to another speaker, or to who says them."""
        speakers = sorted({block.speaker for _, block in self.blocks if block.speaker})
        for number in range(N_EACH):
            document, span, words = self.words(spoken=True)
            speaker = document.block_at(span.start).speaker
            other = self.rng.choice([name for name in speakers if name != speaker])
            changed = self._substituted(words) if number % 3 == 0 else words
            for expected, kind, name, said in (
                (Verdict.MISATTRIBUTED, "to another speaker", other, words),
                (Verdict.MISATTRIBUTED, "altered, to another speaker", other, changed),
                (Verdict.EXACT, "rightly attributed", speaker, words),
            ):
                if said is words or not self.stands(said):
                    text = " ".join(said).rstrip(",.")
                    if self.rng.random() < 0.5:
                        text = self.rng.choice(LEADS).format(name, text)
                    else:
                        text = self.rng.choice(CREDITS).format(text, name)
                    yield Case(expected, kind, text, (document.id, span))

    def _noisy(self, word: str) -> str:
        """Divide a word at a line's end, bind its letters, or put other marks around it."""
        draw = self.rng.random()
        if draw < 0.1 and re.fullmatch(r"[a-z]{7,}", word):
            return word[:4] + self.rng.choice(["-\n", "\u00ad", "\u00ad\n"]) + word[4:]
        if draw < 0.3:
            return word.replace("fi", "ﬁ").replace("fl", "ﬂ").replace("’", "'").replace("—", " -- ")
        return "\n  " + word.rstrip(",;") if draw < 0.4 else word

    def _inside(self, words: list[str]) -> int:
        return self.rng.randrange(1, len(words) - 1)

    def _other(self) -> str:
        return self.rng.choice(self.vocabulary)

    def _substituted(self, words: list[str]) -> list[str]:
        at = self._inside(words)
        return [*words[:at], self._other(), *words[at + 1 :]]

    def _dropped(self, words: list[str]) -> list[str]:
        at = self._inside(words)
        return [*words[:at], *words[at + 1 :]]

    def _inserted(self, words: list[str]) -> list[str]:
        at = self._inside(words)
        return [*words[:at], self._other(), *words[at:]]

    def _swapped(self, words: list[str]) -> list[str]:
        at = self._inside(words)
        return [*words[: at - 1], words[at], words[at - 1], *words[at + 1 :]]

    def _counted(self, words: list[str]) -> list[str] | None:
        at = [n for n, word in enumerate(words) if re.search(r"[0-9]", word)]
        if not at:
            return None
        n = self.rng.choice(at)
        return [
            *words[:n],
            re.sub(r"[0-9]", lambda m: str((int(m.group()) + 1) % 10), words[n], count=1),
            *words[n + 1 :],
        ]

    def _untold(self, words: list[str]) -> list[str] | None:
        at = [n for n in range(1, len(words) - 1) if words[n].strip(",.").lower() in TELLING]
        n = self.rng.choice(at) if at else 0
        return [*words[:n], *words[n + 1 :]] if at else None

    def _told(self, words: list[str]) -> list[str]:
        at = self._inside(words)
        return [*words[:at], self.rng.choice(TELLING), *words[at:]]

    def _transposed(self, words: list[str]) -> list[str]:
        at = self._inside(words)
        return [*words[:at], re.sub(r"([a-z])(?!\1)([a-z])", r"\2\1", words[at], count=1), *words[at + 1 :]]

    def _recased(self, words: list[str]) -> list[str]:
        at = self._inside(words)
        return [*words[:at], words[at].swapcase(), *words[at + 1 :]]

    def _rewritten(self, words: list[str]) -> list[str]:
        for _ in range(max(2, len(words) * 3 // 10)):
            words = self.rng.choice([self._substituted, self._dropped, self._inserted, self._swapped])(words)
        return words

    def _elided(self, words: list[str]) -> list[str] | None:
        if len(words) < 12:
            return None
        first = self.rng.randrange(3, len(words) - 6)
        end = self.rng.randrange(first + 1, len(words) - 3)
        return [*words[:first], self.rng.choice(["...", "…", "[...]"]), *words[end:]]


def absent(others: list[str], record: Iterable[str]) -> Iterator[Case]:
    """Yield sentences that no document has: of other documents, questions about these, and paraphrases."""
    rng = random.Random(SEED)
    known = [f" {' '.join(_tokens(text)).lower()} " for text in record]
    sentences = [s for text in others for s in re.split(r"(?<=[.?!])\s+|\n+", text) if 6 <= len(s.split()) <= 40]
    new = [s for s in sentences if _tokens(s) and not any(" ".join(_tokens(s)).lower() in text for text in known)]
    for sentence in rng.sample(new, 2 * N_EACH):
        yield _case(Verdict.ABSENT, "of other documents", sentence.split())
    lines = (MINUTES / "test.jsonl").read_text(encoding="utf-8").splitlines()
    for line in lines:
        yield _case(Verdict.ABSENT, "questions", json.loads(line)["turns"][-1].split())
    for line in (HERE / "paraphrases.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield _case(Verdict.ABSENT, "paraphrases", line.split())


def _case(expected: Verdict, kind: str, words: list[str], place: tuple[str, Span] | None = None) -> Case:
    return Case(expected, kind, f"It says: “{' '.join(words)}”", place)


def _tokens(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def measure(checker: QuotationChecker, cases: Iterable[Case]) -> dict[tuple[Verdict, str], Counter[str]]:
    """Return how often each kind was called what, and at the right place."""
    table: dict[tuple[Verdict, str], Counter[str]] = defaultdict(Counter)
    for case in cases:
        check = checker.check_text(case.text)[0]
        counts = table[case.expected, case.kind]
        counts[check.verdict.value] += 1
        counts["all"] += 1
        if case.place is not None and check.verdict is not Verdict.ABSENT:
            document, span = case.place
            counts["found"] += 1
            counts["placed"] += any(
                p.document_id == document and p.start < span.end and span.start < p.end for p in check.places
            )
    return table


def print_table(name: str, table: dict[tuple[Verdict, str], Counter[str]]) -> None:
    """Print what each kind was called, and the share of the found whose place is right."""
    verdicts = [verdict.value for verdict in Verdict]
    _print(f"\n{name}\n")
    _print(f"| should be | kind | n | {' | '.join(verdicts)} | place right |")
    _print("|" + "---|" * (len(verdicts) + 4))
    for (expected, kind), counts in table.items():
        placed = f"{counts['placed'] / counts['found']:.3f}" if counts["found"] else "-"
        cells = " | ".join(str(counts[verdict]) for verdict in verdicts)
        _print(f"| {expected.value} | {kind} | {counts['all']} | {cells} | {placed} |")
    false = sum(c["exact"] for (expected, _), c in table.items() if expected in (Verdict.ALTERED, Verdict.ABSENT))
    _print(f"\ncalled exact and not so: {false}")


def minutes_collection(folder: Path) -> Collection:
    """Load the minutes' test split with a manifest that names its speakers."""
    plain = load_collection(MINUTES / "test")
    speakers = sorted({block.speaker for d in plain.documents for block in d.blocks if block.speaker})
    lines = ['[collection]\nid = "minutes"\ntitle = "Minutes"\n']
    for entry in plain.manifest.documents:
        path = json.dumps(str(entry.path.resolve()))
        lines.append(f'[[document]]\nid = "{entry.id}"\npath = {path}\ntitle = {json.dumps(entry.title)}\n')
    lines += [f"[[person]]\nname = {json.dumps(name)}\nspeaks = true\n" for name in speakers]
    folder.mkdir()
    (folder / "manifest.toml").write_text("\n".join(lines), encoding="utf-8")
    return load_collection(folder)


def large_collection(folder: Path, texts: list[str]) -> Collection:
    """Write and load a million words: the minutes over and over, from the second time on one word in twenty changed."""
    rng = random.Random(SEED)
    words = [word for text in texts for word in text.split()]
    (folder / "documents").mkdir(parents=True)
    n_words = number = 0
    while n_words < N_WORDS:
        text = texts[number % len(texts)]
        if number >= len(texts):
            text = re.sub(r"\S+", lambda m: rng.choice(words) if rng.random() < 0.05 else m.group(), text)
        (folder / "documents" / f"d{number:04}.txt").write_text(text, encoding="utf-8")
        n_words += len(text.split())
        number += 1
    return load_collection(folder)


def time_pastes(name: str, checker: QuotationChecker, texts: list[str]) -> None:
    """Print the time of pastes of ten pages: quotations as they stand, changed ones, and of words in disorder."""
    rng = random.Random(SEED)
    words = [word for text in texts for word in text.split() if word.isalpha()]
    sentences = [s for text in texts for s in re.split(r"(?<=[.?!])\s+", text) if 5 <= len(s.split()) <= 40]
    for kind in ("exact", "altered", "absent"):
        paste = ""
        while len(paste) < PAGES:
            said = re.sub(r"[“”\"]", "", rng.choice(sentences)).split()
            if kind == "altered":
                said[rng.randrange(len(said))] = rng.choice(words)
            elif kind == "absent":
                said = rng.choices(words, k=len(said))
            paste += f"He said “{' '.join(said)}”\n"
        checker.check_text(paste)
        started, used = time.perf_counter(), time.process_time()
        checks = checker.check_text(paste)
        used, passed = time.process_time() - used, time.perf_counter() - started
        n_places = sum(len(check.places) for check in checks)
        _print(f"| {name} | {kind} | {len(checks)} | {n_places} | {used:.2f} s | {passed:.2f} s |")


def main() -> None:
    """Print the tables."""
    splits = [MINUTES / split for split in ("train", "validation")]
    others = [path.read_text(encoding="utf-8") for split in splits for path in sorted(split.rglob("*.txt"))]
    checkers = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, collection in (
            ("The seeds", load_collection(SEEDS)),
            ("The minutes' test split", minutes_collection(Path(folder) / "minutes")),
        ):
            checker = QuotationChecker(collection)
            texts = [document.text for document in collection.documents]
            drawer = Drawer(collection, others)
            cases = [*drawer.exact(), *drawer.altered(), *drawer.attributed(), *absent(others, texts)]
            print_table(name, measure(checker, cases))
            checkers[name] = (checker, texts)
        collection = large_collection(Path(folder) / "large", others)
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.process_time()
        checkers["A million words"] = (QuotationChecker(collection), others)
        built = time.process_time() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - held) / 1024
        _print(f"\nIndex of a million words: {built:.1f} s, at its peak {grown:.0f} MB.")
        _print("\nA paste of ten pages:\n\n| collection | quotations | n | places | processor | clock |")
        _print("|" + "---|" * 6)
        for name, (checker, texts) in checkers.items():
            time_pastes(name, checker, texts)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
