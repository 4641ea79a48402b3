"""Class balance: how many documents each class has in each part."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure

from text_classification.evaluation.report.figures.look import (
    drawing,
    height_of_rows,
    name_rows,
    panels,
)
from text_classification.kernels.arrays import Indices


@drawing("class-balance", "Class balance")
def class_balance(names: Sequence[str], counts: Mapping[str, Indices]) -> tuple[Figure, str]:
    """Draw the documents of each class by part, the largest class first: int64 [classes] each."""
    total = np.sum(list(counts.values()), axis=0)
    order = np.argsort(-total, kind="stable")
    figure, (axes,) = panels(1.0 + height_of_rows(len(names)))
    left = np.zeros(len(names))
    for part, documents in counts.items():
        axes.barh(range(len(names)), documents[order], 0.75, left, label=part)
        left += documents[order]
    name_rows(axes, [names[index] for index in order])
    axes.set_xlabel("documents")
    figure.legend(loc="outside upper right", ncols=len(counts))
    largest, smallest = order[0], order[-1]
    description = (
        f"The largest class, {names[largest]}, has {total[largest]:,} documents; the smallest, "
        f"{names[smallest]}, {total[smallest]:,}."
    )
    return figure, description
