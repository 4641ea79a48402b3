"""Which job a command means: the same request has the same name, so that it is paid for once.

A name stands for a request, and no name can be used twice: what comes after a job that has ended
gets a number.
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.endpoints import is_missing
from textcnn.training.request import JobSpecification, tags

RUNNING = frozenset({"InProgress", "Stopping"})
LONGEST = 63
# SageMaker allows tuning jobs 32 characters.
LONGEST_TUNING = 32
NUMBER_DIGITS = 3
NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9])*")


@dataclass(frozen=True)
class Attempts:
    """The last job of a request, if there is one, and the name of the next."""

    last: dict[str, Any] | None
    next_name: str

    @property
    def is_running(self) -> bool:
        """Whether the last one has not ended."""
        return self.last is not None and status(self.last) in RUNNING


def base_name(data: str, identity: str, longest: int = LONGEST) -> str:
    """Return the name of a request's first job: of the data's own name and the identity.

    >>> base_name("s3://bucket/My letters/", "1a2b3c4d")
    'textcnn-my-letters-1a2b3c4d'
    """
    own = re.sub(r"[^a-z0-9]+", "-", data.rstrip("/").rpartition("/")[2].lower()).strip("-")
    room = longest - len(f"textcnn--{identity}") - 1 - NUMBER_DIGITS
    return "-".join(part for part in ("textcnn", own[:room].strip("-"), identity) if part)


def identity(request: Mapping[str, Any], specification: JobSpecification) -> str:
    """Return eight digits that stand for all of a request, tags and data included."""
    contents = {source.channel: source.identity for source in specification.sources}
    whole = json.dumps([request, tags(specification.guards), contents], sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:8]


def is_name(text: str, longest: int) -> bool:
    """Whether SageMaker takes a text as the name of a job."""
    return len(text) <= longest and NAME.fullmatch(text) is not None


def look_up(describe: Callable[[str], dict[str, Any] | None], base: str) -> Attempts:
    """Return how often a request was tried; describe returns None for a job that is not there."""
    last, following, number = None, base, 1
    while (found := describe(following)) is not None:
        last, number = found, number + 1
        following = f"{base}-{number}"
    return Attempts(last, following)


def describe_training_job(aws: Aws, name: str) -> dict[str, Any] | None:
    """Return DescribeTrainingJob's answer, None where there is no such job."""
    return _described(aws, "describe_training_job", TrainingJobName=name)


def describe_tuning_job(aws: Aws, name: str) -> dict[str, Any] | None:
    """Return DescribeHyperParameterTuningJob's answer, None where there is no such job."""
    return _described(aws, "describe_hyper_parameter_tuning_job", HyperParameterTuningJobName=name)


def name(described: dict[str, Any]) -> str:
    """Return the name of a training or tuning job."""
    found = described.get("TrainingJobName") or described["HyperParameterTuningJobName"]
    return str(found)


def is_same(described: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    """Whether a job has the hyperparameters, the data and the image of a request.

    The service adds defaults to what it describes, and tuning hyperparameters of its own.
    """
    ours, theirs = _training(request), _training(described)
    return (
        _hyperparameters(ours).items() <= _hyperparameters(theirs).items()
        and _places(ours) == _places(theirs)
        and ours["AlgorithmSpecification"]["TrainingImage"]
        == theirs["AlgorithmSpecification"].get("TrainingImage")
    )


def _training(members: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = members.get("TrainingJobDefinition", members)
    return found


def _hyperparameters(members: Mapping[str, Any]) -> dict[str, str]:
    return members.get("HyperParameters") or members.get("StaticHyperParameters") or {}


def _places(members: Mapping[str, Any]) -> dict[str, str]:
    return {
        channel["ChannelName"]: channel["DataSource"]["S3DataSource"]["S3Uri"]
        for channel in members["InputDataConfig"]
    }


def status(described: dict[str, Any]) -> str:
    """Return the status of a training or tuning job."""
    found = described.get("TrainingJobStatus") or described["HyperParameterTuningJobStatus"]
    return str(found)


def is_taken(error: ClientError) -> bool:
    """Whether the error says that a job of this name is there: another command was faster."""
    return str(error.response["Error"]["Code"]) == "ResourceInUse"


def _described(aws: Aws, method: str, **name: str) -> dict[str, Any] | None:
    try:
        response: dict[str, Any] = getattr(aws.client("sagemaker"), method)(**name)
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    return response
