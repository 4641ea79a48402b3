"""Areas under precision-recall and ROC curves, each class against all others.

A class costs one sort of its scores, so a thousand classes cost seconds; the areas are those of
scikit-learn, but for rounding.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from text_classification.kernels.arrays import Floats, Ids, Indices

Areas = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class CurveAreas:
    """float64 [classes]; NaN for a class that no document or every document has."""

    precision_recall: Areas
    roc: Areas

    @property
    def macro_precision_recall(self) -> float:
        """The mean over the classes that have an area, NaN when there is none."""
        return _mean(self.precision_recall)

    @property
    def macro_roc(self) -> float:
        """The mean over the classes that have an area, NaN when there is none."""
        return _mean(self.roc)


def curve_areas(labels: Ids, probabilities: Floats) -> CurveAreas:
    """Return the areas for ``probabilities`` [n, classes] against ``labels`` [n].

    Precision-recall by average precision, which does not interpolate between points.
    """
    classes = probabilities.shape[1]
    areas = CurveAreas(np.full(classes, np.nan), np.full(classes, np.nan))
    counts = np.bincount(labels, minlength=classes)
    for index in np.flatnonzero((counts > 0) & (counts < len(labels))).tolist():
        found = _areas(labels == index, probabilities[:, index])
        areas.precision_recall[index], areas.roc[index] = found
    return areas


def _areas(positive: Truth, scores: Floats) -> tuple[float, float]:
    """Return average precision and the area under the ROC curve."""
    hits, misses = hits_and_misses(positive, scores)
    recall, false = (np.append(0, each / each[-1]) for each in (hits, misses))
    average_precision = float(np.diff(recall) @ (hits / (hits + misses)))
    return average_precision, float(np.trapezoid(recall, false))


def hits_and_misses(positive: Truth, scores: Floats) -> tuple[Indices, Indices]:
    """Return how many have a score or a higher one: documents of the class, and others.

    For each score that occurs, the highest first; int64 [scores] each.
    """
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order]
    # Documents of the same score are answered alike: a point of a curve is behind the last of them.
    last = np.append(np.flatnonzero(ranked[1:] < ranked[:-1]), len(ranked) - 1)
    hits = np.cumsum(positive[order])[last]
    return hits, last + 1 - hits


def _mean(areas: Areas) -> float:
    known = areas[~np.isnan(areas)]
    return float(known.mean()) if len(known) else float("nan")
