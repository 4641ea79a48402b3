"""A server: the image run to serve a model, and how its start went."""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from check_image import limits
from check_image.client import Client
from check_image.engine import CannotStart, Container, EngineError, mounts
from check_image.outcome import one_line
from check_image.subject import Subject

PORT = 8080
MODEL = "/opt/ml/model"
PAUSE_SECONDS = 0.05
NOBODY = Client(0)


@dataclass
class Service:
    """How a server is started; conditions change it before.

    volumes: folder -> volume, each mounted read-only; port: where it shall listen inside.
    """

    volumes: dict[str, str]
    options: list[str] = field(default_factory=list)
    port: int = PORT


@dataclass(frozen=True)
class Server:
    """A server that was started.

    seconds: from its start to the first ping that was answered 200; None where none was, and then
    problem says what happened instead.
    """

    container: Container
    client: Client
    seconds: float | None
    problem: str


@contextmanager
def serving(subject: Subject, service: Service, limit: float | None = None) -> Iterator[Server]:
    """Start a server, wait until it is ready or cannot be; remove it at the end of the block."""
    publish = ["--publish", f"127.0.0.1::{service.port}"]
    volumes = {folder: f"{name}:ro" for folder, name in service.volumes.items()}
    options = [*publish, *mounts(volumes), *service.options]
    container = subject.engine.create(subject.image, options, ["serve"])
    try:
        yield _started(container, service.port, limit or limits.READY_SECONDS)
    finally:
        container.remove()


def model_volume(subject: Subject, model: Path) -> str:
    """Return a volume that holds the files of a model's folder."""
    volume = subject.engine.volume()
    subject.engine.fill(subject.image, mounts({MODEL: volume}), model, MODEL)
    return volume


def _started(container: Container, port: int, limit: float) -> Server:
    """Start a container and wait until it is ready, has ended, or the time is over."""
    start = time.monotonic()
    try:
        container.start()
    except CannotStart as error:
        return Server(container, NOBODY, None, f"it did not start: {error}")
    client = NOBODY
    while time.monotonic() - start < limit:
        if client is not NOBODY and client.healthy():
            return Server(container, client, time.monotonic() - start, "")
        if not container.runs:
            code = container.wait(1)
            said = one_line(container.last_line, 160)
            return Server(container, client, None, f"it ended with exit code {code}: {said}")
        if client is NOBODY:
            # One that has just ended has no port: the next round will see that.
            with suppress(EngineError):
                client = Client(container.port(port))
        time.sleep(PAUSE_SECONDS)
    return Server(container, client, None, f"no ping was answered 200 in {limit:.0f} s")
