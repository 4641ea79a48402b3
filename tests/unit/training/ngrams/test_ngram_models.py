"""training/ngrams/ngram_models.py: models of some of the features."""

from pathlib import Path

import numpy as np

from tests.unit.training.documents import ROWS, documents_of
from text_classification.machine.signals import StopRequest
from text_classification.training.hyperparameters.parse import parse_hyperparameters
from text_classification.training.ngrams.linear_model import Block, side_by_side
from text_classification.training.ngrams.ngram_features import Ngrams
from text_classification.training.ngrams.ngram_models import ModelFit, kinds
from text_classification.training.ngrams.ngram_training import NgramModels

WIDE = parse_hyperparameters({"recipe": "wide"})


def test_models_of_some_features_sum_to_one_of_all(tmp_path: Path) -> None:
    """Each has the features of its kind alone, and their sum decides what they decide together."""
    documents = documents_of(tmp_path, WIDE, ROWS)
    training = documents.prepare(documents.training, None, WIDE).training
    assert training.corpus.numbers is not None
    ngrams = Ngrams(documents.tokens, training.corpus.numbers, training, fewest=1, characters=True)
    features, labels = ngrams.matrix(training), training.labels
    block = Block(features, labels)
    words, pairs, characters = ngrams.blocks
    fits = [ModelFit(kind, ngrams, 2) for kind in kinds(characters=True)]
    for fit in fits:
        fit.count(block)
        side_by_side(fit.lessons(block, StopRequest()))
    models = tuple(fit.model() for fit in fits)
    assert [model.columns for model in models] == [
        slice(0, features.shape[1]),
        slice(words.start, pairs.stop),
        characters,
    ]
    for model in models:
        assert (model.decide(features).argmax(axis=1) == labels).all()
    shares = 0.5, 2.0, 3.0
    weights, biases = NgramModels(ngrams, models).summed(shares)
    together = sum(
        share * model.decide(features) for share, model in zip(shares, models, strict=True)
    )
    np.testing.assert_allclose(features @ weights + biases, together, atol=1e-5)


def test_without_characters_there_is_no_model_of_them() -> None:
    """Where there is much text they are no features."""
    assert [kind.features for kind in kinds(characters=False)] == ["all", "words"]
