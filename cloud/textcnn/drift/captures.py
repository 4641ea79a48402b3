"""Captured requests and answers of an endpoint, from S3, in the service's JSON Lines.

The service writes ``PREFIX/ENDPOINT/VARIANT/yyyy/mm/dd/hh/NAME.jsonl``.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from textcnn.artifacts import S3Place
from textcnn.aws import Aws
from textcnn.drift.captured_body import CapturedPrediction, UnreadableCapture, read_predictions
from textcnn.endpoints import Endpoint, Kind, is_missing
from textcnn.errors import CommandError, Exit

HOUR = re.compile(r"/(\d{4})/(\d\d)/(\d\d)/(\d\d)/[^/]+$")


@dataclass
class Captures:
    """The captures of an endpoint since a time; after reading, what was found.

    requests: those read. without_answer: those that hold no answer (only input is captured).
    unreadable: answers that are not this image's; example is what was wrong with one.
    """

    aws: Aws
    endpoint: Endpoint
    since: datetime
    requests: int = 0
    without_answer: int = 0
    unreadable: int = 0
    example: str = ""
    place: S3Place = field(init=False)

    def __post_init__(self) -> None:
        self.place = _destination(self.endpoint)

    def predictions(self) -> Iterator[CapturedPrediction]:
        """Yield all captured answers."""
        for key in self._keys():
            for line in self._lines(key):
                yield from self._predictions(_event(line, key))

    def _keys(self) -> Iterator[str]:
        prefix = f"{self.place.key.rstrip('/')}/{self.endpoint.name}/".lstrip("/")
        pages = self.aws.client("s3").get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.place.bucket, Prefix=prefix):
            for each in page.get("Contents", []):
                hour = HOUR.search(each["Key"])
                if hour and _hour(hour) + timedelta(hours=1) > self.since:
                    yield each["Key"]

    def _lines(self, key: str) -> Iterator[bytes]:
        body = self.aws.client("s3").get_object(Bucket=self.place.bucket, Key=key)["Body"]
        yield from (line for line in body.iter_lines() if line.strip())

    def _predictions(self, event: dict[str, Any]) -> Iterator[CapturedPrediction]:
        if _time(event) < self.since:
            return
        self.requests += 1
        output = event.get("captureData", {}).get("endpointOutput")
        if output is None:
            self.without_answer += 1
            return
        try:
            yield from read_predictions(output)
        except UnreadableCapture as error:
            self.unreadable += 1
            self.example = self.example or str(error)


def _destination(endpoint: Endpoint) -> S3Place:
    """Return where an endpoint's data are captured; raises ``CommandError`` where they are not."""
    capture = endpoint.configuration.get("DataCaptureConfig", {})
    if "DestinationS3Uri" in capture:
        return S3Place.parse(capture["DestinationS3Uri"])
    if endpoint.kind is Kind.SERVERLESS:
        problem = "is serverless, and serverless endpoints capture nothing"
        remedy = "Deploy it on an instance: textcnn deploy MODEL --instance-type TYPE --capture 100"
    else:
        problem = "captures nothing"
        remedy = "Deploy it again with --capture 100: what comes in from then on is kept."
    raise CommandError(f"the endpoint {endpoint.name} {problem}", remedy, Exit.MISSING)


def model_archive(aws: Aws, endpoint: Endpoint) -> str:
    """Return where the endpoint's model.tar.gz lies; raises ``CommandError`` for many models."""
    sagemaker = aws.client("sagemaker")
    for name in endpoint.model_names:
        try:
            container = sagemaker.describe_model(ModelName=name).get("PrimaryContainer", {})
        except ClientError as error:
            if not is_missing(error):
                raise
            continue
        if container.get("Mode") == "MultiModel":
            break
        uri: str | None = container.get("ModelDataUrl")
        if uri:
            return uri
    raise CommandError(
        f"the endpoint {endpoint.name} has no one model whose files could be read",
        "Give its baseline: --baseline metrics.json, a file of the artifact.",
        Exit.MISSING,
    )


def _hour(found: re.Match[str]) -> datetime:
    year, month, day, hour = map(int, found.groups())
    return datetime(year, month, day, hour, tzinfo=UTC)


def _event(line: bytes, key: str) -> dict[str, Any]:
    """Return a captured event; raises ``CommandError`` for what the service has not written."""
    try:
        event: dict[str, Any] = json.loads(line)
        _time(event)
    except (ValueError, TypeError, KeyError):
        raise CommandError(
            f"{key} holds a line that is no captured event",
            "Move the file elsewhere if it is not the service's, then give the command again.",
        ) from None
    return event


def _time(event: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(event["eventMetadata"]["inferenceTime"])
