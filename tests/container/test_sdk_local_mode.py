"""The sagemaker SDK's local mode runs the real image."""

import os
import tarfile
from pathlib import Path

import pytest

from tests.sdk.conftest import Journey, data, journey
from tests.support.docker import Docker
from text_classification import artifact

pytestmark = pytest.mark.engine
__all__ = ["data", "journey"]


def test_local_container_mode_trains(
    full: str, docker: Docker, journey: Journey, data: Path, tmp_path: Path
) -> None:
    """It gives the image no argument, so that the image itself must know to train."""
    # The SDK calls `docker`, which must be the client that came with the engine.
    path = f"{Path(docker.client).parent}{os.pathsep}{os.environ['PATH']}"
    seen = journey("local_mode.py", full, str(data), PATH=path)
    with tarfile.open(seen["archive"]) as archive:
        archive.extractall(tmp_path / "model", filter="data")
    assert len(artifact.load(tmp_path / "model").labels) > 2
