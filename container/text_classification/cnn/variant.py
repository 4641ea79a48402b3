"""What training may do otherwise; the weights that it gives are those of the same architecture."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Variant:
    """frozen_steps: the first steps, in which the embedding stays as it is."""

    frozen_steps: int = 0


PLAIN = Variant()
