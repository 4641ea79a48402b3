"""The serve command as batch transform calls it: what it asks first, and bodies of any size."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.server import Answer, Server
from tests.support.waiting import wait_until

JSON, LINES, CSV = "application/json", "application/jsonlines", "text/csv"
TEXT = "the policy of the house is not paid and the lender sends a late notice " * 14
BODY_BYTES = 100_000_000
# What a worker may take for a body, whatever its size.
BOUND = 64 << 20


def test_execution_parameters(shared_server: Server) -> None:
    """Concurrency times payload is no more than 100 MB."""
    answer = shared_server.request("GET", "/execution-parameters")
    assert answer.status == 200
    assert answer.json["BatchStrategy"] == "MULTI_RECORD"
    assert 1 <= answer.json["MaxConcurrentTransforms"] * answer.json["MaxPayloadInMB"] <= 100


@pytest.fixture
def transform(start_server: Callable[..., Server]) -> Server:
    """A server as it is started for a transform job, with one worker."""
    return start_server(SAGEMAKER_BATCH="True", MODEL_SERVER_WORKERS="1")


def test_json_lines_join(transform: Server) -> None:
    """Every line has its line: good ones, bad ones, empty ones, ones with a line break quoted."""
    lines = ['{"id": 1, "text": "good"}', "", '"bad"', "{", "null", '{"text": "a\\nb"}', '"\u2028"']
    answer = transform.invocations("\n".join(lines) + "\n", LINES)
    assert (answer.status, answer.headers["Content-Type"]) == (200, f"{LINES}; charset=utf-8")
    found = [json.loads(line) for line in answer.body.decode().split("\n")]
    assert len(found) == len(lines)
    assert [index for index, each in enumerate(found) if "error" in each] == [1, 3, 4]
    assert [found[index]["error"]["where"] for index in (1, 3, 4)] == ["line 2", "line 4", "line 5"]


def test_csv_join(transform: Server) -> None:
    """Every line has its row of the same width, the header and unclosed quotes included."""
    body = 'id,text\n1,good\n2,"bad, awful"\n\n4\n5,"a"b\n6,fine\n7,"stray\n8,"too\n'
    answer = transform.invocations(body, f"{CSV}; fields=id")
    rows_in = ["id", "1", "2", "", "4", "5", "6", "7", "8"]
    rows = list(csv.reader(io.StringIO(answer.body.decode(), newline=""), strict=True))
    assert len(rows) == len(rows_in)
    assert len({len(row) for row in rows}) == 1
    assert rows[0][0] == "label"
    good = [dict(zip(rows[0], row, strict=True)) for row in rows[1:] if row[0]]
    assert [row["id"] for row in good] == ["1", "2", "6"]
    assert [index for index, row in enumerate(rows) if row[-1]] == [0, 3, 4, 5, 7, 8]
    assert answer.body.count(b"\n") == len(rows_in) - 1


def test_plain_text_join(transform: Server) -> None:
    """A document a line, be it empty; the client adds the last line break."""
    answer = transform.invocations("good\n\nbad\n", "text/plain")
    lines = answer.body.decode().split("\n")
    assert ["error" in json.loads(line) for line in lines] == [False, True, False]
    assert transform.invocations("\n", "text/plain").status == 200


def test_header_alone_is_answered(transform: Server) -> None:
    """A part of a table may have no rows; the job goes on."""
    answer = transform.invocations("id,text\n", CSV)
    assert (answer.status, answer.body[:12]) == (200, b"label,score,")


def test_single_bad_record_does_not_fail_the_job(transform: Server) -> None:
    """With one record a request, one non-2xx would fail the whole object; strict asks for it."""
    for body, content_type in (("7", LINES), ("1,2\n", CSV)):
        assert transform.invocations(body, content_type).status == 200
        assert transform.invocations(body, f"{content_type}; strict=true").status == 400


def _json_lines(number: int) -> bytes:
    return json.dumps({"id": number, "text": TEXT}).encode() + b"\n"


def _csv(number: int) -> bytes:
    return f'{number},"{TEXT}"\n'.encode()


def _json(number: int) -> bytes:
    opening = b'{"configuration": {"k": 1}, "instances": [' if number == 0 else b", "
    return opening + json.dumps(TEXT).encode()


RECORDS: dict[str, tuple[Callable[[int], bytes], bytes]] = {
    LINES: (_json_lines, b""),
    f"{CSV}; text_column=1": (_csv, b""),
    JSON: (_json, b"]}\n"),
}


@pytest.mark.parametrize(
    "content_type",
    [
        LINES,
        *(
            pytest.param(each, marks=pytest.mark.exhaustive)
            for each in (JSON, f"{CSV}; text_column=1")
        ),
    ],
)
def test_body_of_100_mb_takes_little_memory(transform: Server, content_type: str) -> None:
    """It comes in chunks without a length, is answered line for line, and no file stays open."""
    record, end = RECORDS[content_type]
    count = BODY_BYTES // len(record(100_000))
    (worker,) = transform.children()["gunicorn"][1:]
    assert _ask(transform, content_type, map(record, range(20)), end).status == 200
    before, files = _peak_memory(worker), _open_files(worker)
    answer = _ask(transform, content_type, map(record, range(count)), end)
    assert answer.status == 200, answer.body[:500]
    assert int(answer.headers["Content-Length"]) == len(answer.body) > 4_000_000
    assert _peak_memory(worker) - before < BOUND
    assert len(_labels(answer)) == count
    wait_until(lambda: _open_files(worker) <= files)


def test_files_of_any_size_where_the_payload_is_0(start_server: Callable[..., Server]) -> None:
    """A job that sends whole files has no limit."""
    body = b'"a good policy and a bad bill"\n' * 40_000
    server = start_server(MAX_BODY_MB="1")
    assert server.invocations(body, LINES).status == 413
    server = start_server(MAX_BODY_MB="1", SAGEMAKER_MAX_PAYLOAD_IN_MB="0")
    assert server.invocations(body, LINES, Accept=LINES).body.count(b"\n") == 40_000


def _ask(server: Server, content_type: str, records: Iterator[bytes], end: bytes) -> Answer:
    def chunks() -> Iterator[bytes]:
        yield from records
        if end:
            yield end

    headers = {"Content-Type": content_type, "Transfer-Encoding": "chunked"}
    return server.request("POST", "/invocations", chunks(), headers, chunked=True)


def _labels(answer: Answer) -> list[Any]:
    text = answer.body.decode()
    if answer.headers["Content-Type"].startswith(LINES):
        return [json.loads(line)["label"] for line in text.splitlines()]
    if answer.headers["Content-Type"].startswith(CSV):
        return [row[0] for row in csv.reader(io.StringIO(text, newline=""))]
    return [label for each in json.loads(text) for label in each["label"]]


def _peak_memory(process: int) -> int:
    """Return the most memory that a process has had, in bytes."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    return int(found[1]) << 10


def _open_files(process: int) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))
