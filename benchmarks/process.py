"""A peer in a process of its own: its own libraries, threads and memory.

Between two calls a peer is stopped: some libraries' threads go on turning for a while after
their work, at the cost of the one that is measured next.
"""

import importlib
import os
import signal
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

# With these, libraries of linear algebra can be held to the instructions of another processor.
RESTRAINTS = (
    "ATEN_CPU_CAPABILITY",
    "MKL_ENABLE_INSTRUCTIONS",
    "ONEDNN_MAX_CPU_ISA",
    "OPENBLAS_CORETYPE",
    "OPENBLAS_L2_SIZE",
)


def unrestrained() -> None:
    """Let every process that is started from here on use all that this processor can do."""
    for variable in RESTRAINTS:
        os.environ.pop(variable, None)


class Process:
    """A fresh interpreter that makes ``module.Peer(*arguments)`` and calls its methods."""

    def __init__(self, module: str, *arguments: object) -> None:
        context = get_context("spawn")
        self._module = module
        self._connection, theirs = context.Pipe()
        # A daemon: it ends with this program, however that ends.
        self._process = context.Process(target=_work, args=(theirs, module, arguments), daemon=True)
        self._process.start()
        theirs.close()

    def wait_until_ready(self) -> None:
        """Wait until the peer is made: starts may overlap, measurements may not."""
        self._result()

    def call(self, method: str, *arguments: object) -> Any:
        """Return what a method of the peer returns."""
        return self._result((method, arguments))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._signal(signal.SIGCONT)
        self._connection.close()
        self._process.join()

    def _result(self, call: object = None) -> Any:
        """Return the next result, after a call unless one is due anyway."""
        try:
            self._signal(signal.SIGCONT)
            if call:
                self._connection.send(call)
            result = self._connection.recv()
            self._signal(signal.SIGSTOP)
        except (EOFError, OSError):
            raise SystemExit(f"{self._module} ended; its reason is above") from None
        return result

    def _signal(self, number: signal.Signals) -> None:
        if self._process.pid and self._process.is_alive():
            os.kill(self._process.pid, number)


def _work(connection: Connection, module: str, arguments: tuple[object, ...]) -> None:
    """Make the peer, then answer calls until the other end is closed."""
    peer = importlib.import_module(module).Peer(*arguments)
    connection.send(None)
    while True:
        try:
            method, given = connection.recv()
        except EOFError:
            return
        connection.send(getattr(peer, method)(*given))
