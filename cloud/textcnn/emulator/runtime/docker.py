"""Containers in a Docker engine, as SageMaker runs them.

What is made is labelled with the emulator's process, so that what a killed emulator left is found
and removed by the next one.
"""

import os
import re
import uuid
from collections.abc import Callable

from textcnn.emulator.runtime.container import OPT_ML, ContainerSpecification, ImageError
from textcnn.emulator.runtime.docker_container import DockerContainer, Started
from textcnn.emulator.runtime.docker_network import Networks
from textcnn.emulator.runtime.engine import Engine, EngineError
from textcnn.emulator.runtime.manifest import digest_of, manifest
from textcnn.emulator.runtime.processes import free_port

LABEL = "textcnn.emulator"
PORT = 8080
# aws-samples/aws-sagemaker-build#28
NO_IMAGE = (
    "Cannot pull algorithm container. Either the image does not exist or its permissions are "
    "incorrect."
)
# A URI in a private registry of ECR: the account's images are those of this machine.
ECR = re.compile(
    r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/"
    r"(?P<image>(?P<repository>[^:@]+)(?::[^@]+)?)(?:@(?P<digest>.+))?"
)


class Docker:
    """Starts containers by the engine's client."""

    name = "docker"

    def __init__(self, client: str) -> None:
        self._engine = Engine(client)
        self._label = f"{LABEL}={os.getpid()}"
        self._networks = Networks(self._engine, self._label)
        remove_leftovers(self._engine)

    def images(self, repository: str) -> dict[str, str]:
        """Return the engine's images of this name: they stand for what would be pushed."""
        form = "{{.Tag}} {{.ID}}"
        listed = self._engine("image", "ls", "--no-trunc", "--format", form, repository)
        tagged = (line.split() for line in listed.splitlines())
        return {tag: manifest(identifier) for tag, identifier in tagged if tag != "<none>"}

    def check_image(self, image: str) -> None:
        """Raise ``ImageError`` where an image is neither here nor can be pulled."""
        self._local_name(image)

    def start(self, specification: ContainerSpecification) -> DockerContainer:
        """Start a container; raises ``ImageError`` where the image cannot be run."""
        image = self._local_name(specification.image)
        port = free_port() if specification.command == "serve" else 0
        name = f"{specification.name}-{uuid.uuid4().hex[:8]}"
        # Who names an entry point gets no verb.
        verb = (
            specification.entrypoint[1:] if specification.entrypoint else (specification.command,)
        )
        command = (*verb, *specification.arguments)
        try:
            network = self._networks.enter(specification)
        except EngineError as error:
            raise ImageError(f"the container cannot be started: {error}") from None
        try:
            options = ("--name", name, "--network", network, "--label", self._label)
            self._engine("create", *options, *_options(specification, port), image, *command)
            self._engine("start", name)
        except EngineError as error:
            self._engine.does("rm", "--force", "--volumes", name)
            self._networks.leave(specification)
            raise ImageError(f"the container cannot be started: {error}") from None
        started = Started(name, image, port, specification.root)
        return DockerContainer(self._engine, started, self._leaver(specification))

    def _leaver(self, specification: ContainerSpecification) -> Callable[[], None]:
        return lambda: self._networks.leave(specification)

    def _local_name(self, image: str) -> str:
        """Return the name by which the engine knows an image; it is pulled if need be."""
        own = ECR.fullmatch(image)
        for name in (image, *(self._own_names(own) if own else [])):
            if self._engine.does("image", "inspect", name):
                return name
        if own is None and self._engine.does("pull", "--quiet", image):
            return image
        raise ImageError(NO_IMAGE)

    def _own_names(self, own: re.Match[str]) -> list[str]:
        """Return what the engine calls an image of the account's registry."""
        if not own["digest"]:
            return [own["image"]]
        images = self.images(own["repository"])
        tags = [tag for tag, text in images.items() if digest_of(text) == own["digest"]]
        return [f"{own['repository']}:{tag}" for tag in tags]


def _options(specification: ContainerSpecification, port: int) -> list[str]:
    """Return the options of ``docker create`` that a specification asks for."""
    serves = specification.command == "serve"
    options = ["--volume", f"{specification.root}:{OPT_ML}{':ro' if serves else ''}"]
    for name, value in specification.environment.items():
        options += ["--env", f"{name}={value}"]
    if serves:
        options += ["--publish", f"127.0.0.1:{port}:{PORT}"]
    if specification.entrypoint:
        options += ["--entrypoint", specification.entrypoint[0]]
    if specification.memory_mb:
        memory = f"{specification.memory_mb}m"
        options += ["--memory", memory, "--memory-swap", memory]
    if specification.read_only:
        options += ["--read-only", "--tmpfs", "/tmp"]  # noqa: S108 - the container's own
    if specification.host:
        options += ["--hostname", specification.host]
    if specification.group:
        options += ["--network-alias", specification.host]
    return options


def remove_leftovers(engine: Engine) -> None:
    """Remove what emulators have left that do not run any more."""
    form = f'{{{{.ID}}}} {{{{.Label "{LABEL}"}}}}'
    for kind, every, options in (
        ("container", ("--all",), ("--force", "--volumes")),
        ("network", (), ()),
    ):
        listed = engine(kind, "ls", *every, "--filter", f"label={LABEL}", "--format", form)
        for line in listed.splitlines():
            identifier, owner = line.split()
            if not _runs(int(owner)):
                engine.does(kind, "rm", *options, identifier)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
