"""Warn at the start where the documents look too large for the container's memory.

A job that runs out of memory is killed by the system and leaves no word of its own.
"""

import logging
from pathlib import Path

from text_classification.contract.channels import Channels
from text_classification.corpus.readers.channel_files import channel_files
from text_classification.corpus.readers.packed import PACKED_SUFFIXES
from text_classification.machine.memory import memory_limit

# What a job takes whatever its documents, as ``python -m benchmarks.training_memory`` measures it;
# and for each byte of them a cautious guess, where each document has words of its own.
BASE_BYTES = 300 << 20
BYTES_A_BYTE = {"kim": 3.0, "wide": 9.0}
# What compressed documents unpack to, about.
UNPACKED = 4
SUFFIXES_UNPACKED = PACKED_SUFFIXES | {".parquet"}

log = logging.getLogger(__name__)


def needed_bytes(documents: int, *, ngrams: bool) -> int:
    """Return about how much memory a job takes whose documents have so many bytes."""
    return BASE_BYTES + int(BYTES_A_BYTE["wide" if ngrams else "kim"] * documents)


def warn_of_memory(channels: Channels, *, ngrams: bool) -> None:
    """Log a warning, with the numbers, where a job may take more memory than there is.

    Raises ``DataError`` for a folder that cannot be read.
    """
    read = (channels.training, channels.validation, channels.test)
    size = sum(
        _bytes_of(path) for channel in read if channel for path in channel_files(channel.folder)
    )
    needed, limit = needed_bytes(size, ngrams=ngrams), memory_limit()
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
