"""The life of a model on an emulator that runs the image in Docker, as far as containers go."""

from pathlib import Path

import pytest

from tests.cloud.life import SCALED, Life, remains
from tests.support.docker import Docker
from tests.support.emulated import own_emulator

pytestmark = pytest.mark.engine


@pytest.mark.exhaustive
def test_containers_of_a_life(docker: Docker, full: str, tmp_path: Path) -> None:
    """Jobs, each kind of endpoint, an update rolled back; by the image that is built, none is left.

    The page and drift need no container. Studies do, as the job does: they are left out for their
    time.
    """
    with own_emulator("--docker") as emulator:
        life = Life(emulator, tmp_path, repository=full)
        life.set_up()
        job = life.train()
        kinds = {"serverless": (), "instance": SCALED, "asynchronous": ("--async",)}
        for kind, options in kinds.items():
            life.textcnn("deploy", job, *options, "--name", kind, "--yes")
        for kind in ("serverless", "instance"):
            life.ask(kind)
        life.ask_asynchronously("asynchronous")
        life.batch(job)
        life.update_badly()
        life.textcnn("rm", "--all", "--yes")
        assert not remains(life.client)
    assert not docker("container", "ls", "--quiet", "--all", "--filter", "label=textcnn.emulator")
