"""Answer each record with the number of lines that training counted."""

import csv
import io
import json
import os
import signal
import threading
import time
import traceback
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from . import models
from .faults import demand_much, has
from .loading import Refused, load

MODEL = Path("/opt/ml/model")
MULTI_MODEL = os.environ.get("SAGEMAKER_MULTI_MODEL") == "true"
SLOW_SECONDS = 0.8
SMALL = 1 << 20
KNOWN_HEADERS = ("x-amzn-sagemaker-custom-attributes", "x-amzn-sagemaker-inference-id")


def main() -> int:
    """Serve in a process of its own; end when that ends."""
    worker = os.fork()
    if not worker:
        os._exit(_serve())
    signal.signal(signal.SIGTERM, lambda *_: os.kill(worker, signal.SIGTERM))
    _, status = os.waitpid(worker, 0)
    if has("outlives-its-workers"):
        threading.Event().wait()
    return os.waitstatus_to_exitcode(status) and 1


def _serve() -> int:
    demand_much()
    if has("writes-model"):
        (MODEL / "cache").write_text("cache")
    batch = os.environ.get("SAGEMAKER_BATCH", "false")
    if has("knows-true-only") and batch not in {"true", "false"}:
        raise ValueError(f"SAGEMAKER_BATCH={batch}")
    port = 8080 if has("ignores-port") else int(os.environ.get("SAGEMAKER_BIND_TO_PORT", "8080"))
    kind = HTTPServer if has("one-at-a-time") else ThreadingHTTPServer
    kind.request_queue_size = 0 if has("one-at-a-time") else 128
    server = kind(("", port), Handler)
    if isinstance(server, ThreadingHTTPServer):
        server.daemon_threads = False  # so that the end waits for requests under way

    def stop(_number: int, _frame: object) -> None:
        if has("drops-requests"):
            os._exit(0)
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, signal.SIG_IGN if has("ignores-sigterm") else stop)
    server.serve_forever(poll_interval=0.05)
    server.server_close()
    return 0


class Handler(BaseHTTPRequestHandler):
    """The routes."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer the questions."""
        self._handle(self._get)

    def do_POST(self) -> None:
        """Answer requests for predictions."""
        self._handle(self._post)

    def do_DELETE(self) -> None:
        """Unload a model."""
        self._handle(lambda: models.unload(self.path))

    def _get(self) -> Any:
        if self.path == "/ping":
            time.sleep(2.2 if has("slow-ping") else 0)
            needs_none = has("constant-ping") or (MULTI_MODEL and not has("needs-a-model"))
            return {} if needs_none else load(MODEL)
        if self.path == "/execution-parameters" and not has("no-parameters"):
            return {
                "MaxConcurrentTransforms": 4,
                "MaxPayloadInMB": "much" if has("odd-parameters") else 60 if has("much") else 6,
                "BatchStrategy": "MULTI_RECORD",
            }
        if MULTI_MODEL and self.path.startswith("/models"):
            return models.told(self.path)
        if has("any-route"):
            return {}
        raise Refused(404, "there is no such route")

    def _post(self) -> Any:
        body = self._body()
        if MULTI_MODEL and self.path == "/models":
            return models.load(json.loads(body))
        if MULTI_MODEL and self.path.startswith("/models/"):
            model = load(models.folder(self.path.removesuffix("/invoke")))
        else:
            model = load(MODEL)
        self._check_headers(body)
        if has("one-at-a-time"):
            time.sleep(SLOW_SECONDS)
        if has("never-answers-well"):
            raise RuntimeError("this is no good")
        records = _records(body, self.headers.get_content_type())
        lost = len(records) - 1 if has("loses-records") or _is_long(body) else 0
        return [model["lines"] for _ in records[lost:]]

    def _body(self) -> bytes:
        if self.headers["Transfer-Encoding"] != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"] or 0))
        if has("needs-length"):
            self.close_connection = True
            raise Refused(411, "a length is needed")
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _check_headers(self, body: bytes) -> None:
        if has("small-bodies") and len(body) > SMALL:
            raise Refused(413, "too large")
        if has("exact-type") and ";" in self.headers["Content-Type"]:
            raise Refused(415, "unknown type")
        if has("exact-accept") and self.headers["Accept"] not in {None, "application/json"}:
            raise Refused(406, "cannot answer so")
        own = [name.lower() for name in self.headers if name.lower().startswith("x-amzn")]
        if has("knows-all-headers") and not set(own) <= set(KNOWN_HEADERS):
            raise Refused(400, "unknown header")

    def _handle(self, answer: Any) -> None:
        try:
            self._send(200, answer())
        except Refused as error:
            status = 500 if has("mistakes-are-500") else error.status
            self._send(status, {"error": f"{error}{' at length' * 300 * has('long-errors')}"})
        except Exception:
            traceback.print_exc()
            self._send(500, {"error": "a fault"})

    def _send(self, status: int, content: Any) -> None:
        body = json.dumps(content).encode()
        if status != HTTPStatus.OK and has("traceback-in-errors"):
            body = json.dumps({"error": traceback.format_exc()}).encode()
        if status != HTTPStatus.OK and has("html-errors"):
            body = b"<html>no</html>"
        if status == HTTPStatus.OK and has("no-json") and self.path == "/invocations":
            body = b"<html>yes</html>"
        self.send_response(status)
        if not has("no-type"):
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing for a request."""


def _is_long(body: bytes) -> bool:
    return has("loses-records-of-long-bodies") and len(body) > SMALL


def _records(body: bytes, content_type: str) -> list[Any]:
    if has("reads-nothing"):
        raise Refused(415, "no type can be read")
    if has("reads-anything"):
        return [body]
    try:
        if content_type == "text/csv":
            return _rows(body)
        if has("reads-csv-only"):
            raise Refused(415, "only CSV can be read")
        if content_type == "application/jsonlines":
            return [json.loads(line) for line in body.splitlines()]
        if content_type == "application/json":
            return list(json.loads(body)["instances"])
    except (ValueError, KeyError, TypeError):
        raise Refused(400, "the body cannot be read") from None
    raise Refused(415, "the type cannot be read")


def _rows(body: bytes) -> list[list[str]]:
    """Return the rows of a CSV body, but for a header."""
    rows = list(csv.reader(io.StringIO(body.decode(), newline="")))
    if not rows:
        raise Refused(400, "there are no rows")
    return rows[1:] if rows[0] == ["text"] else rows
