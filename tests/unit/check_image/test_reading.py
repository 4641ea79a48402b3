"""What is read of processes, answers and logs."""

import pytest

from check_image.caller import Answer, Caller, NoAnswer
from check_image.outcome import Failed
from check_image.rules.batch import _records
from check_image.rules.lost_workers import leaves
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


def _answer(content_type: str, body: str) -> Answer:
    return Answer(200, {"content-type": content_type}, body.encode(), 0.1)


def test_leaves_of_the_processes() -> None:
    """Workers have no children; the first process, zombies and our own shell are none."""
    assert leaves(PROCESSES) == [8, 12]
    assert leaves("1 (python3) S 0 1 1\n") == []


@pytest.mark.parametrize(
    ("content_type", "body", "count"),
    [
        ("application/jsonlines", '{"a": 1}\n{"a": 2}\n', 2),
        ("text/csv; charset=utf-8", 'BILL,"0,9"\n\nBINDER,0.8\n', 2),
        ("application/json", "[1, 2, 3]", 3),
        ("application/json", '{"model": "m", "predictions": [1, 2], "names": ["x"]}', 2),
        ("application/json", '{"label": "BILL"}', 1),
    ],
)
def test_records_of_an_answer(content_type: str, body: str, count: int) -> None:
    """Of each format that batch transform can join."""
    assert _records(_answer(content_type, body)) == count


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/json", "<html>"), ("application/jsonlines", "{}\nno\n")],
)
def test_body_that_is_not_of_its_type(content_type: str, body: str) -> None:
    """JSON is parsed, line by line where it comes in lines."""
    with pytest.raises(ValueError, match="Expecting value"):
        _parse(_answer(content_type, body))


def test_body_that_is_of_its_type() -> None:
    """What is not known is not judged."""
    for content_type, body in (("application/jsonlines", "{}\n1"), ("text/csv", "a"), ("x/y", "?")):
        _parse(_answer(content_type, body))


def test_no_answer_is_a_failure() -> None:
    """A rule that does not expect it fails by it."""
    assert issubclass(NoAnswer, Failed)
    with pytest.raises(NoAnswer, match="GET /ping: no answer"):
        Caller(free_port()).ping()
