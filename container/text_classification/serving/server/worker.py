"""Worker processes: gunicorn's, with our own responses to errors outside the application."""

import logging
import select
import time
from pathlib import Path
from socket import socket
from typing import Any

from gunicorn import util
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import ThreadWorker

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.error_response import (
    ErrorResponse,
    error_response,
    status_line,
)
from text_classification.serving.predictions.large_responses import remove_old_responses
from text_classification.serving.server.joined_socket import JoinedSocket
from text_classification.serving.server.process_state import prepare_worker
from text_classification.serving.server_folder import READY, RESPONSES

# How often old responses are looked for.
TIDY_SECONDS = 5.0
# So long a thread waits for another request on the connection of the one it has answered.
NEXT_MILLISECONDS = 1

log = logging.getLogger(__name__)


class Worker(ThreadWorker):
    """A worker with threads, whose own responses are the one JSON error body."""

    _tidied = 0.0

    @property
    def _responses(self) -> Path:
        return Path(self.cfg.worker_tmp_dir) / RESPONSES

    def init_process(self) -> None:
        """Say that there is somebody to answer, and work to the end."""
        prepare_worker()
        (Path(self.cfg.worker_tmp_dir) / READY).touch()
        super().init_process()

    def notify(self) -> None:
        """Give a sign of life, as now and then, and tidy up."""
        super().notify()
        if time.monotonic() - self._tidied >= TIDY_SECONDS:
            remove_old_responses(self._responses)
            self._tidied = time.monotonic()

    def handle(self, connection: Any) -> Any:
        """Answer a request, and those that follow it on its connection where there are no others.

        gunicorn hands a connection to its main thread and back between any two requests. That is
        fair to others, and takes longer than an answer.
        """
        more = super().handle(connection)
        while more is True and self._is_alone() and _has_request(connection.sock):
            more = super().handle(connection)
        return more

    def _is_alone(self) -> bool:
        """Tell whether only one connection has a request, and more may come."""
        return bool(self.alive and self.nr_conns - len(self.keepalived_conns) == 1)

    def handle_request(self, request: Any, connection: Any) -> bool:
        """Answer a request, in one piece where it is short; return whether more may come."""
        plain = connection.sock
        connection.sock = joining = JoinedSocket(plain)
        try:
            more = bool(super().handle_request(request, connection))
            joining.finish()
        finally:
            connection.sock = plain
        return more

    def handle_error(self, _request: Any, client: socket, _address: Any, error: Exception) -> None:
        """Answer a request that did not come to the application, or a fault on its way."""
        if isinstance(error, ParseException):
            log.info("not a valid HTTP request: %s", type(error).__name__)
            error = RequestError(400, Code.BODY_INVALID, "this is not a valid HTTP request")
        try:
            util.write_nonblock(client, _encoded(error_response(error)))
        except OSError:
            log.info("a client was gone before its answer")


def _has_request(connection: socket) -> bool:
    """Tell whether a request comes on a connection within ``NEXT_MILLISECONDS``."""
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    return bool(waiting.poll(NEXT_MILLISECONDS))


def _encoded(response: ErrorResponse) -> bytes:
    lines = [f"HTTP/1.1 {status_line(response.status)}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in response.headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + response.body
