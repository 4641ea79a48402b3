"""The whole life of a model on an emulator that runs jobs and endpoints as processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.conftest import clients_of
from tests.cloud.life import Life, walk
from textcnn.emulator.server import Emulator


@pytest.fixture
def own_emulator() -> Iterator[Emulator]:
    """An emulator of this test's own: at the end nothing may be left on it."""
    with Emulator() as emulator:
        yield emulator


def test_the_whole_life(own_emulator: Emulator, tmp_path: Path) -> None:
    """Upload, train, tune, deploy, ask, batch, a bad update, drift; then nothing is left."""
    walk(Life(own_emulator, clients_of(own_emulator), tmp_path))
