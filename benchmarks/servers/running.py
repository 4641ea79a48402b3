"""A server that has been started: when it answers, what memory it takes, and how it ends."""

import contextlib
import http.client
import os
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from benchmarks.inference_data import ROOT
from benchmarks.process_tree import family, free_port, memory
from benchmarks.servers.catalogue import Server
from benchmarks.servers.environments import Unavailable, python_of
from benchmarks.servers.request_format import RequestFormat

# A thread of linear algebra for each worker: the workers are the parallelism.
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"), "1"
)
START_SECONDS = 120
STOP_SECONDS = 30
RESPONSE_SECONDS = 300
# How often a server is asked whether it is ready; nobody tells when a port is opened.
ASK_AGAIN = 0.01
SUCCESS = 200


class Running:
    """A server on a port of this machine, from its first 200 on; a context manager that ends it.

    seconds: from the start of its program to that answer. Raises ``Unavailable`` when it ends
    before, or does not answer in time.
    """

    def __init__(self, server: Server, folder: Path, workers: int) -> None:
        self.port = free_port()
        self._log = (folder / f"server-{self.port}.log").open("w+b")
        command, environment = _command(server, folder, workers, self.port)
        started = time.perf_counter()
        self._process = subprocess.Popen(
            command, env=environment, cwd=ROOT, stdout=self._log, stderr=subprocess.STDOUT
        )
        try:
            self._wait(server.ready)
        except BaseException:
            self._end()
            raise
        self.seconds = time.perf_counter() - started

    def send(self, form: RequestFormat, body: bytes) -> bytes:
        """Return the answer to a body. Raises ``Unavailable`` when it is another than 200."""
        status, response = request(self.port, "POST", form.path, body, form.media_type)
        if status != SUCCESS:
            raise Unavailable(f"{status} was answered: {response[:200]!r}")
        return response

    def megabytes(self) -> float:
        """Return the memory of all its processes; what they share is counted once."""
        return memory(self._process.pid) / 1e6

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def _wait(self, path: str) -> None:
        deadline = time.perf_counter() + START_SECONDS
        while time.perf_counter() < deadline:
            if self._process.poll() is not None:
                raise Unavailable(f"it ended: {self._last_words()}")
            with contextlib.suppress(OSError, http.client.HTTPException):
                if request(self.port, "GET", path)[0] == SUCCESS:
                    return
            time.sleep(ASK_AGAIN)
        raise Unavailable(f"it did not answer within {START_SECONDS} s: {self._last_words()}")

    def _end(self) -> None:
        left = list(family(self._process.pid))
        self._process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(STOP_SECONDS)
        for process in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()
        self._log.close()

    def _last_words(self) -> str:
        self._log.seek(0)
        lines = self._log.read().decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else "without a word"


def request(
    port: int, method: str, path: str, body: bytes | None = None, media_type: str = ""
) -> tuple[int, bytes]:
    """Return the status and the body of an answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=RESPONSE_SECONDS)
    with contextlib.closing(connection):
        connection.request(method, path, body, {"Content-Type": media_type} if body else {})
        response = connection.getresponse()
        return response.status, response.read()


def _command(
    server: Server, folder: Path, workers: int, port: int
) -> tuple[list[str], Mapping[str, str]]:
    """Return the command line of a server and its environment."""
    python = python_of(server.environment)
    words = {
        "python": python,
        "bin": python.parent,
        "port": port,
        "workers": workers,
        "folder": folder,
    }
    environment = {
        **os.environ,
        **ONE_THREAD,
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "container"))),
        "SAGEMAKER_BASE_DIR": str(folder),
        "SAGEMAKER_BIND_TO_PORT": str(port),
        "BIND_ADDRESS": "127.0.0.1",
        "MODEL_SERVER_WORKERS": str(workers),
        **{name: value.format(**words) for name, value in server.variables.items()},
    }
    return [word.format(**words) for word in server.command], environment
