"""What is known of a trained model: calibrated, scored on each part, tables chosen."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from text_classification.cnn.configuration import KimConfiguration, Weights
from text_classification.cnn.engine import Engine
from text_classification.contract.metric_lines import metric_line
from text_classification.contract.signals import StopRequest
from text_classification.evaluation.calibration import calibration_error, fit_temperature
from text_classification.evaluation.metrics import report_classes, score, summarize
from text_classification.kernels.arrays import Floats
from text_classification.training.loop import STOPPED_VALIDATION, predict
from text_classification.training.preparation import Prepared
from text_classification.training.quantization import quantize

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Assessment:
    """Calibrated weights, the scales of their tables, metrics, and scores class by class."""

    weights: Weights
    scales: Floats | None
    metrics: Mapping[str, Any]
    classes: Mapping[str, Any]


def assess(engine: Engine, weights: Weights, prepared: Prepared, stop: StopRequest) -> Assessment:
    """Calibrate weights on validation and score them there and on test; stopped, on less."""
    parts = {"validation": prepared.validation}
    if prepared.test:
        parts["test"] = prepared.test
    if stop:
        parts = {name: part.thinned(STOPPED_VALIDATION) for name, part in parts.items()}
    length = prepared.configuration.sequence_length
    engine.set_weights(weights)
    validation = parts["validation"]
    uncalibrated = predict(engine, validation, length)
    temperature = fit_temperature(validation.labels, uncalibrated)
    weights = at_temperature(weights, temperature)
    engine.set_weights(weights)
    probabilities = {name: predict(engine, part, length) for name, part in parts.items()}
    scales = None
    metrics: dict[str, Any] = {
        "calibration": {
            "temperature": temperature,
            "error_before": calibration_error(validation.labels, uncalibrated),
            "error_after": calibration_error(validation.labels, probabilities["validation"]),
        },
    }
    # Other architectures are served from float32.
    if isinstance(prepared.configuration, KimConfiguration):
        scales, quantization = quantize(
            prepared.configuration, weights, validation, probabilities["validation"]
        )
        metrics["tables"] = quantization.as_dict()
    classes: dict[str, Any] = {}
    for name, part in parts.items():
        log.info(
            metric_line("best model", summarize(part.labels, probabilities[name]).metrics(name))
        )
        metrics[name] = score(part.labels, probabilities[name])
        classes[name] = report_classes(part.labels, probabilities[name], prepared.labels)
    return Assessment(weights, scales, metrics, classes)


def at_temperature(weights: Weights, temperature: float) -> Weights:
    """Return weights whose logits are divided by ``temperature``.

    It is taken into the last layer: whatever reads the weights, Keras too, gives the calibrated
    scores.
    """
    return {
        name: array / np.float32(temperature) if name.startswith("dense.") else array
        for name, array in weights.items()
    }
