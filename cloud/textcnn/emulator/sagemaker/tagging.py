"""AddTags, ListTags and DeleteTags, for every kind of resource."""

from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import ValidationException
from textcnn.emulator.sagemaker.service import sagemaker
from textcnn.emulator.tags import MOST_TAGS


@sagemaker("AddTags")
def add_tags(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Add tags to a resource and answer all that it has."""
    arn = values["ResourceArn"]
    keys = {tag["Key"] for tag in [*account.tags.of(arn), *values["Tags"]]}
    if len(keys) > MOST_TAGS:
        raise ValidationException(f"a resource has at most {MOST_TAGS} tags, not {len(keys)}")
    return {"Tags": account.tags.add(arn, values["Tags"])}


@sagemaker("ListTags")
def list_tags(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer the tags of a resource, all on one page."""
    return {"Tags": account.tags.of(values["ResourceArn"])}


@sagemaker("DeleteTags")
def delete_tags(account: Account, values: dict[str, Any]) -> None:
    """Remove tags by their keys."""
    account.tags.remove(values["ResourceArn"], values["TagKeys"])
