"""Make the endpoint what the plan says, and see that it is."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from textcnn import endpoints, ownership, stacks
from textcnn.aws import Aws
from textcnn.deployment.environment import write_template
from textcnn.deployment.naming import stack_name
from textcnn.deployment.plan import Plan
from textcnn.endpoints import IN_SERVICE, Endpoint
from textcnn.errors import CommandError, Exit
from textcnn.output import Output
from textcnn.polling import pauses
from textcnn.setup import describe
from textcnn.stacks import DesiredStack, StackResult

TEMPLATE = Path(__file__).parent.parent / "templates" / "endpoint.yaml"
AT_WORK = frozenset({"Creating", "Updating", "SystemUpdating", "RollingBack", "Deleting"})


@dataclass(frozen=True)
class Deployed:
    """What came of it: the changes of the stack, and the endpoint (None after a dry run)."""

    changes: list[str]
    endpoint: Endpoint | None
    configuration: str = ""


def present(aws: Aws, name: str) -> Endpoint | None:
    """Return the endpoint of this name; raises ``CommandError`` where it is none of a stack."""
    found = endpoints.look_up(aws, name)
    if found is not None and stacks.find(aws, stack_name(name)) is None:
        raise CommandError(
            f"there is an endpoint {name} already, which textcnn has not made",
            "Take another --name, or remove it first: `textcnn rm " + name + "`.",
            Exit.USAGE,
        )
    return found


def check_scaled(aws: Aws, plan: Plan) -> None:
    """Raise ``CommandError`` where an update would change the instances of what is scaled.

    SageMaker refuses it while the variant is a scalable target: after minutes, by a roll-back.
    """
    target, present = plan.target, plan.present
    stack = stacks.find(aws, stack_name(target.name))
    is_scaled = stack is not None and stack.parameters.get("MaxInstances", "0") != "0"
    if present and is_scaled and present.instance_type != (target.choices.instance_type or ""):
        raise CommandError(
            f"{target.name} is scaled automatically on {present.instance_type}, and SageMaker "
            "keeps the instance type of what is scaled",
            f"First deploy it with --instance-type {present.instance_type} and without "
            "--autoscale, then as you want it.",
            Exit.USAGE,
        )


def carry_out(aws: Aws, output: Output, plan: Plan) -> Deployed:
    """Create or update the endpoint; raises ``CommandError`` where it does not run as planned."""
    _forget_expired(aws, output, plan)
    applied = _apply(aws, output, plan)
    changes = [describe(change) for change in applied.changes]
    if aws.dry_run:
        return Deployed(changes, None)
    desired = applied.outputs["EndpointConfigName"]
    return Deployed(changes, _running(aws, plan.target.name, desired), desired)


def _forget_expired(aws: Aws, output: Output, plan: Plan) -> None:
    """Delete the stack of an endpoint that has come to its end: it cannot be updated."""
    stack = stacks.find(aws, stack_name(plan.target.name))
    if stack is None or not stack.is_usable or plan.present is not None:
        return
    output.say(f"the endpoint {plan.target.name} has ended, its stack is left: deleting it")
    stacks.delete(aws, output, stack.name)


def _apply(aws: Aws, output: Output, plan: Plan) -> StackResult:
    name, variables = stack_name(plan.target.name), plan.target.choices.environment
    with tempfile.TemporaryDirectory(prefix="textcnn-") as folder:
        template = write_template(TEMPLATE, variables, Path(folder)) if variables else TEMPLATE
        desired = DesiredStack(name, template, plan.parameters, ownership.TAGS)
        try:
            return stacks.apply(aws, output, desired)
        except CommandError as error:
            raise _failure(aws, plan, error) from error


def _failure(aws: Aws, plan: Plan, error: CommandError) -> CommandError:
    """Return the error with what it means for the endpoint."""
    name = plan.target.name
    if plan.present is None:
        return CommandError(error.message, f"{error.remedy} {_log(name)}", error.code)
    now = endpoints.look_up(aws, name)
    if now is None or now.description.get("EndpointConfigName") != _configuration(plan.present):
        return error
    return CommandError(
        f"the update of {name} was rolled back, it runs what it ran before: {error.message}",
        _log(name),
    )


def _configuration(endpoint: Endpoint) -> str | None:
    found: str | None = endpoint.description.get("EndpointConfigName")
    return found


def _running(aws: Aws, name: str, desired: str) -> Endpoint:
    """Wait for the endpoint and return it; an update that was rolled back is a failure."""
    found = endpoints.find(aws, name)
    for _ in pauses():
        if found.status not in AT_WORK:
            break
        found = endpoints.find(aws, name)
    if found.status == IN_SERVICE and _configuration(found) == desired:
        return found
    reason = found.failure or "the service gives no reason"
    if found.status != IN_SERVICE:
        raise CommandError(f"the endpoint {name} is {found.status}: {reason}", _log(name))
    raise CommandError(
        f"the update of {name} was rolled back, it runs what it ran before: {reason}", _log(name)
    )


def _log(name: str) -> str:
    return f"The container's log tells more: `aws logs tail /aws/sagemaker/Endpoints/{name}`."
