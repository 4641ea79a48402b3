"""Measure peers in turn, so that a busy machine is as busy for one as for the other."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median

ROUNDS = 5

Measure = Callable[[], float]
Samples = Mapping[str, Sequence[float]]


def round_robin(measures: Mapping[str, Measure], rounds: int = ROUNDS) -> Samples:
    """Return the results of ``rounds`` rounds; in each, every measure is taken once.

    A round before them warms up and does not count.
    """
    samples: dict[str, list[float]] = {name: [] for name in measures}
    for turn in range(rounds + 1):
        for name, measure in measures.items():
            result = measure()
            if turn > 0:
                samples[name].append(result)
    return samples


def medians(samples: Samples) -> dict[str, float]:
    """Return the median of each measure."""
    return {name: median(values) for name, values in samples.items()}
