"""A container that serves: whether it is healthy, and what it answers."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import urllib3

from textcnn.emulator.account import Account
from textcnn.emulator.runtime.container import ContainerSpecification

# The platform's: /ping answers within 2 s, and SIGKILL comes 30 s after SIGTERM.
PING_SECONDS = 2.0
STOP_SECONDS = 30.0
BETWEEN_PINGS = 0.1
LONGEST_PAUSE = 1.0
OK = 200


@dataclass(frozen=True)
class ContainerResponse:
    """A container's response; the names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_success(self) -> bool:
        """Whether it is a 2xx."""
        return OK <= self.status < OK + 100

    @property
    def content_type(self) -> str:
        """Its Content-Type; empty where it has none."""
        return self.headers.get("content-type", "")


class NoResponse(Exception):
    """The container did not answer: it took too long, or it is not there."""

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__("timed out" if timed_out else "not reachable")
        self.timed_out = timed_out


class ServingContainer:
    """One container with ``serve``; log takes the lines that it prints."""

    def __init__(
        self, account: Account, specification: ContainerSpecification, log: Callable[[str], None]
    ) -> None:
        self._container = account.runtime.start(specification)
        self._pool = urllib3.HTTPConnectionPool(
            "127.0.0.1", self._container.port, maxsize=32, retries=False
        )
        self._reader = threading.Thread(target=self._read, args=(log,), daemon=True)
        self._reader.start()

    @property
    def base(self) -> str:
        """The folder that its root is inside."""
        return self._container.base

    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self._container.is_running()

    def send(
        self,
        method: str,
        path: str,
        body: bytes | Iterable[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = PING_SECONDS,
    ) -> ContainerResponse:
        """Send one request and return the answer, whatever its status; raises ``NoResponse``.

        A body in pieces is sent without a length (``Transfer-Encoding: chunked``).
        """
        try:
            response = self._pool.request(
                method,
                path,
                body=body,
                headers=dict(headers or {}),
                timeout=urllib3.Timeout(total=seconds),
                redirect=False,
                decode_content=False,
            )
        except urllib3.exceptions.HTTPError as error:
            # A refused connection is one of urllib3's time-outs, too.
            refused = isinstance(error, urllib3.exceptions.NewConnectionError)
            timed_out = isinstance(error, urllib3.exceptions.TimeoutError) and not refused
            raise NoResponse(timed_out=timed_out) from None
        lowered = {name.lower(): value for name, value in response.headers.items()}
        return ContainerResponse(response.status, lowered, response.data)

    def is_healthy(self) -> bool:
        """Whether /ping says 200 in time."""
        try:
            return self.send("GET", "/ping").status == OK
        except NoResponse:
            return False

    def wait_until_healthy(self, seconds: float, abandoned: threading.Event) -> bool:
        """Return whether /ping said 200 before the time was up, or the container had ended."""
        deadline = time.monotonic() + seconds
        pause = BETWEEN_PINGS
        while self.is_running() and time.monotonic() < deadline and not abandoned.is_set():
            if self.is_healthy():
                return True
            abandoned.wait(pause)
            pause = min(pause * 1.1, LONGEST_PAUSE)
        return False

    def stop(self) -> None:
        """End it as the platform does: SIGTERM, and SIGKILL later."""
        self._container.stop(STOP_SECONDS)
        self._finish()

    def kill(self) -> None:
        """End it at once, as when its instance is lost."""
        self._finish()

    def _finish(self) -> None:
        self._container.remove()
        self._reader.join(STOP_SECONDS)
        self._pool.close()

    def _read(self, log: Callable[[str], None]) -> None:
        for line in self._container.lines():
            log(line)
