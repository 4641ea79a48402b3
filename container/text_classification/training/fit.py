"""Train on prepared documents, assess the best weights, write everything a job leaves."""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from text_classification import artifact
from text_classification.cnn.engines import export_keras
from text_classification.contract.failure import explain
from text_classification.contract.hyperparameters import Hyperparameters
from text_classification.contract.settings import Settings
from text_classification.evaluation.tuning_result import TuningResult
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.assessment import Assessment, assess
from text_classification.training.baseline import held_out_baseline
from text_classification.training.final import Final, train_final
from text_classification.training.ngrams.branch import add_ngrams
from text_classification.training.preparation import Documents

METRICS_FILE = "metrics.json"
CLASS_REPORT_FILE = "class_report.json"
PARTS = "validation", "test"

log = logging.getLogger(__name__)


def fit_and_save(
    documents: Documents,
    hyperparameters: Hyperparameters,
    settings: Settings,
    scratch: Path,
    stop: StopRequest,
) -> None:
    """Train a model and write the artifact, the metrics, the class report and the page.

    Raises ``Stopped`` when a stop was asked for before the first step.
    """
    final = train_final(documents, hyperparameters, settings, scratch, stop)
    if hyperparameters.ngrams and not stop:
        final = _with_ngrams(final, stop)
    assessment = assess(final.trained, final.held_out, stop, hyperparameters.target_precision)
    metrics = _metrics(final, assessment, settings.job_name)
    prepared, folder = final.trained.prepared, settings.paths.output_data
    model = _artifact(final, assessment, metrics)
    artifact.save(
        model,
        settings.paths.model,
        keras_writer=partial(export_keras, prepared.configuration, assessment.weights)
        if hyperparameters.keras_export
        else None,
    )
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / METRICS_FILE, metrics)
    _write(folder / CLASS_REPORT_FILE, assessment.classes)
    if final.tuning:
        final.tuning.write(folder)
    log.info("the model is in %s", settings.paths.model)
    if hyperparameters.report:
        _report(final, model, assessment, folder, stop)


def _with_ngrams(final: Final, stop: StopRequest) -> Final:
    try:
        return add_ngrams(final, stop)
    except Stopped:
        log.warning("stopped on request: the model has no n-grams")
        return final


def _metrics(final: Final, assessment: Assessment, job_name: str) -> dict[str, Any]:
    progress, validated, tuning = final.trained.progress, final.cross_validation, final.tuning
    return {
        "trained": datetime.now(UTC).isoformat(timespec="seconds"),
        "job_name": job_name,
        "stopped_on_request": progress.stopped,
        "training_documents": len(final.trained.prepared.training),
        "validated_out_of_fold": final.trained.prepared.validation is None,
        "best_epoch": progress.best.number if progress.best else None,
        **assessment.metrics,
        "baseline": held_out_baseline(final, assessment),
        **({"cross_validation": validated.as_dict()} if validated else {}),
        **({"tuning": {**tuning.as_dict(), **_gap(tuning, assessment)}} if tuning else {}),
        "epochs": [{"epoch": epoch.number, **epoch.metrics()} for epoch in progress.epochs],
    }


def _gap(tuning: TuningResult, assessment: Assessment) -> dict[str, float]:
    """Return by how much the tuned model is better on validation, which it was chosen by."""
    scores = [assessment.metrics.get(part, {}).get(tuning.objective) for part in PARTS]
    if None in scores:
        return {}
    validation, test = scores
    log.info(
        "tuned: %s is %.4f on validation, by which it was chosen, and %.4f on test",
        tuning.objective,
        validation,
        test,
    )
    return {"validation_test_gap": validation - test}


def _artifact(
    final: Final, assessment: Assessment, metrics: Mapping[str, Any]
) -> artifact.Artifact:
    prepared, hyperparameters = final.trained.prepared, final.hyperparameters
    return artifact.Artifact(
        configuration=prepared.configuration,
        tokenizer=prepared.start.tokenizer(hyperparameters.tokenizer),
        labels=prepared.labels,
        vocabulary=prepared.vocabulary,
        weights=assessment.weights,
        ngrams=assessment.ngrams,
        scales=assessment.scales,
        confidence_floor=assessment.floor,
        metrics=metrics,
        hyperparameters=hyperparameters.model_dump(mode="json"),
    )


def _report(
    final: Final,
    model: artifact.Artifact,
    assessment: Assessment,
    folder: Path,
    stop: StopRequest,
) -> None:
    """Write the report, or tell why there is none: by then the model is saved, and that counts."""
    try:
        # Imported here: Matplotlib takes its time, and a job need not have it.
        from text_classification.training.report import Finished, report_job  # noqa: PLC0415

        job = Finished(model, final.trained.prepared, assessment)
        report_job(job, folder, brief=bool(stop), tuning=final.tuning)
    except Exception as error:
        log.warning("there is no report: %s", explain(error), exc_info=True)


def _write(path: Path, value: Any) -> None:
    path.write_text(f"{json.dumps(value, indent=2, ensure_ascii=False)}\n", encoding="utf-8")
