"""The worker processes: gunicorn's, but for what they answer without the application."""

import json
import logging
import time
from http import HTTPStatus
from pathlib import Path
from socket import socket
from typing import Any

from gunicorn import util
from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import ThreadWorker

from text_classification.errors import Code, RequestError
from text_classification.serving.predictions.handover import (
    FOLDER_KEY,
    JoiningSocket,
    forget_answers,
)
from text_classification.serving.server.process_state import prepare_worker
from text_classification.serving.server_folder import ANSWERS, READY

# How often old answers are looked for.
TIDY_SECONDS = 5.0

log = logging.getLogger(__name__)


class Worker(ThreadWorker):
    """A worker with threads, whose own answers are the one JSON error body."""

    wsgi: Any
    _tidied = 0.0

    @property
    def _answers(self) -> Path:
        return Path(self.cfg.worker_tmp_dir) / ANSWERS

    def init_process(self) -> None:
        """Say that there is somebody to answer, and work to the end."""
        prepare_worker()
        (Path(self.cfg.worker_tmp_dir) / READY).touch()
        super().init_process()

    def load_wsgi(self) -> None:
        """Load the application, and tell it with each request where nginx finds large answers."""
        super().load_wsgi()
        application, folder = self.wsgi, self._answers

        def answer(environment: dict[str, Any], start_response: Any) -> Any:
            environment[FOLDER_KEY] = folder
            return application(environment, start_response)

        self.wsgi = answer

    def notify(self) -> None:
        """Give a sign of life, as after each request, and tidy up now and then."""
        super().notify()
        if time.monotonic() - self._tidied >= TIDY_SECONDS:
            forget_answers(self._answers)
            self._tidied = time.monotonic()

    def handle_request(self, request: Any, connection: Any) -> bool:
        """Answer a request, in one piece where it is short; return whether more may come."""
        plain = connection.sock
        connection.sock = joining = JoiningSocket(plain)
        try:
            more = bool(super().handle_request(request, connection))
            joining.finish()
        finally:
            connection.sock = plain
        return more

    def handle_error(self, _request: Any, client: socket, _address: Any, error: Exception) -> None:
        """Answer a request that did not come to the application, or a fault on its way."""
        if isinstance(error, ParseException):
            answer = RequestError(400, Code.BODY_INVALID, "this is not a valid HTTP request")
            log.info("not a valid HTTP request: %s", type(error).__name__)
        else:
            answer = RequestError(500, Code.INTERNAL, "the request failed")
            log.error("a request failed outside of the application", exc_info=error)
        try:
            util.write_nonblock(client, _encoded(answer))
        except OSError:
            log.info("a client was gone before its answer")


def _encoded(answer: RequestError) -> bytes:
    body = json.dumps(answer.body())
    head = (
        f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    )
    return ("\r\n".join(head) + "\r\n\r\n" + body).encode()
