"""``textcnn emulator``: SageMaker on this machine."""

import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from textcnn.emulator.address import DEFAULT_PORT, DEFAULT_REGION
from textcnn.errors import CommandError, Exit

PortOption = Annotated[
    int, typer.Option("--port", metavar="PORT", help="The port of 127.0.0.1; 0 for any.")
]
RegionOption = Annotated[
    str, typer.Option("--region", metavar="REGION", help="The region that it stands for.")
]
FolderOption = Annotated[
    Path | None,
    typer.Option(
        "--folder",
        metavar="FOLDER",
        help="Where containers have their files; by default a temporary one.",
    ),
]
DockerOption = Annotated[
    bool,
    typer.Option(
        "--docker", metavar="", help="Run images in Docker, not this installation's programs."
    ),
]


def emulator(
    port: PortOption = DEFAULT_PORT,
    region: RegionOption = DEFAULT_REGION,
    folder: FolderOption = None,
    *,
    docker: DockerOption = False,
) -> None:
    """Stand in for AWS on this machine until Ctrl+C.

    Set what it prints in another terminal, and boto3, the AWS CLI, the sagemaker SDK and textcnn
    talk to it instead of AWS.

    Example: textcnn emulator
    """
    # Imported here: moto and Optuna take seconds, which no other command should wait for.
    from textcnn.emulator.runtime.choice import choose  # noqa: PLC0415
    from textcnn.emulator.runtime.container import ImageError  # noqa: PLC0415
    from textcnn.emulator.server import Emulator  # noqa: PLC0415

    try:
        runtime = choose(docker=docker)
    except ImageError as error:
        raise CommandError(str(error), code=Exit.MISSING) from None
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    with Emulator(port, region, runtime, folder) as running:
        url, *credentials = (f"{name}={value}" for name, value in running.environment.items())
        typer.echo(f"export {url}\nexport {' '.join(credentials)}")
        sys.stdout.flush()
        stopped.wait()
