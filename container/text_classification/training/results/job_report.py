"""Gather what the report tells, and have it written."""

import logging
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from text_classification.artifact import Artifact
from text_classification.corpus.vocabulary import UNKNOWN
from text_classification.evaluation.job_metrics import JobMetrics
from text_classification.evaluation.report.content import (
    Report,
    Scored,
    most_frequent,
)
from text_classification.evaluation.report.figures.look import percent
from text_classification.evaluation.report.page import PAGE, write_report
from text_classification.evaluation.tuning_result import TuningResult
from text_classification.kernels.arrays import Indices
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.inputs.part import Part
from text_classification.training.inputs.training_documents import TrainingData
from text_classification.training.network.further_words import FurtherReader
from text_classification.training.results.assessment import Assessment
from text_classification.training.results.attribution import Explainer
from text_classification.training.results.mistakes import confident_mistakes
from text_classification.training.results.phrases import indicative_phrases

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReportedModel:
    """A model as it was saved, what it was made from and how good it is."""

    model: Artifact
    prepared: TrainingData
    assessment: Assessment
    metrics: JobMetrics

    def read(self, part: Part) -> Part:
        """Return the same documents in the ids of the words that the model reads."""
        if self.model.further:
            return FurtherReader(self.prepared, self.model.further).read(part)
        return part.renumbered(self.prepared.training.corpus.numbers)


def report_job(
    job: ReportedModel, folder: Path, stop: StopRequest, *, tuning: TuningResult | None = None
) -> None:
    """Write the report of a job into ``folder``.

    A stopped job leaves out what takes longest, the explanation of documents; where the stop comes
    while they are explained, the report is written without them. tuning: what went before.
    Raises ``Stopped`` where the stop comes while it is written.
    """
    report = replace(_gathered(job), tuning=tuning)
    if job.model.hyperparameters["report_documents"] and not stop:
        with suppress(Stopped), stop.interrupts():
            report = _with_documents(report, job)
    with stop.interrupts():
        write_report(report, folder)
    log.info("the report is %s", folder / PAGE)


def _gathered(job: ReportedModel) -> Report:
    model, training = job.model, job.prepared.training
    answers = job.assessment.answers
    return Report(
        labels=model.labels,
        hyperparameters=model.hyperparameters,
        facts=_facts(job),
        counts=_counts(job.prepared),
        lengths=training.lengths,
        training_labels=training.labels,
        sequence_length=model.configuration.sequence_length,
        metrics=job.metrics,
        classes=job.assessment.classes,
        scored={name: Scored(part.labels, given) for name, (part, given) in answers.items()},
        reliability=job.assessment.reliability,
        out_of_fold=job.prepared.validation is None,
    )


def _with_documents(report: Report, job: ReportedModel) -> Report:
    explainer = Explainer.of(job.model)
    # In the ids of this model: that which answered may have been one before it.
    parts = {name: job.read(part) for name, (part, _) in job.assessment.answers.items()}
    part, probabilities = parts[report.judged], job.assessment.answers[report.judged].probabilities
    # Without a channel of their own, validation documents are some of training's.
    is_of_training = part.corpus.ids is job.prepared.training.corpus.ids
    mistakes = confident_mistakes(
        explainer, part, probabilities, "training" if is_of_training else report.judged
    )
    classes = most_frequent(report.counts["training"])
    phrases = {
        report.labels[label]: indicative_phrases(
            explainer, parts["validation"], label, len(classes)
        )
        for label in classes
    }
    return replace(report, mistakes=mistakes, phrases=phrases)


def _counts(prepared: TrainingData) -> dict[str, Indices]:
    """Return the documents of each class in each part: int64 [classes]."""
    parts = {
        "training": prepared.training,
        "validation": prepared.validation,
        "test": prepared.test,
    }
    classes = len(prepared.labels)
    return {
        name: np.bincount(part.labels, minlength=classes) for name, part in parts.items() if part
    }


def _facts(job: ReportedModel) -> dict[str, str]:
    """Return what was trained, and on what, in words."""
    model, prepared, epochs = job.model, job.prepared, job.metrics.epochs
    numbers = sum(array.size for array in model.weights.values())
    seconds = sum(epoch.seconds for epoch in epochs)
    return {
        "documents": _documents(prepared),
        "classes": f"{len(model.labels):,}",
        "vocabulary": _vocabulary(job),
        "sequence length": f"{model.configuration.sequence_length:,} tokens",
        "model": f"recipe {model.hyperparameters['recipe']}, architecture "
        f"{model.configuration.architecture}, {numbers:,} numbers",
        "training": f"{len(epochs)} epochs in {seconds:,.0f} seconds",
    }


def _documents(prepared: TrainingData) -> str:
    told = [f"{len(prepared.training):,} to train on"]
    if prepared.validation:
        told.append(f"{len(prepared.validation):,} to validate on")
    if prepared.test:
        told.append(f"{len(prepared.test):,} to test on")
    return ", ".join(told)


def _vocabulary(job: ReportedModel) -> str:
    """Tell its size, and how much of what it was not drawn from it knows."""
    further, part = job.model.further, job.prepared.validation
    told = f"{len(job.prepared.vocabulary):,} tokens"
    if job.prepared.beyond:
        told += f", and {len(job.prepared.beyond):,} that n-grams alone read"
    if further:
        told += f", and {len(further):,} by their pretrained vectors"
    if part is None:
        return told
    found = job.read(part).corpus.counts_of(UNKNOWN, part.documents).sum()
    unknown = found / max(part.lengths.sum(), 1)
    return f"{told}; {percent(unknown)} of the words to validate on are not among them"
