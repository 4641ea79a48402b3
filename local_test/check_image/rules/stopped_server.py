"""A server that is stopped while a request is on its way."""

import http.client
import time
from dataclasses import dataclass

from check_image import limits
from check_image.client import Client
from check_image.memoize import memoize
from check_image.outcome import require
from check_image.rule import Severity, Source, rule
from check_image.runs import good_request, usual_service
from check_image.sample import Request
from check_image.server import serving
from check_image.subject import Subject

# The rest of the body comes so long after SIGTERM: who gives up at once has done so by then.
LATER_SECONDS = 0.5


@dataclass(frozen=True)
class Stopped:
    """code: the exit code, None where it ran on; answered: the status, or what came instead."""

    code: int | None
    seconds: float
    responded: int | str


@rule("hosting.stop", Source.DOCUMENTED)
def stop(subject: Subject) -> str:
    """A server is stopped by SIGTERM, and SIGKILL 30 s later."""
    stopped = _stopped(subject)
    require(stopped.code is not None, f"it ran on for {limits.STOP_SERVER_SECONDS:.0f} s")
    return f"ended {stopped.seconds:.1f} s after SIGTERM, with exit code {stopped.code}"


@rule("hosting.stop-finishes-requests", Source.INFERRED, Severity.SHOULD)
def stop_finishes_requests(subject: Subject) -> str:
    """A request under way when an endpoint shrinks or changes is some caller's."""
    responded = _stopped(subject).responded
    require(isinstance(responded, int) and responded < 300, f"the request under way: {responded}")  # noqa: PLR2004
    return f"the request under way was answered {responded}"


@memoize
def _stopped(subject: Subject) -> Stopped:
    """Stop a server that has half of a request."""
    request, _ = good_request(subject)
    with serving(subject, usual_service(subject)) as server:
        connection = _begin(server.client, request)
        start = time.monotonic()
        server.container.terminate()
        time.sleep(LATER_SECONDS)
        responded = _finish(connection, request)
        left = limits.STOP_SERVER_SECONDS - (time.monotonic() - start)
        code = server.container.wait(max(left, 0))
        return Stopped(code, time.monotonic() - start, responded)


def _begin(client: Client, request: Request) -> http.client.HTTPConnection:
    """Send the first half of a request."""
    connection = http.client.HTTPConnection(
        "127.0.0.1", client.port, timeout=limits.STOP_SERVER_SECONDS
    )
    connection.putrequest("POST", "/invocations")
    connection.putheader("Content-Type", request.content_type)
    connection.putheader("Content-Length", str(len(request.body)))
    connection.endheaders(request.body[: len(request.body) // 2])
    return connection


def _finish(connection: http.client.HTTPConnection, request: Request) -> int | str:
    """Send the other half; return the status of the answer, or what came instead."""
    try:
        connection.send(request.body[len(request.body) // 2 :])
        response = connection.getresponse()
        response.read()
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__} {error}".strip()
    else:
        return response.status
    finally:
        connection.close()
