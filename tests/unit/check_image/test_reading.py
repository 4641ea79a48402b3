"""What is read of processes, answers and logs."""

import csv
import io
import socket

import pytest

from check_image.client import Client, NoResponse, Response, ResponseTimeout
from check_image.outcome import Failed
from check_image.records import count, expected, with_rows_repeated
from check_image.rules.lost_workers import leaves
from check_image.rules.mistakes import trace_in
from check_image.rules.requests import _parse
from tests.support.server import free_port

PROCESSES = """\
1 (python3) S 0 1 1
7 (nginx: master (x)) S 1 7 7
8 (nginx) S 7 7 7
9 (gunicorn) S 1 9 9
12 (gunicorn) S 9 9 9
13 (gunicorn) Z 9 9 9
40 (sh) S 0 40 40
"""


def _response(content_type: str, body: str) -> Response:
    return Response(200, {"content-type": content_type}, body.encode(), 0.1)


def test_leaves_of_the_processes() -> None:
    """Workers have no children; the first process, zombies and our own shell are none."""
    assert leaves(PROCESSES) == [8, 12]
    assert leaves("1 (python3) S 0 1 1\n") == []


@pytest.mark.parametrize(
    ("content_type", "body", "records"),
    [
        ("application/jsonlines", '{"a": 1}\n{"a": 2}\n', 2),
        ("text/csv; charset=utf-8", 'BILL,"0,9"\n\nBINDER,0.8\n', 2),
        ("application/json", "[1, 2, 3]", 3),
        ("application/json", '{"model": "m", "predictions": [1, 2], "names": ["x"]}', 2),
        ("application/json", '{"label": "BILL"}', 1),
        ("text/csv", '"two\nlines",1\n', 1),
        ("application/jsonlines", '"a\u2028b"\n', 1),
    ],
)
def test_records_of_an_answer(content_type: str, body: str, records: int) -> None:
    """Of each format that batch transform can join."""
    assert count(_response(content_type, body)) == records


@pytest.mark.parametrize(
    ("body", "records"),
    [
        (b"text\nfirst\nsecond\n", {2, 3}),
        (b"5.1,3.5\n4.9,3.0\n", {2}),
        (b"a,b\n1,2", {1, 2}),
        (b"one alone", {1}),
        (b'text\n"open\nto the end\n', {1, 2}),
        (b'"two\nlines"\r\n"and ""one"""\r\n\r\n', {1, 2}),
    ],
)
def test_records_of_a_request(body: bytes, records: set[int]) -> None:
    """A first row of words may name columns, one of numbers never does."""
    assert expected(body) == records


@pytest.mark.parametrize("body", [b'text\n"a\nb"\nc', b"1,2\n3,4\n", b"alone"])
def test_rows_are_repeated(body: bytes) -> None:
    """The first once, as a header is; all others whole."""
    larger, added = with_rows_repeated(body, 1000)
    assert len(larger) >= 1000
    rows = list(csv.reader(io.StringIO(larger.decode(), newline="")))
    sent = list(csv.reader(io.StringIO(body.decode(), newline="")))
    assert len(rows) == len(sent) + added
    assert rows[: len(sent)] == sent
    assert all(row in (sent[1:] or sent) for row in rows[len(sent) :])


def test_page_of_an_error_is_no_traceback() -> None:
    """That an error has the title 500 shows nothing of the inside."""
    assert not trace_in("<html><title>500 Internal Server Error</title></html>")
    assert trace_in('Traceback (most recent call last):\n  File "/a.py"')


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/json", "<html>"), ("application/jsonlines", "{}\nno\n")],
)
def test_body_that_is_not_of_its_type(content_type: str, body: str) -> None:
    """JSON is parsed, line by line where it comes in lines."""
    with pytest.raises(ValueError, match="Expecting value"):
        _parse(_response(content_type, body))


def test_body_that_is_of_its_type() -> None:
    """What is not known is not judged."""
    for content_type, body in (("application/jsonlines", "{}\n1"), ("text/csv", "a"), ("x/y", "?")):
        _parse(_response(content_type, body))


def test_no_answer_is_a_failure() -> None:
    """A rule that does not expect it fails by it."""
    assert issubclass(NoResponse, Failed)
    with pytest.raises(NoResponse, match="GET /ping: no answer"):
        Client(free_port()).ping()


def test_late_answer_is_told_from_none() -> None:
    """A server that is slow may be at work; one that hangs up is not."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        pytest.raises(ResponseTimeout, match="TimeoutError"),
    ):
        Client(server.getsockname()[1], 0.1).request("GET", "/")
