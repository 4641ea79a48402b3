"""Share a range of work among threads; work that is large releases the interpreter's lock.

Plain threads rather than OpenMP: GNU OpenMP hangs in a child when its parent had started threads
before the fork, and gunicorn forks its workers after the model is loaded.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

_pool: ThreadPoolExecutor | None = None


def each_part(work: Callable[[int, int], object], total: int, threads: int) -> None:
    """Call ``work(first, last)`` for ``threads`` parts of ``range(total)`` and wait for all."""
    if threads == 1 and total:
        work(0, total)
        return
    bounds = [total * part // threads for part in range(threads + 1)]
    parts = [(first, last) for first, last in pairwise(bounds) if first < last]
    if not parts:
        return
    # This thread takes a part too; results are asked for so that errors are not lost.
    others = [_threads().submit(work, *part) for part in parts[1:]]
    work(*parts[0])
    for other in others:
        other.result()


def _threads() -> ThreadPoolExecutor:
    global _pool  # noqa: PLW0603 - one pool a process
    if _pool is None:
        # A thread is started when it is needed, and a share of the processors may grow.
        most = len(os.sched_getaffinity(0))
        _pool = ThreadPoolExecutor(most, thread_name_prefix="kernels")
    return _pool


def _forget() -> None:
    """Forget the pool in a forked child: its threads live in the parent alone."""
    global _pool  # noqa: PLW0603
    _pool = None


os.register_at_fork(after_in_child=_forget)
