"""Write large responses to files that nginx sends, so that they survive the death of a worker.

A worker names the file (``X-Accel-Redirect``) instead of sending it, and may be killed then.
"""

import contextlib
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

# Bytes that a socket between processes takes at once, with room to spare: no more are sent by a
# worker itself where nginx can send a file.
AT_ONCE = 1 << 17
# nginx opens a file as soon as it is told its name; after so many seconds nobody needs the name.
FORGOTTEN_SECONDS = 30


def write_response(pieces: Iterable[bytes], responses: Path | None, scratch: Path) -> IO[bytes]:
    """Write a response into a file, and return it at its beginning.

    responses: the folder that nginx sends from; without it the file has no name, and lies in
    ``scratch``. Nothing is left where the pieces end with an error.
    """
    with contextlib.ExitStack() as unless_whole:
        if responses is None:
            file: IO[bytes] = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - as below
            unless_whole.callback(file.close)
        else:
            file = tempfile.NamedTemporaryFile(dir=responses, delete=False)  # noqa: SIM115 - returned
            unless_whole.callback(Path(file.name).unlink)
            unless_whole.callback(file.close)
        file.writelines(pieces)
        file.seek(0)
        unless_whole.pop_all()
    return file


def remove_old_responses(folder: Path) -> None:
    """Remove the files that were written some time ago, by whichever worker."""
    oldest = time.time() - FORGOTTEN_SECONDS
    for path in folder.iterdir():
        # Another worker may be faster.
        with contextlib.suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
