"""Answer a question that quotes the record by the sentences in which the quoted words stand.

A short quotation in a question that asks something else of it names a thing, and is searched for as any other words.
"""

from __future__ import annotations

from bot.answers import Citation, Evidence
from bot.quotations import QuotationChecker, Verdict
from bot.reading import quoted_words, without_quotations
from embeddings.collection import Collection
from embeddings.documents import Span
from embeddings.encoder import ENGLISH
from embeddings.languages import reads
from embeddings.lexical import terms

MAX_PLACES = 2  # of one quotation
MIN_WORDS = 2  # of a quotation; a single word in quotation marks is a word that is asked about
MAX_NAMING_WORDS = 3  # of a quotation that may only name a thing
# Terms beside it, but for names, that ask something else: "who spoke of", "where stands" have fewer.  Set by hand: it
# concerns four questions of the validation split and of the strangers', of which three have no answer in the record.
MIN_TERMS_BESIDE = 4


def quoted_evidence(collection: Collection, quotations: QuotationChecker, question: str) -> list[Evidence]:
    """Find the words that ``question`` quotes; an altered quotation finds the record's own words."""
    evidence = []
    asks_more = _asks_more(question)
    for words in quoted_words(question):
        n_words = len(words.split())
        if n_words < MIN_WORDS or (asks_more and n_words <= MAX_NAMING_WORDS):
            continue
        check = quotations.check(words)
        if check.verdict is not Verdict.ABSENT:
            evidence += [_sentences_of(collection, place) for place in check.places[:MAX_PLACES]]
    return evidence


def _asks_more(question: str) -> bool:
    """Whether ``question`` asks more than where its quotation stands; of English only, whose words it is known for."""
    beside = without_quotations(question)
    common = " ".join(word for word in beside.split() if not word[0].isupper())
    return reads(ENGLISH, beside) and len(set(terms(common))) >= MIN_TERMS_BESIDE


def _sentences_of(collection: Collection, place: Citation) -> Evidence:
    """Return the whole sentence or sentences in which ``place`` stands."""
    block = collection.block(collection.passage(place.passage_id))
    held = [s for s in block.sentences if s.meets(Span(place.start, place.end))]
    span = Span(held[0].start, held[-1].end)
    return Evidence(document_id=place.document_id, span=span, score=place.score)
