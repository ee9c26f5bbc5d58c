"""Answer a question from the record, or say why it does not answer.

Read this third.  The flow is the whole of memcon: question -> follow-up resolved -> read -> quoted? curated? ->
retrieved sentences -> regions -> choice -> citations or an abstention.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.abstention import Judge
from bot.answers import Abstention, Answer, Citation, Evidence, Exchange, Outcome, Reason
from bot.choosing import Choice, Chooser, Proposal
from bot.citations import cite
from bot.curated import CuratedMatcher, Match, widest
from bot.evidence import EvidenceChooser, Region
from bot.followups import resolve
from bot.lists import complete_list
from bot.notes import find_notes
from bot.plan import Plan, Planner
from bot.quotations import QuotationChecker, Verdict
from bot.reading import MAX_CHARACTERS, QuestionReader, Reading, check_question, quoted_words
from bot.retrieval import Found, Retriever
from bot.settings import Settings
from embeddings.collection import Collection
from embeddings.documents import Span
from embeddings.encoder import Encoder, Vectors

N_RELATED = 3
MAX_CURATED_WORDS = 90  # of an answer that the editors linked and that asks for no list


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Answers questions about one collection; every part is wired by `bot.loading`."""

    settings: Settings
    collection: Collection
    encoder: Encoder
    reader: QuestionReader
    retriever: Retriever
    regions: EvidenceChooser
    choice: Chooser
    judge: Judge
    planner: Planner
    quotations: QuotationChecker
    curated: CuratedMatcher | None

    def answer(self, question: str, conversation: Sequence[Exchange] = ()) -> Outcome:
        """Answer ``question`` after ``conversation``, oldest exchange first.

        Raises:
            QuestionError: the question is empty, too long, or no text.
        """
        check_question(question)
        resolved = resolve(question, conversation, self.reader)
        reading = self.reader.read(resolved.query[-MAX_CHARACTERS:])
        evidence = self._quoted(question)
        if evidence:
            return self._answer(question, reading, evidence)
        if not any(map(str.isalpha, question)):
            return Abstention(question=question, query=reading.text, reason=Reason.UNCLEAR)
        vector = self.encoder.encode([reading.text])[0]
        matches = () if resolved.leans or self.curated is None else self.curated.match(reading, vector)
        plan = self.planner.plan(reading)
        several = len(plan.parts) > 1 and not resolved.leans
        sure = self.choice.sure(matches, self.judge.unknown_terms(reading))
        if sure is not None and (sure.same or not (several or plan.documents)):
            return self._curated(question, reading, vector, sure)
        if several:
            return self._answer_parts(question, reading, plan.parts)
        found = self.retriever.search(reading, vector)
        regions = self._regions(reading, found, plan)
        choice = self._choose(reading, matches, found, regions[0])
        if choice.silent or choice.probability < self.settings.min_answer_probability:
            return self._abstain(question, reading, found, self._reason(reading, found, regions[0], choice.match))
        evidence = [self.regions.evidence(region, choice.probability) for region in regions]
        if choice.match is not None:
            linked = self._linked(choice.match, reading, choice.probability)
            held = {e.document_id for e in linked}
            evidence = [*linked, *(e for e in evidence if plan.documents and e.document_id not in held)]
        return self._answer(question, reading, evidence)

    def _answer_parts(self, question: str, reading: Reading, parts: Sequence[str]) -> Outcome:
        """Answer a question that asks several things by the answers to each; silent only if all are."""
        outcomes = [self.answer(part) for part in parts]
        found = {c.id: c for o in outcomes if isinstance(o, Answer) for c in o.citations}
        if not found:
            return replace(outcomes[0], question=question, query=reading.text)
        citations = tuple(found.values())
        notes = find_notes(self.collection, reading, citations)
        return Answer(question=question, query=reading.text, citations=citations, notes=notes)

    def _curated(self, question: str, reading: Reading, vector: Vectors, match: Match) -> Outcome:
        """Answer, or abstain, as the editors did for a question that asks the same."""
        if match.question.reason is None:
            return self._answer(question, reading, self._linked(match, reading, match.probability))
        found = self.retriever.search(reading, vector)
        return self._abstain(question, reading, found, Reason(match.question.reason))

    def _choose(self, reading: Reading, matches: Sequence[Match], found: Found, region: Region) -> Choice:
        """Choose between what editors linked to questions like the asked one, the best region found, and silence."""
        log_odds = self.judge.log_odds(
            reading, found, self.regions.words(region), self._passage(region), self.judge.best_row(found, region)
        )
        unknown = self.judge.unknown_terms(reading)
        return self.choice.choose(matches, Proposal(region=region, log_odds=log_odds, unknown_terms=unknown))

    def _regions(self, reading: Reading, found: Found, plan: Plan) -> list[Region]:
        """Choose what to quote: the best, or the best of each document compared, or the whole list."""
        if plan.documents:
            return self._compared(found, plan.documents)
        regions = self.regions.choose(found.numbers, found.scores, wants_list=reading.asks_list)
        if reading.asks_list:
            whole = complete_list(self.collection, self.retriever.units, regions[0])
            return whole if len(whole) > 1 or whole[0] != regions[0] else regions
        return regions

    def _compared(self, found: Found, documents: Sequence[str]) -> list[Region]:
        """Choose the best of each document, the best of all first."""
        best = []
        for document_id in documents:
            inside = np.array([self._document_of(n) == document_id for n in found.numbers])
            if inside.any():
                best.append(self.regions.choose(found.numbers[inside], found.scores[inside], wants_list=False)[0])
        return sorted(best, key=lambda region: -region.score)

    def _document_of(self, number: int) -> str:
        return self.collection.documents[self.retriever.units[number].document].id

    def _quoted(self, question: str) -> list[Evidence]:
        """Find the words that the question itself quotes; an altered quotation finds the record's own words."""
        evidence = []
        for words in quoted_words(question):
            if len(words.split()) < 2:
                continue
            check = self.quotations.check(words)
            if check.verdict is not Verdict.ABSENT:
                evidence += [self._sentence_of(place) for place in check.places[:2]]
        return evidence

    def _sentence_of(self, place: Citation) -> Evidence:
        """Return the whole sentence or sentences in which ``place`` stands."""
        block = self.collection.block(self.collection.passage(place.passage_id))
        held = [s for s in block.sentences if s.start < place.end and place.start < s.end]
        span = Span(held[0].start, held[-1].end)
        return Evidence(document_id=place.document_id, span=span, score=place.score)

    def _linked(self, match: Match, reading: Reading, probability: float) -> list[Evidence]:
        """Return the spans that the editors linked to a curated question, as many as fit."""
        evidence: list[Evidence] = []
        words = 0
        for document_id, span in widest(match.question.answers):
            words += len(self.collection.document(document_id).words(span).split())
            if evidence and words > MAX_CURATED_WORDS and not reading.asks_list:
                break
            evidence.append(Evidence(document_id=document_id, span=span, score=probability))
        return evidence

    def _reason(self, reading: Reading, found: Found, region: Region, match: Match | None) -> Reason:
        if match is not None and match.question.reason is not None:
            return Reason(match.question.reason)
        return self.judge.reason(reading, found, self._passage(region), redacted=self._asks_redacted(reading))

    def _passage(self, region: Region) -> str:
        return self.retriever.units[region.first].passage_text

    def _asks_redacted(self, reading: Reading) -> bool:
        """Whether the question names a redaction's mark, and so asks for what was withheld there."""
        asked = reading.text.casefold()
        marks = {d.words(r).casefold().strip("[]") for d in self.collection.documents for r in d.redactions}
        return any(mark in asked for mark in marks)

    def _answer(self, question: str, reading: Reading, evidence: Sequence[Evidence]) -> Answer:
        citations = tuple(cite(self.collection, e.document_id, e.span, e.score) for e in evidence)
        return Answer(
            question=question,
            query=reading.text,
            citations=citations,
            notes=find_notes(self.collection, reading, citations),
        )

    def _abstain(self, question: str, reading: Reading, found: Found, reason: Reason) -> Abstention:
        related: tuple[Citation, ...] = ()
        if reason not in (Reason.OUT_OF_SCOPE, Reason.UNCLEAR):
            related = self._related(found)
        return Abstention(
            question=question,
            query=reading.text,
            reason=reason,
            related=related,
            notes=find_notes(self.collection, reading, ()),
        )

    def _related(self, found: Found) -> tuple[Citation, ...]:
        regions = self.regions.choose(found.numbers, found.scores, wants_list=False)[:N_RELATED]
        return tuple(
            cite(self.collection, e.document_id, e.span, e.score)
            for e in (self.regions.evidence(region, 0.0) for region in regions)
        )


def answer_turns(answerer: Answerer, turns: Sequence[str]) -> list[Outcome]:
    """Answer the turns of one conversation in order, each after those before it."""
    conversation: list[Exchange] = []
    for turn in turns:
        outcome = answerer.answer(turn, conversation)
        conversation.append(Exchange(question=turn, outcome=outcome))
    return [exchange.outcome for exchange in conversation]
