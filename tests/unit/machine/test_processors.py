"""machine/processors.py."""

import os
from pathlib import Path

import pytest

from text_classification.machine import processors
from text_classification.machine.processors import processor_count, share_or, take_share


@pytest.fixture(autouse=True)
def _eight_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every machine has eight processors here."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _process: set(range(8)))


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        ("200000 100000\n", 2),
        ("150000 100000\n", 2),
        ("50000 100000\n", 1),
        ("1000 100000\n", 1),
        ("1600000 100000\n", 8),
        ("max 100000\n", 8),
        ("", 8),
        ("what is this\n", 8),
    ],
)
def test_quota_of_version_2(tmp_path: Path, limit: str, expected: int) -> None:
    """cpu.max is rounded up to whole processors, never above the affinity."""
    (tmp_path / "cpu.max").write_text(limit)
    assert processor_count(tmp_path) == expected


@pytest.mark.parametrize(
    ("quota", "expected"), [("300000", 3), ("50000", 1), ("-1", 8), ("0", 8), ("no number", 8)]
)
def test_quota_of_version_1(tmp_path: Path, quota: str, expected: int) -> None:
    """cpu.cfs_quota_us over cpu.cfs_period_us; -1 is no limit."""
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu/cpu.cfs_quota_us").write_text(f"{quota}\n")
    (tmp_path / "cpu/cpu.cfs_period_us").write_text("100000\n")
    assert processor_count(tmp_path) == expected


def test_affinity_alone_counts_without_a_control_group(tmp_path: Path) -> None:
    """Where no control group is mounted, the affinity is the limit."""
    assert processor_count(tmp_path) == 8


def test_process_counts_on_its_share(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One of several side by side leaves the rest to the others; its share may grow."""
    monkeypatch.setattr(processors, "_share", None)
    assert share_or(7) == 7
    shares = iter([3, 3, 5])
    take_share(lambda: next(shares))
    assert (processor_count(tmp_path), share_or(7), processor_count(tmp_path)) == (3, 3, 5)


def test_this_machine_has_at_least_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real control group of wherever this runs can be read."""
    monkeypatch.undo()
    assert 1 <= processor_count() <= len(os.sched_getaffinity(0))
