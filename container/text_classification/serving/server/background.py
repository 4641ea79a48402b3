"""Work that nobody has to wait for, in a process of its own."""

import logging
import os
from collections.abc import Callable
from contextlib import suppress

# Others go first, but it must come to its end beside workers that are never idle.
NICE = 5

log = logging.getLogger(__name__)


def in_background(work: Callable[[], None]) -> None:
    """Do some work in a process that is nobody's child: gunicorn's children are its workers.

    It ends with the process group. Where there may be no more processes the work is done here and
    now. There must be one thread.
    """
    try:
        child = os.fork()
    except OSError:
        work()
        return
    if child:
        with suppress(ChildProcessError):  # where dead children are not waited for
            os.waitpid(child, 0)
        return
    code = 1
    try:
        if not _has_child():
            os.nice(NICE)
            work()
        code = 0
    except Exception:
        log.exception("what was left for later was not done")
    finally:
        os._exit(code)


def _has_child() -> bool:
    """Fork; whoever is not the child has one, unless there may be no more processes."""
    try:
        return os.fork() > 0
    except OSError:
        return False
