"""Models, configurations and endpoints, and which of them belong together."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from textcnn import endpoints
from textcnn.aws import Aws
from textcnn.endpoints import Endpoint, is_missing
from textcnn.ownership import Ownership


@dataclass(frozen=True)
class Configuration:
    """An endpoint configuration."""

    name: str
    arn: str
    created: datetime
    models: tuple[str, ...]
    is_ours: bool


@dataclass(frozen=True)
class Model:
    """A model."""

    name: str
    created: datetime
    archive: str
    is_ours: bool


@dataclass(frozen=True)
class Hosting:
    """All that serving needs, and what of it nothing uses."""

    endpoints: tuple[Endpoint, ...]
    ours: frozenset[str]  # names of endpoints
    configurations: tuple[Configuration, ...]
    models: tuple[Model, ...]

    @property
    def unused_configurations(self) -> list[Configuration]:
        """Our configurations that no endpoint runs."""
        running = {each.description.get("EndpointConfigName") for each in self.endpoints}
        return [each for each in self.configurations if each.is_ours and each.name not in running]

    @property
    def unused_models(self) -> list[Model]:
        """Our models that no endpoint's configuration names."""
        used = {name for each in self.endpoints for name in each.model_names}
        return [each for each in self.models if each.is_ours and each.name not in used]


def hosting(aws: Aws, ours: Ownership) -> Hosting:
    """Look at all models, configurations and endpoints of the account and region."""
    models = tuple(_models(aws, ours))
    our_models = {each.name for each in models if each.is_ours}
    configurations = tuple(_configurations(aws, ours, our_models))
    our_configurations = {each.name for each in configurations if each.is_ours}
    found = tuple(
        endpoint
        for name in list(endpoints.names(aws))
        if (endpoint := endpoints.look_up(aws, name)) is not None
    )
    names = frozenset(
        each.name
        for each in found
        if each.description.get("EndpointConfigName") in our_configurations
        or ours.has_tag(each.arn)
    )
    return Hosting(found, names, configurations, models)


def _models(aws: Aws, ours: Ownership) -> Iterator[Model]:
    sagemaker = aws.client("sagemaker")
    for page in sagemaker.get_paginator("list_models").paginate():
        for summary in page["Models"]:
            described = _described(sagemaker.describe_model, ModelName=summary["ModelName"])
            if described is not None:
                container = described.get("PrimaryContainer", {})
                yield Model(
                    summary["ModelName"],
                    summary["CreationTime"],
                    container.get("ModelDataUrl") or "",
                    ours.is_model(described),
                )


def _configurations(aws: Aws, ours: Ownership, our_models: set[str]) -> Iterator[Configuration]:
    sagemaker = aws.client("sagemaker")
    for page in sagemaker.get_paginator("list_endpoint_configs").paginate():
        for summary in page["EndpointConfigs"]:
            name, arn = summary["EndpointConfigName"], summary["EndpointConfigArn"]
            described = _described(sagemaker.describe_endpoint_config, EndpointConfigName=name)
            if described is None:
                continue
            models = tuple(
                each["ModelName"] for each in described["ProductionVariants"] if "ModelName" in each
            )
            is_ours = not our_models.isdisjoint(models) or ours.has_tag(arn)
            yield Configuration(name, arn, summary["CreationTime"], models, is_ours)


def _described(describe: Any, **name: str) -> dict[str, Any] | None:
    """Return what is told of a resource; None where it was deleted meanwhile."""
    try:
        answer: dict[str, Any] = describe(**name)
    except ClientError as error:
        if is_missing(error):
            return None
        raise
    return answer
