"""Count the worker processes and their memory, from the kernel and nginx."""

import re
import socket
from pathlib import Path

from text_classification.contract.settings import Settings
from text_classification.machine.processors import processor_count

# nginx counts at once; a server that is too busy for that need not be waited for.
COUNT_SECONDS = 0.5
_UNDER_WAY = re.compile(rb"Writing: (\d+)")


def worker_count(settings: Settings) -> int:
    """Return the number of worker processes: as set, or one for each processor.

    Where workers are replaced, one of them at least is there meanwhile.
    """
    return max(settings.workers or processor_count(), 2 if settings.worker_requests else 1)


def worker_processes(master: int) -> list[int]:
    """Return the process ids of gunicorn's workers; none once it has ended."""
    try:
        children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in children.split()]


def requests_under_way(nginx: Path) -> int:
    """Return how many requests nginx holds, by its page of figures on a unix socket.

    One that waits for its turn counts, and so does one whose answer is being sent. 0 where nginx
    does not say.
    """
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(COUNT_SECONDS)
            connection.connect(str(nginx))
            connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
            page = b"".join(iter(lambda: connection.recv(4096), b""))
    except OSError:
        return 0
    found = _UNDER_WAY.search(page)
    return int(found[1]) - 1 if found else 0  # but for the one that asked
