"""Vectors in 4 bits a number, in steps of each row's own."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from text_classification.kernels.arrays import Floats

# The largest of the 15 steps, and how many deviations of a row it stands for.
LARGEST = 7
REACH = 2.5


@dataclass(frozen=True, eq=False)
class PackedVectors:
    """N vectors of D numbers.

    scales: float16 [N], the step of each row; packed: uint8 [N, D / 2], two numbers a byte, the
    first in its lower half, each as the steps above -7.
    """

    scales: npt.NDArray[np.float16]
    packed: npt.NDArray[np.uint8]

    @classmethod
    def of(cls, vectors: Floats) -> "PackedVectors":
        """Pack vectors, float32 [N, D] with an even D; what is far from a row's mean is cut."""
        scales = (vectors.std(axis=1) * REACH / LARGEST).astype(np.float16)
        steps = np.rint(vectors / scales.astype(np.float32)[:, None])
        steps = (np.clip(steps, -LARGEST, LARGEST) + LARGEST).astype(np.uint8)
        return cls(scales, steps[:, ::2] | steps[:, 1::2] << 4)

    def __len__(self) -> int:
        """Return the number of vectors."""
        return len(self.packed)

    @property
    def size(self) -> int:
        """The numbers of a vector."""
        return 2 * int(self.packed.shape[1])

    def chosen(self, places: Sequence[int]) -> "PackedVectors":
        """Return the vectors in some places."""
        return PackedVectors(self.scales[list(places)], self.packed[list(places)])

    def rows(self) -> Floats:
        """Return the vectors: float32 [N, D]."""
        steps = np.stack([self.packed & 15, self.packed >> 4], axis=-1)
        numbers = steps.reshape(len(self), self.size).astype(np.float32) - LARGEST
        numbers *= self.scales.astype(np.float32)[:, None]
        return numbers
