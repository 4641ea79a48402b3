"""Train on prepared documents, assess the best weights, write everything a job leaves."""

import json
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from text_classification import artifact
from text_classification.cnn.engines import export_keras
from text_classification.contract.failure import warn_of
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.settings import Settings
from text_classification.corpus.vocabulary import FIRST_TOKEN
from text_classification.errors import ResourceError
from text_classification.evaluation.job_metrics import JobMetrics
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.inputs.training_documents import Documents
from text_classification.training.job_folders import full_disk_named
from text_classification.training.ngrams.ngram_limits import NgramLimits, ngram_limits
from text_classification.training.ngrams.second_training import NO_NGRAMS, NgramMaker
from text_classification.training.results.assessment import Assessment
from text_classification.training.results.job_assessment import assess_or_warn
from text_classification.training.selection.final_model import FinalModel, always, train_final

METRICS_FILE = "metrics.json"
CLASS_REPORT_FILE = "class_report.json"

log = logging.getLogger(__name__)


def fit_and_save(
    documents: Documents,
    hyperparameters: Hyperparameters,
    settings: Settings,
    scratch: Path,
    stop: StopRequest,
) -> None:
    """Train a model and write the artifact, the metrics, the class report and the page.

    Whatever fails once there is a network is left out, with a warning: n-grams, calibration,
    model.keras, the report.
    Raises ``Stopped`` when a stop was asked for before the first step, ``OSError`` where the
    network alone does not fit on the disk.
    """
    limits = _limits(documents, hyperparameters)
    ngrams = NgramMaker(limits, stop) if limits else None
    # Several hosts train together, and n-grams are made by one of them when they are done.
    alone = not documents.hosts
    is_worth_it = ngrams.is_worth_training_again if ngrams and alone else always
    network = train_final(
        documents, hyperparameters, settings, scratch, stop, is_worth_it=is_worth_it
    )
    if documents.hosts:
        documents.hosts.leave()
        if not documents.hosts.is_first:
            log.info("the network is trained: the first host goes on and saves the model")
            return
    final = ngrams.added(network) if ngrams and not stop else network
    try:
        saved = _save(final, settings, stop)
    except Exception as error:
        if final is network:
            raise
        warn_of("the model has no n-grams, since it could not be saved with them", error)
        saved = _save(network, settings, stop)
    if hyperparameters.keras_export:
        _export_keras(saved.model, settings.paths.model)
    _write_output(saved, settings.paths.output_data)
    if hyperparameters.report and saved.assessment.answers:
        _report(saved, settings.paths.output_data, stop)


@dataclass(frozen=True)
class Saved:
    """A model as it lies in its folder, how it was made and how good it is."""

    final: FinalModel
    assessment: Assessment
    metrics: JobMetrics
    model: artifact.Artifact


def _limits(documents: Documents, hyperparameters: Hyperparameters) -> NgramLimits | None:
    """Return what there is memory for of n-grams; None where there are to be none."""
    if not hyperparameters.ngrams:
        return None
    source = documents.start.source
    known = min(hyperparameters.max_tokens, len(documents.tokens)) + FIRST_TOKEN
    try:
        return ngram_limits(
            words=known + (len(source.words) if source else 0),
            classes=len(documents.labels),
            vector_size=hyperparameters.embedding_size if documents.start.vectors else 0,
        )
    except ResourceError as error:
        warn_of(NO_NGRAMS, error)
        return None


def _save(final: FinalModel, settings: Settings, stop: StopRequest) -> Saved:
    assessment = assess_or_warn(final, stop)
    metrics = _metrics(final, assessment, settings.job_name)
    saved = Saved(final, assessment, metrics, _artifact(final, assessment, metrics))
    with full_disk_named(settings.paths.model):
        artifact.save(saved.model, settings.paths.model)
    log.info("the model is in %s", settings.paths.model)
    return saved


def _export_keras(model: artifact.Artifact, folder: Path) -> None:
    try:
        with full_disk_named(folder):
            writer = partial(export_keras, model.configuration, model.weights)
            artifact.add_keras(folder, writer)
    except Exception as error:  # noqa: BLE001 - the network counts, whatever fails
        warn_of(f"there is no {artifact.KERAS}", error)


def _write_output(saved: Saved, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with full_disk_named(folder):
            _write(folder / METRICS_FILE, saved.model.metrics)
            classes = saved.assessment.classes
            _write(
                folder / CLASS_REPORT_FILE, {name: each.as_dict() for name, each in classes.items()}
            )
            if saved.final.tuning:
                saved.final.tuning.write(folder)
    except OSError as error:
        warn_of("not all of the job's output could be written", error)


def _metrics(final: FinalModel, assessment: Assessment, job_name: str) -> JobMetrics:
    progress, prepared = final.trained.progress, final.trained.prepared
    folds = final.cross_validation
    metrics = JobMetrics(
        trained=datetime.now(UTC).isoformat(timespec="seconds"),
        job_name=job_name,
        stopped_on_request=progress.stopped,
        training_documents=len(prepared.training),
        validated_out_of_fold=prepared.validation is None,
        best=progress.best,
        epochs=tuple(progress.epochs),
        model=assessment.metrics,
        cross_validation=folds.as_dict() if folds else None,
        tuning=final.tuning,
    )
    if final.tuning and metrics.tuned_scores:
        log.info(
            "tuned: %s is %.4f on validation, by which it was chosen, and %.4f on test",
            final.tuning.objective,
            *metrics.tuned_scores,
        )
    return metrics


def _artifact(final: FinalModel, assessment: Assessment, metrics: JobMetrics) -> artifact.Artifact:
    prepared, hyperparameters = final.trained.prepared, final.hyperparameters
    return artifact.Artifact(
        configuration=prepared.configuration,
        tokenizer=prepared.start.tokenizer(hyperparameters.tokenizer),
        labels=prepared.labels,
        vocabulary=prepared.vocabulary,
        weights=assessment.weights,
        further=assessment.further,
        ngrams=assessment.ngrams,
        scales=assessment.scales,
        confidence_floor=assessment.floor,
        metrics=metrics.as_dict(),
        hyperparameters=hyperparameters.model_dump(mode="json"),
    )


def _report(saved: Saved, folder: Path, stop: StopRequest) -> None:
    """Write the report, or tell why there is none: by then the model is saved, and that counts."""
    try:
        # Imported here: Matplotlib takes its time, and a job need not have it.
        from text_classification.training.results.job_report import ReportedModel, report_job  # noqa: PLC0415

        job = ReportedModel(
            saved.model, saved.final.trained.prepared, saved.assessment, saved.metrics
        )
        with full_disk_named(folder):
            report_job(job, folder, stop, tuning=saved.final.tuning)
    except Stopped:
        log.warning("stopped on request: there is no report")
    except Exception as error:  # noqa: BLE001 - the network counts, whatever fails
        warn_of("there is no report", error)


def _write(path: Path, value: Any) -> None:
    path.write_text(f"{json.dumps(value, indent=2, ensure_ascii=False)}\n", encoding="utf-8")
