"""AWS::ECR::Repository."""

import json
from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.runtime.manifest import MEDIA_TYPE, digest_of
from textcnn.emulator.stacks.resources.kind import Kind, Properties, Work, as_map, is_missing
from textcnn.emulator.stacks.return_values import ReturnValues

LONGEST_NAME = 256


class Repository(Kind):
    """A repository of images; ``Ref`` is its name."""

    type = "AWS::ECR::Repository"
    properties = frozenset(
        {
            "EmptyOnDelete",
            "EncryptionConfiguration",
            "ImageScanningConfiguration",
            "ImageTagMutability",
            "LifecyclePolicy",
            "RepositoryName",
            "Tags",
        }
    )
    replacing = frozenset({"EncryptionConfiguration", "RepositoryName"})
    system_tags = True

    def create(self, work: Work, properties: Properties) -> str:
        """Make the repository, its lifecycle, and the images that are there to be run."""
        name = properties.get("RepositoryName") or work.name(LONGEST_NAME).lower()
        ecr = work.client("ecr")
        ecr.create_repository(
            repositoryName=name,
            imageTagMutability=properties.get("ImageTagMutability", "MUTABLE"),
            imageScanningConfiguration=_scanning(properties),
            encryptionConfiguration=_encryption(properties),
            tags=properties.get("Tags", []),
        )
        _put_lifecycle(ecr, name, properties)
        for tag, manifest in work.runtime.images(str(name)).items():
            work.own_client("ecr").put_image(
                repositoryName=name,
                imageManifest=manifest,
                imageManifestMediaType=MEDIA_TYPE,
                imageTag=tag,
                # Without it, moto would make up one.
                imageDigest=digest_of(manifest),
            )
        return str(name)

    def settle(self, work: Work, identifier: str, properties: Properties) -> ReturnValues:
        """Ask for it: its ARN and its address are attributes."""
        response = work.client("ecr").describe_repositories(repositoryNames=[identifier])
        repository = response["repositories"][0]
        attributes = {
            "Arn": repository["repositoryArn"],
            "RepositoryUri": repository["repositoryUri"],
        }
        return ReturnValues(identifier, attributes)

    def update(self, work: Work, identifier: str, before: Properties, after: Properties) -> None:
        """Change scanning, mutability of tags, lifecycle and tags."""
        ecr = work.client("ecr")
        if _scanning(before) != _scanning(after):
            ecr.put_image_scanning_configuration(
                repositoryName=identifier, imageScanningConfiguration=_scanning(after)
            )
        mutability = after.get("ImageTagMutability", "MUTABLE")
        if before.get("ImageTagMutability", "MUTABLE") != mutability:
            ecr.put_image_tag_mutability(repositoryName=identifier, imageTagMutability=mutability)
        if "LifecyclePolicy" in before and "LifecyclePolicy" not in after:
            ecr.delete_lifecycle_policy(repositoryName=identifier)
        _put_lifecycle(ecr, identifier, after)
        arn = self.settle(work, identifier, after).attributes["Arn"]
        gone = sorted(as_map(before.get("Tags")).keys() - as_map(after.get("Tags")).keys())
        if gone:
            ecr.untag_resource(resourceArn=arn, tagKeys=gone)
        if after.get("Tags"):
            ecr.tag_resource(resourceArn=arn, tags=after["Tags"])

    def delete(self, work: Work, identifier: str, properties: Properties) -> None:
        """Delete it; with images in it only where the template says so."""
        force = str(properties.get("EmptyOnDelete", False)).lower() == "true"
        try:
            work.client("ecr").delete_repository(repositoryName=identifier, force=force)
        except ClientError as error:
            if not is_missing(error, "RepositoryNotFoundException"):
                raise


def _scanning(properties: Properties) -> dict[str, bool]:
    scan = properties.get("ImageScanningConfiguration", {}).get("ScanOnPush", False)
    return {"scanOnPush": str(scan).lower() == "true"}


def _encryption(properties: Properties) -> dict[str, str]:
    request = properties.get("EncryptionConfiguration", {"EncryptionType": "AES256"})
    key = {"kmsKey": request["KmsKey"]} if "KmsKey" in request else {}
    return {"encryptionType": request["EncryptionType"], **key}


def _put_lifecycle(ecr: Any, name: str, properties: Properties) -> None:
    if "LifecyclePolicy" in properties:
        text = properties["LifecyclePolicy"]["LifecyclePolicyText"]
        ecr.put_lifecycle_policy(
            repositoryName=name, lifecyclePolicyText=json.dumps(json.loads(text))
        )
