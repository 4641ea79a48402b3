"""Large answers change hands as files, and small ones in one piece.

So an answer that has begun comes to its end, whatever becomes of the worker that wrote it.
"""

import contextlib
import shutil
import tempfile
import time
from pathlib import Path
from socket import socket
from typing import IO, Any

# The folder for answers, as the application finds it in a request's environment.
FOLDER_KEY = "text_classification.answers"
# Bytes that a socket between processes takes at once, with room to spare.
AT_ONCE = 1 << 17
# nginx opens a file as soon as it is told its name; after so many seconds nobody needs the name.
FORGOTTEN_SECONDS = 30


def hand_over(answer: bytes | IO[bytes], folder: Path) -> str:
    """Write an answer into the folder; return its file's name. A file is closed."""
    with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
        if isinstance(answer, bytes):
            file.write(answer)
        else:
            with answer:
                shutil.copyfileobj(answer, file)
    return Path(file.name).name


def forget_answers(folder: Path) -> None:
    """Remove the files that were written some time ago, by whichever worker."""
    oldest = time.time() - FORGOTTEN_SECONDS
    for path in folder.iterdir():
        # Another worker may be faster.
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()


class JoiningSocket:
    """A socket that sends the head of an answer together with the first piece of its body."""

    def __init__(self, joined: socket) -> None:
        self._socket = joined
        self._head: bytes | None = None
        self._joined = False

    def sendall(self, data: bytes) -> None:
        """Send, but keep the very first piece until the next."""
        if self._joined:
            self._socket.sendall(data)
        elif self._head is None:
            self._head = data
        else:
            self._joined = True
            self._socket.sendall(self._head + data)

    def finish(self) -> None:
        """Send a head that has no body."""
        if self._head is not None and not self._joined:
            self._joined = True
            self._socket.sendall(self._head)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)
