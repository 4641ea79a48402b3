"""What a study came to, for metrics.json, trials.csv and the report."""

import csv
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from text_classification.evaluation.report.content import Tuning

TRIALS_FILE = "trials.csv"


@dataclass(frozen=True)
class TuningResult:
    """The trials of a study in the order of their numbers, and what they tell.

    values: what each came to, None unless it is complete. states: complete, pruned or failed.
    hyperparameters: of each, those that were searched. best_number: the number of the best trial.
    importances: by hyperparameter, adding up to 1; empty where there are too few trials to tell.
    """

    objective: str
    sampler: str
    pruner: str
    numbers: tuple[int, ...]
    values: tuple[float | None, ...]
    states: tuple[str, ...]
    epochs: tuple[int, ...]
    seconds: tuple[float, ...]
    hyperparameters: tuple[Mapping[str, Any], ...]
    best_number: int
    importances: Mapping[str, float]

    @property
    def best_value(self) -> float:
        """What the best trial came to."""
        value = self.values[self.numbers.index(self.best_number)]
        return float("nan") if value is None else value

    @property
    def best_hyperparameters(self) -> Mapping[str, Any]:
        """Those of the best trial that were searched."""
        return self.hyperparameters[self.numbers.index(self.best_number)]

    @property
    def history(self) -> tuple[float | None, ...]:
        """The best value up to each trial, None before the first."""
        return tuple(accumulate(self.values, _better))

    def shown(self) -> Tuning:
        """Return what the report shows."""
        place = self.numbers.index(self.best_number)
        return Tuning(self.objective, self.values, place, self.importances)

    def as_dict(self) -> dict[str, Any]:
        """Return what metrics.json holds."""
        return {
            **asdict(self),
            "best_value": self.best_value,
            "best_hyperparameters": dict(self.best_hyperparameters),
            "history": self.history,
        }

    def write(self, folder: Path) -> None:
        """Write trials.csv: a line for each trial."""
        names = sorted({name for each in self.hyperparameters for name in each})
        with (folder / TRIALS_FILE).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(
                ["number", "state", self.objective, "best_so_far", "epochs", "seconds", *names]
            )
            for number, state, value, best, epochs, seconds, chosen in zip(
                self.numbers,
                self.states,
                self.values,
                self.history,
                self.epochs,
                self.seconds,
                self.hyperparameters,
                strict=True,
            ):
                cells = (chosen.get(name, "") for name in names)
                writer.writerow([number, state, value, best, epochs, f"{seconds:.1f}", *cells])


def _better(best: float | None, value: float | None) -> float | None:
    known = [each for each in (best, value) if each is not None]
    return max(known, default=None)
