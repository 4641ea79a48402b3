"""What costs minutes and finds what is rare: CI and ``make test-all`` run it, ``make test`` not."""

import os

# Of the examples of a property, `make test` tries one in so many.
SAMPLED = 4


def is_exhaustive() -> bool:
    """Return whether all was asked for."""
    return bool(os.environ.get("CI") or os.environ.get("EXHAUSTIVE"))


def examples(count: int = 100) -> int:
    """Return how many of so many examples of a property are tried."""
    return count if is_exhaustive() else count // SAMPLED
