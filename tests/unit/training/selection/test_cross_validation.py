"""training/selection/cross_validation.py."""

import json
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.training.documents import ROWS, documents_of
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.folds import stratified_folds
from text_classification.errors import Code, ConfigurationError
from text_classification.evaluation.epoch import Epoch
from text_classification.evaluation.metrics import Summary
from text_classification.machine.signals import Stopped, StopRequest
from text_classification.training.network.held_out import HeldOut
from text_classification.training.network.training_progress import Progress
from text_classification.training.selection.cross_validation import CrossValidation, cross_validate
from text_classification.training.selection.fold_training import Fold, FoldResult, FoldTraining

PARAMETERS = Hyperparameters(
    recipe="kim",
    embedding_size=8,
    filters=8,
    epochs=3,
    learning_rate=0.01,
    min_count=1,
    folds=3,
    engine="fast",
)


def fold_training(folder: Path, rows: list[tuple[str, str]] = ROWS) -> FoldTraining:
    """Return the work of the folds, for checkpoints in a folder that may be there."""
    documents = documents_of(folder, PARAMETERS, rows)
    folds = stratified_folds(documents.training.labels, PARAMETERS.folds, PARAMETERS.seed)
    return FoldTraining(documents, folds, PARAMETERS, folder / "checkpoints", folder)


def scripted(
    training: FoldTraining, index: int, *, accuracies: list[float], sure: float = 0.9
) -> FoldResult:
    """Return a result with these accuracies by epoch, and answers that are right and so sure."""
    part = training.documents.training.chosen(training.folds.held_out(index))
    probabilities = np.full((len(part), 2), 1 - sure, np.float32)
    probabilities[np.arange(len(part)), part.labels] = sure
    epochs = [
        Epoch(number, 0.5, Summary(len(part), 0.1, accuracy, accuracy), 1.0)
        for number, accuracy in enumerate(accuracies, 1)
    ]
    return FoldResult(Progress(epochs), Path("none"), HeldOut(part, probabilities, None))


@pytest.fixture
def training(tmp_path: Path) -> FoldTraining:
    """The work of three folds."""
    return fold_training(tmp_path)


def test_each_document_is_answered_by_the_model_that_did_not_see_it(tmp_path: Path) -> None:
    """Processes give what the same training gives here, in the order of the documents."""
    documents = documents_of(tmp_path, PARAMETERS, ROWS)
    nowhere = tmp_path / "nowhere"
    found = cross_validate(documents, PARAMETERS, nowhere, tmp_path, StopRequest())
    assert found.complete
    answers = found.held_out(documents.training)
    assert answers.part.documents.tolist() == list(range(len(ROWS)))
    assert (answers.probabilities.argmax(axis=1) == answers.part.labels).all()
    assert answers.quantized is not None
    again = found.training(Fold(1), StopRequest()).answers
    places = found.training.folds.held_out(1)
    np.testing.assert_array_equal(again.part.documents, places)
    np.testing.assert_allclose(answers.probabilities[places], again.probabilities, atol=1e-5)
    assert again.quantized is not None
    np.testing.assert_allclose(answers.quantized[places], again.quantized, atol=1e-5)


def test_vocabulary_of_a_fold_is_that_of_its_training_documents(training: FoldTraining) -> None:
    """Each document has a word of its own: those of the held-out documents are unknown."""
    for index in range(3):
        prepared = training.prepared(Fold(index))
        assert prepared.validation is not None
        assert len(prepared.vocabulary) == 2 + 7 + len(prepared.training)
        last_words = [
            prepared.validation.corpus.document(int(document))[-1]
            for document in prepared.validation.documents
        ]
        assert set(last_words) == {1}


def test_finished_fold_trains_no_more(
    training: FoldTraining, caplog: pytest.LogCaptureFixture
) -> None:
    """Its last checkpoint tells all that is asked of it."""
    training.checkpoints.mkdir()
    caplog.set_level(logging.INFO)
    first = training(Fold(2), StopRequest())
    assert "epoch 1:" in caplog.text
    caplog.clear()
    second = training(Fold(2), StopRequest())
    assert "going on from checkpoint-00003" in caplog.text
    assert "epoch 1:" not in caplog.text
    assert [path.name for path in training.checkpoints.iterdir()] == ["fold-3"]
    np.testing.assert_array_equal(first.answers.probabilities, second.answers.probabilities)
    assert first.best_epoch == second.best_epoch


