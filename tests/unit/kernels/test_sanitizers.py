"""The kernels under the sanitizers for memory and for undefined behaviour."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.skipping import skip
from tests.support.training import ROOT, environment

pytestmark = pytest.mark.exhaustive


@pytest.mark.parametrize("flags", [("-DNO_DISPATCH",), ("-DNO_DISPATCH", "-O3")])
def test_sanitizers_find_nothing(tmp_path: Path, flags: tuple[str, ...]) -> None:
    """The same comparisons pass under the address and undefined-behaviour sanitizers."""
    printed = _run("tests.unit.kernels.sanitized", _sanitized(tmp_path, flags))
    assert "compared 200 cases" in printed


def test_models_from_strangers_reach_nothing_else(tmp_path: Path) -> None:
    """Under the sanitizers too, forged models are refused or answer from their own memory."""
    printed = _run("tests.unit.hostile", _sanitized(tmp_path, ("-DNO_DISPATCH",)), "200")
    answered = re.search(r"200 models, of which (\d+) answered", printed)
    assert answered
    assert int(answered[1]) > 0


def _sanitized(folder: Path, flags: Sequence[str]) -> Path:
    """Build the kernels with the sanitizers."""
    if shutil.which("gcc") is None:
        skip("gcc is missing")
    library = folder / "kernels.so"
    sources = sorted((ROOT / "container/text_classification/kernels").glob("*.c"))
    sanitize = "-fsanitize=address,undefined"
    options = ("-g", "-O1", sanitize, "-fno-sanitize-recover=all", "-fPIC", "-shared", *flags)
    subprocess.run(["gcc", *options, "-o", library, *sources, "-lm"], check=True)
    return library


def _run(module: str, library: Path, *arguments: str) -> str:
    """Run a module's ``main`` with such a library, and return what it printed."""
    runtime = subprocess.run(
        ["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    )
    command = f"from {module} import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", command, str(library), *arguments],
        cwd=ROOT,
        env={
            **environment(library.parent),
            "LD_PRELOAD": runtime.stdout.strip(),
            "ASAN_OPTIONS": "detect_leaks=0",
            # Small objects get memory of their own, so that what lies beyond them is known too.
            "PYTHONMALLOC": "malloc",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-3000:]
    return result.stdout
