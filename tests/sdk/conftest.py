"""The SDK's environment, and an emulator that it talks to."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from letters import letters
from tests.support.skipping import skip
from tests.support.training import ROOT
from textcnn.emulator.server import Emulator

PYTHON = ROOT / ".venv-sdk/bin/python"
JOURNEY_SECONDS = 300

Journey = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one file of labelled letters."""
    folder = tmp_path_factory.mktemp("sdk-data")
    rows = [f'{letter.label},"{letter.text}"' for letter in letters(150, seed=1)]
    (folder / "letters.csv").write_text("\n".join(["label,text", *rows]), encoding="utf-8")
    return folder


@pytest.fixture
def journey(emulator: Emulator, tmp_path: Path) -> Journey:
    """What runs a program of this folder in the SDK's environment, and returns what it saw."""
    if not PYTHON.exists():
        skip("the sagemaker SDK is not installed: make .venv-sdk/sdk.installed")

    def run(program: str, *arguments: str, **additions: str) -> dict[str, Any]:
        inherited = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        # The SDK would ask STS at its fixed address whether the role is one.
        own = {"SAGEMAKER_VALIDATE_ROLE": "false", "HOME": str(tmp_path)}
        result = subprocess.run(
            [PYTHON, Path(__file__).parent / program, *arguments],
            env={**inherited, **emulator.environment, **own, **additions},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=JOURNEY_SECONDS,
            check=False,
        )
        assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-4000:]
        seen: dict[str, Any] = json.loads((tmp_path / "seen.json").read_text("utf-8"))
        return seen

    return run
