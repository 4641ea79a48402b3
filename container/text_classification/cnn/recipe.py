"""A recipe: an architecture, and how to train it unless a job says otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from text_classification.cnn.base_configuration import Configuration
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.contract.search_space import SearchSpace
from text_classification.kernels.arrays import Indices


class Configure(Protocol):
    """Gives the shape of a model."""

    def __call__(
        self, chosen: Hyperparameters, lengths: Indices, *, vocabulary_size: int, classes: int
    ) -> Configuration:
        """Return the shape; lengths: int64 [n], the tokens of the training documents.

        Raises ``ConfigurationError`` where the documents are too short or too long.
        """


@dataclass(frozen=True)
class Recipe:
    """What a job gets by the hyperparameter ``recipe``.

    description: what it is, for the documentation. hyperparameters: the names of those it knows
    beside those that every recipe knows. architecture: gives the class of ``configure``'s result.
    defaults: what it sets in place of the defaults of the schema. search_space: what tuning
    searches unless a job says otherwise.
    """

    name: str
    description: str
    hyperparameters: tuple[str, ...]
    architecture: Callable[[Hyperparameters], type[Configuration]]
    configure: Configure
    search_space: SearchSpace
    defaults: Mapping[str, Any] = field(default_factory=dict)
