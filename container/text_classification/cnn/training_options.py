"""Options of training that leave the architecture of the weights as it is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TrainingOptions:
    """How training differs from the plain one.

    frozen_steps: the first steps, in which the embedding stays as it is. batch_normalization:
    whether the pooled features are normalised; see ``normalization``. networks: how many are
    trained side by side and made one, where the configuration says that it can be.
    """

    frozen_steps: int = 0
    batch_normalization: bool = False
    networks: int = 1


DEFAULT_OPTIONS = TrainingOptions()
