"""The program that executes notebooks, run as a process."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"


def run(*arguments: str | Path, timeout: float = 60) -> subprocess.CompletedProcess[str]:
    """Run tools/notebooks.py to its end."""
    command = [sys.executable, ROOT / "tools/notebooks.py", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
