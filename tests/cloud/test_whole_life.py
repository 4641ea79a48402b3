"""The whole life of a model on an emulator that runs jobs and endpoints as processes."""

from pathlib import Path

from tests.cloud.life import Life, walk
from tests.support.emulated import own_emulator


def test_the_whole_life(tmp_path: Path) -> None:
    """Upload, train, tune, deploy, ask, batch, a bad update, drift; then nothing is left."""
    with own_emulator() as emulator:
        walk(Life(emulator, tmp_path))
