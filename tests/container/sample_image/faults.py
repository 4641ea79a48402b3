"""What shall be wrong."""

import os
from pathlib import Path

FAULTS = frozenset(os.environ.get("FAULTS", "").split())


def has(name: str) -> bool:
    """Whether the container shall have this fault."""
    return name in FAULTS


def demand_much() -> None:
    """Need what the platform does not promise, where that is the fault."""
    if has("needs-root") and os.getuid() != 0:
        raise RuntimeError("only root can do this")
    if has("needs-network") and len(list(Path("/sys/class/net").iterdir())) == 1:
        raise RuntimeError("there is no network")
    if has("writes-anywhere"):
        Path("/srv/scratch").write_text("scratch")
    if has("needs-shared-memory"):
        Path("/dev/shm/scratch").write_bytes(bytes(8 << 20))
