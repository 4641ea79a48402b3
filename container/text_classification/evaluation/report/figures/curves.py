"""Precision-recall and ROC curves, each class against all others, and their mean."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from text_classification.evaluation.curve_areas import Truth, hits_and_misses
from text_classification.evaluation.metrics import ClassScores
from text_classification.evaluation.report.figures.look import (
    INK,
    MOST_COLOURED,
    MUTED,
    SERIES,
    drawing,
    panels,
    short,
)
from text_classification.kernels.arrays import Floats, Ids

# Where curves are drawn: a curve of each document would be a page of its own.
GRID = np.linspace(0, 1, 201)
Curve = npt.NDArray[np.float64]


@drawing("curves", "Precision-recall and ROC curves")
def class_curves(
    names: Sequence[str], rows: Sequence[ClassScores], labels: Ids, probabilities: Floats
) -> tuple[Figure, str]:
    """Draw the curves of ``probabilities`` [n, classes] against ``labels`` [n].

    rows: the scores of the classes, one of them with areas at least.
    """
    figure, (left, right) = panels(4.3, columns=2)
    means = {}
    for axes, curve, area in (
        (left, precision_at_recalls, "pr_auc"),
        (right, true_at_false_positives, "roc_auc"),
    ):
        areas = {index: getattr(row, area) for index, row in enumerate(rows)}
        known = [index for index, value in areas.items() if value is not None]
        curves = [curve(labels == index, probabilities[:, index]) for index in known]
        shown = [f"{short(names[index])} {areas[index]:.3f}" for index in known]
        means[area] = np.mean([areas[index] for index in known])
        legend = _draw(axes, curves, shown, f"mean of classes {means[area]:.3f}")
        legend.set_loc("lower left" if axes is left else "lower right")
    left.set(title="Precision-recall", xlabel="recall", ylabel="precision")
    right.plot([0, 1], [0, 1], ":", color=MUTED, linewidth=1)
    right.set(title="ROC", xlabel="false positive rate", ylabel="true positive rate")
    description = (
        "Each class against all others. The mean area under the precision-recall curves is "
        f"{means['pr_auc']:.3f}, under the ROC curves {means['roc_auc']:.3f}; 1 is perfect."
    )
    return figure, description


def precision_at_recalls(positive: Truth, scores: Floats) -> Curve:
    """Return the precision at each recall of ``GRID``, not interpolated."""
    hits, misses = hits_and_misses(positive, scores)
    precision, recall = np.append(1, hits / (hits + misses)), np.append(0, hits / hits[-1])
    return np.asarray(precision[np.searchsorted(recall, GRID)], np.float64)


def true_at_false_positives(positive: Truth, scores: Floats) -> Curve:
    """Return the true positive rate at each false positive rate of ``GRID``."""
    true, false = (np.append(0, each / each[-1]) for each in hits_and_misses(positive, scores))
    return np.asarray(np.interp(GRID, false, true), np.float64)


def _draw(axes: Axes, curves: Sequence[Curve], names: Sequence[str], mean: str) -> Legend:
    """Tell few classes apart by colour and line, show many as one bundle."""
    few = len(curves) <= MOST_COLOURED
    for index, curve in enumerate(curves):
        if few:
            style = "--" if index % 2 else "-"
            axes.plot(GRID, curve, style, color=SERIES[index], linewidth=1.3)
        else:
            axes.plot(GRID, curve, color=MUTED, linewidth=0.6, alpha=0.6)
    (bold,) = axes.plot(GRID, np.mean(curves, axis=0), color=INK, linewidth=2.2)
    axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.03))
    named = list(names) if few else ["each class"]
    return axes.legend([bold, *axes.lines[: len(named)]], [mean, *named])
