"""The confusion matrix: a row for each true class, a column for each answer."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from text_classification.evaluation.report.figures.look import (
    BLUE,
    INK,
    MUTED,
    PAPER,
    drawing,
    name_rows,
    panels,
    short,
)
from text_classification.kernels.arrays import Indices

Shares = npt.NDArray[np.float64]

# The numbers of more classes could not be read.
MOST_NUMBERED = 20
# A cell darker than this has light numbers.
DARK_CELL = 0.7
LARGEST_CELL = 0.62  # inches


@drawing("confusion-matrix", "Confusion matrix")
def confusion(names: Sequence[str], matrix: Indices) -> tuple[Figure, str]:
    """Draw int64 [classes, classes], cells darker the larger their share of the row."""
    count = len(names)
    side = min((5.2 if count <= MOST_NUMBERED else 6.7), count * LARGEST_CELL)
    figure, (axes,) = panels(1.9 + side)
    shares = matrix / np.maximum(matrix.sum(axis=1, keepdims=True), 1)
    _draw_cells(axes, shares)
    if count <= MOST_NUMBERED:
        _write_numbers(axes, matrix, shares)
    _name_both(axes, names)
    right, total = int(np.trace(matrix)), int(matrix.sum())
    description = (
        f"{right:,} of {total:,} answers lie on the diagonal, which is right. "
        "A cell is darker the larger its share of the true class."
    )
    return figure, description


def _draw_cells(axes: Axes, shares: Shares) -> None:
    rows, columns = np.nonzero(shares)
    squares = [
        Rectangle((column - 0.5, row - 0.5), 1, 1)
        for row, column in zip(rows, columns, strict=True)
    ]
    colours = [to_rgba(BLUE, share) for share in np.sqrt(shares[rows, columns])]
    axes.add_collection(PatchCollection(squares, facecolors=colours, linewidths=0))
    axes.set_xlim(-0.5, len(shares) - 0.5)
    axes.set_aspect("equal", anchor="W")


def _write_numbers(axes: Axes, matrix: Indices, shares: Shares) -> None:
    for row, column in np.argwhere(matrix):
        axes.text(
            column,
            row,
            f"{matrix[row, column]:,}",
            color=PAPER if np.sqrt(shares[row, column]) > DARK_CELL else INK,
            ha="center",
            va="center",
        )


def _name_both(axes: Axes, names: Sequence[str]) -> None:
    count = len(names)
    name_rows(axes, names)
    axes.set_ylim(count - 0.5, -0.5)
    axes.set_xticks(range(count), [short(name) for name in names], rotation=90)
    size = 8.5 if count <= MOST_NUMBERED else 6.2
    axes.tick_params(labelsize=size, length=0)
    axes.grid(visible=False)
    axes.set_xticks(np.arange(count + 1) - 0.5, minor=True)
    axes.set_yticks(np.arange(count + 1) - 0.5, minor=True)
    axes.grid(which="minor", linewidth=0.5)
    axes.tick_params(which="minor", length=0)
    axes.spines[:].set_visible(False)
    axes.set_ylabel("true class", color=MUTED)
    axes.set_xlabel("answer", color=MUTED)
