"""The health of an ordinary server, alone and at work."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from threading import Event, Thread

from check_image import limits
from check_image.client import Client, NoResponse
from check_image.outcome import Failed, Skipped, require
from check_image.rule import Severity, Source, rule
from check_image.runs import good_request, good_server, usual_server
from check_image.server import PORT
from check_image.subject import Subject

ASKED = 20
CALLERS = 8
# An overloaded server may say so.
BUSY_STATUSES = {HTTPStatus.OK, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
CONNECT_LIMIT = 5.0


@rule("hosting.ready", Source.DOCUMENTED)
def ready(subject: Subject) -> str:
    """/ping must say 200 within 8 minutes, on port 8080, with the model mounted read-only."""
    server = usual_server(subject)
    require(server.seconds is not None, server.problem)
    return f"200 after {server.seconds:.1f} s"


@rule("hosting.ping-quick", Source.DOCUMENTED)
def ping_quick(subject: Subject) -> str:
    """Each ping must be answered 200 within 2 s."""
    client = good_server(subject).client
    slowest = max(_ping_seconds(client) for _ in range(ASKED))
    return f"the slowest of {ASKED} took {slowest * 1000:.0f} ms"


@rule("hosting.ping-when-busy", Source.INFERRED)
def ping_when_busy(subject: Subject) -> str:
    """A ping that waits behind requests takes a busy instance out of rotation."""
    client, slowest = good_server(subject).client, 0.0
    with _requests_beside(subject) as statuses:
        end = time.monotonic() + limits.BUSY_SECONDS
        while time.monotonic() < end:
            slowest = max(slowest, _ping_seconds(client))
    wrong = set(statuses) - BUSY_STATUSES
    require(not wrong, f"requests side by side: {', '.join(map(str, wrong))}")
    return f"the slowest took {slowest * 1000:.0f} ms beside {len(statuses)} requests"


@rule("hosting.connection-quick", Source.DOCUMENTED)
def connection_quick(subject: Subject) -> str:
    """A connection must be accepted within 250 ms."""
    # On the port that is published, it is the engine's proxy that accepts.
    address = good_server(subject).container.address
    try:
        _connect_seconds(address, CONNECT_LIMIT)
    except OSError:
        raise Skipped(f"the container cannot be reached at its own address, {address}") from None
    with _requests_beside(subject):
        try:
            slowest = max(_connect_seconds(address, limits.CONNECT_SECONDS) for _ in range(ASKED))
        except OSError as error:
            raise Failed(f"beside requests, none within 250 ms: {error}") from None
    return f"the slowest of {ASKED} took {slowest * 1000:.1f} ms beside requests"


@rule("hosting.unknown-route", Source.INFERRED, Severity.SHOULD)
def unknown_route(subject: Subject) -> str:
    """Nothing but the contract's routes is asked for: what else comes is a mistake, and 404."""
    status = good_server(subject).client.request("GET", "/no-such-route").status
    require(status == HTTPStatus.NOT_FOUND, f"GET /no-such-route: {status}")
    return f"GET /no-such-route: {status}"


@contextmanager
def _requests_beside(subject: Subject) -> Iterator[list[int | str]]:
    """Send requests side by side during the block; what they are answered is in the list."""
    client, (request, _) = good_server(subject).client, good_request(subject)
    statuses: list[int | str] = []
    done = Event()

    def keep_predicting() -> None:
        while not done.is_set():
            try:
                statuses.append(client.invocations(request).status)
            except NoResponse as error:
                statuses.append(str(error))

    callers = [Thread(target=keep_predicting) for _ in range(CALLERS)]
    for each in callers:
        each.start()
    try:
        yield statuses
    finally:
        done.set()
        for each in callers:
            each.join()


def _ping_seconds(client: Client) -> float:
    """Return how long a ping takes, which must be answered 200 and in time."""
    response = client.ping()
    require(response.status == HTTPStatus.OK, f"it was answered {response.status}")
    require(response.seconds < limits.PING_SECONDS, f"one took {response.seconds:.2f} s")
    return response.seconds


def _connect_seconds(address: str, limit: float) -> float:
    """Return how long it takes until a connection is accepted; raise ``OSError`` if none is."""
    start = time.monotonic()
    with socket.create_connection((address, PORT), limit):
        return time.monotonic() - start
