"""Garbage collection, signals and thread switching of the server's processes, set here alone."""

import gc
import sys

from text_classification.machine.signals import hold_back, let_through

# The longest that a thread of a worker keeps the interpreter from others. With Python's 5 ms, a
# /ping that met a hundred other requests took seconds: each thread waited for all that computed.
SWITCH_SECONDS = 0.0005


def prepare_start() -> None:
    """Block signals until somebody waits for them, and collect no garbage during imports.

    Hardly anything that is imported becomes garbage: to look for it took a tenth of the start.
    """
    hold_back()
    gc.disable()


def prepare_supervisor() -> None:
    """Collect garbage from here on; signals stay blocked, since the supervisor waits for them."""
    gc.enable()


def prepare_gunicorn() -> None:
    """Let signals through to gunicorn's own handlers."""
    let_through()


def prepare_fork() -> None:
    """Keep what is loaded out of garbage collection, so that workers share its memory."""
    gc.freeze()
    gc.enable()


def prepare_worker() -> None:
    """Let the threads of a worker take turns quickly."""
    sys.setswitchinterval(SWITCH_SECONDS)
