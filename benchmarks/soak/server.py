"""The serve command as a process, and what can be done to it."""

import http.client
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import Self

from benchmarks.process_tree import children, free_port, memory

PROGRAMS = Path(__file__).parents[2] / "container/text_classification"
READY_SECONDS = 60
PAUSE_SECONDS = 0.1
# The platform waits no longer for /ping.
PING_SECONDS = 2


class Server:
    """A server on this machine alone; a context manager that stops it."""

    def __init__(self, root: Path, *, workers: int) -> None:
        self.port = free_port()
        environment = {
            **os.environ,
            "SAGEMAKER_BASE_DIR": str(root),
            "SAGEMAKER_BIND_TO_PORT": str(self.port),
            "BIND_ADDRESS": "127.0.0.1",
            "MODEL_SERVER_WORKERS": str(workers),
        }
        self._workers = workers
        self.log_path = root / "serve.log"
        with self.log_path.open("wb") as log:
            self._process = subprocess.Popen(
                [PROGRAMS / "serve"], env=environment, stdout=log, stderr=subprocess.STDOUT
            )

    def __enter__(self) -> Self:
        deadline = time.monotonic() + READY_SECONDS
        while not self.ping():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit(f"the server did not become ready; see {self.log_path}")
            time.sleep(PAUSE_SECONDS)
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGTERM)
        self._process.wait()

    def ping(self) -> bool:
        """Tell whether /ping says 200 in time."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PING_SECONDS)
        try:
            connection.request("GET", "/ping")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def kill_a_worker(self, turn: int) -> bool:
        """Kill a worker, another each turn; none where the one before has not been replaced."""
        workers = sorted(children(self._master("gunicorn")))
        if len(workers) < self._workers:
            return False
        os.kill(workers[turn % len(workers)], signal.SIGKILL)
        return True

    def reload_nginx(self) -> None:
        """Let nginx read its configuration again: new workers for new connections."""
        os.kill(self._master("nginx"), signal.SIGHUP)

    def memory(self) -> int:
        """Return the bytes of all processes; what several share is counted once."""
        return memory(self._process.pid)

    def _master(self, program: str) -> int:
        for process in children(self._process.pid):
            command = Path(f"/proc/{process}/cmdline").read_bytes()
            # Once it runs, nginx calls itself "nginx: master process ...".
            if (b"nginx" in command.split(b"-c", 1)[0]) == (program == "nginx"):
                return process
        raise SystemExit(f"{program} is gone; see {self.log_path}")
