"""The options of training that an engine must know, beside the shape and the learning rate."""

from dataclasses import dataclass, fields
from typing import Self

from text_classification.contract.hyperparameters.schema import NAMES, Hyperparameters


@dataclass(frozen=True)
class TrainingOptions:
    """How training differs from the plain one; a field of a hyperparameter's name has its value.

    frozen_steps: the first steps, in which the embedding stays as it is. batch_normalization:
    whether the pooled features are normalised; see ``normalization``. networks: how many are
    trained side by side and made one, where the configuration says that it can be. adversarial:
    how far vectors are moved; see ``adversarial``.
    """

    frozen_steps: int = 0
    batch_normalization: bool = False
    networks: int = 1
    adversarial: float = 0.0

    @classmethod
    def of(cls, chosen: Hyperparameters, *, steps_an_epoch: int) -> Self:
        """Return the options that a job asks for."""
        same = {each.name: getattr(chosen, each.name) for each in fields(cls) if each.name in NAMES}
        return cls(**same, frozen_steps=chosen.frozen_epochs * steps_an_epoch)


DEFAULT_OPTIONS = TrainingOptions()
