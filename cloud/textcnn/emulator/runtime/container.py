"""What the rest of the emulator asks of a container, however it is run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

# Where a container has its folder.
OPT_ML = "/opt/ml"


@dataclass(frozen=True)
class ContainerSpecification:
    """A container to start: the image, its command, and the folder that is its /opt/ml.

    serving containers are reached at a port of the loopback address; memory is in MB. Containers of
    one group reach each other by their host names.
    """

    name: str
    image: str
    command: Literal["train", "serve"]
    root: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    entrypoint: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    memory_mb: int | None = None
    read_only: bool = False
    network: bool = True
    host: str = ""
    group: str = ""


class Container(Protocol):
    """A container that was started."""

    @property
    def port(self) -> int:
        """The port of 127.0.0.1 where a serving container answers."""

    @property
    def base(self) -> str:
        """The folder that its root is inside the container, such as /opt/ml."""

    def lines(self) -> Iterator[str]:
        """Yield what it prints on both streams, line by line, until it ends; to be read once."""

    def is_running(self) -> bool:
        """Whether it has not ended yet."""

    def wait(self) -> int:
        """Wait for its end and return the exit code."""

    def stop(self, seconds: float) -> int:
        """Send SIGTERM, after so many seconds SIGKILL; return the exit code."""

    def remove(self) -> None:
        """Kill it if it runs and leave nothing of it but its folder."""


class Runtime(Protocol):
    """What starts containers."""

    @property
    def name(self) -> str:
        """``docker`` or ``process``."""

    def start(self, specification: ContainerSpecification) -> Container:
        """Start a container; raises ``ImageError`` where the image cannot be run."""

    def images(self, repository: str) -> Mapping[str, str]:
        """Return the manifests, by tag, of the images that a new repository of ECR holds."""

    def check_image(self, image: str) -> None:
        """Raise ``ImageError`` where an image is not there or cannot be run."""


class ImageError(Exception):
    """The image cannot be run here; the message says why."""
