"""A study: which hyperparameters to try next, what became of the trials, and which was best.

Only the process that leads the job knows of it. It asks Optuna for trials and tells it what came
of them; those that train know nothing of Optuna, and no database is shared among them.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import optuna
from optuna.importance import get_param_importances
from optuna.pruners import BasePruner, HyperbandPruner, MedianPruner, NopPruner
from optuna.samplers import BaseSampler, RandomSampler, TPESampler
from optuna.storages import RDBStorage
from optuna.trial import FrozenTrial, Trial
from optuna.trial import TrialState as State

from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.metric_lines import metric_line
from text_classification.contract.search_space import Choices, Interval, SearchSpace
from text_classification.errors import Code, ConfigurationError
from text_classification.evaluation.tuning_result import TrialRecord, TuningResult
from text_classification.training.hyperparameters.parse import resolve
from text_classification.training.hyperparameters.suited import TrainingSize, suited
from text_classification.training.selection.tuning.trial import (
    EpochValue,
    TrialResult,
    TrialState,
    TrialTask,
)

# Fewer complete trials say nothing of what matters.
TRIALS_TO_TELL = 5
# A database has room for 2,048 characters.
LONGEST_ERROR = 1000
# What the first epoch comes to says little of the last.
WARM_UP_EPOCHS = 1
# The names under which a trial's owner, its epochs and why it failed stand in the database.
OWNER, EPOCHS, ERROR = "owner", "epochs", "error"
STATES = {
    State.COMPLETE: TrialState.COMPLETE,
    State.PRUNED: TrialState.PRUNED,
    State.FAIL: TrialState.FAILED,
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Owner:
    """A host of a job, whose trials are known by it after an interruption; 0 is the first."""

    job: str
    host: int = 0

    def __str__(self) -> str:
        """Return its name in the database."""
        return f"{self.job}, host {self.host}" if self.host else self.job

    def shares_job_with(self, name: str) -> bool:
        """Tell whether a name in the database is that of a host of the same job."""
        return name == self.job or name.startswith(f"{self.job}, host ")


class Study:
    """The trials of a job, or of several jobs or hosts that share a database.

    size: that of the documents to train on.
    """

    def __init__(  # noqa: PLR0913 - options by name
        self,
        storage: RDBStorage,
        name: str,
        hyperparameters: Hyperparameters,
        space: SearchSpace,
        owner: Owner,
        *,
        size: TrainingSize,
    ) -> None:
        self.name = name
        self._size = size
        self._hyperparameters = hyperparameters
        self._space = space
        self._owner = owner
        self._running: dict[int, Trial] = {}
        self._study = optuna.create_study(
            storage=storage,
            study_name=name,
            direction="maximize",
            sampler=_sampler(hyperparameters, 0),
            pruner=_pruner(hyperparameters),
            load_if_exists=True,
        )
        if not self._study.get_trials(deepcopy=False):
            # What is known to be good comes first: no study ends worse than its defaults.
            self._study.enqueue_trial(_defaults(hyperparameters, space))
        self._recover()

    @property
    def begun(self) -> int:
        """The trials that are done anywhere, or under way on a host of this job."""
        return len(self._done()) + len(self._under_way())

    def ask(self) -> TrialTask:
        """Begin a trial.

        What a sampler draws depends on the seed, the trial's number and the trials before it alone:
        so a study that goes on does not repeat what it drew.
        """
        trial = self._study.ask()
        self._study.sampler = _sampler(self._hyperparameters, trial.number)
        values = {name: _suggest(trial, name, part) for name, part in self._space.items()}
        trial.set_user_attr(OWNER, str(self._owner))
        self._running[trial.number] = trial
        base = self._hyperparameters
        epochs = min(base.epochs, base.tuning_epochs)
        return TrialTask(trial.number, self.with_values({**values, "epochs": epochs}))

    def is_hopeless(self, task: TrialTask, told: EpochValue) -> bool:
        """Note what a trial told after an epoch, and tell whether to give it up.

        After its last epoch there is nothing to be saved by that.
        """
        trial = self._running[task.number]
        trial.report(told.value, told.epoch)
        return told.epoch < task.hyperparameters.epochs and trial.should_prune()

    def finish(self, task: TrialTask, result: TrialResult) -> None:
        """Note what a trial came to, and tell it in the log."""
        trial = self._running.pop(task.number)
        trial.set_user_attr(EPOCHS, result.epochs)
        values = ", ".join(f"{name}={value}" for name, value in trial.params.items())
        if result.state is TrialState.COMPLETE and result.value is not None:
            self._study.tell(trial, result.value)
            scores = {"tuning:value": result.value, "tuning:best": self._study.best_value}
            log.info("%s; %s", metric_line(str(task), scores), values)
        elif result.state is TrialState.PRUNED:
            self._study.tell(trial, state=State.PRUNED)
            log.info("%s: given up after %d epochs; %s", task, result.epochs, values)
        else:
            trial.set_user_attr(ERROR, result.error[:LONGEST_ERROR])
            self._study.tell(trial, state=State.FAIL)
            log.warning("%s: failed; %s; %s", task, values, result.error)

    @property
    def best_number(self) -> int | None:
        """The number of the best trial, None when none is complete."""
        complete = self._study.get_trials(deepcopy=False, states=(State.COMPLETE,))
        return self._study.best_trial.number if complete else None

    def hyperparameters_of(self, number: int) -> Hyperparameters:
        """Return all hyperparameters of a trial, for a model that is trained to its end."""
        return self.with_values(self._study.get_trials(deepcopy=False)[number].params)

    def with_values(self, values: Mapping[str, Any]) -> Hyperparameters:
        """Return the job's hyperparameters with others in place of some."""
        return suited(resolve({**self._hyperparameters.asked, **values}), self._size)

    def result(self, *, brief: bool = False) -> TuningResult:
        """Return what the study came to; brief: without what takes long, the importances.

        Raises ``ConfigurationError`` when no trial is complete.
        """
        done, best = self._done(), self.best_number
        if best is None:
            errors = [trial.user_attrs[ERROR] for trial in done if ERROR in trial.user_attrs]
            raise ConfigurationError(
                Code.HYPERPARAMETER_INVALID,
                f"none of the {len(done)} trials came to a model; the last: {errors[-1:]}",
                remedy="Search another space: set search_space.",
            )
        return TuningResult(
            objective=self._hyperparameters.tuning_objective,
            sampler=self._hyperparameters.tuning_sampler,
            pruner=self._hyperparameters.tuning_pruner,
            trials=tuple(map(_trial, done)),
            best_number=best,
            importances={} if brief else self._importances(done),
        )

    def _done(self) -> list[FrozenTrial]:
        """Return the trials that came to an end of their own: complete, pruned or failed."""
        ended = self._study.get_trials(deepcopy=False, states=tuple(STATES))
        return [trial for trial in ended if trial.state != State.FAIL or ERROR in trial.user_attrs]

    def _under_way(self) -> list[FrozenTrial]:
        running = self._study.get_trials(deepcopy=False, states=(State.RUNNING,))
        return [
            trial
            for trial in running
            if self._owner.shares_job_with(trial.user_attrs.get(OWNER, ""))
        ]

    def _recover(self) -> None:
        """Try again what this job had under way when it was interrupted."""
        for trial in self._study.get_trials(deepcopy=False, states=(State.RUNNING,)):
            if trial.user_attrs.get(OWNER) == str(self._owner):
                log.info("trial %d was interrupted and is tried again", trial.number)
                self._study.enqueue_trial(trial.params)
                self._study.tell(trial.number, state=State.FAIL)

    def _importances(self, done: list[FrozenTrial]) -> dict[str, float]:
        complete = [trial for trial in done if _is_complete(trial)]
        if len(complete) < TRIALS_TO_TELL or len({trial.value for trial in complete}) == 1:
            return {}
        return get_param_importances(self._study)


