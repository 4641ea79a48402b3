"""The sequence length: how many tokens of a document the model reads."""

import numpy as np

from text_classification.kernels.arrays import Indices


def sequence_length(rule: str, lengths: Indices, *, at_least: int) -> int:
    """Return the length that ``rule`` gives for documents of these ``lengths``.

    ``mean`` (Kim's recipe as its users run it), ``max``, ``p95`` for a percentile, or a number;
    rounded up, and never below ``at_least``, the widest kernel.

    >>> sequence_length("mean", np.array([2, 5]), at_least=3)
    4
    """
    if rule == "mean":
        length = float(np.mean(lengths))
    elif rule == "max":
        length = float(np.max(lengths))
    elif rule.startswith("p"):
        length = float(np.percentile(lengths, float(rule[1:])))
    else:
        length = float(rule)
    return max(int(np.ceil(length)), at_least)
