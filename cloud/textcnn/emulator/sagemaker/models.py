"""CreateModel, DescribeModel, ListModels and DeleteModel."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.model_definition import check_definition, definition_of
from textcnn.emulator.listing import page
from textcnn.emulator.protocol.errors import ValidationException
from textcnn.emulator.roles import check_role
from textcnn.emulator.sagemaker.service import sagemaker
from textcnn.emulator.store import Store


@dataclass(frozen=True)
class Model:
    """A model: the values of its request, and the definition of its one container."""

    request: dict[str, Any]
    definition: dict[str, Any]
    arn: str
    created: datetime

    @property
    def isolated(self) -> bool:
        """Whether its containers have no network."""
        return bool(self.request.get("EnableNetworkIsolation", False))


class Models:
    """The models of the account."""

    def __init__(self, account: Account) -> None:
        def arn(name: str) -> str:
            return account.arn("model", name)

        self.store: Store[Model] = Store(
            missing=lambda name: ValidationException(f'Could not find model "{arn(name)}".'),
            taken=lambda name: ValidationException(
                f'Cannot create already existing model "{arn(name)}".'
            ),
        )

    def close(self) -> None:
        """Nothing runs."""


@sagemaker("CreateModel")
def create_model(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Keep a model whose role, image and data are there; its data is read by its endpoints."""
    definition = definition_of(account, values)
    if "ExecutionRoleArn" in values:
        check_role(account, values["ExecutionRoleArn"])
    check_definition(account, definition)
    name = values["ModelName"]
    model = Model(values, definition, account.arn("model", name), account.now())
    account.part(Models).store.add(name, model)
    account.tags.add(model.arn, values.get("Tags", []))
    return {"ModelArn": model.arn}


@sagemaker("DescribeModel")
def describe_model(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Return the request's values."""
    model = account.part(Models).store.get(values["ModelName"])
    without_tags = {name: value for name, value in model.request.items() if name != "Tags"}
    return {
        "EnableNetworkIsolation": False,
        **without_tags,
        "ModelArn": model.arn,
        "CreationTime": model.created,
    }


@sagemaker("ListModels")
def list_models(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer one page of models."""
    summaries = (
        {
            "ModelName": model.request["ModelName"],
            "ModelArn": model.arn,
            "CreationTime": model.created,
        }
        for model in account.part(Models).store
    )
    return page(values, summaries, response="Models", name="ModelName")


@sagemaker("DeleteModel")
def delete_model(account: Account, values: dict[str, Any]) -> None:
    """Forget a model; endpoints that run it go on, as the service's do."""
    account.tags.forget(account.part(Models).store.remove(values["ModelName"]).arn)
