"""How an update takes traffic over: at once, by a canary, or step by step, watched by alarms."""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.variant import DeploymentFailed
from textcnn.emulator.protocol.errors import ValidationException

BETWEEN_LOOKS = 0.2
MOST_OF_A_CANARY = 0.5
LEAST_OF_A_STEP = 0.1


class Step(NamedTuple):
    """A share of the traffic from 0 to 1, and the seconds for which it is watched."""

    share: float
    seconds: float


def steps(deployment: Mapping[str, Any], instances: int) -> list[Step]:
    """Return the steps of a DeploymentConfig; raises ``ValidationException`` for wrong sizes."""
    rolling = deployment.get("RollingUpdatePolicy")
    if rolling:
        share = _share(rolling["MaximumBatchSize"], instances)
        return _ramp(share, rolling["WaitIntervalInSeconds"])
    policy = deployment.get("BlueGreenUpdatePolicy")
    if not policy:
        return [Step(1, 0)]
    routing = policy["TrafficRoutingConfiguration"]
    baking = Step(1, policy.get("TerminationWaitInSeconds", 0))
    seconds = routing["WaitIntervalInSeconds"]
    if routing["Type"] == "CANARY":
        share = _share(_required(routing, "CanarySize"), instances)
        if share > MOST_OF_A_CANARY:
            raise ValidationException("CanarySize must be at most 50% of the capacity")
        return [Step(share, seconds), baking]
    if routing["Type"] == "LINEAR":
        share = _share(_required(routing, "LinearStepSize"), instances)
        if not LEAST_OF_A_STEP <= share <= MOST_OF_A_CANARY:
            raise ValidationException("LinearStepSize must be 10% to 50% of the capacity")
        return [*_ramp(share, seconds), baking]
    return [Step(1, seconds), baking]


def check_deployment(
    deployment: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Raise ``ValidationException`` where one configuration cannot follow another so.

    Deployment guardrails want the same variants before and after; a rolling update wants one
    variant of instances.
    """
    if not deployment:
        return
    variants = after["ProductionVariants"]
    names = {variant["VariantName"] for variant in variants}
    if names != {variant["VariantName"] for variant in before["ProductionVariants"]}:
        raise ValidationException(
            "with a DeploymentConfig the new configuration must have the same variant names"
        )
    if "RollingUpdatePolicy" in deployment and (
        len(variants) > 1 or "ServerlessConfig" in variants[0]
    ):
        raise ValidationException("a rolling update takes one production variant of instances")
    steps(deployment, sum(variant.get("InitialInstanceCount", 0) for variant in variants))


def take_over(
    account: Account,
    deployment: Mapping[str, Any],
    instances: int,
    shift: Callable[[float], None],
    abandoned: threading.Event,
) -> None:
    """Shift the traffic as a deployment says; raises ``DeploymentFailed`` on an alarm.

    shift: told the share of the traffic that the new fleet gets.
    """
    alarms = deployment.get("AutoRollbackConfiguration", {}).get("Alarms", [])
    names = [alarm["AlarmName"] for alarm in alarms if "AlarmName" in alarm]
    for step in steps(deployment, instances):
        shift(step.share)
        deadline = time.monotonic() + step.seconds * account.timing.seconds_scale
        _raise_for_alarms(account, names)
        while (left := deadline - time.monotonic()) > 0:
            if abandoned.wait(min(left, BETWEEN_LOOKS)):
                raise DeploymentFailed("the deployment was abandoned")
            _raise_for_alarms(account, names)


def check_alarms(account: Account, deployment: Mapping[str, Any]) -> None:
    """Raise ``ValidationException`` where an alarm is not there, or is on already."""
    for alarm in deployment.get("AutoRollbackConfiguration", {}).get("Alarms", []):
        name = alarm.get("AlarmName", "")
        described = account.client("cloudwatch").describe_alarms(AlarmNames=[name])
        states = [
            each["StateValue"] for each in described["MetricAlarms"] + described["CompositeAlarms"]
        ]
        if not states:
            raise ValidationException(f"there is no CloudWatch alarm {name!r}")
        if "ALARM" in states:
            raise ValidationException(f"the alarm {name} is in the state ALARM already")


def _raise_for_alarms(account: Account, names: list[str]) -> None:
    if not names:
        return
    # moto looks at names or at states, never at both.
    described = account.client("cloudwatch").describe_alarms(AlarmNames=names)
    alarms = described["MetricAlarms"] + described["CompositeAlarms"]
    on = [alarm["AlarmName"] for alarm in alarms if alarm["StateValue"] == "ALARM"]
    if on:
        raise DeploymentFailed(
            f"The deployment was rolled back: CloudWatch alarms in ALARM state: {', '.join(on)}"
        )


def _ramp(share: float, seconds: float) -> list[Step]:
    count = max(1, round(1 / share))
    return [Step(min(1.0, share * number), seconds) for number in range(1, count + 1)]


def _share(size: Mapping[str, Any], instances: int) -> float:
    if size["Type"] == "CAPACITY_PERCENT":
        return min(1.0, float(size["Value"]) / 100)
    return min(1.0, float(size["Value"]) / max(1, instances))


def _required(routing: Mapping[str, Any], member: str) -> Mapping[str, Any]:
    if member not in routing:
        raise ValidationException(f"traffic routing of the type {routing['Type']} needs {member}")
    size: Mapping[str, Any] = routing[member]
    return size
