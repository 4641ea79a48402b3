"""Log and count requests in the supervisor, and expose the counts as metrics.

One place counts for all workers and for nginx's own responses, and it stays when a worker dies.
"""

import fcntl
import logging
import os
import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread

from text_classification.contract.settings import Settings
from text_classification.serving.monitoring.request_counts import Counts
from text_classification.serving.monitoring.request_log import RequestLog
from text_classification.serving.monitoring.worker_processes import requests_under_way
from text_classification.serving.server_folder import metrics_socket, nginx_socket, request_pipe

# What nginx may write, some thousand lines, while nobody has time to read.
PIPE_BYTES = 1 << 20
END_SECONDS = 1
_END = b"end"
_READ = 1 << 16

log = logging.getLogger(__name__)


class Telemetry:
    """Two threads: one between nginx and the log, one that serves GET /metrics.

    folder: where the pipe from nginx and the socket of the metrics are made; workers: returns the
    worker processes.
    """

    def __init__(self, settings: Settings, folder: Path, workers: Callable[[], list[int]]) -> None:
        self._settings = settings
        self._nginx = nginx_socket(folder)
        self._workers = workers
        self._began = time.time()
        self._counts = Counts()
        os.mkfifo(request_pipe(folder), 0o600)
        # For writing too: then nginx may open it, close it and open it again.
        self._pipe = os.open(request_pipe(folder), os.O_RDWR)
        with suppress(OSError):  # where so much is not allowed, there is less time to read
            fcntl.fcntl(self._pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(metrics_socket(folder)))
        self._listener.listen()
        self._logging = Thread(target=self._log, name="log", daemon=True)
        self._telling = Thread(target=self._tell, name="metrics", daemon=True)

    def start(self) -> None:
        """Begin, before nginx does."""
        self._logging.start()
        self._telling.start()

    def end(self) -> None:
        """Print what there is left, once nginx has ended."""
        os.write(self._pipe, _END + b"\n")
        self._logging.join(END_SECONDS)

    def _log(self) -> None:
        try:
            RequestLog(self._pipe, self._settings.request_log, self._counts).run(until=_END)
        except Exception as error:
            log.error("requests are neither logged nor counted any more", exc_info=error)
            # nginx would stop at a pipe that is full, and every request with it.
            while os.read(self._pipe, _READ):
                pass

    def _tell(self) -> None:
        # The library costs time and memory, and not every server is asked.
        select.select([self._listener], [], [])
        from text_classification.serving.monitoring.metrics_server import MetricsServer  # noqa: PLC0415
        from text_classification.serving.monitoring.prometheus_metrics import Metrics, Server  # noqa: PLC0415

        server = Server(
            revision=self._settings.revision,
            began=self._began,
            counts=self._counts,
            workers=self._workers,
            requests=lambda: requests_under_way(self._nginx),
        )
        MetricsServer(self._listener, Metrics(server)).serve_forever()
