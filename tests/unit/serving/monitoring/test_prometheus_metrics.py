"""serving/monitoring/prometheus_metrics.py and metrics_server.py: what Prometheus reads."""

import http.client
import os
import socket
from pathlib import Path
from threading import Thread

from prometheus_client.parser import text_string_to_metric_families

from text_classification.serving.monitoring.metrics_server import MetricsServer
from text_classification.serving.monitoring.prometheus_metrics import PREFIX, Metrics, Server
from text_classification.serving.monitoring.request_counts import LIMITS, Counts

ANSWER = {
    "route": "/invocations",
    "status": 200,
    "bytes_in": 100,
    "bytes_out": 200,
    "seconds": 0.02,
    "documents": 3,
    "waiting_ms": 1.0,
    "reading_ms": 2.0,
    "computing_ms": 4.0,
}
REFUSAL = {"route": "other", "status": 404, "bytes_in": 10, "bytes_out": 20, "seconds": 0.001}


def test_metrics_are_what_was_counted(tmp_path: Path) -> None:
    """Asked for over a socket that listened before, in the text format."""
    counts = Counts()
    for request in (ANSWER, ANSWER, REFUSAL):
        counts.add(request)
    counts.dropped = 5
    server = Server(
        revision="0123abc",
        began=1e9,
        counts=counts,
        workers=lambda: [os.getpid()],
        requests=lambda: 7,
    )
    text = asked(tmp_path / "metrics.sock", Metrics(server))
    samples = {
        (sample.name.removeprefix(PREFIX), *sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert samples["requests_total", "/invocations", "200"] == 2
    assert samples["requests_total", "404", "other"] == 1
    assert (samples["received_bytes_total",], samples["sent_bytes_total",]) == (210, 420)
    assert samples["documents_total",] == 6
    assert samples["phase_seconds_total", "reading"] == 0.004
    assert samples["request_seconds_bucket", "0.01"] == 0
    assert samples["request_seconds_bucket", "0.025"] == 2
    assert samples["request_seconds_bucket", "+Inf"] == samples["request_seconds_count",] == 2
    assert samples["request_seconds_sum",] == 0.04
    assert samples["log_lines_dropped_total",] == 5
    assert (samples["workers",], samples["requests_under_way",]) == (1, 7)
    assert 1 << 20 < samples["worker_memory_bytes",] < 1 << 40
    assert samples["start_time_seconds",] == 1e9
    assert any(name == "build_info" and "0123abc" in labels for name, *labels in samples)
    assert len([each for each in samples if each[0].endswith("bucket")]) == len(LIMITS) + 1


def asked(path: Path, metrics: Metrics) -> str:
    """Return the answer to one request."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(path))
    listener.listen()
    with MetricsServer(listener, metrics) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        connection = http.client.HTTPConnection("localhost", timeout=10)
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.connect(str(path))
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        assert answer.headers["Content-Type"].startswith("text/plain")
        text = answer.read().decode()
        connection.close()
        thread.join(10)
    return text
