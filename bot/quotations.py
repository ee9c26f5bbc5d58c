"""Check other people's quotations against the record: exact, altered (and how), misattributed, or absent.

What is compared and what is not, `bot.quoting.wordforms` says.  A capital may be small, or the reverse, in the first
letter of a quotation and in a letter set in square brackets, as custom has it; any other change of case is an
alteration.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from bot.answers import Citation
from bot.errors import QuestionError
from bot.quoting.alignment import Change
from bot.quoting.attribution import Attribution, AttributionReader
from bot.quoting.findings import Finder, Finding
from bot.quoting.meaning import Caution, Concern
from bot.quoting.misattribution import AttributionJudge, Misattribution
from bot.quoting.occurrences import Occurrence
from bot.quoting.quoted_text import Claim, ClaimKind, claimed_words, cut_claims
from bot.quoting.quoted_words import Quoted
from embeddings.collection import Collection
from embeddings.documents import Span

MAX_CHARACTERS = 100_000  # about thirty pages
MAX_CLAIMS = 2000  # quotations and sentences of one text
MAX_PLACES = 200  # of one quotation
MAX_PLACES_OF_TEXT = 2000  # of all quotations of one text; beyond them each has its first alone

_MIN_UNMARKED = 8  # words in a row that a sentence without quotation marks shares with the record
_MIN_ATTRIBUTED = 0.75  # share of a quotation's words that are the record's, if whose they are is to be told


class Verdict(Enum):
    """What became of the words."""

    EXACT = "exact"
    ALTERED = "altered"
    MISATTRIBUTED = "misattributed"  # exact or altered, and attributed to whom did not say them
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class QuotationCheck:
    """The verdict on a quotation, the places it stands in, and what its reader should know.

    ``changes`` compare the words with the first place; there are none where the words are exact.
    """

    quoted: str
    verdict: Verdict
    span: Span  # of the quotation in the text that was checked
    occurrences: tuple[Occurrence, ...] = ()  # in the order of the record
    has_more: bool = False  # there are more than these
    changes: tuple[Change, ...] = ()
    misattribution: Misattribution | None = None
    warnings: tuple[Caution, ...] = ()

    @property
    def marked(self) -> bool:
        """Whether the words are the record's but for what ellipses and square brackets show, and these hide nothing."""
        return bool(self.changes) and not self.warnings and all(change.marked for change in self.changes)

    @property
    def places(self) -> tuple[Citation, ...]:
        """Return the citations of all occurrences, in the order of the record."""
        return tuple(citation for occurrence in self.occurrences for citation in occurrence.citations)


class QuotationChecker:
    """Checks quotations from one collection; checking changes nothing, so threads may share it."""

    def __init__(self, collection: Collection) -> None:
        self._finder = Finder(collection)
        self._reader = AttributionReader(collection)
        self._judge = AttributionJudge(collection, self._reader)

    def check(self, words: str) -> QuotationCheck:
        """Find ``words``, one quotation, in the record.

        Raises:
            QuestionError: there are no words in it, or more than `MAX_CHARACTERS` characters.
        """
        _check_length(words, "quotation")
        quoted = Quoted(words)
        if not quoted.plain:
            raise QuestionError("the quotation holds no words; give the words to look for")
        return _verdict(words, Span(0, len(words)), self._finder.find(quoted, MAX_PLACES))

    def check_text(self, text: str) -> tuple[QuotationCheck, ...]:
        """Check every quotation in ``text``, in its order.

        Where it quotes nothing, its sentences are checked; beside quotations, those sentences that have words of the
        record without quotation marks.

        Raises:
            QuestionError: there are no words in it, more than `MAX_CHARACTERS` characters, or more than `MAX_CLAIMS`
                quotations and sentences.
        """
        _check_length(text, "text")
        claims = [(claim, Quoted(claimed_words(text, claim))) for claim in cut_claims(text, self._reader.label)]
        claims = [(claim, quoted) for claim, quoted in claims if quoted.plain]
        if not claims:
            raise QuestionError("the text holds no words; give the text whose quotations are to be checked")
        if len(claims) > MAX_CLAIMS:
            raise QuestionError(
                f"the text holds {len(claims)} quotations and sentences; at most {MAX_CLAIMS} are allowed. "
                f"Check it in parts"
            )
        return tuple(self._check_claims(text, claims))

    def _check_claims(self, text: str, claims: Sequence[tuple[Claim, Quoted]]) -> Iterator[QuotationCheck]:
        quotes = any(claim.kind is not ClaimKind.SENTENCE for claim, _ in claims)
        found: dict[str, Finding] = {}
        n_left = MAX_PLACES_OF_TEXT
        for claim, quoted in claims:
            words = text[claim.span.start : claim.span.end]
            n_places = max(1, min(MAX_PLACES, n_left))
            if words not in found:
                found[words] = self._finder.find(quoted, n_places)
            finding = found[words].cut(n_places)
            n_left -= len(finding.occurrences)
            if quotes and claim.kind is ClaimKind.SENTENCE:
                if (len(quoted.plain) if finding.exact else finding.longest_run) < _MIN_UNMARKED:
                    continue
                finding = replace(finding, warnings=(*finding.warnings, Caution(concern=Concern.UNMARKED)))
            check = _verdict(words, claim.span, finding)
            attribution = self._reader.read(text, claim)
            if attribution is not None and finding.kept >= _MIN_ATTRIBUTED and not finding.has_more:
                check = self._attributed(check, quoted, attribution)
            yield check

    def _attributed(self, check: QuotationCheck, quoted: Quoted, attribution: Attribution) -> QuotationCheck:
        """Return ``check`` as misattributed, if whom the text names says the words at none of their places."""
        rivals = self._finder.rivals(quoted) if check.changes else []
        misattribution = self._judge.judge(attribution, [*check.places, *rivals])
        if misattribution is None:
            return check
        return replace(check, verdict=Verdict.MISATTRIBUTED, misattribution=misattribution)


def _verdict(words: str, span: Span, finding: Finding) -> QuotationCheck:
    found = Verdict.EXACT if finding.exact else Verdict.ALTERED
    return QuotationCheck(
        quoted=words,
        verdict=found if finding.occurrences else Verdict.ABSENT,
        span=span,
        occurrences=finding.occurrences,
        has_more=finding.has_more,
        changes=finding.changes,
        warnings=finding.warnings,
    )


def _check_length(text: str, what: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise QuestionError(
            f"the {what} has {len(text)} characters; at most {MAX_CHARACTERS} are allowed. Check it in parts"
        )
