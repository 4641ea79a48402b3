"""The serve command run as a process, with the two calls that SageMaker makes."""

import http.client
import json
import os
import signal
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from tests.support.training import PROGRAMS, environment
from tests.support.waiting import wait_until

STOP_SECONDS = 40
# None of these is reached but by a fault, however busy the machine is.
ANSWER_SECONDS = 180


@dataclass(frozen=True)
class Answer:
    """One HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, str]:
        """The error of the one JSON error body."""
        error: dict[str, str] = self.json["error"]
        assert set(self.json) == {"error"}
        assert {"code", "message"} <= set(error)
        assert len(self.body) < 2048
        return error


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def established(port: int) -> int:
    """Return the established connections to a port, as the kernel lists them."""
    address = f"0100007F:{port:04X}"
    table = Path("/proc/net/tcp").read_text(encoding="ascii")
    rows = [line.split() for line in table.splitlines()]
    return sum(row[1] == address and row[3] == "01" for row in rows)


def processor_seconds(pid: int) -> float:
    """Return the processor time that a process has taken so far."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Endpoint:
    """A server somewhere on this machine, as its callers see it."""

    def __init__(self, port: int) -> None:
        self.port = port

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        *,
        chunked: bool = False,
    ) -> Answer:
        """Send one request and return the answer, whatever its status."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
        try:
            connection.request(method, path, body, dict(headers or {}), encode_chunked=chunked)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())
        finally:
            connection.close()

    def ping(self) -> Answer:
        """Ask for the health."""
        return self.request("GET", "/ping")

    def invocations(
        self, body: Any, content_type: str = "application/json", **headers: str
    ) -> Answer:
        """Ask for predictions; what is no string or bytes is sent as JSON."""
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        encoded = data.encode() if isinstance(data, str) else data
        return self.request(
            "POST", "/invocations", encoded, {"Content-Type": content_type, **headers}
        )

    def is_reached(self) -> bool:
        """Tell whether anything answers /ping, whatever the answer."""
        try:
            return bool(self.ping().status)
        except OSError:
            return False

    def is_ready(self) -> bool:
        """Ask /ping; no connection counts as no."""
        try:
            return self.ping().status == http.HTTPStatus.OK
        except OSError:
            return False

    def wait_until_ready(self, process: "subprocess.Popen[Any] | None" = None) -> None:
        """Wait until /ping says 200; fail at once when the server's process ends."""

        def ready() -> bool:
            assert process is None or process.poll() is None, "the server ended"
            return self.is_ready()

        wait_until(ready)


class Server(Endpoint):
    """The serve command, listening on a free port of the loopback address."""

    def __init__(self, root: Path, **additions: str) -> None:
        super().__init__(free_port())
        self.log_path = root / "serve.log"
        variables = {
            "SAGEMAKER_BIND_TO_PORT": str(self.port),
            "BIND_ADDRESS": "127.0.0.1",
            **additions,
        }
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [PROGRAMS / "serve"],
                env=environment(root, **variables),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def log(self) -> str:
        """What the server has printed."""
        return self.log_path.read_text("utf-8", errors="replace")

    def children(self) -> dict[str, list[int]]:
        """Return the process ids below the supervisor: masters and their workers, by program."""
        masters = _children(self.process.pid)
        found = {_program(pid): [pid, *_children(pid)] for pid in masters}
        return {name: found[name] for name in ("nginx", "gunicorn")}

    def requests_logged(self) -> list[dict[str, Any]]:
        """Return the lines of the log that requests have, but for those that came too early."""
        lines = [json.loads(line) for line in self.log.splitlines() if line.startswith("{")]
        return [line for line in lines if line["route"] != "/ping"]

    def metrics(self) -> str:
        """Return what the unix socket answers that Prometheus may ask."""
        (path,) = self.log_path.parent.glob("tmp/serve-*/metrics.sock")
        connection = http.client.HTTPConnection("localhost", timeout=ANSWER_SECONDS)
        with socket.socket(socket.AF_UNIX) as connection.sock:
            connection.sock.connect(str(path))
            connection.request("GET", "/metrics")
            answer = connection.getresponse()
            assert answer.status == http.HTTPStatus.OK
            return answer.read().decode()

    def wait_for_workers(self, count: int) -> list[int]:
        """Wait until there are so many workers, and return their process ids."""
        wait_until(lambda: len(self.children()["gunicorn"]) == 1 + count)
        return self.children()["gunicorn"][1:]

    def stop(self) -> int:
        """Send SIGTERM, wait, and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            self.process.kill()
            self.process.wait()


def _children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in path.read_text("ascii").split()] if path.exists() else []


def _program(pid: int) -> str:
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().replace("\0", " ")
    return "nginx" if "nginx" in words.split("-c")[0] else "gunicorn"
