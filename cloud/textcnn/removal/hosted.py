"""Endpoints, configurations and models: those of a stack go with it, others one by one."""

from collections.abc import Iterable, Iterator
from functools import partial

from textcnn import endpoints, stacks
from textcnn.aws import Aws
from textcnn.deployment.carry_out import AT_WORK
from textcnn.deployment.naming import STACK_PREFIX
from textcnn.output import Output
from textcnn.polling import pauses
from textcnn.removal.step import Step, unless_gone
from textcnn.stacks import Stack

WITH_STACK = "delete the endpoint with its stack"


def stack_step(aws: Aws, output: Output, stack: Stack, what: str) -> Step:
    """Return the step that deletes a stack."""
    name = stack.name.removeprefix(STACK_PREFIX)
    return Step(what, name, partial(stacks.delete, aws, output, stack.name))


def endpoint_steps(aws: Aws, names: Iterable[str]) -> Iterator[Step]:
    """Yield the steps that delete endpoints of no stack."""
    for name in names:
        yield Step("delete the endpoint", name, partial(_delete_endpoint, aws, name))


def definition_steps(
    aws: Aws, configurations: Iterable[str], models: Iterable[str]
) -> Iterator[Step]:
    """Yield the steps that delete what endpoints of no stack are made of."""
    for name in configurations:
        delete = partial(aws.change, "sagemaker", "delete_endpoint_config", EndpointConfigName=name)
        yield Step("delete the configuration", name, partial(unless_gone, delete))
    for name in models:
        delete = partial(aws.change, "sagemaker", "delete_model", ModelName=name)
        yield Step("delete the model", name, partial(unless_gone, delete))


def _delete_endpoint(aws: Aws, name: str) -> None:
    """Delete an endpoint when it is at rest, as the service wants it, and wait until it is gone."""
    asked = False
    for _ in pauses():
        found = endpoints.look_up(aws, name)
        if found is None:
            return
        if found.status not in AT_WORK and not asked:
            unless_gone(partial(aws.change, "sagemaker", "delete_endpoint", EndpointName=name))
            asked = True
            if aws.dry_run:
                return
