"""The options of `train`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from textcnn.errors import CommandError, Exit
from textcnn.training.delivery import Delivery

# Training computes on processors, and this has four of the cheapest.
INSTANCE_TYPE = "ml.c5.xlarge"


@dataclass(frozen=True)
class JobOptions:
    """The options of a training or tuning job.

    spot None: where the quota allows it. tuning_jobs 0: no tuning job. folder: where the report
    goes, None for a folder named after the job.
    """

    data: str
    channels: Mapping[str, str | None]
    hyperparameters: Mapping[str, str]
    image: str | None = None
    name: str | None = None
    again: bool = False
    instance_type: str = INSTANCE_TYPE
    instance_count: int = 1
    volume_gb: int = 30
    max_seconds: int = 4 * 3600
    spot: bool | None = None
    subnets: Sequence[str] = ()
    security_groups: Sequence[str] = ()
    kms_key: str | None = None
    role_arn: str | None = None
    network_isolation: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    tuning_jobs: int = 0
    parallel: int = 2
    folder: Path | None = None
    register: str | None = None
    yes: bool = False
    delivery: Delivery = field(default_factory=Delivery)


def read_tags(texts: Sequence[str]) -> dict[str, str]:
    """Return tags of ``key=value``."""
    tags = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip():
            raise CommandError(
                f"--tag {text} names no value", "Write --tag team=claims.", Exit.USAGE
            )
        tags[key.strip()] = value
    return tags
