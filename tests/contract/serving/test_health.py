"""What a server tells of itself: /ping, /status, /metrics, the log of requests."""

import json
import os
import re
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.server import Endpoint, Server, free_port
from tests.support.waiting import wait_until

StartServer = Callable[..., Server]
LINES = "application/jsonlines"
# Words that are nowhere but in what callers send.
SECRET = "zanzibar"
PREFIX = "text_classification_"


def samples(text: str) -> dict[tuple[str, ...], float]:
    """Return the values of metrics, by name and labels."""
    return {
        (sample.name.removeprefix(PREFIX), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_status_of_a_ready_server(start_server: StartServer) -> None:
    """Model, workers and their memory, uptime and versions."""
    server = start_server(MODEL_SERVER_WORKERS="2", IMAGE_REVISION="0123abc")
    processes = server.wait_for_workers(2)
    status = server.request("GET", "/status").json
    assert (status["status"], status["revision"]) == ("ready", "0123abc")
    assert status["model"]["architecture"] == "kim.v1"
    assert status["model"]["labels"] == 3
    workers = {worker["process"]: worker["memory_mb"] for worker in status["workers"]}
    assert set(workers) == set(processes)
    assert all(1 < memory < 200 for memory in workers.values())
    assert 0 <= status["uptime_seconds"] < 600
    assert {"numpy", "python", "text_classification"} < set(status["versions"])


def test_status_knows_the_requests_under_way(server: Server) -> None:
    """Those that wait for their turn count, whichever worker was asked."""
    assert server.request("GET", "/status").json["requests"] == 0
    with _asked(server, 8):
        wait_until(lambda: server.request("GET", "/status").json["requests"] >= 6)
        assert samples(server.metrics())["requests_under_way",] >= 1


def test_server_that_is_overloaded_is_healthy_and_says_so(start_server: StartServer) -> None:
    """The platform would replace it otherwise."""
    # A request may take so long that only the number of them counts.
    server = start_server(MODEL_SERVER_WORKERS="1", REQUEST_SECONDS="3600")
    with _asked(server, 130):
        wait_until(lambda: server.ping().json.get("status") == "overloaded")
        wait_until(lambda: server.request("GET", "/status").json.get("status") == "overloaded")
        wait_until(lambda: "requests are being answered" in server.ping().json.get("reason", ""))
        assert server.ping().status == 200
    wait_until(lambda: server.ping().json == {"status": "ready"})


@contextmanager
def _asked(server: Server, count: int) -> Iterator[None]:
    """Have so many callers ask for predictions, again and again."""
    body, enough = b'"good"\n' * 1500, Event()

    def ask() -> None:
        while not enough.is_set():
            assert server.invocations(body, LINES).status in {200, 503}

    with ThreadPoolExecutor(count) as pool:
        callers = [pool.submit(ask) for _ in range(count)]
        try:
            yield
        finally:
            enough.set()
    for caller in callers:
        caller.result()


def test_broken_model_has_a_status_with_the_reason(
    start_server: StartServer, model_root: Path
) -> None:
    """/ping is 503 then; /status tells the same with 200, for it is what was asked."""
    (model_root / "model/weights.safetensors").write_bytes(b"")
    server = start_server(ready=False)
    wait_until(lambda: _reached(server) and server.request("GET", "/status").status == 200)
    status = server.request("GET", "/status").json
    assert (status["status"], status["model"]) == ("failed", None)
    assert "is not the file that training wrote" in status["reason"]
    assert (server.ping().status, server.ping().error["code"]) == (503, "MODEL_NOT_READY")


def _reached(server: Server) -> bool:
    try:
        server.ping()
    except ConnectionRefusedError:
        return False
    return True


def test_workers_that_hang_turn_ping_503(start_server: StartServer) -> None:
    """And 200 once they go on; the request for health itself does not hang."""
    server = start_server(MODEL_SERVER_WORKERS="2")
    workers = server.wait_for_workers(2)
    for worker in workers:
        os.kill(worker, signal.SIGSTOP)
    answer = server.ping()
    assert (answer.status, answer.error["code"]) == (503, "WORKER_LOST")
    assert samples(server.metrics())["workers",] == len(workers)
    for worker in workers:
        os.kill(worker, signal.SIGCONT)
    assert server.ping().status == 200


def test_counts_outlive_workers(start_server: StartServer) -> None:
    """Whoever answered, and whoever is no more, there is one sum; its text is Prometheus'."""
    server = start_server(MODEL_SERVER_WORKERS="3")
    for victim in server.wait_for_workers(3):
        for _ in range(10):
            assert server.invocations('["good", "bad"]').status == 200
        os.kill(victim, signal.SIGKILL)
        wait_until(lambda gone=victim: gone not in server.children()["gunicorn"])  # type: ignore[misc]
        server.wait_for_workers(3)
    server.invocations("{")
    server.request("GET", f"/{SECRET}")
    wait_until(lambda: ("requests_total", "other", "404") in samples(server.metrics()))
    found = samples(server.metrics())
    assert found["requests_total", "/invocations", "200"] == 30
    assert found["requests_total", "/invocations", "400"] == 1
    assert found["requests_total", "/ping", "200"] >= 1
    assert found["documents_total",] == 60
    assert found["request_seconds_count",] == 31
    assert 0 < found["phase_seconds_total", "computing"] < 60
    assert found["workers",] == 3
    assert SECRET not in server.metrics()


def test_metrics_are_not_on_the_port_unless_asked_for(
    shared_server: Server, start_server: StartServer
) -> None:
    """By default on the unix socket alone; else on the server's port, or on one of their own."""
    assert shared_server.request("GET", "/metrics").status == 404
    own = start_server(METRICS_PORT=str(port := free_port()), SAGEMAKER_SAFE_PORT_RANGE="1-65535")
    assert f"{PREFIX}workers" in Endpoint(port).request("GET", "/metrics").body.decode()
    assert own.request("GET", "/metrics").status == 404


def test_metrics_on_the_servers_own_port(model_root: Path) -> None:
    """As the setting says."""
    port = str(free_port())
    with Server(model_root, METRICS_PORT=port, SAGEMAKER_BIND_TO_PORT=port) as server:
        server.port = int(port)
        server.wait_until_ready(server.process)
        assert f"{PREFIX}workers" in server.request("GET", "/metrics").body.decode()


def test_each_request_has_a_line_and_none_holds_text(start_server: StartServer) -> None:
    """Whatever is sent and wherever: numbers, a known route and the identifier are all there is."""
    server = start_server(MODEL_SERVER_WORKERS="2", MAX_BODY_MB="1")
    for body, content_type in (
        (f'["{SECRET}", "good"]', "application/json"),
        (f'{{"{SECRET}": ', "application/json"),
        (f"{SECRET}, {SECRET}", "text/csv"),
        (f"{SECRET} " * 200_000, "text/plain"),
        (SECRET, f"text/{SECRET}"),
    ):
        server.invocations(body, content_type, **{"User-Agent": SECRET, "Referer": SECRET})
    server.request("GET", f"/{SECRET}?{SECRET}")
    server.request("GET", f"/ping?text={SECRET}")
    server.request("POST", f"/invocations?{SECRET}", b"x", {"Content-Type": "image/png"})
    assert server.stop() == 0
    logged = server.requests_logged()
    assert Counter((each["route"], each["status"]) for each in logged) == {
        ("/invocations", 200): 1,
        ("/invocations", 400): 2,
        ("/invocations", 413): 1,
        ("/invocations", 415): 2,
        ("other", 404): 1,
    }
    (answered,) = (each for each in logged if each["status"] == 200)
    assert answered["documents"] == 2
    assert answered["bytes_in"] > 100
    assert answered["bytes_out"] > 100
    assert answered["seconds"] < 60
    assert all(0 <= answered[f"{phase}_ms"] < 60_000 for phase in ("waiting", "reading"))
    assert answered["computing_ms"] > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", answered["time"])
    assert SECRET not in server.log


@pytest.mark.parametrize(("setting", "statuses"), [("errors", [400]), ("off", [])])
def test_log_may_be_less(start_server: StartServer, setting: str, statuses: list[int]) -> None:
    """Errors alone, or nothing."""
    server = start_server(REQUEST_LOG=setting)
    server.invocations('"good"')
    server.invocations("{")
    server.stop()
    assert [each["status"] for each in server.requests_logged()] == statuses


def test_lines_are_whole_whatever_happens(start_server: StartServer) -> None:
    """Many workers and callers, a worker killed and nginx told to begin anew meanwhile."""
    server = start_server(MODEL_SERVER_WORKERS="3")
    victim = server.wait_for_workers(3)[0]
    with ThreadPoolExecutor(16) as pool:
        answers = [pool.submit(server.invocations, '"good"') for _ in range(600)]
        os.kill(victim, signal.SIGKILL)
        os.kill(server.children()["nginx"][0], signal.SIGHUP)
        statuses = Counter(answer.result().status for answer in answers)
    wait_until(lambda: sum(_invocations(server).values()) == 600)
    server.stop()
    assert Counter(each["status"] for each in server.requests_logged()) == statuses
    assert len({each["id"] for each in server.requests_logged()}) == 600


def _invocations(server: Server) -> dict[tuple[str, ...], float]:
    found = samples(server.metrics())
    return {
        key: value for key, value in found.items() if key[:2] == ("requests_total", "/invocations")
    }


IDENTIFIER, INFERENCE = "X-Request-Id", "X-Amzn-SageMaker-Inference-Id"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, "[0-9a-f]{32}"),
        ({IDENTIFIER: "request 7/a=b"}, "request 7/a=b"),
        ({INFERENCE: "inference-7"}, "inference-7"),
        ({IDENTIFIER: "request-7", INFERENCE: "inference-7"}, "inference-7"),
        ({IDENTIFIER: "request-7", INFERENCE: "x" * 200}, "request-7"),
        ({IDENTIFIER: 'a","status":200,"x":"'}, "[0-9a-f]{32}"),
        ({IDENTIFIER: "caf\xe9"}, "[0-9a-f]{32}"),
    ],
)
@pytest.mark.parametrize(("body", "status"), [('"good"', 200), ("{", 400)])
def test_request_has_an_identifier(
    shared_server: Server, headers: dict[str, str], expected: str, body: str, status: int
) -> None:
    """The platform's, the caller's or a fresh one; it comes back, and it is in the log."""
    answer = shared_server.invocations(body, **headers)
    assert answer.status == status
    identifier = answer.headers[IDENTIFIER]
    assert re.fullmatch(expected, identifier)
    wait_until(lambda: json.dumps(identifier) in shared_server.log)


def test_answers_of_nginx_have_what_those_of_the_application_have(
    start_server: StartServer,
) -> None:
    """The identifier and the custom attributes; unless those are none."""
    server = start_server(MAX_BODY_MB="1")
    attributes = "X-Amzn-SageMaker-Custom-Attributes"
    for body, status in ((b"x" * (2 << 20), 413), (b"good", 200)):
        headers = {IDENTIFIER: "request-7", attributes: "tenant=12; top_k=1"}
        answer = server.invocations(body, "text/plain", **headers)
        assert answer.status == status
        assert headers.items() <= answer.headers.items()
        answer = server.invocations(body, "text/plain", **{attributes: "x" * 1025})
        assert attributes not in answer.headers


def test_answer_says_where_the_time_went(shared_server: Server) -> None:
    """In Server-Timing, as browsers and tools read it."""
    timing = shared_server.invocations(["good", "bad"]).headers["Server-Timing"]
    number = r"\d+\.\d{3}"
    assert re.fullmatch(
        rf"wait;dur={number}, read;dur={number}, compute;dur={number}, documents;desc=2", timing
    )
    assert "Server-Timing" not in shared_server.invocations("{").headers
