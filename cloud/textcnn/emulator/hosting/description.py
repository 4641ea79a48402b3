"""An endpoint in the words of DescribeEndpoint and ListEndpoints."""

from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.endpoint import Endpoint
from textcnn.emulator.hosting.fleet import Fleet
from textcnn.emulator.hosting.variant import Variant


def summary(endpoint: Endpoint) -> dict[str, Any]:
    """Return the members of ListEndpoints."""
    return {
        "EndpointName": endpoint.name,
        "EndpointArn": endpoint.arn,
        "CreationTime": endpoint.created,
        "LastModifiedTime": endpoint.modified,
        "EndpointStatus": endpoint.status,
    }


def describe(endpoint: Endpoint) -> dict[str, Any]:
    """Return the members of DescribeEndpoint."""
    fleet, pending = endpoint.fleet, endpoint.next_fleet
    described = {
        **summary(endpoint),
        "EndpointConfigName": endpoint.configuration_name,
        "FailureReason": endpoint.failure_reason,
        "LastDeploymentConfig": endpoint.last_deployment,
    }
    if fleet is not None:
        described["ProductionVariants"] = _variants(endpoint.account, fleet)
        described["AsyncInferenceConfig"] = fleet.asynchronous
        described["DataCaptureConfig"] = _capture(fleet)
        if pending is not None:
            described["PendingDeploymentSummary"] = {
                "EndpointConfigName": pending.name,
                "ProductionVariants": _variants(endpoint.account, pending),
                "StartTime": endpoint.modified,
            }
    return described


def _variants(account: Account, fleet: Fleet) -> list[dict[str, Any]]:
    return [_variant(account, variant) for variant in fleet.variants]


def _variant(account: Account, variant: Variant) -> dict[str, Any]:
    image = variant.model.definition["Image"]
    described: dict[str, Any] = {
        "VariantName": variant.name,
        "DeployedImages": [
            {
                "SpecifiedImage": image,
                "ResolvedImage": _resolved(account, image),
                "ResolutionTime": variant.created,
            }
        ],
        "CurrentWeight": variant.weight,
        "DesiredWeight": variant.weight,
    }
    if variant.serverless:
        described["CurrentServerlessConfig"] = variant.serverless
    else:
        described["CurrentInstanceCount"] = variant.desired_count
        described["DesiredInstanceCount"] = variant.desired_count
    return described


def _resolved(account: Account, image: str) -> str:
    """Return an image by its digest where ECR knows it, else as it was given."""
    registry, _, path = image.partition("/")
    repository, _, tag = path.partition(":")
    if ".dkr.ecr." not in registry or "@" in path:
        return image
    try:
        described = account.client("ecr").describe_images(
            repositoryName=repository, imageIds=[{"imageTag": tag or "latest"}]
        )
    except ClientError:
        return image
    return f"{registry}/{repository}@{described['imageDetails'][0]['imageDigest']}"


def _capture(fleet: Fleet) -> dict[str, Any] | None:
    configuration = fleet.configuration.get("DataCaptureConfig")
    if configuration is None:
        return None
    enabled = configuration.get("EnableCapture", True)
    return {
        "EnableCapture": enabled,
        "CaptureStatus": "Started" if enabled else "Stopped",
        "CurrentSamplingPercentage": configuration["InitialSamplingPercentage"],
        "DestinationS3Uri": configuration["DestinationS3Uri"],
        # The model calls it required; the service has it empty where there is no key.
        "KmsKeyId": configuration.get("KmsKeyId", ""),
    }
