"""machine/memory.py."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import wait_until
from text_classification.machine.memory import (
    memory_limit,
    proportional_memory,
    resident_memory,
)

MACHINE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("1048576\n", 1 << 20), ("max\n", MACHINE), ("", MACHINE), (f"{MACHINE * 2}\n", MACHINE)],
)
@pytest.mark.parametrize("name", ["memory.max", "memory/memory.limit_in_bytes"])
def test_limit_of_the_control_group(tmp_path: Path, name: str, limit: str, expected: int) -> None:
    """Both versions are read; no limit is the machine's memory."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(limit)
    assert memory_limit(tmp_path) == expected


def test_without_a_control_group_it_is_the_machines(tmp_path: Path) -> None:
    """As on a laptop."""
    assert memory_limit(tmp_path) == MACHINE


def test_memory_of_this_process_grows_with_it() -> None:
    """A block that is written to is resident."""
    before = resident_memory()
    block = bytearray(os.urandom(1 << 20)) * 64
    assert 60 << 20 < resident_memory() - before < 80 << 20
    assert block


def test_memory_of_another_process() -> None:
    """What it shares with others counts in part; one that is gone has none."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with process:
        wait_until(lambda: proportional_memory(process.pid) > 2 << 20)
        whole = proportional_memory(process.pid)
        assert whole < 100 << 20
        kinds = ("Pss_Anon", "Pss_File", "Pss_Shmem")
        parts = [proportional_memory(process.pid, (kind,)) for kind in kinds]
        assert sum(parts) == pytest.approx(whole, rel=0.01)
        assert 0 < parts[0] < whole
        process.communicate(b"\n")
    assert proportional_memory(process.pid) == 0
