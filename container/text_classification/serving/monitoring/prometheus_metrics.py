"""Metrics of the server in the Prometheus format."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

import text_classification
from text_classification.machine.memory import proportional_memory
from text_classification.serving.monitoring.request_counts import LIMITS, Counts

PREFIX = "text_classification_"


@dataclass(frozen=True)
class Server:
    """Where there is something to be known of the server.

    began: seconds since 1970; workers: returns the worker processes; requests: how many are
    under way.
    """

    revision: str
    began: float
    counts: Counts
    workers: Callable[[], list[int]]
    requests: Callable[[], int]


class Metrics(Collector):
    """Everything that is counted, and the server as it is when somebody asks."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def collect(self) -> Iterable[Metric]:
        """Yield the metrics."""
        yield from self._counters()
        yield self._durations()
        yield from self._gauges()

    def _counters(self) -> Iterable[Metric]:
        counts = self._server.counts
        requests = CounterMetricFamily(
            f"{PREFIX}requests", "Requests answered.", labels=("route", "status")
        )
        for (route, status), number in sorted(counts.requests.copy().items()):
            requests.add_metric((route, str(status)), number)
        yield requests
        phases = CounterMetricFamily(
            f"{PREFIX}phase_seconds", "Seconds that predictions spent in a phase.", labels=["phase"]
        )
        for phase in ("waiting", "reading", "computing"):
            phases.add_metric([phase], getattr(counts, phase))
        yield phases
        for name, meaning, value in (
            ("documents", "Documents classified.", counts.documents),
            ("received_bytes", "Bytes of requests, headers included.", counts.received),
            ("sent_bytes", "Bytes of answers, headers included.", counts.sent),
            ("log_lines_dropped", "Lines of the log that nobody read.", counts.dropped),
        ):
            yield CounterMetricFamily(PREFIX + name, meaning, value=value)

    def _durations(self) -> Metric:
        counts = self._server.counts
        limits = (*map(str, LIMITS), "+Inf")
        return HistogramMetricFamily(
            f"{PREFIX}request_seconds",
            "Seconds from the first byte of a request for predictions to the last of its answer.",
            buckets=list(zip(limits, accumulate(counts.within), strict=True)),
            sum_value=counts.seconds,
        )

    def _gauges(self) -> Iterable[Metric]:
        server, workers = self._server, self._server.workers()
        memory = sum(map(proportional_memory, workers))
        for name, meaning, value in (
            ("workers", "Processes that answer.", len(workers)),
            ("worker_memory_bytes", "Memory of all workers.", memory),
            ("requests_under_way", "Requests that are held.", server.requests()),
            ("start_time_seconds", "When the server began.", server.began),
        ):
            yield GaugeMetricFamily(PREFIX + name, meaning, value=value)
        build = GaugeMetricFamily(
            f"{PREFIX}build_info", "Always 1.", labels=("version", "revision")
        )
        build.add_metric((text_classification.__version__, server.revision), 1)
        yield build
