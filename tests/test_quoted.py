"""A question that quotes the record is answered by the place of the words, unless they only name what it is about."""

from __future__ import annotations

import pytest

from bot.quotations import QuotationChecker
from bot.quoted import quoted_evidence


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ('Who spoke of "reasonable sufficiency"?', True),
        ('"reasonable sufficiency"', True),
        ('Who said "the seamen turned out luckier"?', True),
        # A term, of which something else is asked
        ('Which general asked whether "reasonable sufficiency" leaves room for bases abroad?', False),
        ('Which general told his guests that "the seamen turned out luckier" than the others?', True),
        ('Did Admiral Crowe really speak of "reasonable sufficiency" to Akhromeev?', True),
        ('Wer sprach damals im Pentagon von der "reasonable sufficiency"?', True),
        ('Who used the word "sufficiency"?', False),
        ('Who said "the seamen are flying to Mars"?', False),
        ("Who signed the directive?", False),
    ],
)
def test_quoted_words_are_looked_up_where_they_are_what_is_asked_for(seeds, question, found):
    evidence = quoted_evidence(seeds, QuotationChecker(seeds), question)

    assert bool(evidence) is found
    for piece in evidence:
        text = " ".join(seeds.document(piece.document_id).words(piece.span).split())
        assert "sufficiency" in text or "seamen" in text
