"""GET /metrics on a unix socket."""

import socket
from socketserver import ThreadingMixIn, UnixStreamServer

from prometheus_client import CollectorRegistry, MetricsHandler

from text_classification.serving.monitoring.prometheus_metrics import Metrics


class MetricsServer(ThreadingMixIn, UnixStreamServer):
    """Tells metrics, on a socket that listens already."""

    daemon_threads = True

    def __init__(self, listener: socket.socket, metrics: Metrics) -> None:
        registry = CollectorRegistry()
        registry.register(metrics)
        handler = MetricsHandler.factory(registry)
        super().__init__(listener.getsockname(), handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
