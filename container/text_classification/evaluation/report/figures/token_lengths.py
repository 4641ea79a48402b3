"""Token lengths: how long documents are, in all and by class, and what the model reads."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from text_classification.evaluation.report.figures.look import (
    BLUE,
    INK,
    MOST_COLOURED,
    PAPER,
    SERIES,
    WIDTH,
    drawing,
    height_of_rows,
    name_rows,
    percent,
)
from text_classification.kernels.arrays import Ids, Indices

MOST_BINS = 40
# Longer ones are counted in the last bin: a few very long documents would squeeze all others.
SHOWN_PERCENTILE = 99
_PERCENTILES = (5, 25, 50, 75, 95)


@drawing("token-lengths", "Token lengths by class")
def token_lengths(
    names: Sequence[str], labels: Ids, lengths: Indices, read: int
) -> tuple[Figure, str]:
    """Draw the lengths of documents [n] with their labels [n]; ``read`` tokens are read of each."""
    rows = height_of_rows(len(names))
    figure = Figure(figsize=(WIDTH, 2.9 + rows), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[2.1, rows + 0.3])
    longest = max(float(np.percentile(lengths, SHOWN_PERCENTILE)), 1)
    _draw_histogram(above, names, labels, np.minimum(lengths, longest))
    _draw_classes(below, names, labels, lengths)
    for axes in (above, below):
        axes.axvline(read, color=INK, linestyle="--", linewidth=1.2)
    above.set_xlim(0, max(longest, read) * 1.02)
    above.set_title(f"Training documents; the dashed line is the sequence length, {read} tokens")
    below.set_title("By class: the median, half and nine tenths of the documents")
    below.set_xlabel("tokens")
    cut = float((lengths > read).mean())
    description = (
        f"Half of the training documents have up to {np.median(lengths):.0f} tokens. The model "
        f"reads the first {read}, so {percent(cut)} of the documents are cut."
    )
    return figure, description


def _draw_histogram(
    axes: Axes, names: Sequence[str], labels: Ids, lengths: npt.NDArray[np.float64]
) -> None:
    """Stack the classes where each has a colour of its own; a bin holds whole tokens."""
    width = np.ceil((lengths.max() + 1) / MOST_BINS)
    bins = np.arange(0, lengths.max() + 1 + width, width).tolist()
    if len(names) <= MOST_COLOURED:
        groups = [lengths[labels == index] for index in range(len(names))]
        axes.hist(groups, bins=bins, stacked=True, color=SERIES[: len(names)])
    else:
        axes.hist(lengths, bins=bins, color=BLUE)
    axes.set_ylabel("documents")
    axes.grid(visible=False, axis="x")


def _draw_classes(axes: Axes, names: Sequence[str], labels: Ids, lengths: Indices) -> None:
    for index in range(len(names)):
        colour = SERIES[index] if len(names) <= MOST_COLOURED else BLUE
        own = lengths[labels == index]
        low, lower, median, upper, high = np.percentile(own, _PERCENTILES)
        axes.plot([low, high], [index, index], color=colour, linewidth=1)
        axes.plot([lower, upper], [index, index], color=colour, linewidth=4)
        axes.plot(median, index, "o", color=PAPER, markeredgecolor=colour, markersize=4)
    name_rows(axes, names)
