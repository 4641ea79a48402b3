"""What the tests of stacks share: templates by name, stacks made and waited for in few words."""

import json
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from tests.support.emulated import Client

TEMPLATES = Path(__file__).parents[3] / "cloud" / "textcnn" / "templates"
SOON = {"Delay": 0.1, "MaxAttempts": 600}


def template(name: str) -> str:
    """Return the text of one of the project's templates."""
    return (TEMPLATES / f"{name}.yaml").read_text()


def buckets(*names: str, **members: Any) -> str:
    """Return a template of buckets by these names, as JSON, with more members on each."""
    resources = {
        f"Bucket{index}": {
            "Type": "AWS::S3::Bucket",
            "Properties": {"BucketName": name},
            **members,
        }
        for index, name in enumerate(names)
    }
    return json.dumps({"Resources": resources})


def given(parameters: dict[str, Any]) -> list[dict[str, str]]:
    """Return parameters as requests have them."""
    return [
        {"ParameterKey": name, "ParameterValue": str(value)} for name, value in parameters.items()
    ]


class Stacks:
    """Makes, updates and deletes stacks as a client does."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.formation = client("cloudformation")

    def create(self, name: str, body: str, **members: Any) -> None:
        """Create a stack and wait for it; parameters are a dictionary."""
        self.formation.create_stack(**asked(name, body, members))
        self.wait("stack_create_complete", name)

    def create_in_vain(self, name: str, body: str, **members: Any) -> dict[str, Any]:
        """Create a stack that fails, and return it when nothing happens to it any more."""
        self.formation.create_stack(**asked(name, body, members))
        with pytest.raises(WaiterError):
            self.wait("stack_create_complete", name)
        return self.find(name)

    def update(self, name: str, body: str, **members: Any) -> None:
        """Update a stack and wait for it."""
        self.formation.update_stack(**asked(name, body, members))
        self.wait("stack_update_complete", name)

    def update_in_vain(self, name: str, body: str, **members: Any) -> dict[str, Any]:
        """Update a stack, have it go back, and return it."""
        self.formation.update_stack(**asked(name, body, members))
        self.wait("stack_rollback_complete", name)
        return self.find(name)

    def delete(self, name: str) -> None:
        """Delete a stack and wait until it is gone."""
        self.formation.delete_stack(StackName=name)
        self.wait("stack_delete_complete", name)

    def wait(self, waiter: str, name: str) -> None:
        """Wait as boto3 does, but look more often."""
        self.formation.get_waiter(waiter).wait(StackName=name, WaiterConfig=SOON)

    def find(self, name: str) -> dict[str, Any]:
        """Return a stack by its name or ARN."""
        found: dict[str, Any] = self.formation.describe_stacks(StackName=name)["Stacks"][0]
        return found

    def outputs(self, name: str) -> dict[str, str]:
        """Return a stack's outputs."""
        return {each["OutputKey"]: each["OutputValue"] for each in self.find(name)["Outputs"]}

    def history(self, name: str) -> list[tuple[str, str]]:
        """Return what happened, the earliest first: each resource and its state."""
        events = self.events(name)
        return [(each["LogicalResourceId"], each["ResourceStatus"]) for each in events]

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return a stack's events, the earliest first."""
        pages = self.formation.get_paginator("describe_stack_events").paginate(StackName=name)
        return [event for page in pages for event in page["StackEvents"]][::-1]

    def reason(self, name: str, resource: str, status: str) -> str:
        """Return why a resource came into a state."""
        found = [
            each.get("ResourceStatusReason", "")
            for each in self.events(name)
            if (each["LogicalResourceId"], each["ResourceStatus"]) == (resource, status)
        ]
        return str(found[-1])

    def physical(self, name: str, resource: str) -> str:
        """Return the physical identifier of a resource."""
        response = self.formation.describe_stack_resource(
            StackName=name, LogicalResourceId=resource
        )
        return str(response["StackResourceDetail"]["PhysicalResourceId"])

    def has_bucket(self, name: str) -> bool:
        """Return whether a bucket is there."""
        listed = self.client("s3").list_buckets()["Buckets"]
        return any(each["Name"] == name for each in listed)


def asked(name: str, body: str, members: dict[str, Any]) -> dict[str, Any]:
    """Return a request's members; parameters and tags are dictionaries."""
    request = {"StackName": name, "TemplateBody": body, **members}
    request["Parameters"] = given(members.get("Parameters", {}))
    tags = members.get("Tags", {})
    request["Tags"] = [{"Key": key, "Value": value} for key, value in tags.items()]
    return request


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    """Return the code of a service's error."""
    return str(error.value.response["Error"]["Code"])
