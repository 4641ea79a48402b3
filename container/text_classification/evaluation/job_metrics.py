"""The metrics of a trained model and of the job that trained it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from text_classification.evaluation.baseline import Baseline
from text_classification.evaluation.confidence import Confidence
from text_classification.evaluation.epoch import Epoch
from text_classification.evaluation.metrics import Scores
from text_classification.evaluation.quantization import Quantization
from text_classification.evaluation.tuning_result import TuningResult

PARTS = "validation", "test"


@dataclass(frozen=True)
class Calibration:
    """The temperature that was found, and the calibration error on validation with and without."""

    temperature: float
    error_before: float
    error_after: float


@dataclass(frozen=True)
class ModelMetrics:
    """How good a model is.

    parts: the scores on validation, and on test where there is one; tables: None for architectures
    without int8 tables; confidence: None where no precision was asked for.
    """

    calibration: Calibration
    parts: Mapping[str, Scores]
    tables: Quantization | None = None
    confidence: Confidence | None = None
    baseline: Baseline | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return what metrics.json holds; what is None is left out."""
        return {
            "calibration": asdict(self.calibration),
            **({"tables": asdict(self.tables)} if self.tables else {}),
            **({"confidence": self.confidence.as_dict()} if self.confidence else {}),
            **{name: asdict(scores) for name, scores in self.parts.items()},
            **({"baseline": asdict(self.baseline)} if self.baseline else {}),
        }


@dataclass(frozen=True)
class JobMetrics:
    """A job and how good its model is.

    trained: when, in UTC, ISO 8601; best: the epoch whose weights were kept; model: None where the
    model could not be assessed; cross_validation: as metrics.json holds it.
    """

    trained: str
    job_name: str
    stopped_on_request: bool
    training_documents: int
    validated_out_of_fold: bool
    best: Epoch | None
    epochs: tuple[Epoch, ...]
    model: ModelMetrics | None
    cross_validation: Mapping[str, Any] | None = None
    tuning: TuningResult | None = None

    @property
    def tuned_scores(self) -> tuple[float, float] | None:
        """What the model was tuned for: on validation, by which it was chosen, and on test.

        None where the model was not tuned or lacks one of the scores.
        """
        if self.tuning is None or self.model is None:
            return None
        parts, objective = self.model.parts, self.tuning.objective
        validation, test = (getattr(parts.get(part), objective, None) for part in PARTS)
        return None if validation is None or test is None else (validation, test)

    def as_dict(self) -> dict[str, Any]:
        """Return what metrics.json holds; what is None is left out."""
        folds = self.cross_validation
        return {
            "trained": self.trained,
            "job_name": self.job_name,
            "stopped_on_request": self.stopped_on_request,
            "training_documents": self.training_documents,
            "validated_out_of_fold": self.validated_out_of_fold,
            "best_epoch": self.best.number if self.best else None,
            **(self.model.as_dict() if self.model else {}),
            **({"cross_validation": dict(folds)} if folds else {}),
            **({"tuning": {**self.tuning.as_dict(), **self._gap()}} if self.tuning else {}),
            "epochs": [epoch.as_dict() for epoch in self.epochs],
        }

    def _gap(self) -> dict[str, float]:
        """Return by how much the tuned model is better on validation, which it was chosen by."""
        if self.tuned_scores is None:
            return {}
        validation, test = self.tuned_scores
        return {"validation_test_gap": validation - test}
