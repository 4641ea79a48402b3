"""The pipes of a channel in Pipe mode: one for each epoch, filled while somebody reads it."""

import os
import select
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from textcnn.emulator.protocol.errors import ServiceError
from textcnn.emulator.training.failure import JobFailed

PAUSE_SECONDS = 0.05
_PAUSE_MILLISECONDS = 200

Epoch = Callable[[int], Iterator[bytes]]


class Pipes:
    """The pipes of one channel on one host; ``CHANNEL_0`` is there before the thread starts.

    The next one is made when a reader has taken all of one, or has closed it before.
    """

    def __init__(self, folder: Path, channel: str, contents: Epoch) -> None:
        self._folder = folder
        self._channel = channel
        self._contents = contents
        self._ended = threading.Event()
        self._problem: JobFailed | None = None
        self._thread = threading.Thread(target=self._fill_all, name=channel, daemon=True)
        self._make(0)

    def start(self) -> None:
        """Begin to fill."""
        self._thread.start()

    def check(self) -> None:
        """Raise ``JobFailed`` where a pipe could not be filled."""
        if self._problem:
            raise self._problem

    def stop(self) -> None:
        """Fill no more, whether somebody reads or not."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _path(self, epoch: int) -> Path:
        return self._folder / f"{self._channel}_{epoch}"

    def _make(self, epoch: int) -> None:
        os.mkfifo(self._path(epoch))
        self._path(epoch).chmod(0o666)  # the container may run as any user

    def _fill_all(self) -> None:
        epoch = 0
        try:
            self._fill(epoch)
            while not self._ended.is_set():
                epoch += 1
                self._make(epoch)
                self._fill(epoch)
        except JobFailed as error:
            self._problem = error
        except (ServiceError, BotoCoreError, ClientError) as error:
            self._problem = JobFailed(f"ClientError: Data download failed:{error}")

    def _fill(self, epoch: int) -> None:
        pipe = self._opened(self._path(epoch))
        if pipe is None:
            return
        try:
            for part in self._contents(epoch):
                self._write(pipe, part)
        except BrokenPipeError:
            pass  # readers may close a pipe before its end
        finally:
            os.close(pipe)

    def _opened(self, path: Path) -> int | None:
        """Return a pipe that somebody reads; to open it plainly would wait for ever for one."""
        while not self._ended.is_set():
            try:
                return os.open(path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            except OSError:
                self._ended.wait(PAUSE_SECONDS)
        return None

    def _write(self, pipe: int, content: bytes) -> None:
        poll = select.poll()
        poll.register(pipe, select.POLLOUT)
        left = memoryview(content)
        while left and not self._ended.is_set():
            if poll.poll(_PAUSE_MILLISECONDS):
                left = left[os.write(pipe, left) :]
