"""Fine-tuning the question encoder: its questions come to their answers, and the export says what the model says."""

from __future__ import annotations

import json

import numpy as np
import pytest

from bot.training.asking import Searched, fit_question_encoder, searched
from bot.training.collections import study_minutes
from bot.training.export import export_question_encoder
from embeddings.encoder import DEFAULT_ENCODER, find_weights, load_encoder
from embeddings.question_encoder import add_question_encoder

# Each question, what repeats its words, and what answers it.
TEXTS = {
    "What did the ferryman charge?": ("The ferryman sat in his hut.", "Crossing cost each passenger two pennies."),
    "Why was the concert called off?": ("The concert hall has 400 seats.", "The singer had caught a bad cold."),
    "Who looked after the garden?": ("The garden lies by the river.", "Old Mrs Webb watered and weeded it daily."),
    "When does the library shut?": ("The library was built of brick.", "Readers must leave by half past six."),
}


@pytest.mark.filterwarnings("default")
def test_questions_come_to_their_answers_and_the_export_agrees_with_the_model(tmp_path, cache_path):
    plain = load_encoder(DEFAULT_ENCODER, cache_path)
    vectors = plain.encode([text for texts in TEXTS.values() for text in texts])
    gold = tuple((2 * n + 1,) for n in range(len(TEXTS)))
    document = Searched(texts=(vectors, vectors), questions=tuple(TEXTS), gold=gold)

    model = fit_question_encoder([document] * 60, find_weights(DEFAULT_ENCODER))
    about = {"name": "a copy", "made_for": plain.fingerprint}
    export_question_encoder(model, find_weights(DEFAULT_ENCODER), tmp_path / "question-encoder", about)
    asked = add_question_encoder(plain, tmp_path / "question-encoder")

    def best(encoder):
        return [(int(n),) for n in (encoder.encode_questions(list(TEXTS)) @ vectors.T).argmax(axis=1)]

    assert best(plain) != list(gold), "nothing to learn"
    assert best(asked) == list(gold)
    said = model.encode(list(TEXTS), normalize_embeddings=True)
    assert (asked.encode_questions(list(TEXTS)) * said).sum(axis=1).min() > 0.98  # cosines; the weights have 8 bits


def test_a_documents_answerable_questions_are_learned_from(tmp_path, encoder):
    (tmp_path / "train" / "documents").mkdir(parents=True)
    (tmp_path / "train" / "documents" / "a.txt").write_text("The mill stands by the weir.\n")
    (tmp_path / "train" / "documents" / "b.txt").write_text("The pier was built in May.\n\nMr. Low paid for it.\n")
    asked = [
        (["Who paid?"], [["Mr. Low paid for it."]]),
        (["Was there a pier?", "When was it built?"], [["The pier was built in May."]]),
        (["Who drew it?"], []),
    ]
    lines = [
        {"id": str(n), "kind": "fact", "turns": t, "gold": g, "abstain": not g, "speaker": None, "document": "b"}
        for n, (t, g) in enumerate(asked)
    ]
    mill = {"turns": ["Where is the mill?"], "gold": [["The mill stands by the weir."]]}
    lines.append(lines[0] | mill | {"id": "9", "document": "a"})
    (tmp_path / "train.jsonl").write_text("\n".join(map(json.dumps, lines)))

    studied = study_minutes(tmp_path, "train", encoder)
    first, document = searched(studied)

    assert first.questions == ("Where is the mill?",) and first.gold == ((0,),)
    assert document.questions == ("Who paid?", "Was there a pier? When was it built?")
    assert document.gold == ((1,), (0,))
    assert [vectors.shape for vectors in document.texts] == [(2, encoder.dim)] * 2
    assert all(np.isfinite(vectors).all() for vectors in document.texts)
