"""AWS::Logs::LogGroup."""

from botocore.exceptions import ClientError

from textcnn.emulator.stacks.resources.kind import Kind, Properties, Work, as_map, is_missing
from textcnn.emulator.stacks.return_values import ReturnValues

LONGEST_NAME = 512


class LogGroup(Kind):
    """A log group; ``Ref`` is its name."""

    type = "AWS::Logs::LogGroup"
    properties = frozenset({"LogGroupName", "RetentionInDays", "Tags"})
    replacing = frozenset({"LogGroupName"})
    system_tags = True

    def create(self, work: Work, properties: Properties) -> str:
        """Make the group, by a generated name where the template gives none."""
        name = str(properties.get("LogGroupName") or work.name(LONGEST_NAME))
        work.client("logs").create_log_group(logGroupName=name, tags=as_map(properties.get("Tags")))
        _retain(work, name, properties)
        return name

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for its ARN, which ends in what stands for its streams."""
        response = work.client("logs").describe_log_groups(logGroupNamePrefix=identifier)
        arns = [each["arn"] for each in response["logGroups"] if each["logGroupName"] == identifier]
        return ReturnValues(identifier, {"Arn": arns[0]})

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Keep events for another time, and set other tags."""
        _retain(work, identifier, after)
        if as_map(after.get("Tags")) != as_map(before.get("Tags")):
            arn = self.settle(work, identifier, after).attributes["Arn"].removesuffix(":*")
            work.client("logs").tag_resource(resourceArn=arn, tags=as_map(after.get("Tags")))

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it with its events."""
        try:
            work.client("logs").delete_log_group(logGroupName=identifier)
        except ClientError as error:
            if not is_missing(error, "ResourceNotFoundException"):
                raise


def _retain(work: Work, name: str, properties: Properties) -> None:
    if "RetentionInDays" in properties:
        work.client("logs").put_retention_policy(
            logGroupName=name, retentionInDays=int(properties["RetentionInDays"])
        )
