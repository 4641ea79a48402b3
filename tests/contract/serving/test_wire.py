"""What comes over the wire beside well-formed requests, sent byte for byte to the real server."""

import json
import resource
import socket
from collections.abc import Callable
from contextlib import ExitStack
from socket import SocketIO

import pytest

from tests.support.server import ANSWER_SECONDS, Server, established
from tests.support.waiting import wait_until
from text_classification.serving.predictions.limits.admission import COMPUTED_AT_A_TIME
from text_classification.serving.server.programs import PASSED_ON, THREADS

HEAD = b"Host: here\r\nContent-Type: application/json\r\n"
POST = b"POST /invocations HTTP/1.1\r\n" + HEAD
PING = b"GET /ping HTTP/1.1\r\nHost: here\r\n\r\n"
# What would be a request of its own if the server took the wrong end of the one before it.
SMUGGLED = b"GET /smuggled HTTP/1.1\r\nHost: here\r\n\r\n"

REFUSED = {
    "length and chunks": (
        POST + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
        400,
    ),
    "chunks and length": (
        POST + b"Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\n" + SMUGGLED,
        400,
    ),
    "two lengths": (POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\n[7]", 400),
    "two different lengths": (
        POST + b"Content-Length: 0\r\nContent-Length: 41\r\n\r\n" + SMUGGLED,
        400,
    ),
    "list of lengths": (POST + b"Content-Length: 3, 3\r\n\r\n[7]", 400),
    "signed length": (POST + b"Content-Length: +3\r\n\r\n[7]", 400),
    "negative length": (POST + b"Content-Length: -1\r\n\r\n", 400),
    "hexadecimal length": (POST + b"Content-Length: 0x3\r\n\r\n[7]", 400),
    "length beyond any": (POST + b"Content-Length: 99999999999999999999\r\n\r\n", 400),
    "two encodings": (
        POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "stacked encodings": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
    "unknown encoding": (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501),
    "chunks in HTTP/1.0": (
        b"POST /invocations HTTP/1.0\r\n" + HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "chunk size beyond any": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 17 + b"\r\n[7]\r\n0\r\n\r\n",
        400,
    ),
    "negative chunk size": (POST + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n[7]\r\n", 400),
    "chunk size 0x3": (POST + b"Transfer-Encoding: chunked\r\n\r\n0x3\r\n[7]\r\n0\r\n\r\n", 400),
    "chunk longer than said": (
        POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\n[7]\r\n0\r\n\r\n",
        400,
    ),
    "folded header": (b"GET /ping HTTP/1.1\r\nHost: here\r\nX: a\r\n b\r\n\r\n", 400),
    "space before the colon": (POST + b"Content-Length : 3\r\n\r\n[7]", 400),
    "no name": (b"GET /ping HTTP/1.1\r\nHost: here\r\n: x\r\n\r\n", 400),
    "null byte": (b"GET /ping HTTP/1.1\r\nHost: here\r\nX: a\x00b\r\n\r\n", 400),
    "two hosts": (b"GET /ping HTTP/1.1\r\nHost: here\r\nHost: there\r\n\r\n", 400),
    "no host": (b"GET /ping HTTP/1.1\r\n\r\n", 400),
    "lower-case method": (b"get /ping HTTP/1.1\r\nHost: here\r\n\r\n", 400),
    "no such version": (b"GET /ping HTTP/3.0\r\nHost: here\r\n\r\n", 505),
    "prior knowledge of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "tunnel": (b"CONNECT here:80 HTTP/1.1\r\nHost: here\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\n", 400),
    "one large header": (b"GET /ping HTTP/1.1\r\nX: " + b"x" * 10_000 + b"\r\n\r\n", 431),
    "flood of headers": (b"GET /ping HTTP/1.1\r\n" + b"X: x\r\n" * 10_000 + b"\r\n", 431),
}
HANDLED = {
    "control character": (b"GET /ping HTTP/1.1\r\nHost: here\r\nX: a\x01b\r\n\r\n", [200]),
    "two content types": (POST + b"Content-Type: text/csv\r\nContent-Length: 3\r\n\r\n[7]", [400]),
    "bytes in the address": (b"GET /\xff HTTP/1.1\r\nHost: here\r\n\r\n", [400]),
    "long method": (b"X" * 30 + b" /ping HTTP/1.1\r\nHost: here\r\n\r\n", [400]),
    "bare line feeds": (b"GET /ping HTTP/1.1\nHost: here\n\n", [200]),
    "empty lines before": (b"\r\n\r\n" + PING, [200]),
    "address with the host": (b"GET http://here/ping HTTP/1.1\r\nHost: here\r\n\r\n", [200]),
    "many small headers": (
        b"GET /ping HTTP/1.1\r\nHost: here\r\n" + b"X: x\r\n" * 500 + b"\r\n",
        [200],
    ),
    "HTTP/1.0": (b"GET /ping HTTP/1.0\r\n\r\n", [200]),
    "HTTP/1.0 with a body": (
        b"POST /invocations HTTP/1.0\r\n" + HEAD + b'Content-Length: 6\r\n\r\n"good"',
        [200],
    ),
    "pipeline": (
        PING + POST + b'Content-Length: 6\r\n\r\n"good"' + SMUGGLED + PING,
        [200, 200, 404, 200],
    ),
    "chunk extensions": (
        POST + b'Transfer-Encoding: chunked\r\n\r\n6;a=b;c="d"\r\n"good"\r\n0\r\n\r\n' + PING,
        [200, 200],
    ),
    "trailers": (
        POST
        + b'Transfer-Encoding: chunked\r\n\r\n6\r\n"good"\r\n0\r\nContent-Length: 9\r\n\r\n'
        + PING,
        [200, 200],
    ),
    "a request within a body": (
        POST + b"Content-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED + PING,
        [400, 200],
    ),
    "a body where none is due": (
        b"GET /ping HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED)
        + SMUGGLED
        + PING,
        [200, 200],
    ),
    "upgrade to HTTP/2": (
        b"GET /ping HTTP/1.1\r\nHost: here\r\nConnection: Upgrade, HTTP2-Settings\r\n"
        b"Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n\r\n" + PING,
        [200, 200],
    ),
    "contradicting schemes": (
        b"GET /ping HTTP/1.1\r\nHost: here\r\nX-Forwarded-Proto: http\r\n"
        b"X-Forwarded-Ssl: on\r\n\r\n" + PING,
        [200, 200],
    ),
    "a beginning of its own": (
        b"POST /invocations HTTP/1.1\r\nX-Received: 1\r\n"
        + HEAD
        + b'Content-Length: 6\r\n\r\n"good"',
        [200],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses_what_can_be_read_in_two_ways(shared_server: Server, name: str) -> None:
    """One answer, in the one form of errors, and the connection is closed: nothing is smuggled."""
    sent, status = REFUSED[name]
    with _connected(shared_server) as connection:
        connection.sendall(sent)
        ((found, body),) = _answers(connection)
    assert found == status
    assert set(json.loads(body)["error"]) >= {"code", "message"}


@pytest.mark.parametrize("name", HANDLED)
def test_understands_what_is_unusual(shared_server: Server, name: str) -> None:
    """Each request has its answer, and what lies within a body is none."""
    sent, statuses = HANDLED[name]
    with _connected(shared_server) as connection:
        connection.sendall(sent)
        found = _answers(connection, len(statuses))
        connection.shutdown(socket.SHUT_WR)
        assert _answers(connection) == []
    assert [status for status, _ in found] == statuses
    assert all("error" in json.loads(body) for status, body in found if status != 200)


def test_caller_who_waits_is_told_to_go_on(shared_server: Server) -> None:
    """With Expect: 100-continue the body is sent only after the server has asked for it."""
    with _connected(shared_server) as connection:
        connection.sendall(POST + b"Content-Length: 6\r\nExpect: 100-continue\r\n\r\n")
        assert _answers(connection, 1) == [(100, b"")]
        connection.sendall(b'"good"')
        ((status, _),) = _answers(connection, 1)
    assert status == 200


def test_caller_who_waits_in_vain_is_told(shared_server: Server) -> None:
    """A body that would be too large is refused before it is sent."""
    with _connected(shared_server) as connection:
        connection.sendall(POST + b"Content-Length: 999999999\r\nExpect: 100-continue\r\n\r\n")
        ((status, body),) = _answers(connection, 1)
    assert (status, json.loads(body)["error"]["code"]) == (413, "BODY_TOO_LARGE")


SLOW = {
    "headers": POST,
    "a body": POST + b"Content-Length: 100000\r\n\r\n",
    "chunks": POST + b"Transfer-Encoding: chunked\r\n\r\n3e8\r\n",
}


@pytest.mark.parametrize("name", SLOW)
def test_slow_clients_keep_nobody_waiting(start_server: Callable[..., Server], name: str) -> None:
    """More of them than all workers have threads leave prediction and health as they were."""
    server = start_server(MODEL_SERVER_WORKERS="1")
    with ExitStack() as clients:
        for _ in range(2 * THREADS):
            clients.enter_context(_connected(server)).sendall(SLOW[name])
        wait_until(lambda: established(server.port) >= 2 * THREADS)
        # They would wait for the clients, which never go on.
        assert server.ping().status == 200
        assert server.invocations('"good"').status == 200
        assert established(server.port) >= 2 * THREADS, "some clients had been given up before"


def test_flood_of_unfinished_requests_leaves_ping_alone(server: Server) -> None:
    """Beyond what nginx takes in hand it answers 503 itself."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    with ExitStack() as clients:
        for _ in range(PASSED_ON):
            clients.enter_context(_connected(server)).sendall(SLOW["a body"])
        wait_until(lambda: established(server.port) >= PASSED_ON)
        wait_until(lambda: server.invocations('"good"').status != 200)
        answer = server.invocations('"good"')
        assert (answer.status, answer.error["code"]) == (503, "OVERLOADED")
        assert answer.headers["Retry-After"]
        assert server.ping().status == 200
    wait_until(lambda: server.invocations('"good"').status == 200)


def test_half_requests_are_forgotten(server: Server) -> None:
    """Clients that go away in the middle of a request leave no connection behind."""
    for sent in SLOW.values():
        with _connected(server) as connection:
            connection.sendall(sent)
    wait_until(lambda: established(server.port) == 0)
    assert server.invocations('"good"').status == 200


def test_client_that_does_not_read_keeps_nobody_waiting(
    start_server: Callable[..., Server],
) -> None:
    """Large answers wait in nginx for their readers, and the worker does not."""
    server = start_server(MODEL_SERVER_WORKERS="1")
    body = b'"good"\n' * 30_000
    with ExitStack() as clients:
        for _ in range(COMPUTED_AT_A_TIME + 1):
            client = clients.enter_context(_connected(server))
            client.sendall(
                POST.replace(b"json", b"jsonlines")
                + b"Content-Length: %d\r\n\r\n" % len(body)
                + body
            )
        assert server.invocations('"good"').status == 200
        found = _answers(client, 1)
    assert [status for status, _ in found] == [200]


def _connected(server: Server) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), timeout=ANSWER_SECONDS)


def _answers(connection: socket.socket, count: int | None = None) -> list[tuple[int, bytes]]:
    """Return the status and body of so many answers, or of all until the connection is closed."""
    found: list[tuple[int, bytes]] = []
    with connection.makefile("rb", buffering=0) as file:
        while count is None or len(found) < count:
            try:
                line = file.readline()
            except ConnectionResetError:
                break
            if not line:
                break
            found.append((int(line.split()[1]), _body(file)))
    return found


def _body(file: SocketIO) -> bytes:
    length = 0
    while line := file.readline().strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    body = b""
    while len(body) < length:
        body += file.read(length - len(body))
    return body
