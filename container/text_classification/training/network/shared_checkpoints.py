"""The checkpoints of several hosts: the first writes and reads them, the others are told."""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import load, save

from text_classification.cnn.engine import Engine
from text_classification.kernels.arrays import State
from text_classification.training.hosts.group import HostGroup
from text_classification.training.network.checkpoints import ANSWERS, Checkpoints
from text_classification.training.network.training_progress import Progress


class SharedCheckpoints(Checkpoints):
    """The checkpoints of a job on several hosts; all of them restore at the same point."""

    def __init__(self, folder: Path, job: str, minutes: float, hosts: HostGroup) -> None:
        super().__init__(folder, job, minutes)
        self._hosts = hosts

    def restore(self, engine: Engine) -> Progress:
        """Put the engines of all hosts where the first host's newest good checkpoint left it."""
        if self._hosts.is_first:
            progress = super().restore(engine)
            self._hosts.gather_bytes(_packed(progress, engine))
            return progress
        content = self._hosts.gather_bytes(b"")[0]
        progress, state = _unpacked(content) if content else (Progress(), None)
        if state:
            engine.set_state(state)
        return progress

    def save(self, engine: Engine, progress: Progress) -> None:
        """Write a checkpoint on the first host."""
        if self._hosts.is_first:
            super().save(engine, progress)


def _packed(progress: Progress, engine: Engine) -> bytes:
    """Return progress and state; nothing at the start, where all hosts are the same."""
    if not (progress.epochs or progress.under_way.steps):
        return b""
    told = np.frombuffer(json.dumps(progress.as_dict()).encode(), np.uint8)
    arrays: State = {
        "progress": told,
        **({} if progress.answers is None else {ANSWERS: progress.answers}),
        **{f"state.{name}": array for name, array in engine.get_state().items()},
        **{f"best.{name}": array for name, array in progress.weights.items()},
    }
    return save(arrays)


def _unpacked(content: bytes) -> tuple[Progress, State]:
    arrays = load(content)
    told = json.loads(arrays.pop("progress").tobytes())
    state, best = (
        {name.removeprefix(kind): array for name, array in arrays.items() if name.startswith(kind)}
        for kind in ("state.", "best.")
    )
    return Progress.from_dict(told, best, arrays.get(ANSWERS)), state
