"""Decide whether a model is served from int8 tables, by its answers to the validation documents."""

import logging

import numpy as np

from text_classification.cnn.base_configuration import Configuration, Weights
from text_classification.contract.limits import TABLES_MB
from text_classification.evaluation.metrics import summarize
from text_classification.evaluation.quantization import Quantization
from text_classification.inference.served_network import network_of
from text_classification.kernels.arrays import Floats, Ids
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.network.training_loop import gathered

# One document in 200 may get another label (one in any case), and the loss may rise by so much.
MOST_CHANGED = 0.005
MOST_LOSS = 0.005
# Documents answered at a time.
BATCH = 256

log = logging.getLogger(__name__)


def compare(labels: Ids, probabilities: Floats, quantized: Floats) -> Quantization:
    """Decide by the answers to the same documents, float32 [documents, classes] each.

    probabilities: from weights in float32; quantized: from int8 tables.
    """
    changed = int((quantized.argmax(axis=1) != probabilities.argmax(axis=1)).sum())
    before, after = (summarize(labels, each).loss for each in (probabilities, quantized))
    fits = changed <= max(1, MOST_CHANGED * len(labels)) and after - before <= MOST_LOSS
    log.info(
        "served from %s: int8 changes %d of %d labels and the loss by %+.5f",
        "int8" if fits else "float32",
        changed,
        len(labels),
        after - before,
    )
    rule = (
        f"int8 where at most {MOST_CHANGED:.1%} of the labels (or one) change and the loss "
        f"rises by at most {MOST_LOSS}"
    )
    return Quantization(fits, len(labels), changed, before, after, rule)


def served_probabilities(  # noqa: PLR0913 - a model as it is served
    configuration: Configuration,
    weights: Weights,
    scales: Floats | None,
    part: Part,
    stop: StopRequest,
    *,
    tables_mb: int = TABLES_MB,
) -> Floats:
    """Return what a model answers to a part as it is served: float32 [documents, classes].

    scales: those of int8 tables; None for float32.
    Raises ``Stopped`` on a stop request.
    """
    network = network_of(configuration, weights, scales, tables_mb=tables_mb)
    order = np.arange(len(part))
    batches = part.batches(order, BATCH, network.longest, network.padding)
    answers = (network.probabilities(each.ids, each.offsets) for each, _ in stop.checked(batches))
    return gathered(answers, len(part))
