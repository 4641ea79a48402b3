"""What the compiler makes of the kernels: a version for each generation of processors."""

import ctypes
import platform
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.skipping import skip
from tests.support.training import ROOT
from text_classification.kernels.library import library, library_paths

SOURCES = sorted((ROOT / "container/text_classification/kernels").glob("*.c"))
STRICT = ("-O3", "-std=c11", "-Wall", "-Wextra", "-Werror", "-fPIC", "-shared")
# What the levels of x86-64 add, as /proc/cpuinfo names it.
LEVELS = {
    "arch_x86_64_v4": {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"},
    "arch_x86_64_v3": {"avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe"},
    "default": set(),
}


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    ("compiler", "options"),
    [
        ("gcc", ()),
        ("gcc", ("-DNO_DISPATCH",)),
        ("gcc", ("-DNO_DISPATCH", "-march=x86-64-v3")),
        ("aarch64-linux-gnu-gcc", ()),
    ],
)
def test_compiles_without_a_warning(
    tmp_path: Path, compiler: str, options: tuple[str, ...]
) -> None:
    """For this processor, an old one, one of today, and for arm64."""
    if shutil.which(compiler) is None:
        skip(f"{compiler} is missing")
    if compiler == "gcc" and platform.machine() != "x86_64" and options:
        pytest.skip("options of another processor")
    library_path = tmp_path / "kernels.so"
    subprocess.run([compiler, *STRICT, *options, "-o", library_path, *SOURCES, "-lm"], check=True)
    assert library_path.stat().st_size > 0


@pytest.mark.skipif(platform.machine() != "x86_64", reason="only x86-64 has versions")
def test_the_version_for_this_processor_runs() -> None:
    """By its instructions, whoever made it: a level that is there is used."""
    compiled = library()
    if compiled is None:
        skip("the kernels are not compiled: make test needs a C compiler")
    path = next(path for path in library_paths() if path.is_file())
    flags = set(Path("/proc/cpuinfo").read_text().partition("flags")[2].partition("\n")[0].split())
    expected = next(name for name, needed in LEVELS.items() if needed <= flags)
    symbols = subprocess.run(["nm", path], capture_output=True, text=True, check=True).stdout
    places = {
        line.split()[-1]: int(line.split()[0], 16)
        for line in symbols.splitlines()
        if line[0] != " "
    }
    for function in ("pool_forward", "pool_backward", "look_up_int8", "adam_rows"):
        address = ctypes.cast(getattr(compiled, function), ctypes.c_void_p).value
        assert address is not None
        assert address - _start(path) == places[f"{function}.{expected}"]


def _start(path: Path) -> int:
    """Return where the first part of a library is mapped."""
    maps = Path("/proc/self/maps").read_text().splitlines()
    return min(int(line.partition("-")[0], 16) for line in maps if line.endswith(str(path)))
