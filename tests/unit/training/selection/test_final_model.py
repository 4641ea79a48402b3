"""training/selection/final_model.py: what a job's model is trained on and judged by."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.unit.training.documents import ROWS, documents_of
from text_classification.cnn.architectures.kim.fast_engine import FastEngine
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.settings import Settings
from text_classification.corpus.encoded import Batch
from text_classification.kernels.arrays import Ids
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.inputs.training_documents import Documents, TrainingData
from text_classification.training.network import held_out, training_loop
from text_classification.training.network.held_out import held_out_predictions
from text_classification.training.network.network_training import TrainedModel, train_model
from text_classification.training.selection import final_model as module
from text_classification.training.selection.final_model import FinalModel, train_final
from text_classification.training.selection.tuning.tune import TuningRun

pytestmark = pytest.mark.long
PARAMETERS = Hyperparameters(
    recipe="kim",
    embedding_size=8,
    filters=8,
    epochs=4,
    learning_rate=0.01,
    min_count=1,
    engine="fast",
)
FOLDS = PARAMETERS.model_copy(update={"folds": 2})
TUNING = PARAMETERS.model_copy(
    update={
        "tuning_trials": 2,
        "tuning_epochs": 2,
        "search_space": '{"dropout": [0.2, 0.5], "batch_size": [4, 16]}',
    }
)


def trained(documents: Documents, parameters: Hyperparameters, folder: Path) -> FinalModel:
    """Train without checkpoints."""
    return train_final(documents, parameters, Settings(root=folder), folder, StopRequest())


def stopping_here(monkeypatch: pytest.MonkeyPatch) -> StopRequest:
    """Return a request that comes with the first step in this process: of the last model."""
    stop = StopRequest()
    train_batch = FastEngine.train_batch

    def stopping(self: FastEngine, batch: Batch, labels: Ids) -> float:
        stop.set()  # folds and trials are trained by other processes, where this is not so
        return train_batch(self, batch, labels)

    monkeypatch.setattr(FastEngine, "train_batch", stopping)
    return stop


def test_plain_model_is_judged_by_what_was_held_out(tmp_path: Path) -> None:
    """A fifth of the documents, and no cross-validation."""
    final = trained(documents_of(tmp_path, PARAMETERS, ROWS), PARAMETERS, tmp_path)
    assert len(final.trained.prepared.training) == 48
    assert len(final.held_out.part) == 12
    assert final.cross_validation is None


def test_refit_trains_on_what_was_held_out_too(tmp_path: Path) -> None:
    """For as many epochs as were best before; the answers are those of the model before it."""
    parameters = PARAMETERS.model_copy(update={"refit": True})
    documents = documents_of(tmp_path, parameters, ROWS)
    before, final = (trained(documents, each, tmp_path) for each in (PARAMETERS, parameters))
    prepared, progress = final.trained.prepared, final.trained.progress
    assert (len(prepared.training), prepared.validation) == (60, None)
    assert before.trained.progress.best is not None
    assert len(progress.epochs) == before.trained.progress.best.number
    np.testing.assert_array_equal(final.held_out.probabilities, before.held_out.probabilities)
    assert len(final.splits[0].training) == 48


def test_refit_warns_of_no_checkpoint(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Those of the model before it are in another folder: the job goes on from either."""
    parameters = PARAMETERS.model_copy(update={"refit": True})
    documents = documents_of(tmp_path, parameters, ROWS)
    settings = Settings(root=tmp_path / "ml")
    settings.paths.checkpoints.mkdir(parents=True)
    train_final(documents, parameters, settings, tmp_path, StopRequest())
    again = train_final(documents, parameters, settings, tmp_path, StopRequest())
    assert "passed over" not in caplog.text
    assert len(again.trained.prepared.training) == 60
    assert len(list(settings.paths.checkpoints.glob("all-documents/*"))) == 2


