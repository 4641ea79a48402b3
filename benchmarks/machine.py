"""What a benchmark ran on."""

import platform
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from text_classification.machine.processors import processor_count


def describe(libraries: Iterable[str]) -> dict[str, Any]:
    """Return the processor, its cores, the date, and the versions of libraries that are here."""
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": _processor(),
        "architecture": platform.machine(),
        "cores": processor_count(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "libraries": dict(_versions(libraries)),
    }


def _versions(libraries: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in libraries:
        try:
            yield name, version(name)
        except PackageNotFoundError:
            continue  # TensorFlow has another name on each kind of machine


def _processor(source: Path = Path("/proc/cpuinfo")) -> str:
    """Return the name of the processor; on some architectures the kernel does not tell it."""
    for line in source.read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return "unknown"
