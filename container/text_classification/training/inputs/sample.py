"""How many documents a model is judged by, and which: all of them, but for large parts a sample.

A score of 50,000 documents is within half a point of that of all, and within a tenth of one in
choosing between two epochs, which answer the same documents.
"""

import numpy as np

from text_classification.training.inputs.part import Part

MOST_DOCUMENTS = 50_000
# The answers to the documents, a number a class, are in memory several times.
MOST_ANSWERS = 10_000_000
FEWEST_DOCUMENTS = 5_000


def most_judged(classes: int) -> int:
    """Return how many documents of a part are answered at most.

    >>> most_judged(20), most_judged(1_000), most_judged(100_000)
    (50000, 10000, 5000)
    """
    return max(FEWEST_DOCUMENTS, min(MOST_DOCUMENTS, MOST_ANSWERS // classes))


def sample(part: Part, most: int, seed: int) -> Part:
    """Return a part as it is, or so many of its documents in their order, drawn by the seed."""
    if len(part) <= most:
        return part
    return part.chosen(np.sort(np.random.default_rng(seed).permutation(len(part))[:most]))
