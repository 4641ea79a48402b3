"""Arrays in a safetensors file with a checksum of all that the file says."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from safetensors import safe_open
from safetensors.numpy import save as serialize

from text_classification.kernels.arrays import State
from text_classification.training.network.durable_files import write_durably

CHECKSUM = "sha256"


def write_sealed(path: Path, arrays: State, description: Mapping[str, str]) -> None:
    """Write arrays and what describes them, whole and synced, or raise ``OSError``."""
    seal = {CHECKSUM: _checksum(arrays, description)}
    # Not save_file: a full disk must be an OSError.
    write_durably(path, serialize(arrays, {**description, **seal}))


def read_sealed(path: Path) -> tuple[State, dict[str, str]]:
    """Return the arrays of a file and what describes them.

    Raises ``ValueError`` where the checksum is not that of the content; a damaged file may raise
    anything.
    """
    with safe_open(path, "numpy") as file:
        description = dict(file.metadata() or {})
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no dict
    if description.pop(CHECKSUM, None) != _checksum(arrays, description):
        raise ValueError("its checksum is not that of its content")
    return arrays, description


def _checksum(arrays: State, description: Mapping[str, str]) -> str:
    shapes = [(name, str(arrays[name].dtype), arrays[name].shape) for name in sorted(arrays)]
    digest = hashlib.sha256(json.dumps([shapes, dict(description)], sort_keys=True).encode())
    for name, _, _ in shapes:
        digest.update(arrays[name].tobytes())
    return digest.hexdigest()
