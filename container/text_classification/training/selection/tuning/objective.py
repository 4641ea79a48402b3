"""Compute the score that tuning compares trials by: ``tuning_objective``."""

from text_classification.evaluation.answer_counts import count_answers
from text_classification.evaluation.curve_areas import curve_areas
from text_classification.kernels.arrays import Floats, Ids


def objective_value(objective: str, labels: Ids, probabilities: Floats) -> float:
    """Return the score, more being better, of answers [n, classes] to labels [n].

    objective: ``pr_auc``, ``accuracy`` or ``macro_f1``. NaN where there is no such score: no area
    under a curve for documents of one class.
    """
    if objective == "pr_auc":
        return curve_areas(labels, probabilities).macro_precision_recall
    counts = count_answers(labels, probabilities.argmax(axis=1), probabilities.shape[1])
    return {"accuracy": counts.accuracy, "macro_f1": counts.macro_f1}[objective]
