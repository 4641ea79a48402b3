"""Warn at the start where the documents look too large for the container's memory.

A job that runs out of memory is killed by the system and leaves no word of its own.
"""

import logging
from dataclasses import dataclass
from pathlib import Path

from text_classification.contract.channels import Channels
from text_classification.contract.hyperparameters.schema import Hyperparameters
from text_classification.corpus.readers.channel_files import channel_files
from text_classification.corpus.readers.packed import PACKED_SUFFIXES
from text_classification.machine.memory import memory_limit

# What compressed documents unpack to, about.
UNPACKED = 4
SUFFIXES_UNPACKED = PACKED_SUFFIXES | {".parquet"}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MemoryNeed:
    """The bytes that a job takes: whatever its documents, and for each byte of them.

    growing, at_most: for each byte too, until it is so much: the vocabulary of a network that
    Keras trains has a size at most, and so have n-grams.
    """

    base: int
    for_a_byte: float
    growing: float = 0
    at_most: int = 0

    def bytes(self, documents: int) -> int:
        """Return about how much memory a job takes whose documents have so many bytes."""
        growing = min(int(self.growing * documents), self.at_most)
        return self.base + int(self.for_a_byte * documents) + growing


# Measured by ``python -m benchmarks.training_memory`` and ``benchmarks.scale``, rounded up.
NEEDS = {
    "kim": MemoryNeed(200 << 20, 1.5),
    "wide": MemoryNeed(750 << 20, 1.5, growing=8, at_most=1300 << 20),
    "stacked": MemoryNeed(550 << 20, 1.5, growing=10, at_most=300 << 20),
}


def memory_need(hyperparameters: Hyperparameters) -> MemoryNeed:
    """Return what a job with these hyperparameters takes."""
    kind = "wide" if hyperparameters.ngrams else hyperparameters.recipe
    # Whatever else there is, Keras trains it.
    return NEEDS.get(kind, NEEDS["stacked"])


def warn_of_memory(channels: Channels, hyperparameters: Hyperparameters) -> None:
    """Log a warning, with the numbers, where a job may take more memory than there is.

    Raises ``DataError`` for a folder that cannot be read.
    """
    read = (channels.training, channels.validation, channels.test)
    size = sum(
        _bytes_of(path) for channel in read if channel for path in channel_files(channel.folder)
    )
    needed, limit = memory_need(hyperparameters).bytes(size), memory_limit()
    if needed > limit:
        log.warning(
            "the documents have about %d MiB, for which training takes some %d MiB of memory; the "
            "container has %d MiB. Where it runs out, the job is killed without a word (exit code "
            "137): use a larger instance, or fewer documents",
            size >> 20,
            needed >> 20,
            limit >> 20,
        )


def _bytes_of(path: Path) -> int:
    """Return the size of a file, unpacked as far as its name tells."""
    size = path.stat().st_size
    return size * UNPACKED if path.suffix.lower() in SUFFIXES_UNPACKED else size
