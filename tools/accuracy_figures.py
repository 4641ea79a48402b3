"""How accurate each model is and how fast it answers: tables and a plot from bench-accuracy."""

from collections.abc import Iterable, Mapping
from statistics import mean
from typing import Any

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from text_classification.evaluation.report.figures.look import SERIES, drawing, panels

# Of each the name in the results and on the page.
MODELS = {
    "ours": "ours",
    "svm": "TF-IDF + SVM",
    "fasttext": "fastText",
    "cnn_rand": "plain CNN",
}
Row = tuple[str, ...]
Results = Mapping[str, Any]


def models_of(found: Results) -> dict[str, str]:
    """Return the names of the models that were measured."""
    scores = next(iter(found["sets"].values()))
    return {model: name for model, name in MODELS.items() if model in scores}


def accuracies(found: Results) -> Iterable[Row]:
    """Yield a row for each set: the accuracy of each model, and what Kim published of his."""
    published = found["published"]
    for name, scores in found["sets"].items():
        yield (
            name,
            *(f"{scores[model]['accuracy']:.1f}" for model in models_of(found)),
            f"{published[name]:.1f}" if name in published else "",
        )


def costs(found: Results) -> Iterable[Row]:
    """Yield a row for each model: mean accuracy, seconds to train on all sets, answers a second."""
    for model, name in models_of(found).items():
        seconds = sum(scores["seconds"][model] for scores in found["sets"].values())
        yield (
            name,
            f"{_accuracy(found, model):.2f}",
            f"{seconds:,.0f}",
            f"{_speed(found, model):,.0f}",
        )


@drawing("accuracy", "Accuracy and speed")
def accuracy_plot(found: Results) -> tuple[Figure, str]:
    """Draw the mean accuracy of each model over the documents that it answers a second."""
    figure, (axes,) = panels(3.2)
    for colour, (model, name) in zip(SERIES, models_of(found).items(), strict=False):
        speed, accuracy = _speed(found, model), _accuracy(found, model)
        axes.plot(speed, accuracy, "o", color=colour)
        axes.annotate(name, (speed, accuracy), (7, -3), textcoords="offset points", color=colour)
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("documents a second, one thread")
    axes.set_ylabel("mean accuracy on test, %")
    axes.margins(x=0.2, y=0.15)
    told = "; ".join(f"{row[0]} {row[1]} % at {row[3]} a second" for row in costs(found))
    return figure, f"Mean accuracy over {len(found['sets'])} data sets: {told}."


def _accuracy(found: Results, model: str) -> float:
    return float(mean(scores[model]["accuracy"] for scores in found["sets"].values()))


def _speed(found: Results, model: str) -> float:
    """Return the documents a second over all sets, each of which counts alike."""
    return float(1 / mean(1 / scores["answers"][model] for scores in found["sets"].values()))
