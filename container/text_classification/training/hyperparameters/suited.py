"""Batch size and learning rate that suit the number of documents, where a job sets neither.

With many documents a step of more of them takes less time for each, since they share their words,
and there are still steps enough in an epoch. Larger steps go with it: the mean over more documents
is the surer one. Fewer documents are trained as they always were.
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
    """Return hyperparameters for so many training documents, batch size and learning rate set.

    They stay as they are where the user or the recipe has set either: one goes with the other.
    """
    set_by_name = {*hyperparameters.model_fields_set, *recipes()[hyperparameters.recipe].defaults}
    found = next((each for each in MANY_DOCUMENTS if documents >= each.documents), None)
    if found is None or not set_by_name.isdisjoint(SUITED):
        return hyperparameters
    values = {name: getattr(found, name) for name in SUITED}
    # Not set by the user: a study may search them.
    chosen = hyperparameters.model_copy(update=values)
    chosen.model_fields_set.difference_update(values)
    return chosen


def tell_suited(hyperparameters: Hyperparameters, documents: int) -> Hyperparameters:
    """Return what ``suited`` does, and tell it in the log where that is another."""
    chosen = suited(hyperparameters, documents)
    if chosen is not hyperparameters:
        log.info(
            "batch_size %d and learning_rate %g, which suit %d documents: none was set",
            chosen.batch_size,
            chosen.learning_rate,
            documents,
        )
    return chosen
