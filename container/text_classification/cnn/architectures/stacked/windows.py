"""Where the windows of a convolution or a pooling lie, as TensorFlow lays them.

``valid`` windows lie wholly in the sequence. ``same`` gives a window for every stride of the
sequence; what they need beyond it is split between both ends, the odd position at the end.
"""

from dataclasses import dataclass
from typing import Literal

Padding = Literal["valid", "same"]
PADDINGS = ("valid", "same")


@dataclass(frozen=True)
class Windows:
    """``count`` windows of ``size`` positions, ``strides`` apart.

    The first begins ``before`` positions ahead of the sequence.
    """

    count: int
    size: int
    strides: int
    before: int

    @classmethod
    def over(cls, length: int, size: int, strides: int, padding: Padding) -> "Windows":
        """Return the windows over ``length`` positions; there may be none."""
        if padding == "valid":
            return cls(max(0, (length - size) // strides + 1), size, strides, 0)
        count = -(-length // strides)
        missing = max(0, (count - 1) * strides + size - length)
        return cls(count, size, strides, missing // 2)

    @property
    def span(self) -> int:
        """The positions from the first window's begin to the last one's end."""
        return (self.count - 1) * self.strides + self.size

    def at(self, offset: int) -> slice:
        """Return where position ``offset`` of each window lies within the span."""
        return slice(offset, offset + (self.count - 1) * self.strides + 1, self.strides)


def shortest_length(count: int, size: int, strides: int, padding: Padding) -> int:
    """Return the shortest sequence that has ``count`` windows."""
    return (count - 1) * strides + (size if padding == "valid" else 1)
