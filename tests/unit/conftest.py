"""Fixtures of the unit tests."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.exhaustive import examples
from text_classification.contract.paths import Paths

# A slow machine is no failure.
settings.register_profile("unit", deadline=None, max_examples=examples())
settings.load_profile("unit")


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """The contract's folders below an empty root."""
    return Paths(tmp_path)


@pytest.fixture
def signal_handlers() -> Iterator[None]:
    """Put the handlers of SIGTERM and SIGINT back after a test that sets them."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)
