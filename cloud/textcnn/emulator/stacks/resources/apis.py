"""AWS::ApiGatewayV2: an HTTP API with its integrations, routes and stages."""

from typing import Any, ClassVar

from botocore.exceptions import ClientError

from textcnn.emulator.protocol.models import service_model
from textcnn.emulator.protocol.validation import validate
from textcnn.emulator.stacks.resources.kind import (
    Kind,
    Properties,
    ResourceFailed,
    Work,
    is_missing,
)
from textcnn.emulator.stacks.resources.requests import members, request
from textcnn.emulator.stacks.return_values import ReturnValues

SERVICE = "apigatewayv2"
GONE = "NotFoundException"


class Api(Kind):
    """An HTTP API; ``Ref`` is its identifier. Other protocols are refused."""

    type = "AWS::ApiGatewayV2::Api"
    properties = frozenset({"Description", "Name", "ProtocolType", "Tags"})
    replacing = frozenset({"ProtocolType"})
    tags_are_a_map = True
    system_tags = True

    def create(self, work: Work, properties: Properties) -> str:
        """Make the API."""
        if properties.get("ProtocolType") != "HTTP":
            raise ResourceFailed("the emulator knows the ProtocolType HTTP alone")
        return str(_send(work, "CreateApi", properties)["ApiId"])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for its address."""
        response = _send(work, "GetApi", {"ApiId": identifier})
        return ReturnValues(
            identifier, {"ApiId": identifier, "ApiEndpoint": response["ApiEndpoint"]}
        )

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Change its name, its description and its tags."""
        named = {name: after[name] for name in ("Description", "Name") if name in after}
        _send(work, "UpdateApi", {**named, "ApiId": identifier})
        if after.get("Tags") != before.get("Tags"):
            arn = f"arn:aws:apigateway:{work.region}::/apis/{identifier}"
            _send(work, "TagResource", {"ResourceArn": arn, "Tags": after.get("Tags", {})})

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it with all its parts."""
        _unless_gone(work, "DeleteApi", {"ApiId": identifier})


class _PartOfApi(Kind):
    """What an API has; ``Ref`` is its identifier within the API."""

    noun: ClassVar[str]
    replacing = frozenset({"ApiId"})
    tag_property = None

    def create(self, work: Work, properties: Properties) -> str:
        """Make it."""
        return str(_send(work, f"Create{self.noun}", properties)[f"{self.noun}Id"])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for it."""
        _send(work, f"Get{self.noun}", self._named(identifier, properties))
        return ReturnValues(identifier)

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Change it."""
        _send(work, f"Update{self.noun}", {**after, **self._named(identifier, after)})

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it."""
        _unless_gone(work, f"Delete{self.noun}", self._named(identifier, properties))

    def _named(self, identifier: str, properties: Properties) -> dict[str, Any]:
        return {"ApiId": properties["ApiId"], f"{self.noun}Id": identifier}


class Integration(_PartOfApi):
    """What answers a route."""

    type = "AWS::ApiGatewayV2::Integration"
    noun = "Integration"
    properties = members(SERVICE, "CreateIntegration")


class Route(_PartOfApi):
    """A method and a path, and the integration that they go to."""

    type = "AWS::ApiGatewayV2::Route"
    noun = "Route"
    properties = members(SERVICE, "CreateRoute")


class Stage(Kind):
    """A stage; ``Ref`` is its name.

    moto cannot change stages: one that is to change is deleted and made again under its name.
    """

    type = "AWS::ApiGatewayV2::Stage"
    properties = frozenset({"ApiId", "AutoDeploy", "DefaultRouteSettings", "StageName", "Tags"})
    replacing = frozenset({"ApiId", "StageName"})
    tags_are_a_map = True
    system_tags = True

    def create(self, work: Work, properties: Properties) -> str:
        """Make it; a stage that is not deployed by itself would need a deployment."""
        if str(properties.get("AutoDeploy")).lower() != "true":
            raise ResourceFailed("the emulator knows stages with AutoDeploy alone")
        return str(_send(work, "CreateStage", properties)["StageName"])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for it."""
        _send(work, "GetStage", {"ApiId": properties["ApiId"], "StageName": identifier})
        return ReturnValues(identifier)

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Make it anew under its name."""
        self.delete(work, identifier, before)
        self.create(work, after)

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it."""
        named = {"ApiId": properties["ApiId"], "StageName": identifier}
        _unless_gone(work, "DeleteStage", named)


def _send(work: Work, operation: str, properties: Properties) -> dict[str, Any]:
    """Send a request that keeps to the model's limits, which neither boto3 nor moto hold."""
    values = request(SERVICE, operation, properties)
    model = service_model(SERVICE).operation_model(operation)
    validate(model.input_shape, values)
    client = work.client(SERVICE)
    method = next(
        name for name, api in client.meta.method_to_api_mapping.items() if api == operation
    )
    response: dict[str, Any] = getattr(client, method)(**values)
    return response


def _unless_gone(work: Work, operation: str, named: dict[str, Any]) -> None:
    try:
        _send(work, operation, named)
    except ClientError as error:
        if not is_missing(error, GONE):
            raise