def _trial(trial: FrozenTrial) -> TrialRecord:
    return TrialRecord(
        number=trial.number,
        state=STATES[trial.state],
        value=trial.value if _is_complete(trial) else None,
        epochs=trial.user_attrs.get(EPOCHS, 0),
        seconds=trial.duration.total_seconds() if trial.duration else 0.0,
        hyperparameters=trial.params,
    )


def _is_complete(trial: FrozenTrial) -> bool:
    return trial.state == State.COMPLETE


def _sampler(hyperparameters: Hyperparameters, number: int) -> BaseSampler:
    seed = int(np.random.SeedSequence((hyperparameters.seed, number)).generate_state(1)[0])
    if hyperparameters.tuning_sampler == "random":
        return RandomSampler(seed=seed)
    return TPESampler(seed=seed)


def _pruner(hyperparameters: Hyperparameters) -> BasePruner:
    if hyperparameters.tuning_pruner == "median":
        return MedianPruner(n_startup_trials=4, n_warmup_steps=WARM_UP_EPOCHS + 1)
    if hyperparameters.tuning_pruner == "hyperband":
        return HyperbandPruner(
            min_resource=WARM_UP_EPOCHS + 1, max_resource=hyperparameters.tuning_epochs
        )
    return NopPruner()


def _suggest(trial: Trial, name: str, part: Interval | Choices) -> Any:
    if isinstance(part, Choices):
        return trial.suggest_categorical(name, part.values)
    if Hyperparameters.model_fields[name].annotation is int:
        return trial.suggest_int(name, int(part.low), int(part.high), log=part.log)
    return trial.suggest_float(name, part.low, part.high, log=part.log)


def _defaults(hyperparameters: Hyperparameters, space: SearchSpace) -> dict[str, Any]:
    """Return the values that the job would have without tuning, as far as they lie in the space."""
    defaults = {name: _written(getattr(hyperparameters, name)) for name in space}
    return {name: value for name, value in defaults.items() if _lies_in(value, space[name])}


def _written(value: Any) -> Any:
    """Return a value as a choice has it: several numbers are written out."""
    return ",".join(map(str, value)) if isinstance(value, tuple) else value


def _lies_in(value: Any, part: Interval | Choices) -> bool:
    if isinstance(part, Choices):
        return value in part.values
    return bool(part.low <= value <= part.high)
