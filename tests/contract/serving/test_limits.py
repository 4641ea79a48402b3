"""How much a request may be and take, and what is answered beyond."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.server import Server, processor_seconds
from tests.support.waiting import wait_until

JSON = "application/json"
LINES = "application/jsonlines"
EXPLAINED = f"{LINES}; explain=true"
DOCUMENT = b'"a good policy and a bad bill"\n'


@pytest.fixture(scope="module")
def records() -> dict[str, tuple[str, str]]:
    """Four records in each form, with the third too long."""
    texts = ["good", "bad", "one two three four", "fine"]
    quoted = [f'"{text}"' for text in texts]
    return {
        "list": (f"[{', '.join(quoted)}]", JSON),
        "lines": ("\n".join(quoted), LINES),
        "rows": ("text\n" + "\n".join(texts), "text/csv"),
        "text": ("\n\n".join(texts), "text/plain; lines=true"),
    }


@pytest.mark.parametrize("form", ["list", "lines", "rows", "text"])
def test_too_many_records_are_413(
    start_server: Callable[..., Server], records: dict[str, tuple[str, str]], form: str
) -> None:
    """MAX_RECORDS counts records, not lines; headers and empty lines are none."""
    body, media_type = records[form]
    server = start_server(MAX_RECORDS="3")
    answer = server.invocations(body, media_type)
    assert (answer.status, answer.error["code"]) == (413, "RECORDS_TOO_MANY")
    assert "3 records" in answer.error["message"]
    shorter = body.replace(', "fine"', "").replace('\n"fine"', "").replace("\nfine", "")
    assert len(server.invocations(shorter, media_type).json["predictions"]) == 3


@pytest.mark.parametrize("form", ["list", "lines", "rows", "text"])
def test_too_long_a_document_is_a_bad_record(
    start_server: Callable[..., Server], records: dict[str, tuple[str, str]], form: str
) -> None:
    """Others are answered beside it; by itself, or where all must be good, it is 413."""
    body, media_type = records[form]
    server = start_server(MAX_TOKENS="3")
    predictions = server.invocations(body, media_type).json["predictions"]
    assert ["error" in each for each in predictions] == [False, False, True, False]
    assert predictions[2]["error"]["code"] == "DOCUMENT_TOO_LONG"
    for alone in (
        server.invocations('"one two three four"'),
        server.invocations(body, f"{media_type}; strict=true"),
    ):
        assert (alone.status, alone.error["code"]) == (413, "DOCUMENT_TOO_LONG")
        assert "3 tokens" in alone.error["message"]


def test_batch_transform_has_an_error_record_for_a_long_document(
    start_server: Callable[..., Server],
) -> None:
    """Its lines are counted by nobody, and one of them that is too long fails no other."""
    server = start_server(SAGEMAKER_BATCH="true", MAX_TOKENS="3", MAX_RECORDS="2")
    answer = server.invocations(b'"good"\n"one two three four"\n"bad"\n', LINES)
    lines = answer.body.splitlines()
    assert (answer.status, len(lines)) == (200, 3)
    assert b"DOCUMENT_TOO_LONG" in lines[1]
    assert server.invocations(b'"one two three four"\n', LINES).status == 200


def test_request_whose_time_is_up_is_given_up(start_server: Callable[..., Server]) -> None:
    """It is answered 504, and what would take a minute is not computed to its end."""
    server = start_server(MODEL_SERVER_WORKERS="1", REQUEST_SECONDS="1")
    worker = server.children()["gunicorn"][1]
    answer = server.invocations(DOCUMENT * 200_000, EXPLAINED)
    assert (answer.status, answer.error["code"]) == (504, "TIMED_OUT")
    wait_until(lambda: _is_idle(worker))
    assert processor_seconds(worker) < 10
    assert server.invocations('"good"').status == 200
    assert server.children()["gunicorn"][1] == worker


def test_requests_that_would_come_too_late_are_refused_at_once(
    start_server: Callable[..., Server],
) -> None:
    """Once the server knows its pace it holds no more than it can answer in REQUEST_SECONDS."""
    server = start_server(MODEL_SERVER_WORKERS="1", REQUEST_SECONDS="5")
    for _ in range(3):
        assert server.invocations(DOCUMENT * 1_000, EXPLAINED).status == 200
    with ThreadPoolExecutor(90) as pool:
        asked = [pool.submit(server.invocations, DOCUMENT * 1_000, EXPLAINED) for _ in range(90)]
        while not all(each.done() for each in asked):
            assert server.ping().status == 200
    answers = [each.result() for each in asked]
    statuses = Counter(answer.status for answer in answers)
    assert 0 < statuses[503] < len(answers)
    # A machine that becomes slower meanwhile makes some of those late that were let in.
    assert statuses[504] < statuses[503]
    assert set(statuses) <= {200, 503, 504}
    refused = [answer for answer in answers if answer.status == 503]
    assert {answer.error["code"] for answer in refused} == {"OVERLOADED"}
    assert all(int(answer.headers["Retry-After"]) >= 1 for answer in refused)
    # Where it refused too many, it does not go on to.
    assert server.invocations(DOCUMENT, EXPLAINED).status == 200


def _is_idle(pid: int) -> bool:
    before = processor_seconds(pid)
    time.sleep(0.5)  # what is measured is a span of time
    return processor_seconds(pid) - before < 0.05
