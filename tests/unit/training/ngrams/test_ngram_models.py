"""training/ngrams/ngram_models.py: models of some of the features."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.training.documents import ROWS, documents_of
from text_classification.machine.signals import StopRequest
from text_classification.training.hyperparameters.parse import parse_hyperparameters
from text_classification.training.ngrams import ngram_models
from text_classification.training.ngrams.linear_model import Block, side_by_side
from text_classification.training.ngrams.ngram_features import Ngrams
from text_classification.training.ngrams.ngram_models import ModelFit, VectorFit, fits_of, kinds
from text_classification.training.ngrams.ngram_training import NgramModels
from text_classification.training.ngrams.word_vectors import WordVectors

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


def test_model_of_vectors_knows_words_that_it_has_not_seen(tmp_path: Path) -> None:
    """What it learns of vectors is said of every word that has one: it is one of words' weights."""
    documents = documents_of(tmp_path, WIDE, ROWS)
    prepared = documents.prepare(documents.training, None, WIDE)
    training, known = prepared.training, prepared.vocabulary.tokens
    assert training.corpus.numbers is not None
    rows = np.zeros((len(prepared.vocabulary) + 2, 3), np.float32)
    for number, token in enumerate(known, 2):
        rows[number, :2] = token in (b"great", b"fine"), token in (b"awful", b"poor")
    rows[-2:, :2] = [[0.5, 0], [0, 0.5]]
    vectors = WordVectors(rows, (b"superb", b"dreadful"))
    ngrams = Ngrams(
        (*documents.tokens, b"superb", b"dreadful"),
        np.append(training.corpus.numbers, np.array([1, 1], np.int32)),
        training,
        fewest=1,
        characters=False,
        vectors=vectors,
    )
    block = Block(ngrams.matrix(training), training.labels)
    *_, fit = fits_of(ngrams, 2, characters=False)
    fit.count(block)
    side_by_side(fit.lessons(block, StopRequest()))
    model = fit.model()
    assert model.columns == ngrams.blocks[0]
    assert (model.decide(block.features).argmax(axis=1) == training.labels).all()
    (weights,) = model.linear.slices
    assert prepared.labels == ("bad", "good")
    assert weights[-2].argmax() == 1
    assert weights[-1].argmax() == 0
    great = 2 + known.index(b"great")
    np.testing.assert_allclose(weights[-2], weights[great] / 2, rtol=1e-5)
    assert not weights[rows.any(axis=1) == 0].any()


def test_model_of_vectors_learns_from_some_of_many_documents(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has few numbers: more documents would change little, and take long."""
    monkeypatch.setattr(ngram_models, "MOST_BY_VECTORS", 10)
    documents = documents_of(tmp_path, WIDE, ROWS)
    training = documents.prepare(documents.training, None, WIDE).training
    assert training.corpus.numbers is not None
    rows = np.ones((int(training.corpus.numbers.max()) + 1, 2), np.float32)
    ngrams = Ngrams(
        documents.tokens,
        training.corpus.numbers,
        training,
        fewest=1,
        characters=False,
        vectors=WordVectors(rows, ()),
    )
    block = Block(ngrams.matrix(training.thinned(8)), training.thinned(8).labels)
    fit = VectorFit(ngrams, 2)
    for _ in range(3):
        fit.count(block)
    assert [len(fit.lessons(block, StopRequest())) > 0 for _ in range(3)] == [True, True, False]


def test_without_characters_there_is_no_model_of_them() -> None:
    """Where there is much text they are no features."""
    assert [kind.features for kind in kinds(characters=False)] == ["all", "words"]
