"""The lines a job prints for SageMaker to find, and the definitions that find them.

SageMaker applies one regular expression a metric, with one group, to everything a job prints. So
lines have fixed names and fixed number formats, and both sides of the bargain live here.
"""

from collections.abc import Mapping

# Name in SageMaker -> name in the log line.
METRICS = {
    "train:loss": "train_loss",
    "validation:loss": "validation_loss",
    "validation:accuracy": "validation_accuracy",
    "validation:macro_f1": "validation_macro_f1",
    "test:loss": "test_loss",
    "test:accuracy": "test_accuracy",
    "test:macro_f1": "test_macro_f1",
    "cross_validation:loss": "cross_validation_loss",
    "cross_validation:loss_deviation": "cross_validation_loss_deviation",
    "cross_validation:accuracy": "cross_validation_accuracy",
    "cross_validation:accuracy_deviation": "cross_validation_accuracy_deviation",
    "cross_validation:macro_f1": "cross_validation_macro_f1",
    "cross_validation:macro_f1_deviation": "cross_validation_macro_f1_deviation",
    "cross_validation:pr_auc": "cross_validation_pr_auc",
    "cross_validation:pr_auc_deviation": "cross_validation_pr_auc_deviation",
    "tuning:value": "tuning_value",
    "tuning:best": "tuning_best",
    "epoch:seconds": "epoch_seconds",
}


def metric_definitions() -> list[dict[str, str]]:
    r"""Return the definitions in the form of CreateTrainingJob's MetricDefinitions.

    >>> metric_definitions()[0]
    {'Name': 'train:loss', 'Regex': '\\btrain_loss=([0-9.]+)'}
    """
    return [{"Name": name, "Regex": rf"\b{printed}=([0-9.]+)"} for name, printed in METRICS.items()]


def metric_line(event: str, values: Mapping[str, float]) -> str:
    """Return one line: the event, then ``name=value`` with four decimals.

    >>> metric_line("epoch 3", {"train:loss": 0.5, "validation:accuracy": 1})
    'epoch 3: train_loss=0.5000 validation_accuracy=1.0000'
    """
    return f"{event}: " + " ".join(f"{METRICS[name]}={value:.4f}" for name, value in values.items())
