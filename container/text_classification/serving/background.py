"""Work that nobody has to wait for, in a process of its own."""

import logging
import os
from collections.abc import Callable

# The least of all: it takes what the others leave.
NICE = 19

log = logging.getLogger(__name__)


def in_background(work: Callable[[], None]) -> None:
    """Do some work in a process that is nobody's child, so that gunicorn takes it for no worker.

    Where there may be no more processes it is done here and now. There must be one thread.
    """
    try:
        child = os.fork()
    except OSError:
        work()
        return
    if child:
        os.waitpid(child, 0)
        return
    try:
        if not _has_child():
            os.nice(NICE)
            work()
    except Exception:
        log.exception("what was left for later was not done")
    finally:
        os._exit(0)


def _has_child() -> bool:
    """Fork; whoever is not the child has one, unless there may be no more processes."""
    try:
        return os.fork() > 0
    except OSError:
        return False
