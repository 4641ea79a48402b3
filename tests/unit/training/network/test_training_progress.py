"""training/network/training_progress.py."""

import json

from text_classification.evaluation.metrics import Summary
from text_classification.training.network.training_progress import EpochUnderWay, Progress


def _summary(accuracy: float, loss: float) -> Summary:
    return Summary(documents=8, loss=loss, accuracy=accuracy, macro_f1=accuracy / 3)


def test_progress_survives_json() -> None:
    """Numbers come back to the last bit, and with them every decision that is taken on them."""
    progress = Progress()
    for accuracy, loss in ((1 / 3, 0.1), (2 / 3, 1e-17), (2 / 3, 0.3)):
        progress.under_way = EpochUnderWay(steps=7, documents=3, loss_sum=0.7)
        progress.end_epoch(_summary(accuracy, loss), 1.5)
    progress.under_way = EpochUnderWay(steps=2, documents=9, loss_sum=1 / 7)
    copy = Progress.from_dict(json.loads(json.dumps(progress.as_dict())), {})
    assert copy == progress
    assert copy.best is copy.epochs[1]
    assert copy.epochs_without_progress == 1


def test_epochs_without_validation_survive_json_too() -> None:
    """Each counts as progress, and the last is the best."""
    progress = Progress()
    for _ in range(3):
        progress.under_way.documents = 1
        progress.end_epoch(None, 1.5)
    copy = Progress.from_dict(json.loads(json.dumps(progress.as_dict())), {})
    assert copy == progress
    assert copy.best is copy.epochs[2]
    assert copy.epochs_without_progress == 0
    assert copy.epochs[2].metrics() == {"train:loss": 0.0, "epoch:seconds": 1.5}
    assert str(copy.epochs[2]) == "epoch 3: loss 0.0000 in training"


def test_ended_epoch_has_the_mean_loss_and_the_next_number() -> None:
    """What was under way is over, and the next begins with nothing."""
    progress = Progress(under_way=EpochUnderWay(steps=2, documents=4, loss_sum=6))
    epoch = progress.end_epoch(_summary(0.5, 0.7), 3)
    assert (epoch.number, epoch.train_loss, epoch.seconds) == (1, 1.5, 3)
    assert progress.under_way == EpochUnderWay()


def test_first_of_equal_epochs_is_the_best() -> None:
    """A later epoch must be better, not as good; of equal accuracies the smaller loss wins."""
    progress = Progress()
    for accuracy, loss in ((0.5, 0.9), (0.5, 0.6), (0.5, 0.6), (0.4, 0.1)):
        progress.under_way.documents = 1
        progress.end_epoch(_summary(accuracy, loss), 1.5)
    assert progress.best is progress.epochs[1]
    assert Progress().best is None
