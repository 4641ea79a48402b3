"""The model that a job leaves, and the answers it is calibrated and judged by."""

from dataclasses import dataclass
from pathlib import Path

from text_classification.contract.hyperparameters import Hyperparameters
from text_classification.contract.signals import StopRequest
from text_classification.training.cross_validation import CrossValidation, cross_validate
from text_classification.training.held_out import HeldOut, held_out_answers
from text_classification.training.model import Trained, train_model
from text_classification.training.preparation import Documents


@dataclass(frozen=True)
class Final:
    """A trained model, what is known of it, and the cross-validation before it, if there was one.

    held_out: answers to documents that the model was not trained on; where it was trained on all,
    the answers of the folds' models, which were made like it of nearly as many documents.
    """

    trained: Trained
    held_out: HeldOut
    cross_validation: CrossValidation | None = None


def train_final(
    documents: Documents,
    hyperparameters: Hyperparameters,
    checkpoints: Path,
    scratch: Path,
    stop: StopRequest,
) -> Final:
    """Train the model of a job.

    Raises ``Stopped`` when a stop was asked for before the first step.
    """
    if hyperparameters.folds > 1:
        return _after_folds(documents, hyperparameters, checkpoints, scratch, stop)
    prepared = documents.prepare(*documents.split(hyperparameters), hyperparameters)
    trained = train_model(prepared, hyperparameters, checkpoints, stop)
    return Final(trained, held_out_answers(trained, stop))


def _after_folds(
    documents: Documents,
    hyperparameters: Hyperparameters,
    checkpoints: Path,
    scratch: Path,
    stop: StopRequest,
) -> Final:
    """Cross-validate, then train on all training documents.

    A validation channel decides when to end and judges the model, as without folds. Where there is
    none, the folds say how many epochs it takes, and their answers judge. A job that is stopped
    before that model is done leaves the best of the folds' models.
    """
    validated = cross_validate(documents, hyperparameters, checkpoints, scratch, stop)
    if not stop:
        validation = documents.validation
        prepared = documents.prepare(documents.training, validation, hyperparameters)
        epochs = hyperparameters.epochs if validation else validated.epochs
        as_long = hyperparameters.model_copy(update={"epochs": epochs})
        trained = train_model(prepared, as_long, checkpoints, stop)
        if not trained.progress.stopped:
            held_out = (
                held_out_answers(trained, stop)
                if validation
                else validated.held_out(prepared.training)
            )
            return Final(trained, held_out, validated)
    return Final(*validated.best(), validated if validated.complete else None)
