"""The index of pairs.h: the number of a pair of token ids, found by the two."""

import ctypes
from functools import cached_property

import numpy as np

from text_classification.kernels.arrays import Ids
from text_classification.kernels.library import address, library, pointer


class PairIndexStructure(ctypes.Structure):
    """An index as C reads it."""

    _fields_ = (
        ("pairs", ctypes.c_void_p),
        ("slots", ctypes.c_void_p),
        ("mask", ctypes.c_uint64),
    )


class PairIndex:
    """Pairs of token ids, int32 [n, 2]; plain arrays, which processes can share."""

    def __init__(self, pairs: Ids) -> None:
        """Index the pairs; they have their numbers in this order.

        Raises ``ValueError`` where they are no pairs, and where one stands twice or they were
        chosen to collide.
        """
        if pairs.ndim != 2 or pairs.shape[1] != 2:  # noqa: PLR2004 - two words
            raise ValueError("a pair is not of two words")
        self.pairs = pairs
        self._slots = np.zeros(1 << (2 * len(pairs)).bit_length(), np.uint32)
        self.structure = self._laid_down()
        compiled = library()
        if compiled is None:
            distinct = len(self.numbers)
        else:
            distinct = compiled.index_pairs(ctypes.byref(self.structure), len(pairs))
        if distinct != len(pairs):
            raise ValueError("a pair stands twice, or pairs were chosen to collide")

    def __getstate__(self) -> tuple[Ids, np.ndarray]:
        """Copy all but the addresses, which are those of this object's arrays, and the numbers."""
        return self.pairs, self._slots

    def __setstate__(self, state: tuple[Ids, np.ndarray]) -> None:
        self.pairs, self._slots = state
        self.structure = self._laid_down()

    def __len__(self) -> int:
        """Return the number of pairs."""
        return len(self.pairs)

    @cached_property
    def numbers(self) -> dict[tuple[int, int], int]:
        """The number of each pair, for Python."""
        return {(first, second): n for n, (first, second) in enumerate(self.pairs.tolist())}

    def _laid_down(self) -> PairIndexStructure:
        return PairIndexStructure(
            pointer(self.pairs, np.int32), address(self._slots), len(self._slots) - 1
        )
