"""The container of a model as its request defines it; a model package is looked up."""

from typing import Any

from botocore.exceptions import ClientError

from textcnn.emulator.account import Account
from textcnn.emulator.objects import Location, Objects
from textcnn.emulator.protocol.errors import NotEmulated, ValidationException
from textcnn.emulator.runtime.container import ImageError

# What a definition may hold that changes what an endpoint does, and that we do not do.
UNKNOWN_MEMBERS = ("AdditionalModelDataSources", "ImageConfig", "ContainerMetricsConfig")


def definition_of(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Return the one container definition of a CreateModel request."""
    given = [*values.get("Containers", [])]
    if "PrimaryContainer" in values:
        given.append(values["PrimaryContainer"])
    if not given:
        raise ValidationException("a model needs PrimaryContainer or Containers")
    if len(given) > 1:
        raise NotEmulated("models of several containers (inference pipelines)")
    definition = dict(given[0])
    for member in UNKNOWN_MEMBERS:
        if member in definition:
            raise NotEmulated(f"the member {member} of a container definition")
    if "ModelPackageName" in definition:
        definition = _of_package(account, definition)
    if "Image" not in definition:
        raise ValidationException("a container definition needs Image or ModelPackageName")
    return definition


def check_definition(account: Account, definition: dict[str, Any]) -> None:
    """Raise ``ValidationException`` where the image or the model's data is not there."""
    try:
        account.runtime.check_image(definition["Image"])
    except ImageError as error:
        raise ValidationException(str(error)) from None
    source = data_source(definition)
    if source is None:
        return
    if source["S3DataType"] == "S3Prefix" and source["CompressionType"] == "Gzip":
        raise ValidationException("CompressionType Gzip needs the S3DataType S3Object")
    place = Location.parse(source["S3Uri"])
    try:
        found = next(Objects(account).keys(place), None)
    except ClientError:
        found = None
    # A multi-model endpoint may begin with an empty prefix.
    if found is None and not is_multi_model(definition):
        raise ValidationException(f"Could not find model data at {place}.")


def is_multi_model(definition: dict[str, Any]) -> bool:
    """Whether the container loads models on demand from a prefix."""
    return bool(definition.get("Mode") == "MultiModel")


def data_source(definition: dict[str, Any]) -> dict[str, Any] | None:
    """Return where the model's data is, in ModelDataSource's words; None for a model without."""
    if "ModelDataSource" in definition:
        source: dict[str, Any] | None = definition["ModelDataSource"].get("S3DataSource")
        return source
    if "ModelDataUrl" not in definition:
        return None
    return {
        "S3Uri": definition["ModelDataUrl"],
        "S3DataType": "S3Prefix" if is_multi_model(definition) else "S3Object",
        "CompressionType": "None" if is_multi_model(definition) else "Gzip",
    }


def _of_package(account: Account, definition: dict[str, Any]) -> dict[str, Any]:
    """Return the definition with image and data of its model package; its own members win."""
    name = definition.pop("ModelPackageName")
    sagemaker = account.client("sagemaker")
    try:
        package = sagemaker.describe_model_package(ModelPackageName=name)
    except ClientError as error:
        raise ValidationException(error.response["Error"]["Message"]) from None
    containers = package.get("InferenceSpecification", {}).get("Containers", [])
    if len(containers) != 1:
        raise NotEmulated(f"model packages of {len(containers)} containers, as {name}")
    kept = ("Image", "ModelDataUrl", "ModelDataSource", "Environment")
    found = {member: containers[0][member] for member in kept if member in containers[0]}
    environment = {**found.get("Environment", {}), **definition.get("Environment", {})}
    return {**found, **definition, "Environment": environment}
