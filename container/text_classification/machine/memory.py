"""How much memory the container may use, and how much this process does."""

import os
from collections.abc import Collection
from pathlib import Path

from text_classification.machine.processors import CGROUP

STATM = Path("/proc/self/statm")


def memory_limit(cgroup: Path = CGROUP) -> int:
    """Return the bytes the container may use: its control group's limit, else the machine's memory.

    The control group is of version 2 (``memory.max``) or 1 (``memory.limit_in_bytes``).
    """
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        try:
            # Version 1 writes a number beyond any memory where version 2 writes "max".
            return min(machine, int((cgroup / name).read_text(encoding="ascii")))
        except (OSError, ValueError):
            continue
    return machine


def resident_memory(statm: Path = STATM) -> int:
    """Return the bytes of memory that this process has, what it shares with others included."""
    return int(statm.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


def free_memory() -> int:
    """Return the bytes that this process may still take, if it is alone in the container."""
    return max(0, memory_limit() - resident_memory())


def proportional_memory(process: int, kinds: Collection[str] = ("Pss",)) -> int:
    """Return the bytes of memory of a process, with its part of what it shares with others.

    kinds: of smaps_rollup; all memory unless others are asked for. 0 for a process that has ended,
    or that this one may not look into.
    """
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    sizes = (line.split() for line in lines)
    return sum(int(words[1]) for words in sizes if words[0].rstrip(":") in kinds) << 10
