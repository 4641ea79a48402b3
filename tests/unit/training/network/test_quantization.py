"""training/network/quantization.py: whether int8 tables answer as float32 does."""

import json
import logging
from dataclasses import asdict, replace

import numpy as np
import pytest

from tests.unit.helpers import VOCABULARY, corpus_of, kim_of, random_artifact
from text_classification.cnn.architectures.kim.network import KimNetwork
from text_classification.cnn.architectures.kim.tables import int8_scales
from text_classification.cnn.base_configuration import Weights
from text_classification.evaluation.quantization import Quantization
from text_classification.kernels.arrays import Floats, Ids
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.network.quantization import compare, served_probabilities

MODEL = random_artifact(seed=4)
CONFIGURATION = kim_of(MODEL)
RARE = len(VOCABULARY) - 1


def part(count: int, labels: Ids | None = None) -> Part:
    """Return documents that do not hold the rarest token, in another order than they lie in."""
    generator = np.random.default_rng(0)
    corpus = corpus_of(
        generator.integers(1, RARE, length).tolist() for length in generator.integers(0, 12, count)
    )
    numbers = np.zeros(count, np.int32) if labels is None else labels
    return Part(corpus, generator.permutation(count), numbers)


def scores(weights: Weights, documents: Part, scales: Floats | None = None) -> Floats:
    """Return the scores of documents one by one, from tables of float32 or of these scales."""
    network = KimNetwork(CONFIGURATION, weights, scales, tables_mb=1)
    batches = documents.batches(np.arange(len(documents)), 1, network.longest, network.padding)
    return np.concatenate([network.probabilities(batch.ids, batch.offsets) for batch, _ in batches])


def labelled(weights: Weights, count: int) -> tuple[Part, Floats]:
    """Return documents whose labels are the answers of float32, and its scores."""
    documents = part(count)
    probabilities = scores(weights, documents)
    labels = probabilities.argmax(axis=1).astype(np.int32)
    all_labels = labels[np.argsort(documents.documents)]
    return replace(documents, all_labels=all_labels), probabilities


def compared(weights: Weights, documents: Part, probabilities: Floats) -> Quantization:
    """Return how the int8 tables of these weights answer, beside other answers."""
    scales = int8_scales(CONFIGURATION, weights)
    quantized = served_probabilities(CONFIGURATION, weights, scales, documents, StopRequest())
    return compare(documents.labels, probabilities, quantized)


def with_outlier() -> Weights:
    """Return a model that answers by one filter, which one token outweighs by far."""
    weights = {name: array.copy() for name, array in MODEL.weights.items()}
    for width in CONFIGURATION.kernel_widths:
        # The first number of the embedding reaches the first filter of width 2 alone.
        weights[f"convolution_{width}.kernel"][:, 0] = 0
    weights["convolution_2.kernel"][:, 0, 0] = 1
    weights["convolution_2.bias"][0] = 0
    weights["embedding"][RARE] = 0
    weights["embedding"][RARE, 0] = 1e4
    weights["dense.kernel"] *= 0.01
    # Documents whose best word has more than 0.9 are of the first class, others of the second.
    weights["dense.kernel"][CONFIGURATION.filters] = [5, -5, 0]
    weights["dense.bias"][:] = [-4.5, 4.5, -100]
    return weights


def test_int8_is_taken_where_the_answers_agree(caplog: pytest.LogCaptureFixture) -> None:
    """It is told, with a comparison that metrics.json can hold."""
    documents, probabilities = labelled(MODEL.weights, 300)
    caplog.set_level(logging.INFO)
    result = compared(MODEL.weights, documents, probabilities)
    assert result.changed_labels <= 1
    described = json.loads(json.dumps(asdict(result)))
    assert described["int8"] is True
    assert described["documents"] == 300
    assert described["loss_int8"] == pytest.approx(described["loss_float32"], abs=0.005)
    assert "0.5% of the labels (or one)" in described["rule"]
    assert "at most 0.005" in described["rule"]
    assert "served from int8" in caplog.text


def test_float32_is_taken_where_int8_answers_otherwise(caplog: pytest.LogCaptureFixture) -> None:
    """A token that outweighs all others leaves them no step of a filter's 127."""
    weights = with_outlier()
    documents, probabilities = labelled(weights, 300)
    assert min(np.bincount(documents.labels)) > 30
    caplog.set_level(logging.INFO)
    result = compared(weights, documents, probabilities)
    assert not result.int8
    assert result.changed_labels > 10
    assert result.loss_int8 > result.loss_float32
    assert f"served from float32: int8 changes {result.changed_labels} of 300" in caplog.text
    # It is the one filter: with float32's own answers to go by, the others would do.
    others = int8_scales(CONFIGURATION, weights)
    assert others.argmax() == CONFIGURATION.filters
    assert others.max() > 100 * np.sort(others)[-2]


def test_documents_are_compared_each_with_itself() -> None:
    """In the order of the part, over several batches: scores of int8 itself differ in nothing."""
    documents = part(600, np.random.default_rng(1).integers(0, 3, 600).astype(np.int32))
    scales = int8_scales(CONFIGURATION, MODEL.weights)
    probabilities = scores(MODEL.weights, documents, scales)
    result = compared(MODEL.weights, documents, probabilities)
    assert (result.changed_labels, result.documents) == (0, 600)
    assert result.loss_int8 == pytest.approx(result.loss_float32, abs=1e-6)


@pytest.mark.parametrize(
    ("count", "changed", "fits"),
    [(1, 1, True), (10, 0, True), (10, 1, True), (10, 2, False), (400, 2, True), (400, 3, False)],
)
def test_one_label_in_200_may_change(count: int, changed: int, *, fits: bool) -> None:
    """One in any case, and no more than that: the labels that change here cost no loss."""
    before = np.tile(np.array([0.5, 0.499, 0.001], np.float32), (count, 1))
    after = before.copy()
    after[:changed] = [0.499, 0.5, 0.001]
    result = compare(np.ones(count, np.int32), before, after)
    assert (result.int8, result.changed_labels) == (fits, changed)


@pytest.mark.parametrize(("rise", "fits"), [(-1, True), (0, True), (0.0049, True), (0.0051, False)])
def test_loss_may_rise_by_a_little(rise: float, *, fits: bool) -> None:
    """Answers that are right but less sure are worse; answers that are surer are welcome."""
    sure = np.exp(-1.2 - rise)
    before, after = (
        np.tile(np.array([share, (1 - share) / 9, *[(1 - share) / 9] * 8], np.float32), (10, 1))
        for share in (np.exp(-1.2), sure)
    )
    result = compare(np.zeros(10, np.int32), before, after)
    assert (result.int8, result.changed_labels) == (fits, 0)
    assert result.loss_int8 - result.loss_float32 == pytest.approx(rise, abs=1e-5)


def test_loss_that_is_no_number_is_no_reason_for_int8() -> None:
    """Tables that overflow are not served."""
    documents, probabilities = labelled(MODEL.weights, 20)
    nothing = np.full_like(probabilities, np.nan)
    assert not compare(documents.labels, probabilities, nothing).int8
