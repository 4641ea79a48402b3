"""CreateEndpointConfig, DescribeEndpointConfig, ListEndpointConfigs and DeleteEndpointConfig."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.configuration_rules import check_configuration
from textcnn.emulator.listing import page
from textcnn.emulator.protocol.errors import ValidationException
from textcnn.emulator.sagemaker.models import Models
from textcnn.emulator.sagemaker.service import sagemaker
from textcnn.emulator.store import Store


@dataclass(frozen=True)
class EndpointConfig:
    """An endpoint configuration: the values of its request."""

    request: dict[str, Any]
    arn: str
    created: datetime


class EndpointConfigs:
    """The endpoint configurations of the account."""

    def __init__(self, account: Account) -> None:
        def arn(name: str) -> str:
            return account.arn("endpoint-config", name)

        self.store: Store[EndpointConfig] = Store(
            missing=lambda name: ValidationException(
                f'Could not find endpoint configuration "{arn(name)}".'
            ),
            taken=lambda name: ValidationException(
                f'Cannot create already existing endpoint configuration "{arn(name)}".'
            ),
        )

    def close(self) -> None:
        """Nothing runs."""


@sagemaker("CreateEndpointConfig")
def create_endpoint_config(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Keep a configuration whose models are there and whose members go together."""
    models = account.part(Models).store
    check_configuration(
        values,
        {
            variant["VariantName"]: models.get(variant["ModelName"])
            for variant in values["ProductionVariants"]
            if "ModelName" in variant
        },
    )
    for variant in values["ProductionVariants"]:
        variant.setdefault("InitialVariantWeight", 1.0)
    name = values["EndpointConfigName"]
    kept = EndpointConfig(values, account.arn("endpoint-config", name), account.now())
    account.part(EndpointConfigs).store.add(name, kept)
    account.tags.add(kept.arn, values.get("Tags", []))
    return {"EndpointConfigArn": kept.arn}


@sagemaker("DescribeEndpointConfig")
def describe_endpoint_config(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Return the request's values."""
    kept = account.part(EndpointConfigs).store.get(values["EndpointConfigName"])
    without_tags = {name: value for name, value in kept.request.items() if name != "Tags"}
    return {**without_tags, "EndpointConfigArn": kept.arn, "CreationTime": kept.created}


@sagemaker("ListEndpointConfigs")
def list_endpoint_configs(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer one page of configurations."""
    summaries = (
        {
            "EndpointConfigName": kept.request["EndpointConfigName"],
            "EndpointConfigArn": kept.arn,
            "CreationTime": kept.created,
        }
        for kept in account.part(EndpointConfigs).store
    )
    return page(values, summaries, response="EndpointConfigs", name="EndpointConfigName")


@sagemaker("DeleteEndpointConfig")
def delete_endpoint_config(account: Account, values: dict[str, Any]) -> None:
    """Forget a configuration, be it in use: the service lets that happen, too."""
    store = account.part(EndpointConfigs).store
    account.tags.forget(store.remove(values["EndpointConfigName"]).arn)
