"""A server's processes: a port for it, all that it has started, and their memory."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

from text_classification.machine.memory import proportional_memory


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def children(process: int) -> list[int]:
    """Return the processes that one has started; none of one that has ended."""
    found: list[int] = []
    threads: list[Path] = []
    with contextlib.suppress(OSError):  # it has ended meanwhile, as each thread may have
        threads += Path(f"/proc/{process}/task").iterdir()
    for thread in threads:
        with contextlib.suppress(OSError):
            found += map(int, (thread / "children").read_text(encoding="ascii").split())
    return found


def family(process: int) -> Iterator[int]:
    """Yield a process and all that it has started, and those that they have."""
    yield process
    for child in children(process):
        yield from family(child)


def memory(process: int) -> int:
    """Return the bytes of a process and its family; what several share is counted once."""
    return sum(map(proportional_memory, family(process)))


def held_memory(process: int) -> int:
    """Return the same but for pages of files, which the system takes back where room is short."""
    kinds = ("Pss_Anon", "Pss_Shmem")
    return sum(proportional_memory(each, kinds) for each in family(process))
