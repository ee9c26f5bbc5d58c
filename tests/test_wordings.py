"""Telling the languages of curated questions apart."""

from __future__ import annotations

import pytest

from bot.wordings import wording_in
from embeddings.languages import language_of, reads
from embeddings.questions import CuratedQuestion


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("What did the admiral propose?", "en"),
        ("Что предложил адмирал?", "ru"),
        ("Was schlug der Admiral vor?", "de"),
        ("Qu'a proposé l'amiral pour les visites ?", "fr"),
        ("¿Qué propuso el almirante?", "es"),
        ("Was sagte Lane?", "de"),
        ("Was Lane in Wien?", None),
        ("Que dit la carta ?", "fr"),
        ("Que dit la carta\u202f?", "fr"),
        ("Wien 1987?", None),
        ("", None),
        ("🛰️ ???", None),
        ("海軍", None),
    ],
)
def test_a_question_shows_its_language_or_none(words, language):
    assert language_of(words) == language


def question(*wordings: str) -> CuratedQuestion:
    return CuratedQuestion(number=1, wordings=wordings, answers=(), reason="unclear", signed="an editor")


def test_a_wording_is_found_by_its_language_and_a_few_words_for_a_search_never_are():
    asked = question("afghanistan war", "Who came in the war?", "Wer kam im Krieg?", "Кто прибыл на войну?")

    assert wording_in(asked, "de") == "Wer kam im Krieg?"
    assert wording_in(asked, "ru") == "Кто прибыл на войну?"
    assert wording_in(asked, "fr") is None


def test_of_the_seeds_questions_few_are_taken_for_another_language(seeds):
    """Wordings in four more languages stand together, in one order; one said before is left out."""
    order = ("ru", "de", "fr", "es")
    wrong = []
    n_found = 0
    for asked in seeds.questions:
        told = [language_of(wording) for wording in asked.wordings]
        russian = [n for n, language in enumerate(told) if language == "ru"]
        for place, language in enumerate(order):
            found = wording_in(asked, language)
            if found is None:
                continue
            n_found += 1
            n = asked.wordings.index(found)
            in_its_place = n - place in russian
            in_a_shorter_row = told[n - 1] in order[:place] or (n + 1 < len(told) and told[n + 1] in order[place + 1 :])
            if not in_its_place and not in_a_shorter_row:
                wrong.append((language, found))
    assert n_found > 6000
    assert len(wrong) <= n_found // 1000, wrong


@pytest.mark.parametrize(
    ("languages", "words", "read"),
    [
        ({"en"}, "Who signed the directive?", True),
        ({"en"}, "Akhromeev 1987", True),
        ({"en"}, "25X1", True),
        ({"en"}, "?!", True),
        ({"en"}, "Кто подписал?", False),
        ({"en"}, "Wer hat die Direktive unterschrieben?", False),
        ({"en"}, "誰がレーザーを使いましたか", False),
        ({"en", "de"}, "Wer hat die Direktive unterschrieben?", True),
        (None, "誰がレーザーを使いましたか", True),
    ],
)
def test_what_an_encoder_reads_shows_by_language_and_script(languages, words, read):
    assert reads(languages and frozenset(languages), words) is read
