"""Requests to a server, with the time that each takes."""

import contextlib
import http.client
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from check_image import limits
from check_image.outcome import Failed
from check_image.sample import Request

CHUNK_BYTES = 1 << 16
# Beyond the limit, so that an answer that comes late is reported as late.
LATE_SECONDS = 3.0


class NoResponse(Failed):
    """No complete response came; a rule that does not expect this fails."""


class ResponseTimeout(NoResponse):
    """No complete response came in time."""


@dataclass(frozen=True)
class Response:
    """One response. headers: by their names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return self.status // 100 == 2  # noqa: PLR2004 - the class of the status

    @property
    def is_refusal(self) -> bool:
        """Whether the status is 4xx."""
        return self.status // 100 == 4  # noqa: PLR2004 - the class of the status

    @property
    def content_type(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")


class Client:
    """Speaks HTTP with a server on a port of this machine."""

    def __init__(self, port: int, seconds: float = limits.RESPONSE_SECONDS + LATE_SECONDS) -> None:
        self.port = port
        self._seconds = seconds

    def request(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        chunked: bool = False,
    ) -> Response:
        """Send one request and return the answer; raise ``NoResponse`` where none comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=self._seconds)
        content = _pieces(body) if chunked and body is not None else body
        start = time.monotonic()
        try:
            # A server may answer, and close, before it has read everything.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, content, dict(headers or {}))
            response = connection.getresponse()
            received = response.read()
        except (OSError, http.client.HTTPException) as error:
            kind = ResponseTimeout if isinstance(error, TimeoutError) else NoResponse
            raise kind(f"{method} {path}: no answer: {type(error).__name__} {error}") from None
        finally:
            connection.close()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Response(response.status, named, received, time.monotonic() - start)

    def ping(self) -> Response:
        """Request /ping."""
        impatient = Client(self.port, limits.PING_SECONDS + LATE_SECONDS)
        return impatient.request("GET", "/ping")

    def healthy(self) -> bool:
        """Whether /ping is answered 200; no answer counts as no."""
        try:
            return self.ping().status == http.HTTPStatus.OK
        except NoResponse:
            return False

    def invocations(self, request: Request, **headers: str) -> Response:
        """Send a request for predictions; headers: with underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request(
            "POST", "/invocations", request.body, {"Content-Type": request.content_type, **named}
        )


def _pieces(body: bytes) -> Iterator[bytes]:
    for start in range(0, len(body), CHUNK_BYTES):
        yield body[start : start + CHUNK_BYTES]
