"""training/selection/tuning/study.py: what is asked of Optuna, and what it is told."""

import logging
from pathlib import Path
from typing import Any

import pytest
from optuna.storages import RDBStorage

from text_classification.contract.search_space import Choices, Interval, SearchSpace
from text_classification.errors import Code, ConfigurationError
from text_classification.training.hyperparameters.job_search_space import search_space
from text_classification.training.hyperparameters.parse import resolve
from text_classification.training.hyperparameters.suited import MANY_DOCUMENTS, TrainingSize
from text_classification.training.selection.tuning.study import Owner, Study
from text_classification.training.selection.tuning.trial import (
    EpochValue,
    TrialResult,
    TrialState,
    TrialTask,
)

SPACE: SearchSpace = {
    "filters": Choices((64, 128)),
    "kernel_widths": Choices(("3,4,5", "7")),
    "dropout": Interval(low=0.1, high=0.4),
    "batch_size": Interval(low=8, high=128, log=True),
}
SAMPLERS = ["tpe", pytest.param("random", marks=pytest.mark.exhaustive)]
PARAMETERS = resolve({"recipe": "kim", "epochs": 20, "tuning_epochs": 6, "tuning_trials": 10})


class Studies:
    """Studies in one database, each as if the job had been started again."""

    size = TrainingSize(1000, 20)

    def __init__(self, folder: Path) -> None:
        self._url = f"sqlite:///{folder / 'study'}"

    def __call__(
        self,
        space: SearchSpace = SPACE,
        owner: Owner = Owner("job"),  # noqa: B008 - frozen
        name: str = "s",
        **changes: Any,
    ) -> Study:
        parameters = resolve({**PARAMETERS.asked, **changes})
        storage = RDBStorage(self._url)
        return Study(storage, name, parameters, space, owner, size=self.size)


@pytest.fixture
def studies(tmp_path: Path) -> Studies:
    """A database without a study."""
    return Studies(tmp_path)


def complete(study: Study, value: float) -> TrialTask:
    """Let a trial come to a value."""
    task = study.ask()
    study.finish(task, TrialResult(TrialState.COMPLETE, 6, value))
    return task


def chosen(task: TrialTask) -> tuple[object, ...]:
    """Return what was searched of a trial's hyperparameters."""
    return tuple(getattr(task.hyperparameters, name) for name in SPACE)


def test_defaults_are_tried_first(studies: Studies) -> None:
    """As far as the space has them; the rest is drawn. A trial is shorter than the last model."""
    study = studies()
    first = study.ask().hyperparameters
    assert (first.filters, first.kernel_widths, first.batch_size) == (128, (3, 4, 5), 64)
    assert 0.1 <= first.dropout <= 0.4
    assert (first.epochs, first.patience) == (6, PARAMETERS.patience)


def test_steps_that_suit_the_documents_are_those_of_the_trials(studies: Studies) -> None:
    """Where neither batch size nor learning rate is searched, as in the model after them."""
    studies.size = TrainingSize(MANY_DOCUMENTS[0].documents, 20)
    study = studies({"filters": Choices((64, 128))})
    task = complete(study, 0.5)
    for chosen in (task.hyperparameters, study.hyperparameters_of(0)):
        assert (chosen.batch_size, chosen.learning_rate) == MANY_DOCUMENTS[0][1:]
    searched = studies(name="searched").ask().hyperparameters
    assert (searched.batch_size, searched.learning_rate) == (64, 1e-3)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_trials_lie_in_the_space(studies: Studies, sampler: str) -> None:
    """Choices, numbers and whole numbers, by either sampler."""
    study = studies(tuning_sampler=sampler)
    for number in range(15):
        given = complete(study, number / 100).hyperparameters
        assert given.filters in {64, 128}
        assert given.kernel_widths in {(3, 4, 5), (7,)}
        assert 0.1 <= given.dropout <= 0.4
        assert 8 <= given.batch_size <= 128


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_same_seed_tries_the_same(tmp_path: Path, sampler: str) -> None:
    """Another seed tries others."""

    def tried(name: str, seed: int) -> list[tuple[object, ...]]:
        (tmp_path / name).mkdir()
        study = Studies(tmp_path / name)(tuning_sampler=sampler, seed=seed)
        return [chosen(complete(study, number / 7 % 1)) for number in range(14)]

    first = tried("first", 1)
    assert first == tried("again", 1)
    assert first[1:] != tried("other", 2)[1:]


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_study_that_goes_on_tries_what_it_would_have_tried(tmp_path: Path, sampler: str) -> None:
    """Interrupted after each trial, it repeats nothing and ends as one that was not."""
    runs = []
    for name, interrupted in (("whole", False), ("in parts", True)):
        (tmp_path / name).mkdir()
        studies = Studies(tmp_path / name)
        study, tried = studies(tuning_sampler=sampler), []
        for number in range(14):
            study = studies(tuning_sampler=sampler) if interrupted else study
            tried.append(chosen(complete(study, number / 7 % 1)))
        runs.append(tried)
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 14


def test_interrupted_trials_are_tried_again(
    studies: Studies, caplog: pytest.LogCaptureFixture
) -> None:
    """Those of this job: of another that shares the database nobody knows whether it lives."""
    caplog.set_level(logging.INFO)
    study = studies()
    complete(study, 0.5)
    lost = [chosen(study.ask()), chosen(study.ask())]
    others = studies(owner=Owner("other")).ask()
    again = studies()
    assert again.begun == 1
    assert [chosen(again.ask()), chosen(again.ask())] == lost
    assert chosen(again.ask()) != chosen(others)
    assert caplog.text.count("was interrupted and is tried again") == 2
    assert "trial 1 was" in caplog.text


