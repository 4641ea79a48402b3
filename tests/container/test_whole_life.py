"""The whole life of a model on an emulator that runs the image in Docker."""

from pathlib import Path

import pytest

from tests.cloud.life import Life, walk
from tests.support.docker import Docker
from tests.support.emulated import own_emulator

pytestmark = pytest.mark.engine


def test_the_whole_life(docker: Docker, full: str, tmp_path: Path) -> None:
    """As without Docker, by the image that is built; no container is left."""
    with own_emulator("--docker") as emulator:
        walk(Life(emulator, tmp_path, repository=full))
    assert not docker("container", "ls", "--quiet", "--all", "--filter", "label=textcnn.emulator")
