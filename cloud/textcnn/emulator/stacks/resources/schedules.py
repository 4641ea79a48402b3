"""AWS::Scheduler::Schedule."""

from botocore.exceptions import ClientError

from textcnn.emulator.stacks.resources.kind import Kind, Properties, Work, is_missing
from textcnn.emulator.stacks.resources.requests import members, request
from textcnn.emulator.stacks.return_values import ReturnValues

LONGEST_NAME = 64


class Schedule(Kind):
    """A schedule; ``Ref`` is its name. It has no tags."""

    type = "AWS::Scheduler::Schedule"
    # The type has no ActionAfterCompletion.
    properties = members("scheduler", "CreateSchedule") - {"ActionAfterCompletion", "ClientToken"}
    replacing = frozenset({"Name"})
    tag_property = None

    def create(self, work: Work, properties: Properties) -> str:
        """Make the schedule, by a generated name where the template gives none."""
        values = {"Name": work.name(LONGEST_NAME), **properties}
        work.client("scheduler").create_schedule(**request("scheduler", "CreateSchedule", values))
        return str(values["Name"])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for its ARN."""
        response = work.client("scheduler").get_schedule(**_place(identifier, properties))
        return ReturnValues(identifier, {"Arn": response["Arn"]})

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Change when it happens and what."""
        values = request("scheduler", "UpdateSchedule", {**after, "Name": identifier})
        work.client("scheduler").update_schedule(**values)

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it."""
        try:
            work.client("scheduler").delete_schedule(**_place(identifier, properties))
        except ClientError as error:
            if not is_missing(error, "ResourceNotFoundException"):
                raise


def _place(identifier: str, properties: Properties) -> dict[str, str]:
    group = {"GroupName": properties["GroupName"]} if "GroupName" in properties else {}
    return {"Name": identifier, **group}
