"""Learning curves: loss and scores, epoch by epoch."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from text_classification.evaluation.epoch import Epoch
from text_classification.evaluation.report.figures.look import MUTED, drawing, panels

# More epochs than this are a line without points.
MOST_POINTS = 60
_LOSSES = {"train:loss": "training", "validation:loss": "validation"}
_SCORES = {"validation:accuracy": "accuracy", "validation:macro_f1": "macro F1"}


@drawing("learning-curves", "Learning curves")
def learning_curves(epochs: Sequence[Epoch], best: Epoch | None) -> tuple[Figure, str]:
    """Draw the epochs; ``best`` is the one kept, the last where there is None."""
    kept = best or epochs[-1]
    validated = kept.validation is not None
    figure, (loss, *scores) = panels(3.0, columns=2 if validated else 1)
    _draw(loss, epochs, kept.number, _LOSSES)
    loss.set_title("Loss (mean cross-entropy)")
    for axes in scores:
        _draw(axes, epochs, kept.number, _SCORES)
        axes.set_title("Scores on validation documents")
    told = {"training loss": kept.train_loss}
    if kept.validation:
        told |= {"validation loss": kept.validation.loss, "accuracy": kept.validation.accuracy}
    values = ", ".join(f"{name} {value:.3f}" for name, value in told.items())
    return figure, f"Epoch {kept.number} of {len(epochs)} is kept (dotted line): {values}."


def _draw(axes: Axes, epochs: Sequence[Epoch], best: int, lines: Mapping[str, str]) -> None:
    numbers = [epoch.number for epoch in epochs]
    marker = "o" if len(epochs) <= MOST_POINTS else ""
    series = [epoch.metrics() for epoch in epochs]
    for (name, shown), style in zip(lines.items(), ("-", "--"), strict=True):
        if name in series[0]:
            values = [metrics[name] for metrics in series]
            axes.plot(numbers, values, style, marker=marker, markersize=3, label=shown)
    axes.axvline(best, color=MUTED, linestyle=":", linewidth=1.2)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlim(0.5, len(epochs) + 0.5)
    axes.set_xlabel("epoch")
    axes.legend()
