"""Areas under precision-recall and ROC curves, each class against all others."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

from text_classification.kernels.arrays import Floats, Ids

Areas = npt.NDArray[np.float64]


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
    for index in range(classes):
        positive = labels == index
        if positive.any() and not positive.all():
            scores = probabilities[:, index]
            areas.precision_recall[index] = average_precision_score(positive, scores)
            areas.roc[index] = roc_auc_score(positive, scores)
    return areas


def _mean(areas: Areas) -> float:
    known = areas[~np.isnan(areas)]
    return float(known.mean()) if len(known) else float("nan")
