"""AWS::SageMaker::Endpoint: what serves, and what is updated without an interruption."""

from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.stacks.resources.kind import (
    Kind,
    Properties,
    ResourceFailed,
    Work,
    is_missing,
)
from textcnn.emulator.stacks.resources.models import LONGEST_NAME, name_of, retag
from textcnn.emulator.stacks.resources.requests import members, request
from textcnn.emulator.stacks.return_values import ReturnValues

MOVING = frozenset({"Creating", "Deleting", "RollingBack", "SystemUpdating", "Updating"})


class Endpoint(Kind):
    """An endpoint; ``Ref`` is its ARN."""

    type = "AWS::SageMaker::Endpoint"
    properties = members("sagemaker", "CreateEndpoint") | (
        members("sagemaker", "UpdateEndpoint") - {"DeletionCondition"}
    )
    replacing = frozenset({"EndpointName"})

    def create(self, work: Work, properties: Properties) -> str:
        """Begin to make it."""
        named = {"EndpointName": work.name(LONGEST_NAME), **properties}
        # How it is updated is said with each update.
        values = {name: value for name, value in named.items() if name in CREATED_WITH}
        response = work.client("sagemaker").create_endpoint(
            **request("sagemaker", "CreateEndpoint", values)
        )
        return str(response["EndpointArn"])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Wait until it serves by the wanted configuration; else it has failed.

        SageMaker serves the earlier configuration again when an update has failed.
        """
        endpoint = self._at_rest(work, identifier)
        if endpoint is None:
            raise ResourceFailed(f"Could not find endpoint {identifier}")
        running, desired = endpoint.get("EndpointConfigName"), properties["EndpointConfigName"]
        if endpoint["EndpointStatus"] != "InService" or running != desired:
            reason = endpoint.get("FailureReason") or (
                f"it was rolled back: its configuration is {running} and not {desired}"
            )
            raise ResourceFailed(
                f"Resource of type 'AWS::SageMaker::Endpoint' with identifier '{identifier}' did "
                f"not stabilize. (Status: {endpoint['EndpointStatus']}, {reason})"
            )
        return ReturnValues(
            identifier, {"EndpointName": endpoint["EndpointName"], "EndpointArn": identifier}
        )

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Begin to serve by another configuration, unless it does so already."""
        retag(work, identifier, before, after)
        endpoint = self._at_rest(work, identifier)
        serves = endpoint is not None and endpoint["EndpointStatus"] == "InService"
        if endpoint and serves and endpoint["EndpointConfigName"] == after["EndpointConfigName"]:
            return
        values = {name: value for name, value in after.items() if name in UPDATED_WITH}
        values["EndpointName"] = name_of(identifier)
        work.client("sagemaker").update_endpoint(**request("sagemaker", "UpdateEndpoint", values))

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it and wait until it is gone; one that is being made is waited for first."""
        if self._at_rest(work, identifier) is None:
            return
        try:
            work.client("sagemaker").delete_endpoint(EndpointName=name_of(identifier))
        except ClientError as error:
            if not is_missing(error):
                raise
        work.until(lambda: _described(work, identifier) is None)

    def _at_rest(self, work: Work, identifier: str) -> dict[str, Any] | None:
        """Wait until nothing happens to it and return it, or None where it is gone."""
        endpoint: list[dict[str, Any] | None] = []

        def rests() -> bool:
            endpoint[:] = [_described(work, identifier)]
            return endpoint[0] is None or endpoint[0]["EndpointStatus"] not in MOVING

        work.until(rests)
        return endpoint[0]


CREATED_WITH = members("sagemaker", "CreateEndpoint")
UPDATED_WITH = members("sagemaker", "UpdateEndpoint")


def _described(work: Work, identifier: str) -> dict[str, Any] | None:
    try:
        endpoint = work.client("sagemaker").describe_endpoint(EndpointName=name_of(identifier))
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    return dict(endpoint)
