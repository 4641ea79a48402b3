"""The package as it was at an earlier commit, to run it beside today's."""

import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parents[1]


@contextmanager
def package_at(commit: str) -> Iterator[Path]:
    """Give the folder of the package at a commit, its kernels compiled.

    Raises ``SystemExit`` where this is no clone that has the commit.
    """
    parts = ("container", "setup.py", "pyproject.toml", "README.md", "LICENSE")
    command = ["git", "-C", str(ROOT), "archive", commit, *parts]
    archive = subprocess.run(command, capture_output=True, check=False)
    if archive.returncode:
        raise SystemExit(
            f"the code of before cannot be read: {archive.stderr.decode().strip()}. "
            "Clone the repository with its history."
        )
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(archive.stdout)) as files:
            files.extractall(folder, filter="data")
        build = [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace"]
        subprocess.run(build, cwd=folder, check=True)
        yield Path(folder) / "container"
