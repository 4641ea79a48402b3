"""AWS::IAM::Role with its inline policies."""

import json
from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.stacks.resources.kind import Kind, Properties, Work, as_map, is_missing
from textcnn.emulator.stacks.return_values import ReturnValues

LONGEST_NAME = 64


class Role(Kind):
    """A role; ``Ref`` is its name."""

    type = "AWS::IAM::Role"
    properties = frozenset(
        {
            "AssumeRolePolicyDocument",
            "Description",
            "MaxSessionDuration",
            "Path",
            "PermissionsBoundary",
            "Policies",
            "RoleName",
            "Tags",
        }
    )
    replacing = frozenset({"Path", "RoleName"})

    def create(self, work: Work, properties: Properties) -> str:
        """Make the role, then its policies."""
        request = {
            name: value
            for name, value in properties.items()
            if name not in {"AssumeRolePolicyDocument", "Policies"}
        }
        request.setdefault("RoleName", work.name(LONGEST_NAME))
        trust = json.dumps(properties["AssumeRolePolicyDocument"])
        work.client("iam").create_role(AssumeRolePolicyDocument=trust, **request)
        _put(work, request["RoleName"], properties)
        return str(request["RoleName"])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for it: its ARN and identifier are attributes."""
        role = work.client("iam").get_role(RoleName=identifier)["Role"]
        return ReturnValues(identifier, {"Arn": role["Arn"], "RoleId": role["RoleId"]})

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Change trust, description, boundary, policies and tags."""
        iam = work.client("iam")
        trust = json.dumps(after["AssumeRolePolicyDocument"])
        iam.update_assume_role_policy(RoleName=identifier, PolicyDocument=trust)
        iam.update_role(
            RoleName=identifier,
            Description=after.get("Description", ""),
            MaxSessionDuration=int(after.get("MaxSessionDuration", 3600)),
        )
        _bound(iam, identifier, before, after)
        for name in sorted(_policies(before).keys() - _policies(after).keys()):
            iam.delete_role_policy(RoleName=identifier, PolicyName=name)
        _put(work, identifier, after)
        gone = sorted(as_map(before.get("Tags")).keys() - as_map(after.get("Tags")).keys())
        if gone:
            iam.untag_role(RoleName=identifier, TagKeys=gone)
        if after.get("Tags"):
            iam.tag_role(RoleName=identifier, Tags=after["Tags"])

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete its policies, then the role."""
        iam = work.client("iam")
        try:
            for name in iam.list_role_policies(RoleName=identifier)["PolicyNames"]:
                iam.delete_role_policy(RoleName=identifier, PolicyName=name)
            iam.delete_role(RoleName=identifier)
        except ClientError as error:
            if not is_missing(error, "NoSuchEntity"):
                raise


def _policies(properties: Properties) -> dict[str, Any]:
    return {each["PolicyName"]: each["PolicyDocument"] for each in properties.get("Policies", [])}


def _put(work: Work, identifier: str, properties: Properties) -> None:
    for name, document in _policies(properties).items():
        work.client("iam").put_role_policy(
            RoleName=identifier, PolicyName=name, PolicyDocument=json.dumps(document)
        )


def _bound(iam: Any, identifier: str, before: Properties, after: Properties) -> None:
    old, new = before.get("PermissionsBoundary"), after.get("PermissionsBoundary")
    if new and new != old:
        iam.put_role_permissions_boundary(RoleName=identifier, PermissionsBoundary=new)
    if old and not new:
        iam.delete_role_permissions_boundary(RoleName=identifier)
