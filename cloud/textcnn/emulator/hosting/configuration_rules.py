"""What an endpoint configuration must keep to beyond its members' types.

What the service's documentation excludes is refused as it does; where its own words could not be
found, the sentence is ours. What the emulator does not do is refused by name.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Protocol

from textcnn.emulator.hosting.model_definition import is_multi_model
from textcnn.emulator.objects import Location
from textcnn.emulator.protocol.errors import NotEmulated, ValidationException

UNKNOWN_MEMBERS = ("ShadowProductionVariants", "ExplainerConfig", "CrossRegionTrafficConfig")
UNKNOWN_VARIANT_MEMBERS = ("InstancePools", "ManagedInstanceScaling", "CapacityReservationConfig")
MEMORY_STEP_MB = 1024


class HasDefinition(Protocol):
    """What the rules ask of a model."""

    @property
    def request(self) -> dict[str, Any]:
        """The members of its CreateModel request."""

    @property
    def definition(self) -> dict[str, Any]:
        """The definition of its container."""


def check_configuration(values: dict[str, Any], models: Mapping[str, HasDefinition]) -> None:
    """Raise ``ValidationException`` or ``NotEmulated``; models by the names of variants."""
    for member in UNKNOWN_MEMBERS:
        if member in values:
            raise NotEmulated(f"the member {member} of an endpoint configuration")
    variants = values["ProductionVariants"]
    names = Counter(variant["VariantName"] for variant in variants)
    if max(names.values()) > 1:
        raise ValidationException(
            f"the name of a production variant must be unique: {names.most_common(1)[0][0]}"
        )
    for variant in variants:
        _check_variant(variant, models)
    if any("ServerlessConfig" in variant for variant in variants):
        _check_serverless(values, models[variants[0]["VariantName"]])
    if "AsyncInferenceConfig" in values:
        _check_asynchronous(values, models)


def _check_variant(variant: dict[str, Any], models: Mapping[str, HasDefinition]) -> None:
    name = variant["VariantName"]
    for member in UNKNOWN_VARIANT_MEMBERS:
        if member in variant:
            raise NotEmulated(f"the member {member} of a production variant")
    if name not in models:
        raise NotEmulated("production variants without a model (inference components)")
    given = [each for each in ("InstanceType", "InitialInstanceCount") if each in variant]
    if "ServerlessConfig" in variant:
        if given:
            raise ValidationException(
                f"production variant {name} has a ServerlessConfig, so it takes no {given[0]}"
            )
    elif len(given) < 2:  # noqa: PLR2004 - both of them
        raise ValidationException(
            f"production variant {name} needs InstanceType and InitialInstanceCount, "
            "or a ServerlessConfig"
        )


def _check_serverless(values: dict[str, Any], model: HasDefinition) -> None:
    """Serverless endpoints exclude several variants, data capture, VPC, isolation, many models."""
    variants = values["ProductionVariants"]
    memory = variants[0].get("ServerlessConfig", {}).get("MemorySizeInMB", 0)
    isolated = model.request.get("EnableNetworkIsolation") or values.get("EnableNetworkIsolation")
    excluded = {
        "several production variants": len(variants) > 1,
        "DataCaptureConfig": "DataCaptureConfig" in values,
        "AsyncInferenceConfig": "AsyncInferenceConfig" in values,
        "VpcConfig": "VpcConfig" in model.request or "VpcConfig" in values,
        "network isolation": bool(isolated),
        "a multi-model container": is_multi_model(model.definition),
        "KmsKeyId of the volume": "KmsKeyId" in values,
    }
    for what, is_asked in excluded.items():
        if is_asked:
            raise ValidationException(f"a serverless endpoint cannot have {what}")
    if memory % MEMORY_STEP_MB:
        raise ValidationException(
            f"MemorySizeInMB must be a multiple of {MEMORY_STEP_MB}, not {memory}"
        )


def _check_asynchronous(values: dict[str, Any], models: Mapping[str, HasDefinition]) -> None:
    output = values["AsyncInferenceConfig"]["OutputConfig"]
    if "S3OutputPath" not in output:
        raise NotEmulated("asynchronous endpoints without an S3OutputPath")
    for member in ("S3OutputPath", "S3FailurePath"):
        if member in output:
            Location.parse(output[member])
    if "DataCaptureConfig" in values:
        raise ValidationException("an asynchronous endpoint cannot have DataCaptureConfig")
    if any(is_multi_model(model.definition) for model in models.values()):
        raise NotEmulated("asynchronous multi-model endpoints")
