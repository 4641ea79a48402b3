"""The kernels under the sanitizers for memory and for undefined behaviour."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.skipping import skip
from tests.support.training import ROOT, environment


@pytest.mark.parametrize("flags", [("-DNO_DISPATCH",), ("-DNO_DISPATCH", "-O3")])
def test_sanitizers_find_nothing(tmp_path: Path, flags: tuple[str, ...]) -> None:
    """The same comparisons pass under the address and undefined-behaviour sanitizers."""
    if shutil.which("gcc") is None:
        skip("gcc is missing")
    library = tmp_path / "kernels.so"
    sources = sorted((ROOT / "container/text_classification/kernels").glob("*.c"))
    sanitize = "-fsanitize=address,undefined"
    options = ("-g", "-O1", sanitize, "-fno-sanitize-recover=all", "-fPIC", "-shared", *flags)
    subprocess.run(["gcc", *options, "-o", library, *sources, "-lm"], check=True)
    runtime = subprocess.run(
        ["gcc", "-print-file-name=libasan.so"], capture_output=True, text=True, check=True
    )
    command = "from tests.unit.kernels.sanitized import main; main()"
    result = subprocess.run(
        [sys.executable, "-c", command, str(library)],
        cwd=ROOT,
        env={
            **environment(tmp_path),
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
    assert "compared 200 cases" in result.stdout
