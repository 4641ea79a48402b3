"""A confidence floor: the score from which a model's answers are as often right as is wanted."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from text_classification.kernels.arrays import Floats, Ids

# No answer reaches this one, but for a score that was rounded up to 1.
NONE_IS_SURE = 1.0


@dataclass(frozen=True)
class Sureness:
    """The share of a part's answers that reach a floor, and of those the share that is right.

    precision: None where no answer reaches it.
    """

    coverage: float
    precision: float | None


@dataclass(frozen=True)
class Confidence:
    """A floor, the precision that it was chosen for, and what it does on each part."""

    target_precision: float
    floor: float
    parts: Mapping[str, Sureness]

    def as_dict(self) -> dict[str, Any]:
        """Return what metrics.json holds."""
        return {
            "target_precision": self.target_precision,
            "floor": self.floor,
            **{name: asdict(sureness) for name, sureness in self.parts.items()},
        }


def choose_floor(labels: Ids, probabilities: Floats, precision: float) -> float:
    """Return the lowest floor from which on the part ``precision`` of the answers is right.

    probabilities: [n, classes]. It lies halfway between the scores of the last answer that is to
    count and the next one; 0 where all may count, 1 where the precision is not met by any.
    """
    scores = probabilities.max(axis=1).astype(np.float64)
    order = np.argsort(-scores, kind="stable")
    scores, right = scores[order], (probabilities.argmax(axis=1) == labels)[order]
    counted = np.arange(1, len(scores) + 1)
    # A floor cannot tell answers of the same score apart.
    is_last = np.append(scores[1:] < scores[:-1], True)
    enough = np.flatnonzero(is_last & (np.cumsum(right) / counted >= precision))
    if not len(enough):
        return NONE_IS_SURE
    last = enough[-1]
    return float(scores[last : last + 2].mean()) if last + 1 < len(scores) else 0.0


def at_floor(labels: Ids, probabilities: Floats, floor: float) -> Sureness:
    """Return which share of the answers reaches a floor, and which share of those is right."""
    sure = probabilities.max(axis=1) >= floor
    right = probabilities.argmax(axis=1) == labels
    return Sureness(
        coverage=float(sure.mean()),
        precision=float(right[sure].mean()) if sure.any() else None,
    )
