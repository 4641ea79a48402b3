"""What becomes of a stack: created, updated, deleted, and back again where it fails."""

from datetime import UTC, datetime

from textcnn.emulator.stacks.deployment import Deployment, StepFailed
from textcnn.emulator.stacks.stack import Resource
from textcnn.emulator.stacks.template import order


def create(deployment: Deployment) -> None:
    """Make all resources; when one fails, remove them as OnFailure says."""
    stack = deployment.stack
    try:
        deployment.apply()
        stack.outputs = deployment.values.outputs()
    except StepFailed as failed:
        reason = f"The following resource(s) failed to create: [{failed.name}]. "
        on_failure = deployment.desired.on_failure
        if on_failure == "DO_NOTHING":
            stack.to("CREATE_FAILED", reason)
        elif on_failure == "DELETE":
            delete(deployment, reason=f"{reason}Delete requested by user.")
        else:
            stack.to("ROLLBACK_IN_PROGRESS", f"{reason}Rollback requested by user.")
            _remove_all(deployment, "ROLLBACK_COMPLETE", "ROLLBACK_FAILED")
        return
    stack.to("CREATE_COMPLETE")


def update(deployment: Deployment) -> None:
    """Change what differs, then remove what is not wanted; go back when something fails."""
    stack, earlier = deployment.stack, deployment.stack.current
    stack.current = deployment.desired
    stack.to("UPDATE_IN_PROGRESS", "User Initiated")
    stack.updated = datetime.now(UTC)
    try:
        deployment.apply()
    except StepFailed as failed:
        stack.to(
            "UPDATE_ROLLBACK_IN_PROGRESS",
            f"The following resource(s) failed to update: [{failed.name}]. ",
        )
        _go_back(deployment)
        stack.current = earlier
        return
    stack.outputs = deployment.values.outputs()
    stack.to("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS")
    _clean_up(deployment, deployment.replaced(earlier.template))
    stack.to("UPDATE_COMPLETE")


def delete(
    deployment: Deployment, *, keep: frozenset[str] = frozenset(), reason: str = "User Initiated"
) -> None:
    """Remove all resources but those to keep."""
    stack = deployment.stack
    stack.to("DELETE_IN_PROGRESS", reason)
    for name in keep:
        stack.resources.pop(name, None)
    _remove_all(deployment, "DELETE_COMPLETE", "DELETE_FAILED")
    if stack.status == "DELETE_COMPLETE":
        stack.deleted = datetime.now(UTC)


def _go_back(deployment: Deployment) -> None:
    stack = deployment.stack
    try:
        added = deployment.go_back()
    except StepFailed as failed:
        stack.to(
            "UPDATE_ROLLBACK_FAILED",
            f"The following resource(s) failed to update: [{failed.name}]. ",
        )
        return
    stack.to("UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS")
    _clean_up(deployment, added)
    stack.to("UPDATE_ROLLBACK_COMPLETE")


def _clean_up(deployment: Deployment, resources: list[Resource]) -> None:
    """Delete what was replaced or is not wanted; as with the service, failures stop nothing."""
    stack = deployment.stack
    for resource in resources:
        is_replaced = stack.resources.get(resource.name) is not resource
        policy = resource.replace_policy if is_replaced else resource.deletion_policy
        deployment.remove(resource, policy=policy)
        if not is_replaced:
            del stack.resources[resource.name]


def _remove_all(deployment: Deployment, complete: str, incomplete: str) -> None:
    """Delete all resources, each before those that it depends on, as far as that goes."""
    stack, template = deployment.stack, deployment.stack.current.template
    failed: list[str] = []
    needed: set[str] = set()
    for name in reversed(order(template, list(stack.resources))):
        resource = stack.resources[name]
        if name not in needed and deployment.remove(resource, policy=resource.deletion_policy):
            del stack.resources[name]
            continue
        if name not in needed:
            failed.append(name)
        needed |= template.depends_on(name)
    if failed:
        names = ", ".join(failed)
        stack.to(incomplete, f"The following resource(s) failed to delete: [{names}]. ")
    else:
        stack.to(complete)
