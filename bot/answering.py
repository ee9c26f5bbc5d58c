"""Answer a question from the record, or say why it does not answer.

Read this third.  The flow is the whole of memcon: question -> follow-up resolved -> read -> curated? quoted? ->
retrieved sentences -> regions -> probability -> citations or an abstention.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.abstention import Judge
from bot.answers import Abstention, Answer, Citation, Evidence, Exchange, Outcome, Reason
from bot.citations import cite
from bot.curated import CuratedMatcher, Match
from bot.evidence import EvidenceChooser, Region
from bot.followups import resolve
from bot.notes import find_notes
from bot.quotations import QuotationChecker, Verdict
from bot.reading import QuestionReader, Reading, check_question
from bot.retrieval import Found, Retriever
from bot.settings import Settings
from embeddings.collection import Collection
from embeddings.encoder import Encoder

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
    chooser: EvidenceChooser
    judge: Judge
    quotations: QuotationChecker
    curated: CuratedMatcher | None

    def answer(self, question: str, conversation: Sequence[Exchange] = ()) -> Outcome:
        """Answer ``question`` after ``conversation``, oldest exchange first.

        Raises:
            QuestionError: the question is empty, too long, or no text.
        """
        check_question(question)
        resolved = resolve(question, conversation, self.reader)
        reading = self.reader.read(resolved.query[-2000:])
        evidence = self._quoted(reading)
        match = self._curated(reading)
        if not evidence and match is not None:
            if match.question.reason is not None:
                return self._abstain(question, reading, Reason(match.question.reason), self.retriever.search(reading))
            evidence = self._linked(match, reading)
        if evidence:
            return self._answer(question, reading, evidence)
        found = self.retriever.search(reading)
        regions = self.chooser.choose(found.numbers, found.scores, wants_list=reading.asks_list)
        probability = self._probability(reading, found, regions[0])
        if probability < self.settings.min_answer_probability:
            reason = self.judge.reason(
                reading, found, self._passage(regions[0]), redacted=self._redacted(reading, regions[0])
            )
            return self._abstain(question, reading, reason, found)
        return self._answer(question, reading, [self.chooser.evidence(region, probability) for region in regions])

    def _quoted(self, reading: Reading) -> list[Evidence]:
        """Find the words that the question itself quotes; an altered quotation finds the record's own words."""
        evidence = []
        for words in reading.quoted:
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
        span = type(held[0])(held[0].start, held[-1].end)
        return Evidence(document_id=place.document_id, span=span, score=place.score)

    def _curated(self, reading: Reading) -> Match | None:
        if self.curated is None:
            return None
        matches = self.curated.match(reading, self.encoder.encode([reading.text])[0])
        if matches and matches[0].similarity >= self.settings.min_curated_similarity:
            return matches[0]
        return None

    def _linked(self, match: Match, reading: Reading) -> list[Evidence]:
        """Return the spans that the editors linked to a curated question, as many as fit."""
        evidence: list[Evidence] = []
        words = 0
        for document_id, span in match.question.answers:
            words += len(self.collection.document(document_id).words(span).split())
            if evidence and words > MAX_CURATED_WORDS and not reading.asks_list:
                break
            evidence.append(Evidence(document_id=document_id, span=span, score=match.similarity))
        return evidence

    def _probability(self, reading: Reading, found: Found, region: Region) -> float:
        rows = np.flatnonzero((found.numbers >= region.first) & (found.numbers <= region.last))
        best = int(rows[np.argmax(found.scores[rows])])
        return self.judge.probability(reading, found, self.chooser.words(region), self._passage(region), best)

    def _passage(self, region: Region) -> str:
        return self.retriever.units[region.first].passage_text

    def _redacted(self, reading: Reading, region: Region) -> bool:
        """Whether the question asks for withheld words: it names a redaction's mark, or only that was found."""
        for document in self.collection.documents:
            for redaction in document.redactions:
                if document.words(redaction).casefold().strip("[]") in reading.text.casefold():
                    return True
        return False

    def _answer(self, question: str, reading: Reading, evidence: Sequence[Evidence]) -> Answer:
        citations = tuple(cite(self.collection, e.document_id, e.span, e.score) for e in evidence)
        return Answer(
            question=question,
            query=reading.text,
            citations=citations,
            notes=find_notes(self.collection, reading, citations),
        )

    def _abstain(self, question: str, reading: Reading, reason: Reason, found: Found) -> Abstention:
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
        regions = self.chooser.choose(found.numbers, found.scores, wants_list=False)[:N_RELATED]
        return tuple(
            cite(self.collection, e.document_id, e.span, e.score)
            for e in (self.chooser.evidence(region, 0.0) for region in regions)
        )


def answer_turns(answerer: Answerer, turns: Sequence[str]) -> list[Outcome]:
    """Answer the turns of one conversation in order, each after those before it."""
    conversation: list[Exchange] = []
    for turn in turns:
        outcome = answerer.answer(turn, conversation)
        conversation.append(Exchange(question=turn, outcome=outcome))
    return [exchange.outcome for exchange in conversation]
