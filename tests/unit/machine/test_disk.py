"""machine/disk.py."""

from pathlib import Path

import pytest

from text_classification.machine.disk import check_writable


def test_what_fits_leaves_nothing(tmp_path: Path) -> None:
    """The file is gone again."""
    check_writable(tmp_path, 1 << 20)
    assert not list(tmp_path.iterdir())


def test_what_does_not_fit_is_told(tmp_path: Path) -> None:
    """More than any disk has; and no folder takes no file."""
    with pytest.raises(OSError, match=r"space|large"):
        check_writable(tmp_path, 1 << 62)
    with pytest.raises(FileNotFoundError):
        check_writable(tmp_path / "missing", 1)
