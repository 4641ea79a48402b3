"""All that `ls` shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from textcnn import pricing, stacks
from textcnn.aws import Aws
from textcnn.deployment.naming import STACK_PREFIX
from textcnn.endpoints import Endpoint, Kind
from textcnn.inventory.hosting import Hosting, hosting
from textcnn.inventory.jobs import Job, jobs, our_jobs
from textcnn.inventory.requests import LastRequest, last_request
from textcnn.ownership import TAG_KEY, TAG_VALUE, Ownership
from textcnn.page.place import Page, pages
from textcnn.pricing import Component, Price
from textcnn.stacks import Stack

MOST_JOBS = 10


@dataclass(frozen=True)
class Running:
    """An endpoint with what `ls` tells of it; price: an hour of all its instances."""

    endpoint: Endpoint
    is_ours: bool
    ends: datetime | None
    last: LastRequest
    price: Price | None


@dataclass
class Inventory:
    """What there is at one time; everything: not only what is ours."""

    aws: Aws
    everything: bool
    now: datetime

    @cached_property
    def hosting(self) -> Hosting:
        """Models, configurations, endpoints."""
        return hosting(self.aws, self._ours)

    @cached_property
    def jobs(self) -> list[Job]:
        """The newest jobs, newest first."""
        if self.everything:
            found = list(jobs(self.aws, MOST_JOBS))
        else:
            found = list(our_jobs(self.aws, self._ours, MOST_JOBS))
        return sorted(found, key=lambda each: each.created, reverse=True)

    def owns(self, job: Job) -> bool:
        """Whether a job is ours."""
        return not self.everything or self._ours.has_tag(job.arn)

    @cached_property
    def endpoints(self) -> list[Running]:
        """The endpoints, newest first."""
        return list(self._endpoints())

    @cached_property
    def pages(self) -> list[Page]:
        """The pages in front of endpoints."""
        return pages(self.aws)

    @cached_property
    def left_stacks(self) -> list[Stack]:
        """The stacks whose endpoint has ended."""
        names = {each.name for each in self.hosting.endpoints}
        return [
            stack
            for stack in self._stacks
            if stack.is_usable and stack.name.removeprefix(STACK_PREFIX) not in names
        ]

    @cached_property
    def _ours(self) -> Ownership:
        return Ownership(self.aws)

    @cached_property
    def _stacks(self) -> list[Stack]:
        found = stacks.having_tag(self.aws, TAG_KEY, TAG_VALUE)
        return [stack for stack in found if stack.name.startswith(STACK_PREFIX)]

    def _endpoints(self) -> Iterator[Running]:
        prices: dict[str, Price | None] = {}
        ends = {stack.name.removeprefix(STACK_PREFIX): _end(stack) for stack in self._stacks}
        for endpoint in self.hosting.endpoints:
            is_ours = endpoint.name in self.hosting.ours
            if not is_ours and not self.everything:
                continue
            kind = endpoint.instance_type
            if kind and kind not in prices:
                prices[kind] = pricing.instance_price(self.aws, kind, Component.HOSTING)
            hourly = prices.get(kind)
            yield Running(
                endpoint,
                is_ours,
                ends.get(endpoint.name),
                last_request(self.aws, endpoint, self.now),
                hourly.times(endpoint.instances) if hourly else None,
            )


def machine(endpoint: Endpoint) -> str:
    """Return what an endpoint runs on, in a few words."""
    if endpoint.kind is Kind.SERVERLESS:
        settings: dict[str, Any] = next(
            (
                each.get("ServerlessConfig") or each.get("CurrentServerlessConfig", {})
                for each in endpoint.variants
            ),
            {},
        )
        return f"serverless {settings.get('MemorySizeInMB', 0) // 1024} GB"
    told = f"{endpoint.instances} x {endpoint.instance_type or '?'}"
    return f"{told} async" if endpoint.kind is Kind.ASYNCHRONOUS else told


def _end(stack: Stack) -> datetime | None:
    told = stack.outputs.get("ExpiresAt", "never")
    return None if told == "never" else datetime.fromisoformat(told).replace(tzinfo=UTC)
