"""Choices as the parameters of the endpoint's template."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from textcnn.deployment.choices import DEFAULT_INSTANCE, Choices
from textcnn.endpoints import Kind
from textcnn.foundation import Foundation


@dataclass(frozen=True)
class Target:
    """What is to run under a name; seconds: how long, None for without an end."""

    name: str
    archive: str
    image: str
    choices: Choices
    seconds: int | None
    bake_seconds: int = 300


def parameters(target: Target, foundation: Foundation, now: datetime) -> dict[str, str]:
    """Return the parameters by name; those that are left out have the template's defaults."""
    choices = target.choices
    given: dict[str, object] = {
        "EndpointName": target.name,
        "Image": target.image,
        "ModelDataUrl": target.archive,
        "RoleArn": foundation.role_arn,
        "Kind": choices.kind.value,
        "SubnetIds": ",".join(choices.subnets),
        "SecurityGroupIds": ",".join(choices.security_groups),
        "NetworkIsolation": str(choices.isolated).lower(),
        "KmsKeyArn": choices.kms_key or foundation.kms_key_arn,
    }
    if choices.kind is Kind.SERVERLESS:
        given |= {"MemorySizeInMB": choices.memory, "MaxConcurrency": choices.concurrency}
    else:
        given |= _of_instances(target, foundation, now)
    return {name: str(value) for name, value in given.items()}


def _of_instances(target: Target, foundation: Foundation, now: datetime) -> dict[str, object]:
    choices = target.choices
    given: dict[str, object] = {
        "InstanceType": choices.instance_type or DEFAULT_INSTANCE,
        "InstanceCount": choices.instances,
        "BakeSeconds": target.bake_seconds,
    }
    if choices.scaling:
        given |= {"MinInstances": choices.scaling[0], "MaxInstances": choices.scaling[1]}
    if choices.asynchronous:
        given["OutputPath"] = f"s3://{foundation.bucket}/asynchronous/{target.name}"
    if choices.capture:
        given["CapturePath"] = f"s3://{foundation.bucket}/capture"
        given["CapturePercentage"] = choices.capture
    if target.seconds is not None:
        given["ExpiresAt"] = _timestamp(now + timedelta(seconds=target.seconds))
        given["SchedulerRoleArn"] = foundation.scheduler_role_arn
    return given


def _timestamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
