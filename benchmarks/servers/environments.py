"""An environment for each peer that brings libraries of its own."""

import subprocess
import sys
from pathlib import Path

from benchmarks.inference_data import ROOT

ENVIRONMENTS = ROOT / ".venv-bench/servers"


class Unavailable(Exception):
    """A peer cannot be had here, with the reason."""


def python_of(name: str) -> Path:
    """Return the interpreter of an environment, which is made if it is not there as it should be.

    An empty name is the benchmark's own. Raises ``Unavailable`` with what pip said last.
    """
    if not name:
        return Path(sys.executable)
    requirements = ROOT / f"requirements/bench-{name}.txt"
    folder = ENVIRONMENTS / name
    python, installed = folder / "bin/python", folder / "installed.txt"
    if installed.is_file() and installed.read_bytes() == requirements.read_bytes():
        return python
    print(f"installing what {name} needs", flush=True)
    _run([sys.executable, "-m", "venv", "--clear", str(folder)])
    _run([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(requirements)])
    installed.write_bytes(requirements.read_bytes())
    return python


def _run(command: list[str]) -> None:
    finished = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if finished.returncode:
        lines = finished.stdout.strip().splitlines()
        raise Unavailable(lines[-1] if lines else f"{command[0]} failed")
