"""What is known of a trained model: calibrated, scored on each part, tables chosen."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from text_classification.cnn.base_configuration import Weights
from text_classification.contract.metric_lines import metric_line
from text_classification.corpus.further_words import FurtherWords
from text_classification.evaluation.calibration import (
    Reliability,
    fit_temperature,
    logits_of,
    reliability,
    softmax,
)
from text_classification.evaluation.confidence import (
    NONE_IS_SURE,
    Confidence,
    at_floor,
    choose_floor,
)
from text_classification.evaluation.curve_areas import curve_areas
from text_classification.evaluation.job_metrics import Calibration, ModelMetrics
from text_classification.evaluation.metrics import ClassReport, report_classes, score
from text_classification.inference.served_network import int8_scales
from text_classification.kernels.arrays import Floats
from text_classification.kernels.ngrams import NgramTables
from text_classification.machine.signals import StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.network.further_words import FurtherReader
from text_classification.training.network.held_out import HeldOut
from text_classification.training.network.network_training import TrainedModel
from text_classification.training.network.quantization import compare
from text_classification.training.network.training_loop import predict, predict_part_or_sample
from text_classification.training.ngrams.ngram_logits import ngram_logits

log = logging.getLogger(__name__)


class Predictions(NamedTuple):
    """Documents and what the model answers to them: float32 [documents, classes]."""

    part: Part
    probabilities: Floats


@dataclass(frozen=True)
class Assessment:
    """A calibrated model, the scales of its tables, metrics, and scores class by class.

    further: the words beside the vocabulary that the network reads, if any.
    metrics: None where it could not be assessed; answers: to the documents of each part that was
    scored; served: those to validation as serving gives them, from int8 tables where it has these;
    reliability: before and after calibration, on validation.
    """

    weights: Weights
    further: FurtherWords | None
    ngrams: NgramTables | None
    scales: Floats | None
    metrics: ModelMetrics | None
    classes: Mapping[str, ClassReport]
    answers: Mapping[str, Predictions]
    served: Floats
    reliability: tuple[Reliability, Reliability]

    @property
    def floor(self) -> float | None:
        """The score from which answers have the precision that was asked for, if one was."""
        confidence = self.metrics and self.metrics.confidence
        return confidence.floor if confidence else None


def assess(
    trained: TrainedModel, held_out: HeldOut, stop: StopRequest, target_precision: float = 0
) -> Assessment:
    """Calibrate a model by held-out documents and score it on them and on test.

    target_precision: the part of the answers above the confidence floor that is to be right; 0 for
    no floor.
    Raises ``Stopped`` where a stop is asked for while it scores; test is answered in part then.
    """
    prepared, labels = trained.prepared, held_out.part.labels
    was_stopped = bool(stop)
    with stop.interrupts():
        temperature = fit_temperature(labels, held_out.probabilities)
    model = _at_temperature(trained, temperature)
    weights, ngrams = model.progress.weights, model.ngrams
    reader = FurtherReader.of(prepared) if held_out.with_further else None
    calibrated = held_out.at_temperature(temperature)
    before, after = (reliability(labels, each.probabilities) for each in (held_out, calibrated))
    scales, served, quantization = None, calibrated.probabilities, None
    # Other architectures are served from float32.
    if calibrated.quantized is not None:
        quantization = compare(labels, calibrated.probabilities, calibrated.quantized)
        if quantization.int8:
            embedded = reader.words.added_to(weights) if reader else weights
            scales, served = int8_scales(prepared.configuration, embedded), calibrated.quantized
    answers = {"validation": Predictions(held_out.part, calibrated.probabilities)}
    if prepared.test:
        answers["test"] = _test_predictions(model, prepared.test, reader, stop)
    confidence = _confidence(answers, target_precision) if target_precision else None
    if not was_stopped:
        stop.check()
    scores, classes = {}, {}
    with stop.interrupts():
        for name, (part, given) in answers.items():
            areas = curve_areas(part.labels, given)
            scores[name] = score(part.labels, given, areas)
            classes[name] = report_classes(part.labels, given, prepared.labels, areas)
    for name, found in scores.items():
        log.info(metric_line("best model", found.metrics(name)))
    calibration = Calibration(temperature, before.error, after.error)
    metrics = ModelMetrics(calibration, scores, quantization, confidence)
    return Assessment(
        weights=weights,
        further=reader.words if reader else None,
        ngrams=ngrams,
        scales=scales,
        metrics=metrics,
        classes=classes,
        answers=answers,
        served=served,
        reliability=(before, after),
    )


def _test_predictions(
    trained: TrainedModel, test: Part, reader: FurtherReader | None, stop: StopRequest
) -> Predictions:
    weights, ngrams = trained.progress.weights, trained.ngrams
    trained.engine.set_weights(weights)
    length = trained.prepared.configuration.sequence_length

    def answer(part: Part, stop: StopRequest) -> Floats:
        probabilities = predict(trained.engine, part, length, stop)
        if reader:
            probabilities = reader.answered(weights, part, probabilities, stop)
        if ngrams:
            added = ngram_logits(trained.prepared, ngrams, part, stop)
            probabilities = softmax(logits_of(probabilities) + added)
        return probabilities

    return Predictions(*predict_part_or_sample(test, stop, answer))


def _confidence(answers: Mapping[str, Predictions], target: float) -> Confidence:
    """Return the floor, chosen by validation, and what it does on each part."""
    validation = answers["validation"]
    floor = choose_floor(validation.part.labels, validation.probabilities, target)
    found = {
        name: at_floor(part.labels, probabilities, floor)
        for name, (part, probabilities) in answers.items()
    }
    if floor == NONE_IS_SURE:
        log.warning("no confidence has the precision %.3f: every answer counts as not sure", target)
    else:
        log.info(
            "from the confidence %.3f on, %.1f %% of the answers to validation count as sure",
            floor,
            100 * found["validation"].coverage,
        )
    return Confidence(target, floor, found)


def _at_temperature(trained: TrainedModel, temperature: float) -> TrainedModel:
    weights = at_temperature(trained.progress.weights, temperature)
    ngrams = trained.ngrams and trained.ngrams.scaled(1 / temperature)
    return replace(trained, progress=replace(trained.progress, weights=weights), ngrams=ngrams)


def at_temperature(weights: Weights, temperature: float) -> Weights:
    """Return weights whose logits are divided by ``temperature``.

    It is taken into the last layer: whatever reads the weights, Keras too, gives the calibrated
    scores.
    """
    return {
        name: array / np.float32(temperature) if name.startswith("dense.") else array
        for name, array in weights.items()
    }