def test_trials_that_are_over_and_under_way_have_begun(studies: Studies) -> None:
    """A trial that failed counts too, so that a study of bad ones ends."""
    study = studies()
    complete(study, 0.5)
    for state in (TrialState.FAILED, TrialState.PRUNED):
        study.finish(study.ask(), TrialResult(state, 1, error="why"))
    study.ask()
    assert study.begun == 4


def test_what_other_hosts_of_the_job_have_under_way_has_begun(studies: Studies) -> None:
    """So hosts that add to one study do not begin more than were asked for; each mends its own."""
    first, second = (studies(owner=Owner("job", host)) for host in (0, 1))
    second.ask()
    studies(owner=Owner("job 2")).ask()
    assert first.begun == 1
    first.ask()
    assert studies(owner=Owner("job")).begun == 1


def test_results_are_told(studies: Studies, caplog: pytest.LogCaptureFixture) -> None:
    """One line a trial: what it came to, the best so far, and by which hyperparameters."""
    caplog.set_level(logging.INFO)
    study = studies(space={"filters": Choices((64, 128))})
    complete(study, 0.75)
    complete(study, 0.5)
    study.finish(study.ask(), TrialResult(TrialState.PRUNED, 3))
    study.finish(study.ask(), TrialResult(TrialState.FAILED, 0, error="It made no model."))
    lines = [line for line in caplog.messages if line.startswith("trial")]
    assert lines[0] == "trial 0: tuning_value=0.7500 tuning_best=0.7500; filters=128"
    assert lines[1].startswith("trial 1: tuning_value=0.5000 tuning_best=0.7500; filters=")
    assert lines[2].startswith("trial 2: given up after 3 epochs; filters=")
    assert lines[3].startswith("trial 3: failed; filters=")
    assert lines[3].endswith("; It made no model.")


def test_result_has_every_trial_that_ended(studies: Studies) -> None:
    """Interrupted ones are not among them; their numbers are missing."""
    study = studies(space={"filters": Choices((64, 128))})
    study.ask()
    study = studies(space={"filters": Choices((64, 128))})
    complete(study, 0.25)
    complete(study, 0.75)
    study.finish(study.ask(), TrialResult(TrialState.PRUNED, 2))
    result = study.result()
    assert result.numbers == (1, 2, 3)
    assert result.values == (0.25, 0.75, None)
    assert [trial.state for trial in result.trials] == ["complete", "complete", "pruned"]
    assert [trial.epochs for trial in result.trials] == [6, 6, 2]
    assert all(trial.seconds > 0 for trial in result.trials)
    assert (result.best_number, result.best.value) == (2, 0.75)
    assert (result.objective, result.sampler, result.pruner) == ("pr_auc", "tpe", "median")
    assert result.importances == {}
    best = study.hyperparameters_of(2)
    assert (best.filters, best.epochs) == (result.best.hyperparameters["filters"], 20)


def test_importances_show_what_mattered(studies: Studies) -> None:
    """The value follows dropout alone."""
    study = studies(tuning_sampler="random")
    for _ in range(30):
        task = study.ask()
        value = task.hyperparameters.dropout
        study.finish(task, TrialResult(TrialState.COMPLETE, 6, value))
    importances = study.result().importances
    assert set(importances) == set(SPACE)
    assert sum(importances.values()) == pytest.approx(1)
    assert importances["dropout"] > 0.5


def test_equal_values_have_no_importances(studies: Studies) -> None:
    """Nothing mattered."""
    study = studies()
    for _ in range(6):
        complete(study, 0.5)
    assert study.result().importances == {}


def test_study_without_a_model_is_refused(studies: Studies) -> None:
    """The error says what the last trial failed of."""
    study = studies()
    study.finish(study.ask(), TrialResult(TrialState.FAILED, 0, error="first"))
    study.finish(study.ask(), TrialResult(TrialState.FAILED, 0, error="second"))
    assert study.best_number is None
    with pytest.raises(
        ConfigurationError, match=r"none of the 2 trials .* the last: .*second"
    ) as told:
        study.result()
    assert told.value.code == Code.HYPERPARAMETER_INVALID


@pytest.mark.parametrize(
    ("pruner", "given_up_after"), [("median", 2), ("hyperband", None), ("none", None)]
)
def test_hopeless_trial_is_given_up(
    studies: Studies, pruner: str, given_up_after: int | None
) -> None:
    """By the median after four trials, not after its first epoch and not after its last."""
    study = studies(tuning_pruner=pruner)
    for _ in range(5):
        task = study.ask()
        assert not any(study.is_hopeless(task, EpochValue(epoch, 0.9)) for epoch in range(1, 7))
        study.finish(task, TrialResult(TrialState.COMPLETE, 6, 0.9))
    task = study.ask()
    found = [epoch for epoch in range(1, 7) if study.is_hopeless(task, EpochValue(epoch, 0.1))]
    assert 1 not in found
    assert 6 not in found
    if pruner != "hyperband":
        assert (found[0] if found else None) == given_up_after


def test_studies_of_other_names_share_a_database(studies: Studies) -> None:
    """Another job's trials are none of this one's."""
    complete(studies(name="one"), 0.5)
    other = studies(name="two")
    assert other.begun == 0
    assert other.best_number is None


def test_default_space_of_stacked_can_be_tried(studies: Studies) -> None:
    """Its first trial is the recipe."""
    parameters = resolve({**PARAMETERS.asked, "recipe": "stacked"})
    first = studies(space=search_space(parameters), recipe="stacked").ask().hyperparameters
    assert first.model_copy(update={"epochs": 20}) == parameters
