"""Batch size, learning rate and adversarial training that suit the number of documents.

With many documents a step of more of them takes less time for each, since they share their words,
and there are still steps enough in an epoch. Larger steps go with it: the mean over more documents
is the surer one. Adversarial training would take twice the time to learn what many documents tell
anyway. What a job sets itself stays as it is; fewer documents are trained as the recipe says.
"""

import logging
from typing import NamedTuple

from text_classification.cnn.architectures.recipes import recipes
from text_classification.contract.hyperparameters.schema import Hyperparameters

SUITED = ("batch_size", "learning_rate")

log = logging.getLogger(__name__)


class Steps(NamedTuple):
    """What is set from so many training documents on."""

    documents: int
    batch_size: int
    learning_rate: float


# The most documents first.
MANY_DOCUMENTS = (Steps(400_000, 512, 3e-3), Steps(100_000, 256, 2e-3))


def suited(hyperparameters: Hyperparameters, documents: int) -> Hyperparameters:
    """Return hyperparameters for so many training documents."""
    found = next((each for each in MANY_DOCUMENTS if documents >= each.documents), None)
    if found is None:
        return hyperparameters
    values = {**_steps(hyperparameters, found), **_passes(hyperparameters)}
    # Not set by the user: a study may search them.
    chosen = hyperparameters.model_copy(update=values)
    chosen.model_fields_set.difference_update(values)
    return chosen if values else hyperparameters


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


def tell_suited(hyperparameters: Hyperparameters, documents: int) -> Hyperparameters:
    """Return what ``suited`` does, and tell it in the log where that is another."""
    chosen = suited(hyperparameters, documents)
    before, after = (each.model_dump() for each in (hyperparameters, chosen))
    changed = [f"{name} {after[name]:g}" for name in before if after[name] != before[name]]
    if changed:
        log.info("%s, as suits %d documents: none was set", ", ".join(changed), documents)
    return chosen
