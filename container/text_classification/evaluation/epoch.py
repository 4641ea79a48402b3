"""What an epoch of training gave."""

from dataclasses import dataclass
from typing import Any

from text_classification.evaluation.metrics import Summary


@dataclass(frozen=True)
class Epoch:
    """What an epoch gave; validation: None where there was nothing to validate on."""

    number: int
    train_loss: float
    validation: Summary | None
    seconds: float

    def __str__(self) -> str:
        """Return the epoch in words that no metric's expression finds."""
        validated = f"; on validation {self.validation}" if self.validation else ""
        return f"epoch {self.number}: loss {self.train_loss:.4f} in training{validated}"

    @property
    def rank(self) -> tuple[float, float]:
        """What makes an epoch better than another: validation accuracy, then a smaller loss.

        Without validation a later epoch is the better one.
        """
        if self.validation is None:
            return self.number, 0.0
        return self.validation.accuracy, -self.validation.loss

    def metrics(self) -> dict[str, float]:
        """Return what is printed and kept of the epoch, by metric name."""
        return {
            "train:loss": self.train_loss,
            **(self.validation.metrics("validation") if self.validation else {}),
            "epoch:seconds": self.seconds,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return what metrics.json holds of the epoch."""
        return {"epoch": self.number, **self.metrics()}
