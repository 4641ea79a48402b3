"""How far a training run has come: all that its end depends on besides the engine's state."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from text_classification.cnn.base_configuration import Weights
from text_classification.evaluation.epoch import Epoch
from text_classification.evaluation.metrics import Summary
from text_classification.kernels.arrays import Floats


@dataclass
class EpochUnderWay:
    """The steps done of an epoch, and the sum of the losses of the documents in them."""

    steps: int = 0
    documents: int = 0
    loss_sum: float = 0.0

    @property
    def loss(self) -> float:
        """The mean loss of the documents stepped on."""
        return self.loss_sum / self.documents


@dataclass
class Progress:
    """The epochs so far, the weights of the best of them, and the epoch under way.

    answers: what those weights answer to the whole validation part, float32 [documents, classes];
    None where that is not known.
    """

    epochs: list[Epoch] = field(default_factory=list)
    weights: Weights = field(default_factory=dict)
    under_way: EpochUnderWay = field(default_factory=EpochUnderWay)
    stopped: bool = False
    answers: Floats | None = None

    @property
    def best(self) -> Epoch | None:
        """The best epoch, the first where several are."""
        return max(self.epochs, key=lambda epoch: epoch.rank, default=None)

    @property
    def epochs_without_progress(self) -> int:
        """The epochs since accuracy or loss on validation was last better than ever before.

        Either counts: early on the accuracy may stand still while the loss falls, later the loss
        rises while the accuracy still improves. Without validation every epoch is
        taken for progress.
        """
        accuracy, loss, last = -1.0, float("inf"), 0
        for epoch in self.epochs:
            summary = epoch.validation
            if summary is None or summary.accuracy > accuracy or summary.loss < loss:
                last = epoch.number
            if summary:
                accuracy, loss = max(accuracy, summary.accuracy), min(loss, summary.loss)
        return len(self.epochs) - last

    def end_epoch(self, validation: Summary | None, seconds: float) -> Epoch:
        """Return the epoch that is over now, and be ready for the next."""
        epoch = Epoch(len(self.epochs) + 1, self.under_way.loss, validation, seconds)
        self.epochs.append(epoch)
        self.under_way = EpochUnderWay()
        return epoch

    def as_dict(self) -> dict[str, Any]:
        """Return everything but weights and answers, as JSON holds it."""
        return {
            "epochs": [asdict(epoch) for epoch in self.epochs],
            "under_way": asdict(self.under_way),
        }

    @classmethod
    def from_dict(
        cls, values: Mapping[str, Any], weights: Weights, answers: Floats | None = None
    ) -> "Progress":
        """Return the progress that ``as_dict`` wrote."""
        epochs = [
            Epoch(**{**epoch, "validation": summary and Summary(**summary)})
            for epoch in values["epochs"]
            for summary in [epoch["validation"]]
        ]
        return cls(epochs, weights, EpochUnderWay(**values["under_way"]), answers=answers)
