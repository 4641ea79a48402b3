"""serving/server/startup.py: what holds of the fork."""

import errno
import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

from text_classification.serving.server import startup


def test_what_reads_variables_is_imported_after_the_fork() -> None:
    """NumPy's threads are as many as its variables say when it is imported; Flask takes long."""
    code = (
        "import sys, text_classification.serving.server.startup;"
        "sys.exit(str({'numpy', 'flask', 'gunicorn'} & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert found.stderr.strip() == "set()"


def test_fork_that_is_refused_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where no more processes are allowed."""

    def refuse() -> NoReturn:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr(os, "fork", refuse)
    folder = tmp_path / "serve-1"
    folder.mkdir()
    with pytest.raises(BlockingIOError):
        startup._fork(folder)
    assert not folder.exists()
