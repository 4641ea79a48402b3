"""The one way to AWS: clients of a session, and changes that a dry run only shows.

Where AWS_ENDPOINT_URL points, boto3 goes; nothing here knows whether that is AWS.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import boto3
from botocore.config import Config

from textcnn.errors import CommandError, Exit

# Adaptive: throttled calls are slowed down and tried again.
RETRIES = Config(retries={"mode": "adaptive", "max_attempts": 8}, user_agent_extra="textcnn")
# For what is good to know and may be unknown: nobody should wait for it.
ADVICE = Config(
    retries={"total_max_attempts": 2},
    connect_timeout=3,
    read_timeout=10,
    user_agent_extra="textcnn",
)


@dataclass(frozen=True)
class Request:
    """A request that would change something: the service, boto3's method and its arguments."""

    service: str
    method: str
    arguments: dict[str, Any]


@dataclass
class Aws:
    """A session; with dry_run the requests that would change something are kept instead of sent."""

    region_name: str | None = None
    profile: str | None = None
    dry_run: bool = False
    requests: list[Request] = field(default_factory=list)

    def client(self, service: str) -> Any:
        """Return boto3's client of a service."""
        if service not in self._clients:
            self._clients[service] = self._session.client(service, config=RETRIES)
        return self._clients[service]

    def advice_client(self, service: str, region: str | None = None) -> Any:
        """Return a client for what may stay unknown: it gives up soon."""
        key = f"{service} {region}"
        if key not in self._clients:
            self._clients[key] = self._session.client(service, region_name=region, config=ADVICE)
        return self._clients[key]

    def renew(self) -> None:
        """Forget the credentials, so that those of a new login are read."""
        self.__dict__.pop("_session", None)
        self.__dict__.pop("_clients", None)

    def change(self, service: str, method: str, **arguments: Any) -> dict[str, Any]:
        """Send a request that changes something; in a dry run keep it and return nothing."""
        if self.dry_run:
            self.requests.append(Request(service, method, arguments))
            return {}
        answer: dict[str, Any] = getattr(self.client(service), method)(**arguments)
        return answer

    @property
    def region(self) -> str:
        """The region; raises ``CommandError`` where none is set."""
        region = self._session.region_name
        if not region:
            raise CommandError(
                "no AWS region is set",
                "Give --region, or set AWS_DEFAULT_REGION or a region in your AWS profile.",
                Exit.USAGE,
            )
        return str(region)

    @cached_property
    def account(self) -> str:
        """The number of the account that the credentials belong to."""
        return str(self.client("sts").get_caller_identity()["Account"])

    @cached_property
    def _session(self) -> boto3.Session:
        return boto3.Session(region_name=self.region_name, profile_name=self.profile)

    @cached_property
    def _clients(self) -> dict[str, Any]:
        return {}
