"""Split documents into a training and a validation part, stratified by label."""

import numpy as np
import numpy.typing as npt

from text_classification.kernels.arrays import Indices


def stratified_split(
    labels: npt.NDArray[np.int32], fraction: float, seed: int
) -> tuple[Indices, Indices]:
    """Return the training and the validation documents, each in rising order.

    Every class gives ``fraction`` of its documents to validation, rounded so that the parts add
    up to ``fraction`` of all (largest remainders first) and at least one document of each class
    stays in training. A class with one document is therefore never validated. Validation has at
    least one document where any class has two.
    """
    generator = np.random.default_rng(seed)
    counts = np.bincount(labels)
    held_out = _shares(counts, fraction)
    by_class = np.split(np.argsort(labels, kind="stable"), np.cumsum(counts)[:-1])
    validation = [
        generator.permutation(documents)[:take]
        for documents, take in zip(by_class, held_out, strict=True)
    ]
    chosen = np.sort(np.concatenate(validation)).astype(np.int64)
    return np.setdiff1d(np.arange(len(labels)), chosen), chosen


def _shares(counts: Indices, fraction: float) -> Indices:
    """Return how many documents each class gives: int64 [classes]."""
    exact = counts * fraction
    limit = np.maximum(counts - 1, 0)
    shares: Indices = np.minimum(np.floor(exact).astype(np.int64), limit)
    missing = max(round(counts.sum() * fraction), 1) - shares.sum()
    for index in np.argsort(shares - exact, kind="stable"):
        if missing > 0 and shares[index] < limit[index]:
            shares[index] += 1
            missing -= 1
    return shares
