"""The seeds in the languages of the interface: all that pages show is said in each, and leads to the same words."""

from __future__ import annotations

import pytest

from bot.answers import Answer
from embeddings.collection import Collection
from ui.exhibits import Exhibits
from ui.languages import LANGUAGES
from ui.phrases import Phrases

TRANSLATED = [language for language in LANGUAGES if language != "en"]


def chosen(collection: Collection) -> list[str]:
    """Return the questions that the editors chose for pages to offer."""
    exhibition = collection.manifest.exhibition
    themes = [question for theme in exhibition.themes for question in theme.questions]
    return list(dict.fromkeys([*collection.manifest.suggestions, *exhibition.comparisons, *themes]))


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_phrase_of_the_manifest_is_translated_but_names(seeds, language):
    names = {person.full_name or person.name for person in seeds.manifest.people}
    curated = {wording for question in seeds.questions for wording in question.wordings}
    translations = seeds.manifest.exhibition.translations[language]

    assert seeds.manifest.own_words() - names - curated - {""} <= set(translations)
    assert all(words.strip() for words in translations.values())


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_question_that_a_page_offers_is_offered_in_the_visitors_language(seeds, language):
    exhibits, phrases = Exhibits(seeds), Phrases(seeds, language)
    found = [opening.question for opening in exhibits.openings if opening.question]
    found += [question for shown in (*exhibits.portraits, *exhibits.dated) for question in shown.questions]

    offered = phrases.questions([*chosen(seeds), *exhibits.comparisons, *found])

    assert len(offered) > 50
    assert [phrase.text for phrase in offered if phrase.language != language] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_the_editors_offer_is_answered_from_the_same_places_in_every_language(answerer, language):
    phrases = Phrases(answerer.collection, language)
    astray = []
    for question in chosen(answerer.collection):
        asked = phrases.question(question).text
        english, outcome = answerer.answer(question), answerer.answer(asked)
        if not (isinstance(english, Answer) and isinstance(outcome, Answer) and meet(english, outcome)):
            astray.append((question, asked))

    assert astray == []


def meet(one: Answer, other: Answer) -> bool:
    """Whether two answers quote words that they have in common."""
    return any(
        a.document_id == b.document_id and a.start < b.end and b.start < a.end
        for a in one.citations
        for b in other.citations
    )
