"""What was found of int8 tables when it was decided whether to serve from them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Quantization:
    """How int8 tables answer, against float32, and the rule of the decision in words."""

    int8: bool
    documents: int
    changed_labels: int
    loss_float32: float
    loss_int8: float
    rule: str
