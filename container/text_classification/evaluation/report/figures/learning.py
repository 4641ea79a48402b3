"""Learning curves: loss and scores, epoch by epoch."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from text_classification.evaluation.report.figures.look import MUTED, drawing, panels

# More epochs than this are a line without points.
MOST_POINTS = 60
_LOSSES = {"train:loss": "training", "validation:loss": "validation"}
_SCORES = {"validation:accuracy": "accuracy", "validation:macro_f1": "macro F1"}


@drawing("learning-curves", "Learning curves")
def learning_curves(epochs: Sequence[Mapping[str, Any]], best: int) -> tuple[Figure, str]:
    """Draw the epochs as metrics.json holds them; ``best`` is the number of the one kept."""
    validated = "validation:loss" in epochs[0]
    figure, (loss, *scores) = panels(3.0, columns=2 if validated else 1)
    _draw(loss, epochs, best, _LOSSES)
    loss.set_title("Loss (mean cross-entropy)")
    for axes in scores:
        _draw(axes, epochs, best, _SCORES)
        axes.set_title("Scores on validation documents")
    kept = epochs[best - 1]
    told = {"training loss": "train:loss"}
    if validated:
        told |= {"validation loss": "validation:loss", "accuracy": "validation:accuracy"}
    values = ", ".join(f"{name} {kept[metric]:.3f}" for name, metric in told.items())
    return figure, f"Epoch {best} of {len(epochs)} is kept (dotted line): {values}."


def _draw(
    axes: Axes, epochs: Sequence[Mapping[str, Any]], best: int, lines: Mapping[str, str]
) -> None:
    numbers = [epoch["epoch"] for epoch in epochs]
    marker = "o" if len(epochs) <= MOST_POINTS else ""
    for (name, shown), style in zip(lines.items(), ("-", "--"), strict=True):
        if name in epochs[0]:
            values = [epoch[name] for epoch in epochs]
            axes.plot(numbers, values, style, marker=marker, markersize=3, label=shown)
    axes.axvline(best, color=MUTED, linestyle=":", linewidth=1.2)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlim(0.5, len(epochs) + 0.5)
    axes.set_xlabel("epoch")
    axes.legend()
