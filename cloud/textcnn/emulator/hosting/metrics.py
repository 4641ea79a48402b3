"""The metrics of endpoints in CloudWatch: invocations, errors and latencies, sent every second."""

import contextlib
import logging
import queue
import threading
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from textcnn.emulator.account import Account

NAMESPACE = "AWS/SageMaker"
FLUSH_SECONDS = 1.0
MOST_AT_ONCE = 500
CLIENT_ERROR = 400
SERVER_ERROR = 500

log = logging.getLogger(__name__)


class EndpointMetrics:
    """What requests to endpoints count for."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._data: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._send_until_end, daemon=True)
        self._thread.start()

    def count(self, endpoint: str, variant: str, status: int, seconds: float) -> None:
        """Count one request; status is the container's, 0 for none; seconds are the container's."""
        values = {
            "Invocations": (1.0, "Count"),
            "Invocation4XXErrors": (float(CLIENT_ERROR <= status < SERVER_ERROR), "Count"),
            "Invocation5XXErrors": (float(status >= SERVER_ERROR or status == 0), "Count"),
            "InvocationModelErrors": (float(status >= CLIENT_ERROR or status == 0), "Count"),
            "ModelLatency": (seconds * 1e6, "Microseconds"),
        }
        for name, (value, unit) in values.items():
            self._data.put(
                {
                    "MetricName": name,
                    "Dimensions": [
                        {"Name": "EndpointName", "Value": endpoint},
                        {"Name": "VariantName", "Value": variant},
                    ],
                    "Timestamp": self._account.now(),
                    "Value": value,
                    "Unit": unit,
                }
            )

    def close(self) -> None:
        """Send what is left and end."""
        self._end.set()
        self._thread.join()
        self._send()

    def _send_until_end(self) -> None:
        while not self._end.wait(FLUSH_SECONDS):
            self._send()

    def _send(self) -> None:
        data: list[dict[str, Any]] = []
        with contextlib.suppress(queue.Empty):
            while True:
                data.append(self._data.get_nowait())
        for start in range(0, len(data), MOST_AT_ONCE):
            part = data[start : start + MOST_AT_ONCE]
            try:
                self._account.client("cloudwatch").put_metric_data(
                    Namespace=NAMESPACE, MetricData=part
                )
            except (BotoCoreError, ClientError) as error:
                log.warning("metrics of endpoints are lost: %s", error)
