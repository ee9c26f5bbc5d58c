"""What a manifest says for an exhibition."""

from __future__ import annotations

import pytest

from embeddings.collection import load_collection
from embeddings.errors import ManifestError

TEXT = "Anna. The harbour was closed in May.\n\nBert. And why was that so?\n\nAnna. The ice came early."
HEAD = (
    '[collection]\nid = "c"\ntitle = "Harbour"\n[[document]]\nid = "d"\npath = "documents/d.txt"\ntitle = "Minutes"\n'
)


def load(make_collection, more: str, document: str = TEXT):
    return load_collection(make_collection({"d.txt": document}, HEAD + more))


def test_a_manifest_without_an_exhibition_has_an_empty_one(make_collection):
    exhibition = load(make_collection, "").manifest.exhibition

    assert (exhibition.quotations, exhibition.comparisons, exhibition.themes) == ((), (), ())
    assert exhibition.translated("Harbour", "de") is None


def test_themes_quotations_comparisons_and_translations_are_read(make_collection):
    collection = load(
        make_collection,
        '[kiosk]\nquotations = ["The harbour\\n was closed"]\ncomparisons = ["Who came?"]\n'
        '[[theme]]\ntitle = "Ice"\nquestions = ["When did the ice come?"]\n'
        '[translations.de]\n"Harbour" = "Hafen"\n"Ice" = "Eis"\n"When did the ice come?" = "Wann kam das Eis?"\n',
    )
    exhibition = collection.manifest.exhibition

    assert [theme.title for theme in exhibition.themes] == ["Ice"]
    assert exhibition.translated("Ice", "de") == "Eis"
    assert exhibition.translated("Ice", "fr") is None
    ((document_id, span),) = collection.quotations
    assert collection.document(document_id).words(span) == "The harbour was closed"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("[kiosk]\nquotes = []\n", "kiosk.quotes = []: is not a key that memcon knows here"),
        ("[kiosk]\nquotations = 'x'\n", "kiosk.quotations = 'x': must be a list of texts"),
        ("kiosk = 3\n", "must be a table"),
        ("[kiosk]\nquotations = ['The fleet']\n", "kiosk.quotations = 'The fleet': stands within no speech"),
        ("[kiosk]\nquotations = ['in May. Bert.']\n", "stands within no speech or paragraph of a document"),
        ("[[theme]]\ntitle = 'Ice'\n", "theme[1].questions = []: must hold at least one question"),
        ("[[theme]]\nquestions = ['Why?']\n", "theme[1].title = None: is missing"),
        ("[translations]\nde = 'x'\n", "translations.de = 'x': must be a table"),
        ("[translations.de]\n'Harbour' = 3\n", "translations.de.Harbour = 3: must be text"),
        ("[translations.de]\n'Harbor' = 'Hafen'\n", "translates words that the manifest does not say"),
    ],
)
def test_a_mistake_is_told_with_its_key_and_value(make_collection, more, told):
    manifest = more + HEAD if more.startswith("kiosk =") else HEAD + more
    with pytest.raises(ManifestError) as raised:
        load_collection(make_collection({"d.txt": TEXT}, manifest))

    assert told in str(raised.value)
    assert "Mend the manifest" in str(raised.value) or "Copy the words" in str(raised.value)
