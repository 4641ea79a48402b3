"""AWS::S3::Bucket and AWS::S3::BucketPolicy."""

import json
from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.stacks.resources.kind import (
    Kind,
    Properties,
    ResourceFailed,
    Work,
    is_missing,
)
from textcnn.emulator.stacks.return_values import ReturnValues

LONGEST_NAME = 63
RULE = frozenset({"AbortIncompleteMultipartUpload", "ExpirationInDays", "Id", "Prefix", "Status"})


class Bucket(Kind):
    """A bucket; ``Ref`` is its name. It must be empty to be deleted."""

    type = "AWS::S3::Bucket"
    properties = frozenset(
        {
            "BucketEncryption",
            "BucketName",
            "LifecycleConfiguration",
            "OwnershipControls",
            "PublicAccessBlockConfiguration",
            "Tags",
        }
    )
    replacing = frozenset({"BucketName"})
    # The service does add its own to buckets, but moto lets nobody set them.
    system_tags = False

    def create(self, work: Work, properties: Properties) -> str:
        """Make the bucket, then set all that it is to have."""
        name = properties.get("BucketName") or work.name(LONGEST_NAME).lower()
        s3 = work.client("s3")
        if _is_there(s3, name):
            raise ResourceFailed(f"{name} already exists")
        place = {"CreateBucketConfiguration": {"LocationConstraint": work.region}}
        s3.create_bucket(Bucket=name, **(place if work.region != "us-east-1" else {}))
        _configure(s3, name, {}, properties)
        return str(name)

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Return its ARN and its addresses."""
        work.client("s3").head_bucket(Bucket=identifier)
        attributes = {
            "Arn": f"arn:aws:s3:::{identifier}",
            "DomainName": f"{identifier}.s3.amazonaws.com",
            "RegionalDomainName": f"{identifier}.s3.{work.region}.amazonaws.com",
        }
        return ReturnValues(identifier, attributes)

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Set anew what the properties say."""
        _configure(work.client("s3"), identifier, before, after)

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete the bucket; fails where there is an object in it."""
        try:
            work.client("s3").delete_bucket(Bucket=identifier)
        except ClientError as error:
            if not is_missing(error, "NoSuchBucket"):
                raise


class BucketPolicy(Kind):
    """A bucket's policy; ``Ref`` is the bucket."""

    type = "AWS::S3::BucketPolicy"
    properties = frozenset({"Bucket", "PolicyDocument"})
    replacing = frozenset({"Bucket"})
    tag_property = None

    def create(self, work: Work, properties: Properties) -> str:
        """Set the policy."""
        policy = json.dumps(properties["PolicyDocument"])
        work.client("s3").put_bucket_policy(Bucket=properties["Bucket"], Policy=policy)
        return str(properties["Bucket"])

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Return the bucket's name."""
        return ReturnValues(identifier)

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Set the policy anew."""
        self.create(work, after)

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete the policy."""
        try:
            work.client("s3").delete_bucket_policy(Bucket=identifier)
        except ClientError as error:
            if not is_missing(error, "NoSuchBucket", "NoSuchBucketPolicy"):
                raise


def _is_there(s3: Any, name: str) -> bool:
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as error:
        if is_missing(error, "404", "NoSuchBucket"):
            return False
        raise
    return True


def _configure(s3: Any, name: str, before: Properties, after: Properties) -> None:
    if "BucketEncryption" in after:
        s3.put_bucket_encryption(
            Bucket=name, ServerSideEncryptionConfiguration=_encryption(after["BucketEncryption"])
        )
    if "PublicAccessBlockConfiguration" in after:
        block = after["PublicAccessBlockConfiguration"]
        s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=block)
    if "OwnershipControls" in after:
        controls = after["OwnershipControls"]
        s3.put_bucket_ownership_controls(Bucket=name, OwnershipControls=controls)
    if "LifecycleConfiguration" in after:
        rules = [_rule(rule) for rule in after["LifecycleConfiguration"]["Rules"]]
        s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    elif "LifecycleConfiguration" in before:
        s3.delete_bucket_lifecycle(Bucket=name)
    if after.get("Tags"):
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": after["Tags"]})


def _encryption(properties: Properties) -> dict[str, Any]:
    rules = [
        {
            "BucketKeyEnabled": str(rule.get("BucketKeyEnabled", False)).lower() == "true",
            "ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"],
        }
        for rule in properties["ServerSideEncryptionConfiguration"]
    ]
    return {"Rules": rules}


def _rule(rule: Properties) -> dict[str, Any]:
    unknown = sorted(set(rule) - RULE)
    if unknown:
        raise ResourceFailed(f"Encountered unsupported property {unknown[0]}")
    request: dict[str, Any] = {
        "ID": rule["Id"],
        "Status": rule["Status"],
        "Filter": {"Prefix": rule.get("Prefix", "")},
    }
    if "ExpirationInDays" in rule:
        request["Expiration"] = {"Days": int(rule["ExpirationInDays"])}
    if "AbortIncompleteMultipartUpload" in rule:
        days = int(rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"])
        request["AbortIncompleteMultipartUpload"] = {"DaysAfterInitiation": days}
    return request
