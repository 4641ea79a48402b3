"""Metric definitions: numbers found in the log, kept for the job and put into CloudWatch."""

import logging
import re
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from textcnn.emulator.account import Account
from textcnn.emulator.training.state import TrainingJob

# As sagemaker/analytics.py of the SDK asks for them.
NAMESPACE = "/aws/sagemaker/TrainingJobs"
DIMENSION = "TrainingJobName"
MOST_DATA = 1000

log = logging.getLogger(__name__)


class Metrics:
    """Applies a job's definitions to its lines; the latest value of each is the final one."""

    def __init__(self, account: Account, job: TrainingJob) -> None:
        definitions: Iterable[Mapping[str, str]] = job.request["AlgorithmSpecification"].get(
            "MetricDefinitions", []
        )
        self._expressions = [(each["Name"], re.compile(each["Regex"])) for each in definitions]
        self._account = account
        self._job = job
        self._pending: list[tuple[str, float, datetime]] = []
        self._lock = threading.Lock()

    def read(self, line: str) -> None:
        """Find the definitions' numbers in a line."""
        for name, expression in self._expressions:
            for match in expression.finditer(line):
                try:
                    value = float(match[1])
                except (TypeError, ValueError):
                    continue  # the expression found no number, as the service sees it
                self._keep(name, value)

    def _keep(self, name: str, value: float) -> None:
        now = self._account.now()
        with self._lock:
            self._job.metrics[name] = {"MetricName": name, "Value": value, "Timestamp": now}
            self._pending.append((name, value, now))

    def publish(self) -> None:
        """Put what was found since the last time into CloudWatch."""
        with self._lock:
            pending, self._pending = self._pending, []
        dimensions = [{"Name": DIMENSION, "Value": self._job.name}]
        data: list[dict[str, Any]] = [
            {"MetricName": name, "Dimensions": dimensions, "Value": value, "Timestamp": moment}
            for name, value, moment in pending
        ]
        try:
            for start in range(0, len(data), MOST_DATA):
                self._account.client("cloudwatch").put_metric_data(
                    Namespace=NAMESPACE, MetricData=data[start : start + MOST_DATA]
                )
        except (BotoCoreError, ClientError) as error:
            log.warning("metrics of %s are lost: %s", self._job.name, error)
