"""What a study of hyperparameters came to: for metrics.json, trials.csv and the report."""

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

TRIALS_FILE = "trials.csv"
SCORES = {"pr_auc": "PR-AUC", "accuracy": "accuracy", "macro_f1": "macro F1"}


@dataclass(frozen=True)
class TrialRecord:
    """A trial that came to an end of its own.

    state: complete, pruned or failed; value: None unless complete; hyperparameters: those that
    were searched.
    """

    number: int
    state: str
    value: float | None
    epochs: int
    seconds: float
    hyperparameters: Mapping[str, Any]


@dataclass(frozen=True)
class TuningResult:
    """The trials in the order of their numbers, and what they tell.

    objective: the score that they were compared by. best_number: the number of the best trial, of
    which numbers of interrupted trials are no part. importances: by hyperparameter, adding up to 1;
    empty where there are too few trials to tell.
    """

    objective: str
    sampler: str
    pruner: str
    trials: tuple[TrialRecord, ...]
    best_number: int
    importances: Mapping[str, float]

    @property
    def score(self) -> str:
        """The objective in words."""
        return f"validation {SCORES[self.objective]}"

    @property
    def numbers(self) -> tuple[int, ...]:
        """The number of each trial."""
        return tuple(trial.number for trial in self.trials)

    @property
    def values(self) -> tuple[float | None, ...]:
        """What each trial came to, None unless it is complete."""
        return tuple(trial.value for trial in self.trials)

    @property
    def history(self) -> tuple[float | None, ...]:
        """The best value up to each trial, None before the first."""
        return tuple(accumulate(self.values, _better))

    @property
    def best(self) -> TrialRecord:
        """The best trial."""
        return self.trials[self.numbers.index(self.best_number)]

    def as_dict(self) -> dict[str, Any]:
        """Return what metrics.json holds."""
        return {**asdict(self), "best": asdict(self.best), "history": self.history}

    def write(self, folder: Path) -> None:
        """Write trials.csv: a line for each trial, a column for each hyperparameter."""
        names = sorted({name for trial in self.trials for name in trial.hyperparameters})
        fixed = ("number", "state", self.objective, "best_so_far", "epochs", "seconds")
        with (folder / TRIALS_FILE).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*fixed, *names])
            for trial, best in zip(self.trials, self.history, strict=True):
                known = (trial.number, trial.state, trial.value, best, trial.epochs)
                chosen = (trial.hyperparameters.get(name, "") for name in names)
                writer.writerow([*known, f"{trial.seconds:.1f}", *chosen])


def _better(best: float | None, value: float | None) -> float | None:
    known = [each for each in (best, value) if each is not None]
    return max(known, default=None)
