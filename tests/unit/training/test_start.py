"""training/start.py."""

import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.helpers import VOCABULARY, kim_of, random_artifact, stacked_artifact
from text_classification import artifact
from text_classification.artifact import Artifact
from text_classification.cnn.initial_weights import initial_weights
from text_classification.contract.channels import Channel, Channels
from text_classification.contract.hyperparameters import parse_hyperparameters
from text_classification.corpus.vocabulary import Vocabulary
from text_classification.training.start import FROM_CHANCE, Start, read_start

KIM = random_artifact()


def test_nothing_given_leaves_the_start_to_the_engine() -> None:
    """No weights and no tokens of its own."""
    weights = FROM_CHANCE.weights(KIM.configuration, KIM.labels, VOCABULARY, 0)
    assert (weights, FROM_CHANCE.tokens) == (None, ())


@pytest.mark.parametrize("earlier", [KIM, stacked_artifact()], ids=["kim", "stacked"])
def test_same_labels_and_vocabulary_start_with_the_very_weights(earlier: Artifact) -> None:
    """Nothing is new, so nothing is drawn, whatever the seed."""
    found = Start(earlier).weights(earlier.configuration, earlier.labels, VOCABULARY, 7)
    assert found
    assert list(found) == list(earlier.configuration.shapes())
    for name, array in earlier.weights.items():
        np.testing.assert_array_equal(found[name], array)


def test_new_tokens_and_labels_start_from_chance_and_known_ones_stay(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """By name, wherever they stand; the kernels are the model's; the log tells of the labels."""
    caplog.set_level(logging.INFO)
    vocabulary = Vocabulary.of([b"bill", b"unheard", b"the"])
    labels = ("good", "new", "ugly")
    configuration = replace(kim_of(KIM), vocabulary_size=5)
    found = Start(KIM).weights(configuration, labels, vocabulary, 3)
    assert found
    assert {name: array.shape for name, array in found.items()} == configuration.shapes()
    fresh = initial_weights(configuration, 3)
    expected = KIM.weights["embedding"][[0, 1, 4, 0, 2]]
    expected[3] = fresh["embedding"][3]
    np.testing.assert_array_equal(found["embedding"], expected)
    for name in ("dense.kernel", "dense.bias"):
        columns = KIM.weights[name][..., [1, 0, 2]]
        columns[..., 1] = fresh[name][..., 1]
        np.testing.assert_array_equal(found[name], columns)
    np.testing.assert_array_equal(
        found["convolution_2.kernel"], KIM.weights["convolution_2.kernel"]
    )
    assert "1 labels are new to the model, and start from chance: 'new'" in caplog.text
    assert "1 labels are without a training document, and are dropped: 'bad'" in caplog.text
    assert "4 ids of tokens go on from the model, 1 are new" in caplog.text


def test_model_without_a_label_in_common_lends_what_it_read_with() -> None:
    """Another task: the embedding and the kernels go on, the last layer starts from chance."""
    labels = ("yes", "no")
    configuration = replace(kim_of(KIM), classes=2)
    found = Start(KIM).weights(configuration, labels, VOCABULARY, 3)
    assert found
    fresh = initial_weights(configuration, 3)
    np.testing.assert_array_equal(found["dense.kernel"], fresh["dense.kernel"])
    np.testing.assert_array_equal(found["embedding"], KIM.weights["embedding"])


def test_start_is_read_from_the_channel(tmp_path: Path) -> None:
    """The model comes with its shape; without the channel nothing changes."""
    training = Channel("training", tmp_path / "training")
    asked = parse_hyperparameters({"epochs": "3"})
    assert read_start(Channels(training, None, None), asked, tmp_path) == (FROM_CHANCE, asked)
    artifact.save(KIM, tmp_path / "model")
    channels = Channels(training, None, None, Channel("model", tmp_path / "model"))
    start, found = read_start(channels, asked, tmp_path)
    assert start.tokens == VOCABULARY.tokens
    assert (found.filters, found.epochs) == (4, 3)
