"""The pinned requirements install with the pip that any supported Python brings."""

import re
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.long
REQUIREMENTS = Path(__file__).parents[1] / "requirements"
# Python 3.11.0, the oldest that is supported, came with it.
OLDEST_PIP = "22.3"
FILES = sorted(path.name for path in REQUIREMENTS.glob("*.txt"))
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[([^\]]*)\])?==")
# Pinned without hashes, each for a benchmark's peer alone.
WITHOUT_HASHES = [name for name in FILES if name.startswith("bench-")]


def pins(name: str) -> dict[str, set[str]]:
    """Return the extras of each package that a file pins."""
    lines = (REQUIREMENTS / name).read_text(encoding="utf-8").splitlines()
    found = [match for line in lines if (match := PIN.match(line))]
    return {canonicalize_name(each[1]): set((each[2] or "").split(",")) - {""} for each in found}


def asked(package: str, extras: set[str]) -> list[Requirement]:
    """Return what an installed package asks for on this machine; nothing for one that is not."""
    try:
        listed = [Requirement(line) for line in requires(package) or ()]
    except PackageNotFoundError:
        return []
    contexts = [{"extra": extra} for extra in extras or {""}]
    return [
        each
        for each in listed
        if not each.marker or any(each.marker.evaluate(context) for context in contexts)
    ]


@pytest.mark.parametrize("name", [name for name in FILES if name not in WITHOUT_HASHES])
def test_pins_have_the_extras_that_others_ask_for(name: str) -> None:
    """An older pip takes a pin without its extras for another package, and finds no hash for it."""
    pinned = pins(name)
    assert pinned
    lacking = [
        f"{package} asks for {each}"
        for package, extras in pinned.items()
        for each in asked(package, extras)
        if canonicalize_name(each.name) in pinned
        and not each.extras <= pinned[canonicalize_name(each.name)]
    ]
    assert not lacking


@pytest.mark.exhaustive
def test_the_oldest_pip_takes_them(tmp_path: Path) -> None:
    """dev.txt holds those of training, of textcnn and of the notebooks too."""
    subprocess.run([sys.executable, "-m", "venv", tmp_path], check=True)
    pip = [str(tmp_path / "bin/python"), "-m", "pip", "--disable-pip-version-check", "install"]
    subprocess.run([*pip, "--quiet", f"pip=={OLDEST_PIP}"], check=True)
    for name in ("pip.txt", "dev.txt"):
        options = ["--dry-run", "--quiet", "--require-hashes", "--requirement"]
        result = subprocess.run(
            [*pip, *options, str(REQUIREMENTS / name)], capture_output=True, text=True, check=False
        )
        assert result.returncode == 0, result.stderr[-2000:]


def test_dev_holds_what_the_commands_install() -> None:
    """So that what is tested with it is what train, textcnn and the notebooks run with."""
    everything = pins("dev.txt")
    for name in ("serve.txt", "train.txt", "cloud.txt", "notebooks.txt"):
        assert set(pins(name)) <= set(everything)
