"""How many processors the container may use: its control group and affinity, not the host."""

import math
import os
from collections.abc import Callable
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")
DEVICES = Path("/dev")
# Tells how many processors this process counts on, where it is one of several side by side.
_share: Callable[[], int] | None = None


def processor_count(cgroup: Path = CGROUP) -> int:
    """Return the processors this process may use, at least 1.

    The smaller of the CPU affinity and the quota of the control group, version 2 (``cpu.max``)
    or version 1 (``cpu.cfs_quota_us``); half a processor counts as one. Or its share of them, once
    it has taken one.
    """
    if _share:
        return _share()
    allowed = len(os.sched_getaffinity(0))
    quota = _quota(cgroup)
    return max(1, min(allowed, math.ceil(quota)) if quota else allowed)


def take_share(processors: Callable[[], int]) -> None:
    """Count on so many processors from now on: others belong to processes beside this one.

    processors: asked each time, since a share grows when a process beside this one has ended.
    """
    global _share  # noqa: PLW0603 - one share a process
    _share = processors


def share_or(processors: int) -> int:
    """Return this process's share as it is now, or what is given where it has not taken one."""
    return _share() if _share else processors


def has_gpu(devices: Path = DEVICES) -> bool:
    """Tell whether the container was given a GPU: NVIDIA's driver shows each as a device."""
    return any(devices.glob("nvidia[0-9]*"))


def _quota(cgroup: Path) -> float | None:
    """Return the quota in processors, or None where there is no limit."""
    try:
        if (cgroup / "cpu.max").is_file():
            quota, period = (cgroup / "cpu.max").read_text(encoding="ascii").split()
        else:
            quota = (cgroup / "cpu/cpu.cfs_quota_us").read_text(encoding="ascii")
            period = (cgroup / "cpu/cpu.cfs_period_us").read_text(encoding="ascii")
        share = float(quota) / float(period)
    except (OSError, ValueError):  # no control group here, or the word "max"
        return None
    return share if share > 0 else None
