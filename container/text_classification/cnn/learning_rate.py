"""How large the steps of training are; they may shrink, as Keras' ExponentialDecay has it."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class LearningRate:
    """``first``, multiplied by ``decay_rate`` every ``decay_steps`` steps, smoothly."""

    first: float
    decay_steps: int = 1
    decay_rate: float = 1.0

    def at(self, step: int) -> float:
        """Return the learning rate of a step, counted from 0.

        >>> LearningRate(0.1, decay_steps=10, decay_rate=0.25).at(5)
        0.05
        """
        return self.first * math.pow(self.decay_rate, step / self.decay_steps)
