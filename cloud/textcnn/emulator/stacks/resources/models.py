"""AWS::SageMaker::Model and AWS::SageMaker::EndpointConfig: any change but of tags makes anew."""

from collections.abc import Mapping
from typing import Any, ClassVar

from botocore.exceptions import ClientError

from textcnn.emulator.stacks.resources.kind import Kind, Properties, Work, as_map, is_missing
from textcnn.emulator.stacks.resources.requests import members, request
from textcnn.emulator.stacks.return_values import ReturnValues

# The longest names of models and configurations.
LONGEST_NAME = 63


class Unchanging(Kind):
    """A resource of SageMaker's that is created and deleted, with nothing to wait for.

    word is its name in operations (``CreateModel``), member that of its name, arn that of its ARN.
    """

    word: ClassVar[str]
    member: ClassVar[str]
    arn: ClassVar[str]

    def create(self, work: Work, properties: Properties) -> str:
        """Make it, by a generated name where the template gives none."""
        named = {self.member: work.name(LONGEST_NAME), **properties}
        values = request("sagemaker", f"Create{self.word}", named)
        response = _call(work, f"create_{_snake(self.word)}", values)
        return str(response[self.arn])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for it: ``Ref`` is its ARN, its name an attribute."""
        name = name_of(identifier)
        response = _call(work, f"describe_{_snake(self.word)}", {self.member: name})
        return ReturnValues(
            response[self.arn], {self.member: response[self.member], self.arn: response[self.arn]}
        )

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Change its tags."""
        retag(work, identifier, before, after)

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it."""
        try:
            _call(work, f"delete_{_snake(self.word)}", {self.member: name_of(identifier)})
        except ClientError as error:
            if not is_missing(error):
                raise


class Model(Unchanging):
    """A model: containers, their data, and a role."""

    type = "AWS::SageMaker::Model"
    word, member, arn = "Model", "ModelName", "ModelArn"
    properties = members("sagemaker", "CreateModel")
    replacing = properties - {"Tags"}


class EndpointConfig(Unchanging):
    """An endpoint's configuration: variants, capture, asynchronous answers."""

    type = "AWS::SageMaker::EndpointConfig"
    word, member, arn = "EndpointConfig", "EndpointConfigName", "EndpointConfigArn"
    properties = members("sagemaker", "CreateEndpointConfig")
    replacing = properties - {"Tags"}


def name_of(arn: str) -> str:
    """Return the name at the end of an ARN."""
    return arn.rpartition("/")[2]


def retag(work: Work, arn: str, before: Properties, after: Properties) -> None:
    """Make a SageMaker resource's tags those of ``after``."""
    old, new = as_map(before.get("Tags")), as_map(after.get("Tags"))
    gone = sorted(set(old) - set(new))
    if gone:
        work.client("sagemaker").delete_tags(ResourceArn=arn, TagKeys=gone)
    if new.items() - old.items():
        work.client("sagemaker").add_tags(ResourceArn=arn, Tags=after["Tags"])


def _call(work: Work, operation: str, values: Mapping[str, Any]) -> Any:
    return getattr(work.client("sagemaker"), operation)(**values)


def _snake(word: str) -> str:
    return {"Model": "model", "EndpointConfig": "endpoint_config"}[word]
