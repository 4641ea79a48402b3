"""The request for a training job, but for its name: what is in it decides the name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from text_classification.contract.metric_lines import metric_definitions
from textcnn.foundation import Foundation
from textcnn.images import Image
from textcnn.training.delivery import Delivery
from textcnn.training.sources import Source

DAY = 86_400
# The tag that everything of ours has: `ls` and `rm` find it by that.
PROJECT = {"project": "textcnn"}


def machines(count: int, instance_type: str) -> str:
    """Return instances in words: ``2 instances of ml.c5.xlarge``."""
    return f"{count} instances of {instance_type}" if count > 1 else instance_type


@dataclass(frozen=True)
class Machine:
    """What a job runs on and for how long at most."""

    instance_type: str
    instance_count: int = 1
    volume_gb: int = 30
    max_seconds: int = 4 * 3600
    spot: bool = True


@dataclass(frozen=True)
class Guards:
    """Network, keys, role and tags of a job."""

    role_arn: str
    kms_key: str = ""
    subnets: Sequence[str] = ()
    security_groups: Sequence[str] = ()
    network_isolation: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class JobSpecification:
    """All that a job is asked with."""

    foundation: Foundation
    image: Image
    sources: Sequence[Source]
    hyperparameters: Mapping[str, str]
    machine: Machine
    guards: Guards
    delivery: Delivery = field(default_factory=Delivery)


def training_request(specification: JobSpecification) -> dict[str, Any]:
    """Return CreateTrainingJob's members but TrainingJobName, CheckpointConfig and Tags."""
    return {
        "HyperParameters": dict(specification.hyperparameters),
        **common(specification),
    }


def common(specification: JobSpecification) -> dict[str, Any]:
    """Return what training jobs and the definitions of tuning jobs have in common."""
    machine, guards = specification.machine, specification.guards
    key = {"KmsKeyId": guards.kms_key} if guards.kms_key else {}
    volume_key = {"VolumeKmsKeyId": guards.kms_key} if guards.kms_key else {}
    request: dict[str, Any] = {
        "AlgorithmSpecification": {
            "TrainingImage": specification.image.uri,
            "TrainingInputMode": specification.delivery.mode.value,
            "MetricDefinitions": metric_definitions(),
        },
        "RoleArn": guards.role_arn,
        "InputDataConfig": [
            specification.delivery.channel(source, specification.foundation.bucket)
            for source in specification.sources
        ],
        "OutputDataConfig": {
            "S3OutputPath": f"s3://{specification.foundation.bucket}/jobs/",
            **key,
        },
        "ResourceConfig": {
            "InstanceType": machine.instance_type,
            "InstanceCount": machine.instance_count,
            "VolumeSizeInGB": machine.volume_gb,
            **volume_key,
        },
        "StoppingCondition": stopping(machine),
        "EnableManagedSpotTraining": machine.spot,
        "EnableNetworkIsolation": guards.network_isolation,
    }
    if guards.subnets:
        request["VpcConfig"] = {
            "Subnets": list(guards.subnets),
            "SecurityGroupIds": list(guards.security_groups),
        }
    return request


def stopping(machine: Machine) -> dict[str, int]:
    """Return the limits of time; on spot, waiting for instances may take a day more."""
    if not machine.spot:
        return {"MaxRuntimeInSeconds": machine.max_seconds}
    return {
        "MaxRuntimeInSeconds": machine.max_seconds,
        "MaxWaitTimeInSeconds": machine.max_seconds + DAY,
    }


def tags(guards: Guards) -> list[dict[str, str]]:
    """Return the tags of a job."""
    return [{"Key": key, "Value": value} for key, value in {**guards.tags, **PROJECT}.items()]