def test_scores_of_all_folds_by_hand(training: FoldTraining) -> None:
    """Each fold's, their mean, and the deviation of a sample; as JSON can hold them."""
    results = {
        index: scripted(training, index, accuracies=[0.5], sure=sure)
        for index, sure in ((2, 0.9), (0, 0.6), (1, 0.6))
    }
    found = json.loads(json.dumps(CrossValidation(training, results).as_dict(), allow_nan=False))
    losses = -np.log([0.6, 0.6, 0.9])
    assert [fold["loss"] for fold in found["folds"]] == pytest.approx(losses)
    assert [fold["documents"] for fold in found["folds"]] == [20, 20, 20]
    assert found["mean"]["loss"] == pytest.approx(losses.mean())
    assert found["deviation"]["loss"] == pytest.approx(losses.std(ddof=1))
    assert found["mean"] | {"loss": 0} == {"loss": 0, "accuracy": 1, "macro_f1": 1, "pr_auc": 1}
    metrics = CrossValidation(training, results).metrics()
    assert metrics["cross_validation:accuracy"] == 1
    assert metrics["cross_validation:loss_deviation"] == found["deviation"]["loss"]


def test_score_that_a_fold_lacks_has_no_mean(training: FoldTraining) -> None:
    """Where a fold holds out one class alone there is no area under its curve."""
    results = {index: scripted(training, index, accuracies=[0.5]) for index in range(3)}
    answers = results[1].answers
    one_class = np.flatnonzero(answers.part.labels == 0)
    chosen = HeldOut(answers.part.chosen(one_class), answers.probabilities[one_class], None)
    results[1] = replace(results[1], answers=chosen)
    found = CrossValidation(training, results).as_dict()
    assert ["pr_auc" in fold for fold in found["folds"]] == [True, False, True]
    assert set(found["mean"]) == set(found["deviation"]) == {"loss", "accuracy", "macro_f1"}


@pytest.mark.parametrize(
    ("best", "epochs"), [((1, 1, 1), 1), ((1, 2, 2), 2), ((1, 1, 2), 1), ((2, 3, 3), 3)]
)
def test_epochs_are_the_mean_of_the_best(
    training: FoldTraining, best: tuple[int, ...], epochs: int
) -> None:
    """Rounded to the nearest."""
    results = {
        index: scripted(training, index, accuracies=[*[0.5] * (number - 1), 0.9, 0.6])
        for index, number in enumerate(best)
    }
    assert CrossValidation(training, results).epochs == epochs


def test_stopped_folds_are_no_cross_validation(training: FoldTraining) -> None:
    """Nor is one whose answers were cut short: scores of some are not those of all."""
    results = {index: scripted(training, index, accuracies=[0.5]) for index in range(3)}
    assert CrossValidation(training, results).complete
    stopped = replace(results[1], progress=replace(results[1].progress, stopped=True))
    answers = results[1].answers
    some = HeldOut(answers.part.thinned(5), answers.probabilities[:5], None)
    cut_short = replace(results[1], answers=some)
    for each in (stopped, cut_short):
        assert not CrossValidation(training, {**results, 1: each}).complete
    assert not CrossValidation(training, {0: results[0], 1: results[1]}).complete


def test_best_fold_is_the_most_accurate(training: FoldTraining) -> None:
    """Its weights come back from their file, with the answers to its held-out documents."""
    first = training(Fold(0), StopRequest())
    other = scripted(training, 1, accuracies=[0.01])
    trained, answers = CrossValidation(training, {1: other, 0: first}).best()
    assert trained.progress.stopped
    assert answers is first.answers
    assert len(trained.prepared.training) == 40
    assert trained.progress.weights["dense.kernel"].shape == (24, 2)


def test_more_folds_than_documents_are_refused(tmp_path: Path) -> None:
    """The error names the hyperparameter."""
    parameters = PARAMETERS.model_copy(update={"folds": 61})
    documents = documents_of(tmp_path, parameters, ROWS)
    with pytest.raises(ConfigurationError, match="folds=61 is too many: 60") as raised:
        cross_validate(documents, parameters, tmp_path, tmp_path, StopRequest())
    assert raised.value.code == Code.HYPERPARAMETER_INVALID


def test_classes_with_few_documents_are_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Those with fewer documents than folds, by name; a stop before all ends with nothing."""
    stop = StopRequest()
    stop.set()
    documents = documents_of(tmp_path, PARAMETERS, [*ROWS, ("rare", "one"), ("rare", "two")])
    with pytest.raises(Stopped):
        cross_validate(documents, PARAMETERS, tmp_path, tmp_path, stop)
    assert "1 classes have fewer documents than there are folds" in caplog.text
    assert "'rare'" in caplog.text