@pytest.mark.parametrize("error", [Stopped(), MemoryError()])
def test_refit_that_ends_early_leaves_the_model_before_it(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    """Stopped in the seconds in which its engine is made, or for lack of memory, which is told."""
    parameters = PARAMETERS.model_copy(update={"refit": True})
    documents = documents_of(tmp_path, parameters, ROWS)
    stop = StopRequest()

    def ending(prepared: TrainingData, *arguments: Any) -> TrainedModel:
        if prepared.validation:
            return train_model(prepared, *arguments)
        if isinstance(error, Stopped):
            stop.set()
        raise error

    monkeypatch.setattr(module, "train_model", ending)
    final = train_final(documents, parameters, Settings(root=tmp_path), tmp_path, stop)
    assert len(final.trained.prepared.training) == 48
    assert len(final.held_out.part) == 12
    is_told = "no model was trained on all documents: OUT_OF_MEMORY" in caplog.text
    assert is_told == isinstance(error, MemoryError)


def test_refit_leaves_a_validation_channel_alone(tmp_path: Path) -> None:
    """It is what the model is judged by, and no document to learn from."""
    parameters = PARAMETERS.model_copy(update={"refit": True})
    documents = documents_of(tmp_path, parameters, ROWS, validation=ROWS[:10])
    final = trained(documents, parameters, tmp_path)
    assert len(final.trained.prepared.training) == 60
    assert final.trained.prepared.validation is not None


def test_validation_documents_are_answered_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers that told the best epoch judge the model; asked again, it says the same."""
    documents = documents_of(tmp_path, PARAMETERS, ROWS)
    with monkeypatch.context() as context:
        context.setattr(held_out, "predict", None)
        final = trained(documents, PARAMETERS, tmp_path)
    progress = replace(final.trained.progress, answers=None)
    again = held_out_predictions(replace(final.trained, progress=progress), StopRequest())
    np.testing.assert_array_equal(final.held_out.probabilities, again.probabilities)


def test_stopped_job_judges_by_some_of_the_answers(tmp_path: Path) -> None:
    """Those of the documents that stand for all."""
    final = trained(documents_of(tmp_path, PARAMETERS, ROWS), PARAMETERS, tmp_path)
    stop = StopRequest()
    stop.set()
    with pytest.MonkeyPatch.context() as context:
        context.setattr(training_loop, "STOPPED_VALIDATION", 5)
        some = held_out_predictions(final.trained, stop)
    places = final.held_out.part.evenly_spaced(5)
    assert some.part.documents.tolist() == final.held_out.part.documents[places].tolist()
    np.testing.assert_array_equal(some.probabilities, final.held_out.probabilities[places])


def test_after_folds_the_model_is_trained_on_all(tmp_path: Path) -> None:
    """For as many epochs as the folds found best, and judged by their answers."""
    final = trained(documents_of(tmp_path, FOLDS, ROWS), FOLDS, tmp_path)
    assert final.cross_validation is not None
    prepared, epochs = final.trained.prepared, final.trained.progress.epochs
    assert (len(prepared.training), prepared.validation) == (60, None)
    assert len(epochs) == final.cross_validation.epochs
    assert len(final.held_out.part) == 60
    assert final.held_out.part.corpus is prepared.training.corpus
    # Each answer stands beside its own document.
    assert (final.held_out.probabilities.argmax(axis=1) == final.held_out.part.labels).all()
    with pytest.raises(ValueError, match="no document was held out"):
        held_out_predictions(final.trained, StopRequest())


def test_validation_channel_judges_the_model_after_folds(tmp_path: Path) -> None:
    """It is in no fold, ends the training of the last model, and calibrates it."""
    documents = documents_of(tmp_path, FOLDS, ROWS, validation=ROWS[:10])
    final = trained(documents, FOLDS, tmp_path)
    assert final.cross_validation is not None
    assert sum(len(each.answers.part) for each in final.cross_validation.results.values()) == 60
    assert len(final.trained.prepared.training) == 60
    assert len(final.held_out.part) == 10
    assert len(final.trained.progress.epochs) == PARAMETERS.epochs


def test_job_stopped_in_its_last_model_leaves_the_best_fold(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole model with held-out documents of its own; the cross-validation is known too."""
    stop = stopping_here(monkeypatch)
    documents = documents_of(tmp_path, FOLDS, ROWS)
    final = train_final(documents, FOLDS, Settings(root=tmp_path), tmp_path, stop)
    assert final.cross_validation is not None
    assert final.trained.progress.stopped
    assert len(final.trained.prepared.training) == len(final.held_out.part) == 30
    best = held_out_predictions(final.trained, StopRequest())
    np.testing.assert_allclose(best.probabilities, final.held_out.probabilities, atol=1e-5)


def test_best_hyperparameters_train_the_model(tmp_path: Path) -> None:
    """To its own end, not to that of a trial; the study is known."""
    final = trained(documents_of(tmp_path, TUNING, ROWS), TUNING, tmp_path)
    assert final.tuning is not None
    best = final.tuning.best.hyperparameters
    assert final.hyperparameters.batch_size == best["batch_size"]
    assert final.trained.prepared.configuration.as_dict()["dropout"] == best["dropout"]
    assert final.trained.progress.epochs[-1].number > TUNING.tuning_epochs
    assert final.cross_validation is None


def test_tuned_model_can_be_cross_validated(tmp_path: Path) -> None:
    """The folds have the best hyperparameters too."""
    parameters = TUNING.model_copy(update={"folds": 2})
    final = trained(documents_of(tmp_path, parameters, ROWS), parameters, tmp_path)
    assert final.tuning is not None
    assert final.cross_validation is not None
    used = final.cross_validation.training.hyperparameters
    assert used == final.hyperparameters
    assert used.batch_size == final.tuning.best.hyperparameters["batch_size"]
    assert len(final.held_out.part) == 60


def test_job_stopped_after_its_study_leaves_the_best_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole model, if not of all epochs."""
    stop = stopping_here(monkeypatch)
    documents = documents_of(tmp_path, TUNING, ROWS)
    final = train_final(documents, TUNING, Settings(root=tmp_path), tmp_path, stop)
    assert final.tuning is not None
    assert final.trained.progress.stopped
    assert len(final.trained.progress.epochs) == TUNING.tuning_epochs
    assert final.hyperparameters.dropout == final.tuning.best.hyperparameters["dropout"]
    assert len(final.held_out.part) == 12


def test_stop_before_the_last_model_leaves_the_best_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the seconds in which its engine is made: of the folds, and of the trials."""
    for name, parameters, documents_trained_on in (("folds", FOLDS, 30), ("tuning", TUNING, 48)):
        stop = StopRequest()

        def stopped(*_: object, stop: StopRequest = stop) -> None:
            stop.set()
            raise Stopped

        monkeypatch.setattr(module, "train_model", stopped)
        folder = tmp_path / name
        documents = documents_of(folder, parameters, ROWS)
        final = train_final(documents, parameters, Settings(root=folder), folder, stop)
        assert len(final.trained.prepared.training) == documents_trained_on
        assert final.trained.progress.stopped


def test_stop_without_a_trial_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where other machines did the trials, what there is of the last model has to do."""
    monkeypatch.setattr(TuningRun, "best", lambda _: None)
    documents = documents_of(tmp_path, TUNING, ROWS)
    stop = stopping_here(monkeypatch)
    final = train_final(documents, TUNING, Settings(root=tmp_path), tmp_path, stop)
    assert final.tuning is not None
    assert len(final.trained.progress.epochs) == 1
    with pytest.raises(Stopped):  # the study is done, and there is nothing of the last model
        train_final(documents, TUNING, Settings(root=tmp_path), tmp_path, stop)
