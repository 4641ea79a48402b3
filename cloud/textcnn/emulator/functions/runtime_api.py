"""Lambda's runtime API for one process: it fetches requests, and hands in answers or errors."""

import queue
import re
import threading
import uuid
from concurrent.futures import Future
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

VERSION = "/2018-06-01/runtime"
ANSWER = re.compile(rf"{VERSION}/invocation/(?P<identifier>[^/]+)/(?P<outcome>response|error)")
LOOPBACK = "127.0.0.1"


class FunctionError(Exception):
    """The function has raised an error, or its process has ended."""


@dataclass
class Invocation:
    """One request: what the function is handed, until when, and what comes of it."""

    event: bytes
    deadline_ms: int
    arn: str
    identifier: str = field(default_factory=lambda: str(uuid.uuid4()))
    outcome: "Future[bytes]" = field(default_factory=Future)


class RuntimeApi:
    """The server; a process has one of its own, which identifies the caller.

    ready is set when the process asks for its first request, or never will: its code is imported.
    """

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self._current: Invocation | None = None
        self.ready = threading.Event()
        self._server = ThreadingHTTPServer((LOOPBACK, 0), _handler_of(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        """What AWS_LAMBDA_RUNTIME_API holds: host and port."""
        return f"{LOOPBACK}:{self._server.server_port}"

    def put(self, invocation: Invocation) -> None:
        """Have the process fetch a request."""
        self._current = invocation
        self._waiting.put(invocation)

    def next(self) -> Invocation | None:
        """Wait for a request; None where the server ends."""
        self.ready.set()
        return self._waiting.get()

    def settle(self, outcome: str, body: bytes, identifier: str = "") -> None:
        """Take what came of the request."""
        self.ready.set()
        current = self._current
        if current is None or current.outcome.done() or identifier not in {"", current.identifier}:
            return
        if outcome == "response":
            current.outcome.set_result(body)
        else:
            current.outcome.set_exception(FunctionError(outcome))

    def close(self) -> None:
        """End the server; a process that waits for a request gets none."""
        self.settle("ended", b"")
        self._waiting.put(None)
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler_of(api: RuntimeApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            if self.path != f"{VERSION}/invocation/next":
                self._say(404, b"")
                return
            invocation = api.next()
            if invocation is None:  # nobody listens any more
                self.close_connection = True
                return
            headers = {
                "Lambda-Runtime-Aws-Request-Id": invocation.identifier,
                "Lambda-Runtime-Deadline-Ms": str(invocation.deadline_ms),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.arn,
                "Content-Type": "application/json",
            }
            self._say(200, invocation.event, headers)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            match = ANSWER.fullmatch(self.path)
            if match is None:  # /runtime/init/error: the code could not be imported
                api.settle("init", body)
            else:
                api.settle(match["outcome"], body, match["identifier"])
            self._say(202, b"")

        def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
            self.send_response(status)
            for name, value in {**(headers or {}), "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    return Handler
