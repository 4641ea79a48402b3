"""Reliability diagrams: how often answers of a confidence are right."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from text_classification.evaluation.calibration import BINS, Reliability
from text_classification.evaluation.report.figures.look import (
    BLUE,
    MUTED,
    ORANGE,
    drawing,
    panels,
)


@drawing("calibration", "Reliability before and after the temperature")
def reliability_diagrams(
    before: Reliability, after: Reliability, temperature: float
) -> tuple[Figure, str]:
    """Draw both, on the validation documents."""
    figure, (left, right) = panels(3.9, columns=2)
    _draw(left, before, ORANGE, "Before")
    _draw(right, after, BLUE, f"After, at temperature {temperature:.2f}")
    description = (
        "Bars are the accuracy of the answers at each confidence, points lie at their mean "
        "confidence and are larger for more documents; on the dashed line both agree. The "
        f"calibration error is {before.error:.3f} before and {after.error:.3f} after."
    )
    return figure, description


def _draw(axes: Axes, found: Reliability, colour: str, title: str) -> None:
    filled = found.documents > 0
    places = (np.arange(BINS) + 0.5) / BINS
    shares = found.documents / found.documents.sum()
    axes.bar(places[filled], found.accuracy[filled], 0.9 / BINS, color=colour, alpha=0.3)
    axes.plot([0, 1], [0, 1], "--", color=MUTED, linewidth=1.2)
    axes.scatter(
        found.confidence[filled],
        found.accuracy[filled],
        14 + 160 * shares[filled],
        color=colour,
        zorder=3,
        clip_on=False,
    )
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="accuracy")
    axes.set_title(f"{title}: error {found.error:.3f}")
