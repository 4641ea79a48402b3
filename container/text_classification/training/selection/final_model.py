"""The model that a job leaves, and the answers it is calibrated and judged by."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from text_classification.contract.failure import warn_of
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.settings import Settings
from text_classification.evaluation.tuning_result import TuningResult
from text_classification.kernels.arrays import Floats, Indices, Reals
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.hyperparameters.suited import TrainingSize, tell_suited
from text_classification.training.inputs.equal_documents import warn_of_equal_documents
from text_classification.training.inputs.seen_documents import warn_of_seen_documents
from text_classification.training.inputs.training_documents import Documents, TrainingData
from text_classification.training.inputs.unknown_tokens import warn_of_unknown_tokens
from text_classification.training.network.checkpoints import subfolder
from text_classification.training.network.held_out import HeldOut, held_out_predictions
from text_classification.training.network.network_training import TrainedModel, train_model
from text_classification.training.selection.cross_validation import CrossValidation, cross_validate

Numbers = TypeVar("Numbers", Floats, Reals, Indices)

# The checkpoints' folder of the model that is trained on all documents.
ALL_DOCUMENTS = "all-documents"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FinalModel:
    """A trained model and what is known of it.

    hyperparameters: those it was made by. held_out: answers to documents that the model was not
    trained on; where it was trained on all, the answers of the models before it, which were made
    like it of nearly as many documents. splits: how those were trained and held out, in the order
    of the folds if there were any. cross_validation, tuning: what came before it, if asked for.
    """

    trained: TrainedModel
    hyperparameters: Hyperparameters
    held_out: HeldOut
    splits: tuple[TrainingData, ...]
    cross_validation: CrossValidation | None = None
    tuning: TuningResult | None = None

    def gathered(self, answers: Sequence[Numbers]) -> Numbers:
        """Return one array in the order of ``held_out`` from one for each of the splits."""
        if len(self.splits) == 1:
            return answers[0]
        if self.cross_validation is None:
            raise ValueError("several splits without cross-validation")
        return self.cross_validation.training.folds.gather(answers)


# Tells whether a model that was trained on a part of the documents is to be trained on all.
IsWorthIt = Callable[[FinalModel], bool]


def always(_: FinalModel) -> bool:
    """Return True."""
    return True


def train_final(  # noqa: PLR0913 - what a job has
    documents: Documents,
    hyperparameters: Hyperparameters,
    settings: Settings,
    scratch: Path,
    stop: StopRequest,
    *,
    is_worth_it: IsWorthIt = always,
) -> FinalModel:
    """Train the model of a job, with the best hyperparameters of a study if one is asked for.

    is_worth_it: asked before a model is refitted, where the hyperparameters want that.
    A job that is stopped before that model is done leaves the best one it has: of a trial, or of a
    fold. Raises ``Stopped`` when there is none yet.
    """
    hyperparameters = tell_suited(hyperparameters, TrainingSize.of(documents.training.lengths))
    if hyperparameters.tuning_trials:
        return _after_study(
            documents, hyperparameters, settings, scratch, stop, is_worth_it=is_worth_it
        )
    checkpoints = settings.paths.checkpoints
    return _train(documents, hyperparameters, checkpoints, scratch, stop, is_worth_it=is_worth_it)


def _after_study(  # noqa: PLR0913 - what a job has
    documents: Documents,
    hyperparameters: Hyperparameters,
    settings: Settings,
    scratch: Path,
    stop: StopRequest,
    *,
    is_worth_it: IsWorthIt,
) -> FinalModel:
    # Imported here: Optuna and its database libraries take a second.
    from text_classification.training.selection.tuning.tune import tune  # noqa: PLC0415

    tuned = tune(documents, hyperparameters, settings, scratch, stop)
    checkpoints, final = settings.paths.checkpoints, None
    with suppress(Stopped):
        stop.check()
        final = _train(
            documents, tuned.hyperparameters, checkpoints, scratch, stop, is_worth_it=is_worth_it
        )
        final = replace(final, tuning=tuned.result)
        if not final.trained.progress.stopped or final.cross_validation:
            return final
    best = tuned.best()
    if best:
        trained, tried = best
        splits = (trained.prepared,)
        held_out = _answers(trained, tried, stop)
        return FinalModel(trained, tried, held_out, splits, tuning=tuned.result)
    if final is None:
        raise Stopped
    return final


def _train(  # noqa: PLR0913 - what a job has
    documents: Documents,
    hyperparameters: Hyperparameters,
    checkpoints: Path,
    scratch: Path,
    stop: StopRequest,
    *,
    is_worth_it: IsWorthIt,
) -> FinalModel:
    if hyperparameters.folds > 1:
        return _after_folds(documents, hyperparameters, checkpoints, scratch, stop)
    with stop.interrupts():
        prepared = documents.prepare(*documents.split(hyperparameters), hyperparameters)
        warn_of_unknown_tokens(prepared, hyperparameters)
        warn_of_equal_documents(prepared, hyperparameters)
        warn_of_seen_documents(prepared)
    trained = train_model(prepared, hyperparameters, checkpoints, stop)
    held_out, splits = _answers(trained, hyperparameters, stop), (prepared,)
    first, best = FinalModel(trained, hyperparameters, held_out, splits), trained.progress.best
    wanted = hyperparameters.refit and documents.validation is None
    if wanted and best and is_worth_it(first):
        log.info("training on all documents, for %d epochs", best.number)
        again = _train_on_all(documents, hyperparameters, best.number, checkpoints, stop)
        return replace(first, trained=again) if again else first
    return first


def _answers(trained: TrainedModel, hyperparameters: Hyperparameters, stop: StopRequest) -> HeldOut:
    # N-grams have rows for words that training lacks: the network need not know them too.
    return held_out_predictions(trained, stop, may_have_further=not hyperparameters.ngrams)


def _train_on_all(
    documents: Documents,
    hyperparameters: Hyperparameters,
    epochs: int,
    checkpoints: Path,
    stop: StopRequest,
) -> TrainedModel | None:
    """Train on all training documents; a validation channel says when to end, else ``epochs``.

    None where that was stopped or failed, with a warning: there is a model already.
    """
    # Of its own: the models before it have checkpoints too, which a restart goes on from.
    checkpoints = subfolder(checkpoints, ALL_DOCUMENTS)
    if not documents.validation:
        hyperparameters = hyperparameters.model_copy(update={"epochs": epochs})
    try:
        stop.check()
        with stop.interrupts():
            prepared = documents.prepare(documents.training, documents.validation, hyperparameters)
        trained = train_model(prepared, hyperparameters, checkpoints, stop)
    except Stopped:
        return None
    except Exception as error:  # noqa: BLE001 - the model that is there counts, whatever fails
        warn_of("no model was trained on all documents", error)
        return None
    return None if trained.progress.stopped else trained


def _after_folds(
    documents: Documents,
    hyperparameters: Hyperparameters,
    checkpoints: Path,
    scratch: Path,
    stop: StopRequest,
) -> FinalModel:
    """Cross-validate, then train on all training documents.

    A validation channel decides when to end and judges the model, as without folds. Where there is
    none, the folds say how many epochs it takes, and their answers judge.
    """
    validated = cross_validate(documents, hyperparameters, checkpoints, scratch, stop)
    final = _train_on_all(documents, hyperparameters, validated.epochs, checkpoints, stop)
    if final:
        prepared = final.prepared
        warn_of_unknown_tokens(prepared, hyperparameters)
        warn_of_equal_documents(prepared, hyperparameters)
        warn_of_seen_documents(prepared)
        if prepared.validation:
            held_out = _answers(final, hyperparameters, stop)
            return FinalModel(final, hyperparameters, held_out, (prepared,), validated)
        held_out = validated.held_out(prepared.training)
        return FinalModel(final, hyperparameters, held_out, validated.splits, validated)
    trained, held_out = validated.best()
    known = validated if validated.complete else None
    return FinalModel(trained, hyperparameters, held_out, (trained.prepared,), known)
