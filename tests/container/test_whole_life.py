"""The life of a model on an emulator that runs the image in Docker, as far as containers go."""

from pathlib import Path

import pytest

from tests.cloud.life import SCALED, Life, remains
from tests.support.docker import Docker
from tests.support.emulated import own_emulator

pytestmark = pytest.mark.engine


def test_containers_of_a_life(docker: Docker, full: str, tmp_path: Path) -> None:
    """Jobs, endpoints, an update rolled back; by the image that is built, and none is left.

    What comes without containers (the page, drift, studies) is the same without Docker.
    """
    with own_emulator("--docker") as emulator:
        life = Life(emulator, tmp_path, repository=full)
        life.set_up()
        job = life.train()
        for kind, options in {"serverless": (), "instance": SCALED}.items():
            life.textcnn("deploy", job, *options, "--name", kind, "--yes")
            life.ask(kind)
        life.batch(job)
        life.update_badly()
        life.textcnn("rm", "--all", "--yes")
        assert not remains(life.client)
    assert not docker("container", "ls", "--quiet", "--all", "--filter", "label=textcnn.emulator")
