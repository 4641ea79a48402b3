"""Train on prepared documents, assess the best weights, write everything a job leaves."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from text_classification import artifact
from text_classification.cnn.configuration import Weights
from text_classification.cnn.engine import Engine
from text_classification.cnn.engines import create_engine, export_keras
from text_classification.contract.hyperparameters import Hyperparameters
from text_classification.contract.metric_lines import metric_line
from text_classification.contract.paths import Paths
from text_classification.contract.signals import StopRequest
from text_classification.evaluation.metrics import report_classes, summarize
from text_classification.kernels.arrays import Floats
from text_classification.training.checkpoints import Checkpoints
from text_classification.training.loop import (
    STOPPED_VALIDATION,
    Loop,
    Part,
    Plan,
    predict,
)
from text_classification.training.preparation import Prepared
from text_classification.training.progress import Progress
from text_classification.training.quantization import quantize

METRICS_FILE = "metrics.json"
CLASS_REPORT_FILE = "class_report.json"
_NOT_OF_THE_WEIGHTS = {"epochs", "patience", "keras_export", "checkpoint_minutes"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Assessment:
    """What is known of a trained model: metrics, scores class by class, the scales of tables."""

    metrics: Mapping[str, Any]
    classes: Mapping[str, Any]
    scales: Floats | None


def fit_and_save(
    prepared: Prepared,
    hyperparameters: Hyperparameters,
    paths: Paths,
    job_name: str,
    stop: StopRequest,
) -> None:
    """Train a model and write the artifact, the metrics and the class report.

    Raises ``Stopped`` when a stop was asked for before the first step.
    """
    stop.check()
    configuration = prepared.configuration
    engine = create_engine(
        hyperparameters.engine,
        configuration,
        learning_rate=hyperparameters.learning_rate,
        seed=hyperparameters.seed,
    )
    stop.check()
    plan = _plan(hyperparameters, configuration.sequence_length)
    identity = _identity(prepared, hyperparameters) if paths.checkpoints.is_dir() else ""
    checkpoints = Checkpoints(paths.checkpoints, identity, hyperparameters.checkpoint_minutes)
    loop = Loop(engine, plan, stop, checkpoints)
    outcome = loop.train(prepared.training, prepared.validation)
    weights = outcome.weights
    engine.set_weights(weights)
    assessment = _assess(engine, prepared, outcome, job_name, stop)
    artifact.save(
        _artifact(prepared, hyperparameters, weights, assessment),
        paths.model,
        keras_writer=partial(export_keras, configuration, weights)
        if hyperparameters.keras_export
        else None,
    )
    paths.output_data.mkdir(parents=True, exist_ok=True)
    _write(paths.output_data / METRICS_FILE, assessment.metrics)
    _write(paths.output_data / CLASS_REPORT_FILE, assessment.classes)
    log.info("the model is in %s", paths.model)


def _plan(hyperparameters: Hyperparameters, length: int) -> Plan:
    return Plan(
        epochs=hyperparameters.epochs,
        patience=hyperparameters.patience,
        batch_size=hyperparameters.batch_size,
        sequence_length=length,
        seed=hyperparameters.seed,
    )


def _identity(prepared: Prepared, hyperparameters: Hyperparameters) -> str:
    """Return a digest of what the weights depend on, but how long to train."""
    chosen = hyperparameters.model_dump(mode="json", exclude=_NOT_OF_THE_WEIGHTS)
    described = json.dumps([chosen, prepared.labels], sort_keys=True)
    digest = hashlib.sha256(described.encode() + prepared.vocabulary.lines)
    for part in (prepared.training, prepared.validation):
        for array in (part.corpus.offsets, part.corpus.ids, part.documents, part.labels):
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _assess(
    engine: Engine, prepared: Prepared, outcome: Progress, job_name: str, stop: StopRequest
) -> Assessment:
    """Score the best weights on validation and test; while being stopped, on less of them."""
    parts: dict[str, Part] = {"validation": prepared.validation}
    if prepared.test:
        parts["test"] = prepared.test
    scores: dict[str, Any] = {}
    classes: dict[str, Any] = {}
    scales = None
    for name, whole in parts.items():
        part = whole.thinned(STOPPED_VALIDATION) if stop else whole
        probabilities = predict(engine, part, prepared.configuration.sequence_length)
        summary = summarize(part.labels, probabilities)
        log.info(metric_line("best model", summary.metrics(name)))
        scores[name] = {
            "documents": summary.documents,
            "loss": summary.loss,
            "accuracy": summary.accuracy,
            "macro_f1": summary.macro_f1,
        }
        classes[name] = report_classes(part.labels, probabilities, prepared.labels)
        if name == "validation":
            scales, quantization = quantize(
                prepared.configuration, outcome.weights, part, probabilities
            )
            scores["tables"] = quantization.as_dict()
    metrics = {
        "trained": datetime.now(UTC).isoformat(timespec="seconds"),
        "job_name": job_name,
        "stopped_on_request": outcome.stopped,
        "training_documents": len(prepared.training),
        "best_epoch": outcome.best.number if outcome.best else None,
        **scores,
        "epochs": [{"epoch": epoch.number, **epoch.metrics()} for epoch in outcome.epochs],
    }
    return Assessment(metrics, classes, scales)


def _artifact(
    prepared: Prepared, hyperparameters: Hyperparameters, weights: Weights, assessment: Assessment
) -> artifact.Artifact:
    return artifact.Artifact(
        configuration=prepared.configuration,
        tokenizer=hyperparameters.tokenizer,
        labels=prepared.labels,
        vocabulary=prepared.vocabulary,
        weights=weights,
        scales=assessment.scales,
        metrics=assessment.metrics,
        hyperparameters=hyperparameters.model_dump(mode="json"),
    )


def _write(path: Path, value: Any) -> None:
    path.write_text(f"{json.dumps(value, indent=2, ensure_ascii=False)}\n", encoding="utf-8")
