"""Answer a question from the record, or say why it does not answer.

Read this third.  The flow is the whole of memcon: question -> follow-up resolved -> read -> curated? quoted? ->
retrieved sentences -> regions -> probability -> citations or an abstention.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.abstention import Judge, asks_the_machine, lacks_quantity
from bot.answers import Abstention, Answer, Citation, Evidence, Exchange, Outcome, Reason
from bot.citations import cite
from bot.curated import CuratedMatcher, Match, closest
from bot.evidence import EvidenceChooser, Region
from bot.followups import Resolved, resolve
from bot.leaning import Leaning, Wording, weigh
from bot.linking import linked_evidence
from bot.lists import complete_list, with_whole_list
from bot.nearness import near_units
from bot.notes import find_notes
from bot.plan import Plan, Planner
from bot.quotations import QuotationChecker
from bot.quoted import quoted_evidence
from bot.reading import MAX_CHARACTERS, QuestionReader, Reading, check_question
from bot.retrieval import Found, Retriever
from bot.settings import Settings
from embeddings.collection import Collection
from embeddings.documents import Span
from embeddings.encoder import Encoder
from embeddings.languages import reads

N_RELATED, MAX_DROP_RELATED = 3, 1.5  # passages shown where nothing answers, and log-odds behind the nearest
SHARE_UNREAD = 0.85  # of the least similarity, in a language that only the curated questions' wordings can carry
# Below this similarity to the curated question that answers, what the search finds is quoted after its words.  A higher
# one finds hardly more, and lets more than half of the questions wait for the reader.
SURE_SIMILARITY = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What was found for a question, and what the curated questions and the conversation say to it.

    ``pointed``: log-odds by unit number of the place that a follow-up asks for: whatever stands there answers it.
    """

    found: Found
    doubt: float  # log-odds, at most 0, added to any answer's
    pointed: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Answers questions about one collection; every part is wired by `bot.loading`."""

    settings: Settings
    collection: Collection
    encoder: Encoder
    reader: QuestionReader
    retriever: Retriever
    chooser: EvidenceChooser
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
        evidence = quoted_evidence(self.collection, self.quotations, question)
        resolved = resolve(question, conversation, self.reader)
        if evidence:
            return self._answer(question, self.reader.read(resolved.query[-MAX_CHARACTERS:]), evidence)
        if asks_the_machine(question):
            return self._abstain(question, self.reader.read(question), Reason.OUT_OF_SCOPE)
        leaning = self._weigh(resolved, conversation) if resolved.joined is not None else None
        leans = leaning is not None and leaning.leans
        wording = leaning.wording if leaning is not None else self._read(resolved.bare)
        reading = wording.reading
        matches = self._matches(question, wording, leaning)
        plan = self.planner.plan(reading)
        if len(plan.parts) > 1 and not leans:
            return self._answer_parts(question, reading, plan.parts)
        asked = leaning.bare.reading if leaning is not None else reading
        match = closest(matches)
        if match is not None and self._asks_the_same(asked, match):
            return self._curated(question, wording, match, matches, leaning, wants_list=asked.asks_list)
        if not reads(self.encoder.languages, asked.text):
            return self._abstain(question, reading, Reason.UNCLEAR)  # what is like it, nobody could say
        search = self._search(wording, matches, leaning)
        regions = self._regions(reading, search.found, plan)
        probability = self._probability(reading, search, regions[0])
        if probability < self.settings.min_answer_probability:
            reason = self._reason(reading, search.found, regions[0])
            return self._abstain(question, reading, reason, self._related(search.found.numbers, search.found.scores))
        if not plan.documents:
            units, room = self.retriever.units, self.settings.max_words
            best = int(search.found.numbers[self.judge.best_row(search.found, regions[0])])
            regions = with_whole_list(
                self.collection, units, regions, best, wants_list=reading.asks_list, max_words=room
            )
        return self._answer(question, reading, [self.chooser.evidence(region, probability) for region in regions])

    def _read(self, query: str) -> Wording:
        reading = self.reader.read(query[-MAX_CHARACTERS:])
        return Wording(reading=reading, vector=self.encoder.encode_questions([reading.text])[0])

    def _weigh(self, resolved: Resolved, conversation: Sequence[Exchange]) -> Leaning:
        """Decide by what is found whether a follow-up leans on the question before it, and rank the sentences."""
        bare, joined = self._read(resolved.bare), self._read(resolved.joined or resolved.bare)
        near = near_units(self.collection, self.retriever.units, conversation, bare.reading)
        return weigh(self.retriever, bare, joined, resolved.odds, near)

    def _answer_parts(self, question: str, reading: Reading, parts: Sequence[str]) -> Outcome:
        """Answer a question that asks several things by the answers to each; silent only if all are."""
        outcomes = [self.answer(part) for part in parts]
        citations: tuple[Citation, ...] = ()
        for citation in (c for o in outcomes if isinstance(o, Answer) for c in o.citations):
            own = Span(citation.start, citation.end)
            if not any(c.document_id == citation.document_id and own.meets(Span(c.start, c.end)) for c in citations):
                citations += (citation,)
        if not citations:
            return replace(outcomes[0], question=question, query=reading.text)
        notes = find_notes(self.collection, reading, citations)
        return Answer(question=question, query=reading.text, citations=citations, notes=notes)

    def _matches(self, question: str, wording: Wording, leaning: Leaning | None) -> list[Match]:
        """Return the curated questions most like the question; signs alone are like nothing."""
        if self.curated is None or not any(map(str.isalpha, question)):
            return []
        if leaning is None or not leaning.leans:
            return self.curated.match(wording)
        return self.curated.match_leaning(leaning)

    def _asks_the_same(self, reading: Reading, match: Match) -> bool:
        """Whether a curated question is alike enough, and answered by whom and in the kind that was asked for."""
        least = self.settings.min_curated_similarity
        if not reads(self.encoder.languages, reading.text):
            least *= SHARE_UNREAD
        if match.similarity < least:
            return False
        documents = [(self.collection.document(d), span) for d, span in match.question.answers]
        speakers = {block.speaker for d, span in documents if (block := d.block_at(span.start)) and block.speaker}
        if reading.speakers and speakers and not speakers & set(reading.speakers):
            return False
        linked = " ".join(document.words(span) for document, span in documents)
        return not (linked and lacks_quantity(reading.text, linked))

    def _curated(
        self,
        question: str,
        wording: Wording,
        match: Match,
        matches: Sequence[Match],
        leaning: Leaning | None,
        *,
        wants_list: bool,
    ) -> Outcome:
        """Answer, or abstain, as the editors did for ``match``, which asks the same."""
        reading = wording.reading
        readable = reads(self.encoder.languages, reading.text)
        if match.question.reason is None:
            linked = match.question.answers
            evidence = linked_evidence(self.collection, linked, match.similarity, wants_list=wants_list)
            if wants_list and len(evidence) == 1:
                evidence = self._completed(evidence[0])
            if readable and match.similarity < SURE_SIMILARITY:
                evidence = [*evidence, *self._beside(evidence, wording, matches, leaning)]
            return self._answer(question, reading, evidence)
        reason = Reason(match.question.reason)
        if not readable:
            return self._abstain(question, reading, reason)
        ranked = self.retriever.rank(reading, wording.vector)
        return self._abstain(question, reading, reason, self._related(ranked.numbers, ranked.fused))

    def _beside(
        self, linked: Sequence[Evidence], wording: Wording, matches: Sequence[Match], leaning: Leaning | None
    ) -> list[Evidence]:
        """Return the best that the search finds, if it is likely to answer, is other words, and there is room."""
        if len(linked) >= self.settings.max_citations:
            return []
        search = self._search(wording, matches, leaning)
        found = search.found
        region = self.chooser.choose(found.numbers, found.scores, wants_list=False)[0]
        probability = self._probability(wording.reading, search, region)
        evidence = self.chooser.evidence(region, probability)
        known = any(e.document_id == evidence.document_id and e.span.meets(evidence.span) for e in linked)
        n_words = sum(len(self.collection.document(e.document_id).words(e.span).split()) for e in (*linked, evidence))
        likely = probability >= self.settings.min_answer_probability
        return [evidence] if likely and not known and n_words <= self.settings.max_words else []

    def _completed(self, linked: Evidence) -> list[Evidence]:
        """Put the whole list in the place of a list entry, or of the words that introduce one."""
        units = self.retriever.units
        inside = [
            u.number for u in units if self._document_of(u.number) == linked.document_id and u.span.meets(linked.span)
        ]
        if not inside:
            return [linked]
        region = Region(first=inside[0], last=inside[-1], score=linked.score)
        regions = complete_list(self.collection, units, region)
        return [linked] if regions == [region] else [self.chooser.evidence(whole, linked.score) for whole in regions]

    def _search(self, wording: Wording, matches: Sequence[Match], leaning: Leaning | None) -> Search:
        """Retrieve for one wording, with what the conversation and the curated questions lend to it."""
        pointed = leaning.pointed if leaning is not None else {}
        if leaning is None:
            found = self.retriever.search(wording.reading, wording.vector)
        else:
            found = self.retriever.read(wording.reading, leaning.ranked).raised(pointed)
        if self.curated is None:
            return Search(found=found, doubt=0.0, pointed=pointed)
        bonus, doubt = self.curated.support(matches)
        return Search(found=found.raised(bonus), doubt=doubt, pointed=pointed)

    def _regions(self, reading: Reading, found: Found, plan: Plan) -> list[Region]:
        """Choose what to quote: the best, or the best of each document compared."""
        if plan.documents:
            return self._compared(found, plan.documents)
        return self.chooser.choose(found.numbers, found.scores, wants_list=reading.asks_list)

    def _compared(self, found: Found, documents: Sequence[str]) -> list[Region]:
        """Choose the best of each document, the best of all first."""
        best = []
        for document_id in documents:
            inside = np.array([self._document_of(n) == document_id for n in found.numbers])
            if inside.any():
                best.append(self.chooser.choose(found.numbers[inside], found.scores[inside], wants_list=False)[0])
        return sorted(best, key=lambda region: -region.score)

    def _document_of(self, number: int) -> str:
        return self.collection.documents[self.retriever.units[number].document].id

    def _probability(self, reading: Reading, search: Search, region: Region) -> float:
        best = self.judge.best_row(search.found, region)
        extra = search.doubt + search.pointed.get(int(search.found.numbers[best]), 0.0)
        return self.judge.probability(reading, search.found, self.chooser.text_of(region), best, extra)

    def _reason(self, reading: Reading, found: Found, region: Region) -> Reason:
        passage = self.retriever.units[region.first].passage_text
        return self.judge.reason(reading, found, passage, redacted=self._asks_redacted(reading))

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

    def _abstain(
        self, question: str, reading: Reading, reason: Reason, related: tuple[Citation, ...] = ()
    ) -> Abstention:
        return Abstention(
            question=question,
            query=reading.text,
            reason=reason,
            related=() if reason in (Reason.OUT_OF_SCOPE, Reason.UNCLEAR) else related,
            notes=find_notes(self.collection, reading, ()),
        )

    def _related(self, numbers: NDArray[np.int64], scores: NDArray[np.float32]) -> tuple[Citation, ...]:
        regions = self.chooser.choose(numbers, scores, wants_list=False, least=N_RELATED)[:N_RELATED]
        near = max(region.score for region in regions) - MAX_DROP_RELATED
        return tuple(
            cite(self.collection, e.document_id, e.span, e.score)
            for e in (self.chooser.evidence(region, 0.0) for region in regions if region.score >= near)
        )


def answer_turns(answerer: Answerer, turns: Sequence[str]) -> list[Outcome]:
    """Answer the turns of one conversation in order, each after those before it."""
    conversation: list[Exchange] = []
    for turn in turns:
        outcome = answerer.answer(turn, conversation)
        conversation.append(Exchange(question=turn, outcome=outcome))
    return [exchange.outcome for exchange in conversation]
