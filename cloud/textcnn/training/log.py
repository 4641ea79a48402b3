"""What a job prints, from CloudWatch Logs, and the epochs in it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from text_classification.errors import one_line
from textcnn.aws import Aws

GROUP = "/aws/sagemaker/TrainingJobs"
# Time and level stand before each message of the image.
STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ (?P<level>[A-Z]+) (?P<message>.*)")
EPOCH = re.compile(r"\bepoch (\d+): ")


@dataclass
class JobLog:
    """The log of a training job: each line is given once, by all of its instances."""

    aws: Aws
    job: str
    _tokens: dict[str, str] = field(default_factory=dict)
    # Kept here, so that nothing is lost when a later call of the same reading fails.
    _lines: list[str] = field(default_factory=list)

    def new_lines(self) -> list[str]:
        """Return what was printed since the last call; with several instances, each line's host."""
        streams = self._streams()
        for stream in streams:
            for line in self._read(stream):
                self._lines.append(line if len(streams) == 1 else f"{_host(stream)}: {line}")
        lines, self._lines = self._lines, []
        return lines

    def _streams(self) -> list[str]:
        pages = self.aws.client("logs").get_paginator("describe_log_streams")
        try:
            return [
                stream["logStreamName"]
                for page in pages.paginate(logGroupName=GROUP, logStreamNamePrefix=f"{self.job}/")
                for stream in page["logStreams"]
            ]
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return []  # nothing was ever printed here
            raise

    def _read(self, stream: str) -> Iterator[str]:
        client = self.aws.client("logs")
        while True:
            token = self._tokens.get(stream)
            page = client.get_log_events(
                logGroupName=GROUP,
                logStreamName=stream,
                startFromHead=True,
                **({"nextToken": token} if token else {}),
            )
            self._tokens[stream] = page["nextForwardToken"]
            yield from (one_line(event["message"]) for event in page["events"])
            if page["nextForwardToken"] == token:  # that of the end leads to itself
                return


@dataclass(frozen=True)
class Message:
    """A line of the log without its time."""

    text: str
    level: str = "INFO"


@dataclass(frozen=True)
class Epoch:
    """An epoch as it was printed: its metrics by their names in SageMaker."""

    number: int
    metrics: Mapping[str, float]


def understand(line: str, definitions: Sequence[Mapping[str, str]]) -> Message | Epoch:
    """Return the epoch that a line tells by the job's metric definitions, or its message."""
    stamped = STAMP.search(line)
    before, text = (line[: stamped.start()], stamped["message"]) if stamped else ("", line)
    level = stamped["level"] if stamped else "INFO"
    epoch = EPOCH.search(text)
    if epoch:
        metrics = dict(_metrics(text, definitions))
        if metrics:
            return Epoch(int(epoch[1]), metrics)
    return Message(f"{before}{text}", level)


def _metrics(text: str, definitions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, float]]:
    for definition in definitions:
        found = re.search(definition["Regex"], text)
        if found:
            yield definition["Name"], float(found[1])


def _host(stream: str) -> str:
    """Return the host of a stream: ``JOB/algo-1-1700000000`` is of algo-1."""
    return "-".join(stream.rpartition("/")[2].split("-")[:2])
