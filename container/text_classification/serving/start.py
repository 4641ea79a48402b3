"""What the command ``serve`` begins with: gunicorn's process, before any import that takes time.

Most of a server's start is imports, and reading the model. gunicorn's process does its own while
this one does what the supervisor needs, reads the settings and looks at the ports.
"""

import contextlib
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from text_classification.contract.environment import inherited_environment
from text_classification.contract.signals import hold_back

STANDARD_INPUT = 0
PROGRAMS = Path(__file__).parents[2]


def main() -> int:
    """Serve until a signal or the death of nginx or gunicorn; return the exit code."""
    hold_back()
    gunicorn = GunicornProcess()
    from text_classification.serving.supervisor import supervise  # noqa: PLC0415

    return supervise(gunicorn)


class GunicornProcess:
    """gunicorn, from the first of its imports; the head of a process group of its own.

    It ends by itself when this process does so before it has said how to go on. No signal is
    blocked in it, whatever this process holds back.
    """

    def __init__(self) -> None:
        # One thread of linear algebra a worker: the workers are the parallelism.
        environment = inherited_environment(
            OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", PYTHONPATH=str(PROGRAMS)
        )
        told, self._telling = os.pipe()
        command = [sys.executable, "-P", "-m", "text_classification.serving.gunicorn_process"]
        self.number = os.posix_spawn(
            sys.executable,
            command,
            environment,
            file_actions=[(os.POSIX_SPAWN_DUP2, told, STANDARD_INPUT)],
            setpgroup=0,
            setsigmask=(),
        )
        os.close(told)

    def go_on(self, options: Mapping[str, object], folder: Path) -> None:
        """Tell it gunicorn's options, and the folder for temporary files and sockets."""
        # Whoever waits for it finds that it has ended.
        with contextlib.suppress(BrokenPipeError), os.fdopen(self._telling, "w") as pipe:
            json.dump({"options": options, "folder": str(folder)}, pipe)
