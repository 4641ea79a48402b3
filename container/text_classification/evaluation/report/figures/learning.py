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
    figure, (loss, scores) = panels(3.0, columns=2)
    _draw(loss, epochs, best, _LOSSES)
    loss.set_title("Loss (mean cross-entropy)")
    _draw(scores, epochs, best, _SCORES)
    scores.set_title("Scores on validation documents")
    kept = next(epoch for epoch in epochs if epoch["epoch"] == best)
    description = (
        f"Epoch {best} of {len(epochs)} is kept (dotted line): training loss "
        f"{kept['train:loss']:.3f}, validation loss {kept['validation:loss']:.3f}, "
        f"validation accuracy {kept['validation:accuracy']:.3f}."
    )
    return figure, description


def _draw(
    axes: Axes, epochs: Sequence[Mapping[str, Any]], best: int, lines: Mapping[str, str]
) -> None:
    numbers = [epoch["epoch"] for epoch in epochs]
    marker = "o" if len(epochs) <= MOST_POINTS else ""
    for (name, shown), style in zip(lines.items(), ("-", "--"), strict=True):
        values = [epoch[name] for epoch in epochs]
        axes.plot(numbers, values, style, marker=marker, markersize=3, label=shown)
    axes.axvline(best, color=MUTED, linestyle=":", linewidth=1.2)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlim(0.5, len(epochs) + 0.5)
    axes.set_xlabel("epoch")
    axes.legend()
