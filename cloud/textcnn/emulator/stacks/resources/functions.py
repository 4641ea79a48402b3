"""AWS::Lambda::Function and AWS::Lambda::Permission."""

from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.stacks.resources.kind import Kind, Properties, Work, as_map, is_missing
from textcnn.emulator.stacks.resources.requests import members, request
from textcnn.emulator.stacks.return_values import ReturnValues

LONGEST_NAME = 64
GONE = "ResourceNotFoundException"
CONCURRENCY = "ReservedConcurrentExecutions"


class Function(Kind):
    """A function; ``Ref`` is its name."""

    type = "AWS::Lambda::Function"
    properties = (members("lambda", "CreateFunction") - {"Publish"}) | {CONCURRENCY}
    replacing = frozenset({"FunctionName", "PackageType"})
    system_tags = True

    def create(self, work: Work, properties: Properties) -> str:
        """Make the function, by a generated name where the template gives none."""
        values = {name: value for name, value in properties.items() if name != CONCURRENCY}
        values.setdefault("FunctionName", work.name(LONGEST_NAME))
        values["Tags"] = as_map(properties.get("Tags"))
        work.client("lambda").create_function(**request("lambda", "CreateFunction", values))
        _reserve(work, values["FunctionName"], {}, properties)
        return str(values["FunctionName"])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for its ARN."""
        response = work.client("lambda").get_function(FunctionName=identifier)["Configuration"]
        return ReturnValues(identifier, {"Arn": response["FunctionArn"]})

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Bring other code, other settings, other tags."""
        client, named = work.client("lambda"), {"FunctionName": identifier}
        differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
        if "Code" in differing:
            values = request("lambda", "UpdateFunctionCode", {**after["Code"], **named})
            client.update_function_code(**values)
        settings = members("lambda", "UpdateFunctionConfiguration") & differing
        if settings:
            values = {name: after[name] for name in settings if name in after} | named
            client.update_function_configuration(
                **request("lambda", "UpdateFunctionConfiguration", values)
            )
        if "Tags" in differing:
            arn = self.settle(work, identifier, after).attributes["Arn"]
            client.tag_resource(Resource=arn, Tags=as_map(after.get("Tags")))
        _reserve(work, identifier, before, after)

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it."""
        _unless_gone(work.client("lambda").delete_function, FunctionName=identifier)


class Permission(Kind):
    """A statement of a function's policy; ``Ref`` is its identifier. It is only ever replaced."""

    type = "AWS::Lambda::Permission"
    properties = members("lambda", "AddPermission") - {"Qualifier", "RevisionId", "StatementId"}
    replacing = properties
    tag_property = None

    def create(self, work: Work, properties: Properties) -> str:
        """Add the statement."""
        identifier = work.name(100)
        values = request("lambda", "AddPermission", {**properties, "StatementId": identifier})
        work.client("lambda").add_permission(**values)
        return identifier

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Return its identifier."""
        return ReturnValues(identifier)

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Have nothing to do: every change makes another one."""

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Remove the statement."""
        _unless_gone(
            work.client("lambda").remove_permission,
            FunctionName=properties["FunctionName"],
            StatementId=identifier,
        )


def _reserve(work: Work, name: str, before: Properties, after: Properties) -> None:
    client = work.client("lambda")
    if CONCURRENCY in after and after[CONCURRENCY] != before.get(CONCURRENCY):
        number = int(after[CONCURRENCY])
        client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=number)
    elif CONCURRENCY in before and CONCURRENCY not in after:
        client.delete_function_concurrency(FunctionName=name)


def _unless_gone(delete: Any, **named: str) -> None:
    try:
        delete(**named)
    except ClientError as error:
        if not is_missing(error, GONE):
            raise
