"""What an engine asks of the hosts that it shares its steps with."""

from typing import Protocol

from text_classification.kernels.arrays import Ids


class Exchange(Protocol):
    """The hosts of a job, each of which takes part in every step and every answer.

    rank: the number of this host, from 0 on; size: how many there are, 1 once this one goes on
    alone.
    """

    rank: int
    size: int

    def gathered(self, numbers: Ids, fingerprint: int) -> Ids:
        """Return the sum of all hosts' numbers, int32 [n]: each fills places of its own.

        fingerprint: a checksum, 32 bits, of weights that are the same on every host.
        Raises ``ResourceError`` where a host is lost, or its fingerprint is another.
        """
