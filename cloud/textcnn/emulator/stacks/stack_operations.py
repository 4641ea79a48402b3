"""CreateStack, UpdateStack, DeleteStack and UpdateTerminationProtection."""

from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import NotEmulated
from textcnn.emulator.stacks.lifecycle import create, delete, update
from textcnn.emulator.stacks.plan import differs, plan
from textcnn.emulator.stacks.service import ValidationError, cloudformation
from textcnn.emulator.stacks.stack import Stack
from textcnn.emulator.stacks.stacks import Stacks
from textcnn.emulator.stacks.template_requests import check, wanted_by

UPDATABLE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})


@cloudformation("CreateStack")
def create_stack(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Begin to make a stack."""
    stacks = account.part(Stacks)
    desired = wanted_by(values)
    probe = Stack(values["StackName"], "", desired, account.now())
    check(stacks, probe, desired)
    protected = bool(values.get("EnableTerminationProtection"))
    stack = stacks.add(values["StackName"], desired, protected=protected)
    stack.to("CREATE_IN_PROGRESS", "User Initiated")
    stacks.start(stack, desired, create)
    return {"StackId": stack.identifier}


@cloudformation("UpdateStack")
def update_stack(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Begin to update a stack; nothing to do is an error."""
    stacks = account.part(Stacks)
    with stacks.lock:
        stack = stacks.get(values["StackName"])
        check_updatable(stack)
        if values.get("DisableRollback"):
            raise NotEmulated("the parameter DisableRollback of UpdateStack")
        desired = wanted_by(values, stack.current)
        check(stacks, stack, desired)
        if not differs(stack, desired, plan(stack, desired, stacks.values(stack, desired))):
            raise ValidationError("No updates are to be performed.")
        stack.status = "UPDATE_IN_PROGRESS"
    stacks.start(stack, desired, update)
    return {"StackId": stack.identifier}


@cloudformation("DeleteStack")
def delete_stack(account: Account, values: dict[str, Any]) -> None:
    """Begin to delete a stack; one that is not there is no error."""
    stacks = account.part(Stacks)
    with stacks.lock:
        stack = stacks.find(values["StackName"])
        if stack is None or stack.deleted is not None or stack.status == "DELETE_IN_PROGRESS":
            return
        keep = _kept(stack, values)
        # What is being made is interrupted; an update comes to its end first.
        if stack.status.startswith("UPDATE_") and stack.in_progress:
            raise ValidationError(
                f"Stack [{stack.identifier}] cannot be deleted while in status {stack.status}"
            )
        stack.interrupted.set()
        stack.status = "DELETE_IN_PROGRESS"
    stacks.start(stack, stack.current, lambda return_values: delete(return_values, keep=keep))


@cloudformation("UpdateTerminationProtection")
def update_termination_protection(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Protect a stack from being deleted, or not."""
    stack = account.part(Stacks).get(values["StackName"])
    stack.protected = values["EnableTerminationProtection"]
    return {"StackId": stack.identifier}


def check_updatable(stack: Stack) -> None:
    """Raise ``ValidationError`` where a stack's state allows no update."""
    if stack.status not in UPDATABLE:
        raise ValidationError(
            f"Stack:{stack.identifier} is in {stack.status} state and can not be updated."
        )


def _kept(stack: Stack, values: dict[str, Any]) -> frozenset[str]:
    if stack.protected:
        raise ValidationError(
            f"Stack [{stack.name}] cannot be deleted while TerminationProtection is enabled"
        )
    keep = frozenset(values.get("RetainResources", []))
    if keep and stack.status != "DELETE_FAILED":
        raise ValidationError(
            f"Invalid operation on stack [{stack.identifier}]. RetainResources can only be "
            "specified for stacks in the DELETE_FAILED state"
        )
    return keep
