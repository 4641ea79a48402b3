"""training/results/attribution.py: what words add, with the logits of all classes balanced."""

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.helpers import (
    WORDS,
    corpus_of,
    random_artifact,
    random_ngrams,
    stacked_artifact,
)
from text_classification.artifact import Artifact
from text_classification.inference.served_network import create_network
from text_classification.kernels.ngram_reference import contributions
from text_classification.training.inputs.part import Part
from text_classification.training.results.attribution import Explainer

IDS = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]


@pytest.fixture(params=["kim", "int8", "stacked"])
def artifact(request: pytest.FixtureRequest) -> Artifact:
    """A model of each kind that is served."""
    if request.param == "stacked":
        return stacked_artifact()
    return random_artifact(int8=request.param == "int8")


def test_answers_are_the_model_s_and_logits_have_the_mean_zero(artifact: Artifact) -> None:
    """What all classes have in common is gone, and no probability knows of it."""
    network = Explainer.of(artifact).network
    ids = np.array(IDS[: network.longest], np.int32)
    offsets = np.array([0, len(ids)])
    expected = create_network(artifact, tables_mb=1).probabilities(ids, offsets)
    np.testing.assert_allclose(network.probabilities(ids, offsets), expected, rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(network.logits(ids, offsets).mean(), 0, atol=1e-5)


def test_words_add_up_to_the_logit(artifact: Artifact) -> None:
    """With the constant and what the padding adds, for a document in any place of its part."""
    explainer = Explainer.of(artifact)
    network = explainer.network
    part = Part(corpus_of([[7, 7], IDS[:5]]), np.array([1, 0]), np.zeros(2, np.int32))
    batch = part.corpus.batch(np.array([1]), network.longest, network.padding)
    for label in range(len(artifact.labels)):
        added = explainer.contributions(part, 0, label)
        values, constant = network.contributions(batch.ids, label)
        logit = network.logits(batch.ids, batch.offsets)[0, label]
        assert len(added) == 5
        assert added.sum() + values[5:].sum() + constant == pytest.approx(logit, abs=1e-4)


def test_ngrams_add_to_their_words() -> None:
    """All words are read then, and what n-grams add to all classes alike is gone as well."""
    bare = random_artifact(sequence_length=4)
    joined = Explainer.of(replace(bare, ngrams=random_ngrams()))
    part = Part(corpus_of([IDS]), np.array([0]), np.zeros(1, np.int32))
    assert joined.read(part, 0).tolist() == IDS
    shares = np.array([joined.contributions(part, 0, label) for label in range(3)])
    network = [Explainer.of(bare).contributions(part, 0, label) for label in range(3)]
    tokens = [b"" if token == 1 else WORDS[token - 2].encode() for token in IDS]
    ngrams = np.array([contributions(random_ngrams(), tokens, IDS, label) for label in range(3)])
    ngrams -= ngrams.mean(axis=0)
    np.testing.assert_allclose(shares[:, :4], network + ngrams[:, :4], atol=1e-5)
    np.testing.assert_allclose(shares[:, 4:], ngrams[:, 4:], atol=1e-5)


def test_words_are_those_that_are_read() -> None:
    """No more than the sequence length, and a sign for a word that is not known."""
    explainer = Explainer.of(random_artifact(sequence_length=4))
    part = Part(corpus_of([IDS]), np.array([0]), np.zeros(1, np.int32))
    assert explainer.text(explainer.read(part, 0)) == f"{WORDS[1]} □ {WORDS[2]} □"
