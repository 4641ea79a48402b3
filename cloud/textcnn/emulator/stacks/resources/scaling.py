"""AWS::ApplicationAutoScaling::ScalableTarget and ScalingPolicy."""

from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.stacks.resources.kind import Kind, Properties, Work, is_missing
from textcnn.emulator.stacks.resources.requests import members, request
from textcnn.emulator.stacks.return_values import ReturnValues

SERVICE = "application-autoscaling"
PLACE = ("ResourceId", "ScalableDimension", "ServiceNamespace")
MISSING = "ObjectNotFoundException"


class ScalableTarget(Kind):
    """What may be scaled, and within which limits; ``Ref`` holds resource, dimension, service."""

    type = "AWS::ApplicationAutoScaling::ScalableTarget"
    properties = members(SERVICE, "RegisterScalableTarget")
    replacing = frozenset(PLACE)

    def create(self, work: Work, properties: Properties) -> str:
        """Register the target."""
        self._register(work, properties)
        return "|".join(properties[name] for name in PLACE)

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Return its identifier."""
        return ReturnValues(identifier, {"Id": identifier})

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Register it anew, with other limits."""
        self._register(work, after)

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Deregister it."""
        try:
            work.client(SERVICE).deregister_scalable_target(**place(identifier))
        except ClientError as error:
            if not is_missing(error, MISSING) and "No scalable target" not in str(error):
                raise

    def _register(self, work: Work, properties: Properties) -> None:
        values = {name: value for name, value in properties.items() if name != "Tags"}
        # Tags are a list in templates and a map in requests.
        values["Tags"] = {tag["Key"]: tag["Value"] for tag in properties.get("Tags", [])}
        work.client(SERVICE).register_scalable_target(
            **request(SERVICE, "RegisterScalableTarget", values)
        )


class ScalingPolicy(Kind):
    """How a target is scaled; ``Ref`` is the policy's ARN."""

    type = "AWS::ApplicationAutoScaling::ScalingPolicy"
    properties = members(SERVICE, "PutScalingPolicy") | {"ScalingTargetId"}
    replacing = frozenset({"PolicyName", "ScalingTargetId", *PLACE})
    tag_property = None

    def create(self, work: Work, properties: Properties) -> str:
        """Put the policy."""
        response = self._put(work, properties)
        return str(response["PolicyARN"])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Return its ARN."""
        return ReturnValues(identifier, {"Arn": identifier})

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Put the policy anew."""
        self._put(work, after)

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it; it may be gone with its target."""
        values = {"PolicyName": properties["PolicyName"], **_target(properties)}
        try:
            work.client(SERVICE).delete_scaling_policy(**values)
        except ClientError as error:
            if not is_missing(error, MISSING) and "No scaling policy" not in str(error):
                raise

    def _put(self, work: Work, properties: Properties) -> Any:
        kept = {name: value for name, value in properties.items() if name != "ScalingTargetId"}
        values = request(SERVICE, "PutScalingPolicy", {**kept, **_target(properties)})
        return work.client(SERVICE).put_scaling_policy(**values)


def place(identifier: str) -> dict[str, str]:
    """Return resource, dimension and service of a target's identifier."""
    return dict(zip(PLACE, identifier.split("|"), strict=True))


def _target(properties: Properties) -> dict[str, str]:
    if "ScalingTargetId" in properties:
        return place(properties["ScalingTargetId"])
    return {name: properties[name] for name in PLACE}
