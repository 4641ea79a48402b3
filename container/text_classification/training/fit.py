"""Train on prepared documents, assess the best weights, write everything a job leaves."""

import hashlib
import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from text_classification import artifact
from text_classification.cnn.engine import Engine
from text_classification.cnn.engines import create_engine, export_keras
from text_classification.cnn.learning_rate import LearningRate
from text_classification.contract.hyperparameters import Hyperparameters
from text_classification.contract.paths import Paths
from text_classification.contract.signals import StopRequest
from text_classification.kernels.arrays import Floats
from text_classification.training.assessment import Assessment, assess
from text_classification.training.checkpoints import Checkpoints
from text_classification.training.class_weights import balanced_weights
from text_classification.training.loop import Loop, Plan
from text_classification.training.preparation import Prepared
from text_classification.training.progress import Progress

METRICS_FILE = "metrics.json"
CLASS_REPORT_FILE = "class_report.json"
_NOT_OF_THE_WEIGHTS = {"epochs", "patience", "keras_export", "checkpoint_minutes"}

log = logging.getLogger(__name__)


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
        learning_rate=_learning_rate(hyperparameters),
        seed=hyperparameters.seed,
        class_weights=_class_weights(prepared, hyperparameters),
    )
    stop.check()
    plan = _plan(hyperparameters, configuration.sequence_length)
    identity = _identity(engine, prepared, hyperparameters) if paths.checkpoints.is_dir() else ""
    checkpoints = Checkpoints(paths.checkpoints, identity, hyperparameters.checkpoint_minutes)
    loop = Loop(engine, plan, stop, checkpoints)
    progress = loop.train(prepared.training, prepared.validation)
    assessment = assess(engine, progress.weights, prepared, stop)
    metrics = _metrics(prepared, progress, assessment, job_name)
    artifact.save(
        _artifact(prepared, hyperparameters, assessment, metrics),
        paths.model,
        keras_writer=partial(export_keras, configuration, assessment.weights)
        if hyperparameters.keras_export
        else None,
    )
    paths.output_data.mkdir(parents=True, exist_ok=True)
    _write(paths.output_data / METRICS_FILE, metrics)
    _write(paths.output_data / CLASS_REPORT_FILE, assessment.classes)
    log.info("the model is in %s", paths.model)


def _learning_rate(hyperparameters: Hyperparameters) -> LearningRate:
    return LearningRate(
        hyperparameters.learning_rate, hyperparameters.decay_steps, hyperparameters.decay_rate
    )


def _class_weights(prepared: Prepared, hyperparameters: Hyperparameters) -> Floats | None:
    if hyperparameters.class_weights == "none":
        return None
    return balanced_weights(prepared.training.labels, prepared.configuration.classes)


def _plan(hyperparameters: Hyperparameters, length: int) -> Plan:
    return Plan(
        epochs=hyperparameters.epochs,
        patience=hyperparameters.patience,
        batch_size=hyperparameters.batch_size,
        sequence_length=length,
        seed=hyperparameters.seed,
    )


def _identity(engine: Engine, prepared: Prepared, hyperparameters: Hyperparameters) -> str:
    """Return a digest of what the weights depend on, but how long to train.

    The engine is part of it: ``auto`` may choose another on the next machine, and the state of one
    is none of the other.
    """
    chosen = hyperparameters.model_dump(mode="json", exclude=_NOT_OF_THE_WEIGHTS)
    described = json.dumps([type(engine).__name__, chosen, prepared.labels], sort_keys=True)
    digest = hashlib.sha256(described.encode() + prepared.vocabulary.lines)
    for part in (prepared.training, prepared.validation):
        for array in (part.corpus.offsets, part.corpus.ids, part.documents, part.labels):
            digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()


def _metrics(
    prepared: Prepared, progress: Progress, assessment: Assessment, job_name: str
) -> dict[str, Any]:
    return {
        "trained": datetime.now(UTC).isoformat(timespec="seconds"),
        "job_name": job_name,
        "stopped_on_request": progress.stopped,
        "training_documents": len(prepared.training),
        "best_epoch": progress.best.number if progress.best else None,
        **assessment.metrics,
        "epochs": [{"epoch": epoch.number, **epoch.metrics()} for epoch in progress.epochs],
    }


def _artifact(
    prepared: Prepared,
    hyperparameters: Hyperparameters,
    assessment: Assessment,
    metrics: Mapping[str, Any],
) -> artifact.Artifact:
    return artifact.Artifact(
        configuration=prepared.configuration,
        tokenizer=hyperparameters.tokenizer,
        labels=prepared.labels,
        vocabulary=prepared.vocabulary,
        weights=assessment.weights,
        scales=assessment.scales,
        metrics=metrics,
        hyperparameters=hyperparameters.model_dump(mode="json"),
    )


def _write(path: Path, value: Any) -> None:
    path.write_text(f"{json.dumps(value, indent=2, ensure_ascii=False)}\n", encoding="utf-8")
