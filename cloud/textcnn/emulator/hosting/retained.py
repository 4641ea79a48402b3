"""What an update keeps of the variants that are in service."""

from collections.abc import Mapping
from typing import Any

from textcnn.emulator.hosting.fleet import Fleet


def retain(
    values: Mapping[str, Any], fleet: Fleet, configuration: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a configuration with the weights, counts and capture of a fleet.

    values: the members of UpdateEndpoint, which say what is to be kept.
    """
    if not values.get("RetainAllVariantProperties"):
        return dict(configuration)
    left_out = {
        each["VariantPropertyType"] for each in values.get("ExcludeRetainedVariantProperties", [])
    }
    before = {variant.name: variant for variant in fleet.variants}
    variants = []
    for request in configuration["ProductionVariants"]:
        kept = dict(request)
        variant = before.get(request["VariantName"])
        if variant is not None and "DesiredWeight" not in left_out:
            kept["InitialVariantWeight"] = variant.weight
        if variant is not None and variant.desired_count and "DesiredInstanceCount" not in left_out:
            kept["InitialInstanceCount"] = variant.desired_count
        variants.append(kept)
    retained = {**configuration, "ProductionVariants": variants}
    if "DataCaptureConfig" in fleet.configuration and "DataCaptureConfig" not in left_out:
        retained["DataCaptureConfig"] = fleet.configuration["DataCaptureConfig"]
    return retained
