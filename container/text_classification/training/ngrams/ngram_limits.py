"""How many n-grams a model may have: what the memory can hold, and what is of use."""

import logging
from dataclasses import dataclass

from text_classification.errors import Code, ResourceError
from text_classification.machine.memory import free_memory

# The most pairs, and the most character n-grams: the most frequent are kept.
MOST_OF_A_KIND = 1_000_000
# With fewer of a kind, n-grams add nothing that the words do not say.
FEWEST_OF_A_KIND = 1_000
# The most weights, one of each n-gram and class: with more classes, fewer n-grams are kept.
MOST_WEIGHTS = 64_000_000
# The memory for a weight of one n-gram and class, in float32: in two models and the scales of one,
# in rows that may be half empty; then in those two, in their sum and in what is sent to the process
# that waits for it, which has it twice while it comes.
BYTES_A_WEIGHT = 24
# The pairs that are counted at a time, of which the most frequent are kept; and the memory for one.
MOST_COUNTED = 8_000_000
BYTES_A_PAIR = 64
# Of a word's vector: a number in float32, as it was read and among those of all words.
BYTES_A_NUMBER = 8
# The part of the free memory that n-grams may take: the network's is in use besides.
SHARE = 0.7

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class NgramLimits:
    """The most n-grams of a kind, and of words; the most pairs that are counted at a time."""

    of_a_kind: int = MOST_OF_A_KIND
    words: int = 1 << 30
    counted: int = MOST_COUNTED


def ngram_limits(*, words: int, classes: int, vector_size: int = 0) -> NgramLimits:
    """Return what the memory can hold, and log a warning where that is less than all.

    words: of the vocabulary, and others that have vectors; vector_size: the numbers of these, if
    there are any.
    Raises ``ResourceError`` with the numbers where it is too little to be of use.
    """
    free = free_memory()
    room = max(int(SHARE * free) - BYTES_A_NUMBER * words * vector_size, 0)
    least = 3 * FEWEST_OF_A_KIND
    rows = min(room // BYTES_A_WEIGHT, max(MOST_WEIGHTS, classes * least)) // classes
    if rows < least:
        raise ResourceError(
            Code.OUT_OF_MEMORY,
            f"n-grams of {classes} classes take {BYTES_A_WEIGHT * classes * least >> 20} MiB of "
            f"memory at least; {free >> 20} MiB are free",
            remedy="Use a larger instance.",
        )
    # The most frequent words have up to half of the rows; pairs and character n-grams the rest.
    kept = min(words, rows // 2)
    of_a_kind = min(MOST_OF_A_KIND, (rows - kept) // 2)
    if of_a_kind < MOST_OF_A_KIND:
        log.info(
            "n-grams: at most %d words, and %d of each other kind, for %d classes and %d MiB of "
            "free memory",
            kept,
            of_a_kind,
            classes,
            free >> 20,
        )
    return NgramLimits(of_a_kind, kept, min(MOST_COUNTED, room // BYTES_A_PAIR))
