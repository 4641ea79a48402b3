"""The parts of batch transform that need no container: paths, joins, batches."""

from typing import Any

import pytest

from textcnn.emulator.protocol.errors import ValidationException
from textcnn.emulator.transform.data_processing import DataProcessing, NotJoinable
from textcnn.emulator.transform.json_path import NotThere, json_path
from textcnn.emulator.transform.parameters import Parameters
from textcnn.emulator.transform.records import TooLarge, assembled, batches, records_of

RECORD = {"a": [1, 2, 3], "b": {"c": "x"}, "d-e": 0}
MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    ("path", "selected"),
    [
        ("$", RECORD),
        ("$.b.c", "x"),
        ("$.d-e", 0),
        ("$['b']['c']", "x"),
        ("$['d-e', \"b\"]", {"d-e": 0, "b": {"c": "x"}}),
        ("$.a[1]", 2),
        ("$.a[-1]", 3),
        ("$.a[0,2]", [1, 3]),
        ("$.a[1:]", [2, 3]),
        ("$.a[0:2]", [1, 2]),
    ],
)
def test_a_path_selects(path: str, selected: Any) -> None:
    assert json_path(path)(RECORD) == selected


@pytest.mark.parametrize("path", ["a", "$..a", "$.*", "$[?(@.a)]", "$.a[0:2:2]", "$.a[", "$a"])
def test_a_path_that_is_not_known_is_refused(path: str) -> None:
    with pytest.raises(ValidationException, match="is not known"):
        json_path(path)


@pytest.mark.parametrize("path", ["$.z", "$.a[3]", "$.b[0]", "$['a','z']", "$.a.b", "$.b[1:]"])
def test_a_path_to_nothing_is_told(path: str) -> None:
    with pytest.raises(NotThere, match="leads to nothing"):
        json_path(path)(RECORD)


def processing(content_type: str, **asked: str) -> DataProcessing:
    """Data processing as a request asks for it, without splitting."""
    made = DataProcessing.of(
        {
            "TransformInput": {"ContentType": content_type},
            "TransformOutput": {},
            "DataProcessing": asked,
        }
    )
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("content_type", "record", "response", "joined"),
    [
        ("application/json", b'{"a": 1}', b"[2]", b'{"a": 1, "SageMakerOutput": [2]}'),
        ("application/jsonlines", b'"x"', b"2", b'{"SageMakerInput": "x", "SageMakerOutput": 2}'),
        ("text/csv; charset=utf-8", b'"a,b",c', b"d", b'"a,b",c,d'),
    ],
)
def test_records_are_joined_as_the_service_joins_them(
    content_type: str, record: bytes, response: bytes, joined: bytes
) -> None:
    assert processing(content_type, JoinSource="Input").output(record, response) == joined


def test_what_cannot_be_joined_is_told() -> None:
    join = processing("text/csv", JoinSource="Input")
    with pytest.raises(NotJoinable, match="the input is csv and the answer is application/json"):
        join.check_response("application/json")
    with pytest.raises(NotJoinable, match="a record is no json"):
        processing("application/json", JoinSource="Input").output(b"{", b"1")


def test_requests_hold_as_many_lines_as_the_payload_takes() -> None:
    long = b"x" * (MEGABYTE // 2)
    parameters = Parameters(concurrency=1, payload_bytes=MEGABYTE, multi=True)
    made = list(batches([b"a", long, long, b"b"], "Line", parameters, None))
    assert [batch.records for batch in made] == [[b"a", long], [long, b"b"]]
    assert made[1].body == long + b"\nb\n"
    with pytest.raises(TooLarge):
        list(batches([long * 3], "Line", parameters, None))


@pytest.mark.parametrize(
    ("content", "records"),
    [(b"", []), (b"a\nb", [b"a", b"b"]), (b"a\n\nb\n", [b"a", b"", b"b"])],
)
def test_lines_are_records(content: bytes, records: list[bytes]) -> None:
    assert records_of(content, "Line") == records


@pytest.mark.parametrize(("assemble", "output"), [("Line", b"a\n\nb\n"), ("None", b"a\nb")])
def test_answers_are_put_together_as_documented(assemble: str, output: bytes) -> None:
    """A newline behind every record, also behind one that has its own: the fault would be seen."""
    assert assembled([b"a\n", b"b"], assemble) == output
