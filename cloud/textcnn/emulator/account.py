"""The account that the emulator stands for: its identity, its parts, and its own services."""

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar

import boto3
from botocore.config import Config

from textcnn.emulator.faults import Faults
from textcnn.emulator.recording.recorded import Recorded
from textcnn.emulator.runtime.container import Runtime
from textcnn.emulator.tags import Tags

# moto's own.
ACCOUNT = "123456789012"
# The emulator asks its own services as this caller; faults do not hit it.
OWN_ACCESS_KEY = "EMULATOROWNCALLS"


class Part(Protocol):
    """What one kind of resource keeps: made of the account when it is first asked for."""

    def __init__(self, account: "Account") -> None:
        """Keep the account."""

    def close(self) -> None:
        """End what runs; called when the emulator stops."""


PartKind = TypeVar("PartKind", bound=Part)


@dataclass(frozen=True)
class Timing:
    """How long the emulator waits where the service waits for minutes: it is a rehearsal.

    seconds_scale: what a second is here that a deployment watches before it goes on.
    startup_seconds: the longest a container may take until it answers pings, where the service
    would wait longer.
    """

    seconds_scale: float = 0.01
    startup_seconds: float = 60.0


@dataclass
class Account:
    """One account in one region; folder holds those of the containers, url is our own address."""

    region: str
    folder: Path
    url: str
    runtime: Runtime
    timing: Timing = field(default_factory=Timing)
    identifier: str = ACCOUNT
    faults: Faults = field(default_factory=Faults)
    tags: Tags = field(default_factory=Tags)
    recorded: Recorded = field(default_factory=Recorded)
    _parts: dict[type[Part], Part] = field(default_factory=dict)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def part(self, kind: type[PartKind]) -> PartKind:
        """Return what the account keeps of one kind of resource; there is one of each."""
        with self._lock:
            if kind not in self._parts:
                self._parts[kind] = kind(self)
            part = self._parts[kind]
        assert isinstance(part, kind)  # noqa: S101 - it was made of this kind
        return part

    def close(self) -> None:
        """End what the parts have running; later ones may use those made before."""
        for part in reversed(list(self._parts.values())):
            part.close()

    def arn(self, kind: str, name: str) -> str:
        """Return the ARN of a SageMaker resource, such as ``training-job`` and its name."""
        return f"arn:aws:sagemaker:{self.region}:{self.identifier}:{kind}/{name}"

    def now(self) -> datetime:
        """Return the time that resources are stamped with."""
        return datetime.now(UTC)

    def client(self, service: str) -> Any:
        """Return a boto3 client of one of the emulator's own services, such as ``s3``."""
        # boto3 makes clients of one session, which is not to be used by two threads at a time.
        with self._lock:
            if service not in self._clients:
                self._clients[service] = boto3.client(
                    service,
                    region_name=self.region,
                    endpoint_url=self.url,
                    aws_access_key_id=OWN_ACCESS_KEY,
                    aws_secret_access_key=OWN_ACCESS_KEY,
                    config=Config(retries={"max_attempts": 1}, max_pool_connections=50),
                )
        return self._clients[service]

    @cached_property
    def _clients(self) -> dict[str, Any]:
        return {}
