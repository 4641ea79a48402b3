"""Adam (Kingma and Ba 2015) as Keras writes it, for the rows of an array that have a gradient.

Rows without a gradient are left as they are, moments included: the rule that TensorFlow Addons
calls LazyAdam and PyTorch SparseAdam. Where every row has a gradient it is Adam itself.
"""

import numpy as np

from text_classification.cnn.base_configuration import Weights
from text_classification.cnn.learning_rate import LearningRate
from text_classification.kernels import convolution
from text_classification.kernels.arrays import Floats, Ids, State

MEAN_DECAY = 0.9
SQUARE_DECAY = 0.999
EPSILON = 1e-7


class Adam:
    """The moments of some arrays; each is seen as rows of its last dimension.

    threads: may be set anew before a step; the weights are the same whatever it is.
    """

    def __init__(self, weights: Weights, learning_rate: LearningRate, threads: int) -> None:
        self._learning_rate = learning_rate
        self.threads = threads
        self._steps = 0
        self._moments = {
            name: (np.zeros_like(array), np.zeros_like(array)) for name, array in weights.items()
        }

    @property
    def steps(self) -> int:
        """The steps taken."""
        return self._steps

    def start_step(self) -> None:
        """Count a step; every array is updated once in it."""
        self._steps += 1

    def update(self, name: str, array: Floats, gradient: Floats, rows: Ids | None = None) -> None:
        """Update ``array`` in place; gradient [rows, size] is that of ``rows``, or of all rows."""
        size = array.shape[-1]
        mean, square = (moment.reshape(-1, size) for moment in self._moments[name])
        convolution.adam_rows(
            array.reshape(-1, size),
            mean,
            square,
            np.ascontiguousarray(gradient.reshape(-1, size), np.float32),
            np.arange(array.size // size, dtype=np.int32) if rows is None else rows,
            self._rate(),
            1 - MEAN_DECAY,
            1 - SQUARE_DECAY,
            EPSILON,
            threads=self.threads,
        )

    def get_state(self) -> State:
        """Return copies of the moments, and the steps taken."""
        state: State = {
            f"{kind}.{name}": moment.copy()
            for name, moments in self._moments.items()
            for kind, moment in zip(("mean", "square"), moments, strict=True)
        }
        return {**state, "steps": np.array([self._steps])}

    def set_state(self, state: State) -> None:
        """Go on from moments and steps that ``get_state`` returned."""
        self._steps = int(state["steps"][0])
        self._moments = {
            name: (state[f"mean.{name}"].copy(), state[f"square.{name}"].copy())
            for name in self._moments
        }

    def _rate(self) -> float:
        """Return this step's learning rate, corrected for the moments' start at 0."""
        decayed = self._learning_rate.at(self._steps - 1)
        correction = np.sqrt(1 - SQUARE_DECAY**self._steps) / (1 - MEAN_DECAY**self._steps)
        return float(decayed * correction)
