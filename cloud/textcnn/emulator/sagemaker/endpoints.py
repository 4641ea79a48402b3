"""CreateEndpoint, DescribeEndpoint, ListEndpoints and what changes or deletes them."""

from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.hosting.description import describe, summary
from textcnn.emulator.hosting.endpoint import Endpoint
from textcnn.emulator.hosting.metrics import EndpointMetrics
from textcnn.emulator.hosting.retained import retain
from textcnn.emulator.hosting.traffic import check_alarms, check_deployment
from textcnn.emulator.hosting.variant import Variant
from textcnn.emulator.listing import page
from textcnn.emulator.protocol.errors import ValidationException
from textcnn.emulator.sagemaker.endpoint_configs import EndpointConfigs
from textcnn.emulator.sagemaker.models import Model, Models
from textcnn.emulator.sagemaker.service import sagemaker
from textcnn.emulator.store import Store


class Endpoints:
    """The endpoints of the account."""

    def __init__(self, account: Account) -> None:
        def arn(name: str) -> str:
            return account.arn("endpoint", name)

        # Parts are closed in the order opposite to that in which they were made.
        account.part(EndpointMetrics)

        self.store: Store[Endpoint] = Store(
            missing=lambda name: ValidationException(f'Could not find endpoint "{arn(name)}".'),
            taken=lambda name: ValidationException(
                f'Cannot create already existing endpoint "{arn(name)}".'
            ),
        )

    def close(self) -> None:
        """End all containers."""
        for endpoint in self.store:
            endpoint.close()


@sagemaker("CreateEndpoint")
def create_endpoint(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Begin to create an endpoint, with a container for each variant."""
    name = values["EndpointName"]
    configuration = account.part(EndpointConfigs).store.get(values["EndpointConfigName"]).request
    models = _models(account, configuration)
    endpoint = Endpoint(account, name, configuration["EndpointConfigName"])
    endpoint.last_deployment = values.get("DeploymentConfig")
    account.part(Endpoints).store.add(name, endpoint)
    account.tags.add(endpoint.arn, values.get("Tags", []))
    endpoint.create(configuration, models)
    return {"EndpointArn": endpoint.arn}


@sagemaker("DescribeEndpoint")
def describe_endpoint(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer the state, and what serves."""
    return describe(account.part(Endpoints).store.get(values["EndpointName"]))


@sagemaker("ListEndpoints")
def list_endpoints(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer one page of endpoints."""
    summaries = (summary(endpoint) for endpoint in account.part(Endpoints).store)
    return page(
        values, summaries, response="Endpoints", name="EndpointName", status="EndpointStatus"
    )


@sagemaker("UpdateEndpoint")
def update_endpoint(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Begin to bring another configuration into service.

    The configuration at work must still be there: the service needs it to roll back.
    """
    endpoint = account.part(Endpoints).store.get(values["EndpointName"])
    endpoint.refuse_in_progress()
    configurations = account.part(EndpointConfigs).store
    wanted = configurations.get(values["EndpointConfigName"])
    if endpoint.fleet is None:
        raise ValidationException(f'Cannot update failed endpoint "{endpoint.arn}": delete it.')
    configurations.get(endpoint.configuration_name)
    deployment = values.get("DeploymentConfig", {})
    if not deployment and values.get("RetainDeploymentConfig"):
        deployment = endpoint.last_deployment or {}
    configuration = retain(values, endpoint.fleet, wanted.request)
    check_deployment(deployment, endpoint.fleet.configuration, configuration)
    check_alarms(account, deployment)
    endpoint.update(configuration, _models(account, configuration), deployment)
    return {"EndpointArn": endpoint.arn}


@sagemaker("UpdateEndpointWeightsAndCapacities")
def update_weights(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Change weights and counts of variants; of the instances one is run all the same."""
    endpoint = account.part(Endpoints).store.get(values["EndpointName"])
    endpoint.refuse_in_progress()
    serving = endpoint.fleet.variants if endpoint.fleet else []
    variants = {variant.name: variant for variant in serving}
    wanted = {each["VariantName"]: each for each in values["DesiredWeightsAndCapacities"]}
    for name in wanted:
        if name not in variants:
            raise ValidationException(f'Could not find variant "{name}" of "{endpoint.arn}".')

    def change() -> None:
        for name, members in wanted.items():
            _change(variants[name], members)

    endpoint.change(change)
    return {"EndpointArn": endpoint.arn}


@sagemaker("DeleteEndpoint")
def delete_endpoint(account: Account, values: dict[str, Any]) -> None:
    """Begin to end an endpoint: it is Deleting until its containers have ended."""
    store = account.part(Endpoints).store
    endpoint = store.get(values["EndpointName"])

    def gone() -> None:
        account.tags.forget(endpoint.arn)
        store.remove(endpoint.name)

    endpoint.delete(gone)


def _models(account: Account, configuration: dict[str, Any]) -> dict[str, Model]:
    """Return the models of a configuration by the names of its variants."""
    models = account.part(Models).store
    return {
        variant["VariantName"]: models.get(variant["ModelName"])
        for variant in configuration["ProductionVariants"]
    }


def _change(variant: Variant, members: dict[str, Any]) -> None:
    variant.weight = members.get("DesiredWeight", variant.weight)
    variant.desired_count = members.get("DesiredInstanceCount", variant.desired_count)
    if variant.serverless is not None:
        variant.serverless = {**variant.serverless, **members.get("ServerlessUpdateConfig", {})}
