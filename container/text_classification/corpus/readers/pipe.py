"""A channel in Pipe mode: one FIFO for each time that it is read."""

import logging
import os
import select
from pathlib import Path
from time import monotonic, sleep
from typing import BinaryIO

from text_classification.contract.channels import Channel
from text_classification.errors import Code, ConfigurationError

# The service makes the first pipe of each channel before a job starts.
SECONDS_TO_APPEAR = 60.0
_PAUSE_SECONDS = 0.05
# Until something comes through, the log says so again and again.
SECONDS_A_WORD = 60.0
_BUFFER = 1 << 20

log = logging.getLogger(__name__)


def pipe_path(channel: Channel, epoch: int = 0) -> Path:
    """Return the path of a channel's pipe: ``training_0``."""
    return channel.folder.with_name(f"{channel.name}_{epoch}")


def open_pipe(channel: Channel) -> BinaryIO:
    """Open the pipe of the first epoch when something comes through, or it has ended.

    Documents are read once, into a corpus on disk: no other epoch is needed. Raises
    ``ConfigurationError`` where there is no pipe.
    """
    path = pipe_path(channel)
    _await(path, channel)
    # To open it waits for whoever writes, and could say nothing meanwhile.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    file = os.fdopen(descriptor, "rb", _BUFFER)
    try:
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        while not poll.poll(SECONDS_A_WORD * 1000):
            log.info("waiting for the channel '%s': nothing comes through its pipe", channel.name)
        os.set_blocking(descriptor, True)
    except BaseException:
        file.close()
        raise
    return file


def _await(path: Path, channel: Channel) -> None:
    """Wait until there is a pipe."""
    deadline = monotonic() + SECONDS_TO_APPEAR
    while not path.exists():
        if monotonic() > deadline:
            raise ConfigurationError(
                Code.CHANNEL_MISSING,
                f"the channel '{channel.name}' is delivered in Pipe mode, and there is no pipe",
                where=str(path),
                remedy="Check TrainingInputMode in inputdataconfig.json: File is what folders are.",
            )
        sleep(_PAUSE_SECONDS)
