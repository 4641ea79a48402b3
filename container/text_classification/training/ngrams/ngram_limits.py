"""How much of the documents' n-grams the memory can hold."""

import logging
from dataclasses import dataclass

from text_classification.errors import Code, ResourceError
from text_classification.machine.memory import free_memory

# The most pairs, and the most character n-grams: the most frequent are kept.
MOST_OF_A_KIND = 1_000_000
# With fewer of a kind, n-grams add nothing that the words do not say.
FEWEST_OF_A_KIND = 1_000
# The memory for a weight of one n-gram and class, in float32: in two of the models and in their
# sum; in the tables, twice while they come from the process that made them.
BYTES_A_WEIGHT = 20
# The memory for a token of the training documents while pairs are counted.
BYTES_A_TOKEN = 120
# The part of the free memory that n-grams may take: the network's is in use besides.
SHARE = 0.7

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NgramLimits:
    """The most n-grams of a kind, and the most tokens of the documents they are found in."""

    of_a_kind: int = MOST_OF_A_KIND
    tokens: int = 1 << 62


def ngram_limits(*, tokens: int, words: int, classes: int) -> NgramLimits:
    """Return what the memory can hold, and log a warning where that is less than all.

    tokens: of all training documents; words: of the vocabulary.
    Raises ``ResourceError`` with the numbers where it is too little to be of use.
    """
    free = free_memory()
    room = int(SHARE * free)
    weights = room // (BYTES_A_WEIGHT * classes)
    of_a_kind = min(MOST_OF_A_KIND, (weights - words) // 2)
    if of_a_kind < FEWEST_OF_A_KIND:
        needed = BYTES_A_WEIGHT * classes * (words + 2 * FEWEST_OF_A_KIND)
        raise ResourceError(
            Code.OUT_OF_MEMORY,
            f"n-grams of {words} words and {classes} classes take {needed >> 20} MiB of memory at "
            f"least; {free >> 20} MiB are free",
            remedy="Use a larger instance, or a smaller max_tokens.",
        )
    if of_a_kind < MOST_OF_A_KIND:
        log.warning(
            "n-grams: %d of a kind are kept at most instead of %d, for %d classes and %d MiB of "
            "free memory",
            of_a_kind,
            MOST_OF_A_KIND,
            classes,
            free >> 20,
        )
    if BYTES_A_TOKEN * tokens > room:
        log.warning(
            "n-grams are found in %d of the %d tokens to train on: all would take %d MiB of "
            "memory, and %d MiB are free",
            room // BYTES_A_TOKEN,
            tokens,
            BYTES_A_TOKEN * tokens >> 20,
            free >> 20,
        )
    return NgramLimits(of_a_kind, room // BYTES_A_TOKEN)
