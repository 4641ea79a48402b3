"""Batch size, learning rate, length and adversarial training that suit the training documents.

With many documents a step of more of them takes less time for each, since they share their words,
and there are still steps enough in an epoch. Larger steps go with it: the mean over more documents
is the surer one. Adversarial training makes more of few short documents, where each word counts; of
long ones, or of more, it makes nothing better and takes some times as long. Of many, a network
beside n-grams reads the frequent words, as far as documents are long on average. What a job sets
itself stays as it is.
"""

import logging
from collections.abc import Mapping
from typing import Any, NamedTuple

from text_classification.cnn.architectures.recipes import recipes
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.kernels.arrays import Indices

SUITED = ("batch_size", "learning_rate")
# Documents of more tokens than that, on average, are long.
SHORT = 64
# Adversarial training made nothing better of more documents than that.
FEW = 12_000
# What a network reads of many documents beside n-grams. They read all words of all of each,
# and have most of the logits where there is so much to learn from.
BESIDE_NGRAMS: Mapping[str, Any] = {"sequence_length": "mean", "network_tokens": 50_000}

log = logging.getLogger(__name__)


class Steps(NamedTuple):
    """What is set from so many training documents on."""

    documents: int
    batch_size: int
    learning_rate: float


# The most documents first.
MANY_DOCUMENTS = (Steps(400_000, 512, 3e-3), Steps(100_000, 256, 2e-3))


class TrainingSize(NamedTuple):
    """How many documents there are to train on, and of how many tokens on average."""

    documents: int
    mean_length: float

    @classmethod
    def of(cls, lengths: Indices) -> "TrainingSize":
        """Return the size of documents of so many tokens: int64 [documents]."""
        return cls(len(lengths), float(lengths.mean()))


def suited(hyperparameters: Hyperparameters, size: TrainingSize) -> Hyperparameters:
    """Return hyperparameters for training documents of some size."""
    found = next((each for each in MANY_DOCUMENTS if size.documents >= each.documents), None)
    values: dict[str, Any] = {}
    if found:
        values = {**_steps(hyperparameters, found), **_reading(hyperparameters)}
    if size.documents > FEW or size.mean_length > SHORT:
        values |= _passes(hyperparameters)
    if not values:
        return hyperparameters
    # Not set by the user: a study may search them.
    chosen = hyperparameters.model_copy(update=values)
    chosen.model_fields_set.difference_update(values)
    return chosen


def _steps(hyperparameters: Hyperparameters, steps: Steps) -> dict[str, float]:
    """Return how large the steps are, unless the user or the recipe has set a part of it.

    One goes with the other.
    """
    set_by_name = {*hyperparameters.model_fields_set, *recipes()[hyperparameters.recipe].defaults}
    return {name: getattr(steps, name) for name in SUITED} if set_by_name.isdisjoint(SUITED) else {}


def _passes(hyperparameters: Hyperparameters) -> dict[str, float]:
    """Return that a step learns from its documents once, unless the user has set it."""
    is_set = "adversarial" in hyperparameters.asked or not hyperparameters.adversarial
    return {} if is_set else {"adversarial": 0.0}


def _reading(hyperparameters: Hyperparameters) -> dict[str, Any]:
    """Return what the network reads of documents beside n-grams, but for what the user has set."""
    asked = hyperparameters.asked
    return {
        name: value
        for name, value in BESIDE_NGRAMS.items()
        if hyperparameters.ngrams and name not in asked
    }


def tell_suited(hyperparameters: Hyperparameters, size: TrainingSize) -> Hyperparameters:
    """Return what ``suited`` does, and tell it in the log where that is another."""
    chosen = suited(hyperparameters, size)
    before, after = (each.model_dump() for each in (hyperparameters, chosen))
    changed = [f"{name} {_shown(after[name])}" for name in before if after[name] != before[name]]
    if changed:
        log.info(
            "%s, as suits %d documents of %.0f tokens: none was set", ", ".join(changed), *size
        )
    return chosen


def _shown(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
