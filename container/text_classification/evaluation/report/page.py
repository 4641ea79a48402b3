"""Draw a report's figures, fill its page in and write both."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from text_classification import __version__
from text_classification.evaluation.report.content import MOST_CLASSES, Report, most_frequent
from text_classification.evaluation.report.figures.balance import class_balance
from text_classification.evaluation.report.figures.confusion import confusion
from text_classification.evaluation.report.figures.curves import class_curves
from text_classification.evaluation.report.figures.learning import learning_curves
from text_classification.evaluation.report.figures.look import DARK, Drawing, percent, variable
from text_classification.evaluation.report.figures.reliability import reliability_diagrams
from text_classification.evaluation.report.figures.token_lengths import token_lengths
from text_classification.evaluation.report.figures.tuning_history import tuning_history

PAGE = "report.html"
FIGURES = "figures"
# The scores of metrics.json, as the page calls them.
SCORES = {
    "accuracy": "accuracy",
    "macro_f1": "macro F1",
    "weighted_f1": "weighted F1",
    "pr_auc": "area under precision-recall curves, mean of classes",
    "roc_auc": "area under ROC curves, mean of classes",
    "loss": "loss (mean cross-entropy)",
    "calibration_error": "calibration error",
}
NOTHING = "\N{EN DASH}"
# Characters that a page may not hold, or that would show nothing.
_UNREADABLE = frozenset({"Cc", "Cn", "Cs"})


def write_report(report: Report, folder: Path) -> None:
    """Write the page, ``report.html``, and its figures, ``figures/*.svg``, into ``folder``."""
    chosen = most_frequent(report.counts["training"])
    left_out = len(report.labels) - len(chosen)
    shown = report.of_classes(chosen) if left_out else report
    drawings = _draw(shown)
    (folder / FIGURES).mkdir(parents=True, exist_ok=True)
    for drawing in drawings.values():
        (folder / FIGURES / f"{drawing.name}.svg").write_text(drawing.svg, encoding="utf-8")
    page = _environment().get_template("report.html.jinja")
    text = page.render(
        report=shown,
        figures=drawings,
        left_out=left_out,
        most_classes=MOST_CLASSES,
        scores=SCORES,
        colours={variable(light): (light, dark) for light, dark in DARK.items()},
        version=__version__,
    )
    (folder / PAGE).write_text(text, encoding="utf-8")


def _draw(report: Report) -> Mapping[str, Drawing]:
    names = [readable(label) for label in report.labels]
    judged = report.scored[report.judged]
    classes = report.classes[report.judged]
    before, after = report.reliability
    drawings = [
        learning_curves(report.metrics.epochs, report.metrics.best),
        class_balance(names, report.counts),
        token_lengths(names, report.training_labels, report.lengths, report.sequence_length),
        confusion(names, classes.confusion_matrix),
        reliability_diagrams(before, after, report.model.calibration.temperature),
    ]
    if any(scores.pr_auc is not None for scores in classes.classes):
        drawings.append(class_curves(names, classes.classes, judged.labels, judged.probabilities))
    if report.tuning:
        drawings.append(tuning_history(report.tuning))
    return {drawing.name: drawing for drawing in drawings}


def _environment() -> Environment:
    """Return an environment in which everything that is filled in is escaped."""
    environment = Environment(
        loader=PackageLoader("text_classification.evaluation", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for each in (count, decimal, moment, percent, readable, setting):
        environment.filters[each.__name__] = each
    return environment


def decimal(value: float | None, digits: int = 3) -> str:
    """Return a score as the page shows it, a dash where there is none.

    >>> decimal(0.94159)
    '0.942'
    """
    return NOTHING if value is None else f"{value:.{digits}f}"


def count(value: int) -> str:
    """Return a number of documents as the page shows it.

    >>> count(12345)
    '12,345'
    """
    return f"{value:,}"


def moment(written: str) -> str:
    """Return a time in UTC as the page shows it.

    >>> moment("2026-11-21T10:27:09+00:00")
    '2026-11-21 10:27 UTC'
    """
    return f"{written[:16].replace('T', ' ')} UTC"


def readable(text: Any) -> str:
    r"""Return a text without characters that a page may not hold.

    >>> readable("a\x00b")
    'a\ufffdb'
    """
    return "".join(
        "\ufffd" if unicodedata.category(character) in _UNREADABLE else character
        for character in str(text)
    )


def setting(value: Any) -> str:
    """Return the value of a hyperparameter as the page shows it.

    >>> setting([3, 4, 5]), setting(True)
    ('3,4,5', 'true')
    """
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    return NOTHING if value == "" else str(value)
