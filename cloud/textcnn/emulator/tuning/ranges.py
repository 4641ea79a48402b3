"""Parameter ranges of a tuning job, as Optuna draws from them; values are strings on both sides."""

import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import optuna

from textcnn.emulator.protocol.errors import NotEmulated, ValidationException


class Range(Protocol):
    """One hyperparameter that is tuned."""

    name: str

    def draw(self, trial: optuna.trial.Trial) -> str:
        """Return the trial's value as the container reads it."""


class Integer:
    """Whole numbers from the least to the most, both included."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self.name: str = described["Name"]
        self._low, self._high = _ends(described, int)
        self._logarithmic = _scaling(described, self._low) == "Logarithmic"
        if _scaling(described, self._low) == "ReverseLogarithmic":
            raise ValidationException(
                f"the range of {self.name}: ReverseLogarithmic is for continuous ranges alone"
            )

    def draw(self, trial: optuna.trial.Trial) -> str:
        """Return a whole number."""
        return str(trial.suggest_int(self.name, self._low, self._high, log=self._logarithmic))


class Continuous:
    """Numbers from the least to the most."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self.name: str = described["Name"]
        self._low, self._high = _ends(described, float)
        self._scaling = _scaling(described, self._low)
        if self._scaling == "ReverseLogarithmic" and not 0 <= self._low <= self._high < 1:
            raise ValidationException(
                f"the range of {self.name}: ReverseLogarithmic needs 0 <= MinValue, MaxValue < 1"
            )

    def draw(self, trial: optuna.trial.Trial) -> str:
        """Return a number; in reverse its distance from 1 is drawn."""
        if self._scaling == "ReverseLogarithmic":
            return str(1 - trial.suggest_float(self.name, 1 - self._high, 1 - self._low, log=True))
        logarithmic = self._scaling == "Logarithmic"
        return str(trial.suggest_float(self.name, self._low, self._high, log=logarithmic))


class Categorical:
    """One of the values that are listed."""

    def __init__(self, described: Mapping[str, Any]) -> None:
        self.name: str = described["Name"]
        self.values: list[str] = described["Values"]

    def draw(self, trial: optuna.trial.Trial) -> str:
        """Return one of the values."""
        value: str = trial.suggest_categorical(self.name, self.values)
        return value


KINDS: dict[str, Callable[[Mapping[str, Any]], Range]] = {
    "Integer": Integer,
    "Continuous": Continuous,
    "Categorical": Categorical,
}


def read_ranges(described: Mapping[str, Any]) -> list[Range]:
    """Return all ranges; raises ``ValidationException`` for what makes no sense."""
    if described.get("AutoParameters"):
        raise NotEmulated("a tuning job's AutoParameters")
    ranges = [
        make(each)
        for kind, make in KINDS.items()
        for each in described.get(f"{kind}ParameterRanges", [])
    ]
    names = [each.name for each in ranges]
    if not names or len(set(names)) < len(names):
        raise ValidationException(
            "a tuning job needs ranges of hyperparameters, each with a name of its own; "
            f"there are: {json.dumps(names)}"
        )
    return ranges


def grid(ranges: list[Range]) -> list[dict[str, str]]:
    """Return what a grid search goes through; the service knows it for categories alone."""
    names = [each.name for each in ranges]
    return [
        dict(zip(names, values, strict=True))
        for values in itertools.product(*(_categories(each) for each in ranges))
    ]


def _categories(tuned: Range) -> list[str]:
    if not isinstance(tuned, Categorical):
        raise ValidationException(
            f"the strategy Grid takes categorical ranges alone; {tuned.name} is none"
        )
    return tuned.values


def _ends(described: Mapping[str, Any], read: type) -> tuple[Any, Any]:
    try:
        low, high = read(described["MinValue"]), read(described["MaxValue"])
    except ValueError:
        raise ValidationException(
            f"the range of {described['Name']}: MinValue and MaxValue must be numbers"
        ) from None
    if low > high:
        raise ValidationException(
            f"the range of {described['Name']}: MinValue must be at most MaxValue"
        )
    return low, high


def _scaling(described: Mapping[str, Any], low: float) -> str:
    """Return the scaling; the service chooses for Auto in its own way, here it is linear."""
    scaling: str = described.get("ScalingType", "Auto")
    if scaling == "Logarithmic" and low <= 0:
        raise ValidationException(
            f"the range of {described['Name']}: Logarithmic needs a MinValue above 0"
        )
    return scaling
