"""What processes of ours have in common."""

import multiprocessing
import os
import signal
import threading
from multiprocessing.process import BaseProcess

from text_classification.errors import Code, ResourceError


def follow_parent() -> None:
    """End this process with its parent, however that ends: nobody else waits for the results."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        parent.join()
        os._exit(1)


def lost(process: BaseProcess, name: str) -> ResourceError:
    """Return the error of a process that has ended without a result; name: what to call it."""
    killed = process.exitcode == -signal.SIGKILL
    return ResourceError(
        Code.OUT_OF_MEMORY if killed else Code.PROCESS_LOST,
        f"{name} was killed, as the system does where memory runs out"
        if killed
        else f"{name} ended with exit code {process.exitcode} and without a result",
        remedy="Use a larger instance.",
    )
