"""What is going to run, what it costs and when it ends, before anybody says yes."""

from dataclasses import dataclass
from datetime import UTC, datetime

from textcnn import durations, pricing
from textcnn.aws import Aws
from textcnn.deployment.parameters import Target
from textcnn.endpoints import Endpoint, Kind
from textcnn.pricing import Component, Price

WHILE_IDLE = "nothing while nobody asks"


@dataclass(frozen=True)
class Plan:
    """The parameters of a stack, and what they mean for a person.

    price: an hour of all instances, or a second of a serverless endpoint's work; None where it is
    unknown. present: the endpoint that is updated.
    """

    target: Target
    parameters: dict[str, str]
    price: Price | None
    present: Endpoint | None

    @property
    def ends(self) -> datetime | None:
        """When the endpoint ends by itself, in UTC."""
        told = self.parameters.get("ExpiresAt")
        return datetime.fromisoformat(told).replace(tzinfo=UTC) if told else None


def price_of(aws: Aws, target: Target) -> Price | None:
    """Return what the target costs, asked from the Pricing API."""
    choices = target.choices
    if choices.kind is Kind.SERVERLESS:
        return pricing.serverless_price(aws, choices.memory)
    instance_type = choices.instance_type or ""
    hourly = pricing.instance_price(aws, instance_type, Component.HOSTING)
    return hourly.times(choices.instances) if hourly else None


def lines(plan: Plan) -> list[tuple[str, str]]:
    """Return the plan as names and values."""
    target, choices = plan.target, plan.target.choices
    does = "update of an endpoint" if plan.present else "new"
    told = [
        ("endpoint", f"{target.name} ({does})"),
        ("model", target.archive),
        ("image", target.image),
        ("runs on", _machine(plan)),
        ("costs", _cost(plan)),
        ("ends", _end(plan)),
    ]
    if choices.capture:
        told.append(("captures", f"{choices.capture} % to {plan.parameters['CapturePath']}"))
    if choices.subnets:
        told.append(("network", f"{', '.join(choices.subnets)}"))
    if choices.environment:
        told.append(("variables", ", ".join(choices.environment)))
    return told


def _machine(plan: Plan) -> str:
    choices = plan.target.choices
    if choices.kind is Kind.SERVERLESS:
        return f"serverless, {choices.memory} MB, {choices.concurrency} requests at once"
    machine = f"{choices.instances} x {choices.instance_type}"
    if choices.scaling:
        machine += ", scaled from {} to {}".format(*choices.scaling)
    return f"{machine}, asynchronous" if choices.asynchronous else machine


def _cost(plan: Plan) -> str:
    choices = plan.target.choices
    price = pricing.tell(plan.price)
    if choices.kind is Kind.SERVERLESS:
        return f"{WHILE_IDLE}; price while it computes: {price}"
    cost = price if plan.price else "an unknown price an hour"
    if choices.scaling and choices.scaling[0] == 0:
        return f"{cost} while it runs, {WHILE_IDLE}"
    return f"{cost}, used or not, and its alarms by the month"


def _end(plan: Plan) -> str:
    if plan.ends is None:
        return f"when you remove it: textcnn rm {plan.target.name}"
    seconds = plan.target.seconds or 0
    return f"{plan.ends:%Y-%m-%d %H:%M} UTC by itself, in {durations.write(seconds)}"
