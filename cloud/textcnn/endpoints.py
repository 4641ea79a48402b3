"""The endpoints of an account: what runs behind a name, and the one that a person means."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from botocore.exceptions import ClientError

from textcnn.aws import Aws
from textcnn.errors import CommandError, Exit

IN_SERVICE = "InService"
# These answer, while something else is being prepared or undone.
ANSWERING = frozenset({IN_SERVICE, "Updating", "SystemUpdating", "RollingBack"})


class Kind(StrEnum):
    """What an endpoint runs on."""

    SERVERLESS = "serverless"
    INSTANCE = "instance"
    ASYNCHRONOUS = "asynchronous"


@dataclass(frozen=True)
class Endpoint:
    """An endpoint and the configuration that it runs now.

    description and configuration are DescribeEndpoint's and DescribeEndpointConfig's answers;
    configuration is empty where somebody has deleted it.
    """

    name: str
    description: dict[str, Any]
    configuration: dict[str, Any]

    @property
    def status(self) -> str:
        """The service's word, such as InService."""
        return str(self.description["EndpointStatus"])

    @property
    def arn(self) -> str:
        """The endpoint's ARN."""
        return str(self.description["EndpointArn"])

    @property
    def created(self) -> datetime:
        """When it was created."""
        created: datetime = self.description["CreationTime"]
        return created

    @property
    def failure(self) -> str:
        """Why it failed or was rolled back, in the service's words; empty where it was not."""
        return str(self.description.get("FailureReason", ""))

    @property
    def variants(self) -> list[dict[str, Any]]:
        """The variants: those of the configuration, or what the endpoint tells of them."""
        found: list[dict[str, Any]] = self.configuration.get(
            "ProductionVariants", self.description.get("ProductionVariants", [])
        )
        return found

    @property
    def kind(self) -> Kind:
        """What it runs on."""
        if "AsyncInferenceConfig" in {**self.description, **self.configuration}:
            return Kind.ASYNCHRONOUS
        serverless = ("ServerlessConfig", "CurrentServerlessConfig")
        if any(each.get(member) for each in self.variants for member in serverless):
            return Kind.SERVERLESS
        return Kind.INSTANCE

    @property
    def instance_type(self) -> str:
        """The first variant's instance type; empty for a serverless endpoint."""
        return str(next((each.get("InstanceType", "") for each in self.variants), ""))

    @property
    def instances(self) -> int:
        """How many instances run, or are asked for where none is told; 0 for serverless.

        What has scaled down to none has none, whatever its configuration asked for at first.
        """
        told: list[dict[str, Any]] = self.description.get("ProductionVariants", [])
        running = [
            int(each["CurrentInstanceCount"]) for each in told if "CurrentInstanceCount" in each
        ]
        asked = (int(each.get("InitialInstanceCount", 0)) for each in self.variants)
        return sum(running) if running else sum(asked)

    @property
    def model_names(self) -> list[str]:
        """The models of its variants."""
        return [each["ModelName"] for each in self.variants if "ModelName" in each]


def find(aws: Aws, name: str) -> Endpoint:
    """Return an endpoint; raises ``CommandError`` where there is none."""
    found = look_up(aws, name)
    if found is None:
        raise CommandError(
            f"there is no endpoint {name} in {aws.region}",
            "`textcnn ls` shows what there is; --region looks elsewhere.",
            Exit.MISSING,
        )
    return found


def look_up(aws: Aws, name: str) -> Endpoint | None:
    """Return an endpoint, or None where there is none."""
    sagemaker = aws.client("sagemaker")
    try:
        description = sagemaker.describe_endpoint(EndpointName=name)
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    # An endpoint that failed at its creation may have none.
    named = description.get("EndpointConfigName")
    try:
        configuration = sagemaker.describe_endpoint_config(EndpointConfigName=named)
    except ClientError as error:
        if not is_missing(error):
            raise
        configuration = {}
    return Endpoint(name, description, configuration)


def is_missing(error: ClientError) -> bool:
    """Whether SageMaker says that what was named is not there: it has no one code for that."""
    told = error.response["Error"]
    if told.get("Code") in {"ResourceNotFound", "ResourceNotFoundException"}:
        return True
    missing = ("could not find", "does not exist", "not found", "cannot find")
    return told.get("Code") == "ValidationException" and any(
        words in told.get("Message", "").lower() for words in missing
    )


def names(aws: Aws) -> Iterator[str]:
    """Yield the names of all endpoints of the account and region, newest first."""
    pages = aws.client("sagemaker").get_paginator("list_endpoints").paginate()
    for page in pages:
        for each in page["Endpoints"]:
            yield each["EndpointName"]


def meant(aws: Aws, name: str | None) -> Endpoint:
    """Return the endpoint of that name, or the only one there is.

    Raises ``CommandError`` where none is there, or several and none was named.
    """
    if name:
        return find(aws, name)
    found = list(names(aws))
    if len(found) == 1:
        return find(aws, found[0])
    if not found:
        raise CommandError(
            f"there is no endpoint in {aws.region}",
            "`textcnn deploy MODEL` makes one; --region looks elsewhere.",
            Exit.MISSING,
        )
    listed = ", ".join(found[:5]) + (", ..." if len(found) > 5 else "")  # noqa: PLR2004
    raise CommandError(
        f"there are {len(found)} endpoints: {listed}", "Say which by --endpoint NAME.", Exit.USAGE
    )
