"""The history of a tuning study, and what mattered in it."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from text_classification.evaluation.report.figures.look import (
    BLUE,
    MUTED,
    ORANGE,
    drawing,
    height_of_rows,
    name_rows,
    panels,
)
from text_classification.evaluation.tuning_result import TuningResult


@drawing("tuning", "Tuning history and importances")
def tuning_history(tuning: TuningResult) -> tuple[Figure, str]:
    """Draw each trial's value, the best so far, and the importance of each hyperparameter."""
    height = max(3.0, 1.0 + height_of_rows(len(tuning.importances)) * 1.5)
    figure, (left, right) = panels(height, columns=2)
    _draw_trials(left, tuning)
    _draw_importances(right, tuning)
    ended = [value for value in tuning.values if value is not None]
    description = (
        f"Trial {tuning.best_number} has the best {tuning.score}, "
        f"{tuning.best.value:.3f}. {len(ended)} of {len(tuning.values)} trials "
        "came to their end; crosses mark those that were pruned or failed."
    )
    return figure, description


def _draw_trials(axes: Axes, tuning: TuningResult) -> None:
    values = np.array([np.nan if value is None else value for value in tuning.values])
    numbers = np.array(tuning.numbers)
    ended = ~np.isnan(values)
    axes.scatter(numbers[ended], values[ended], 18, color=BLUE, label="trial", zorder=3)
    best = np.fmax.accumulate(values)
    axes.step(numbers, best, where="post", color=ORANGE, label="best so far")
    axes.plot(
        numbers[~ended],
        np.full((~ended).sum(), 0.03),
        "x",
        color=MUTED,
        label="pruned or failed",
        transform=axes.get_xaxis_transform(),
    )
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set(title="Trials", xlabel="trial", ylabel=tuning.score)
    axes.legend()


def _draw_importances(axes: Axes, tuning: TuningResult) -> None:
    names = sorted(tuning.importances, key=lambda name: -tuning.importances[name])
    axes.barh(range(len(names)), [tuning.importances[name] for name in names], 0.7, color=BLUE)
    name_rows(axes, names)
    axes.set(title="Importance of hyperparameters", xlabel="share of the variance")
