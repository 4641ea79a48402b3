"""Which way containers are run."""

from textcnn.emulator.runtime.container import ImageError, Runtime
from textcnn.emulator.runtime.docker import Docker
from textcnn.emulator.runtime.engine import Engine, find_client
from textcnn.emulator.runtime.processes import Processes


def choose(*, docker: bool) -> Runtime:
    """Return the Docker engine or this installation's processes.

    Raises ``ImageError`` where an engine is wanted and none answers.
    """
    if not docker:
        return Processes()
    client = find_client()
    if client is None or not Engine(client).does("version"):
        raise ImageError(
            "no Docker engine answers: start one, or leave --docker out to run this installation's "
            "programs instead of images"
        )
    return Docker(client)
