"""Read what requests for stacks and change sets share: template, parameters, capabilities."""

from collections.abc import Mapping
from typing import Any

from textcnn.emulator.protocol.errors import NotEmulated
from textcnn.emulator.stacks.intrinsics import check_rules
from textcnn.emulator.stacks.parameters import parameters_of
from textcnn.emulator.stacks.resources.kind import as_map
from textcnn.emulator.stacks.service import InsufficientCapabilities, ValidationError
from textcnn.emulator.stacks.stack import DesiredState, Stack
from textcnn.emulator.stacks.stacks import Stacks
from textcnn.emulator.stacks.template import Template, read_template

# Parameters of the service that the emulator does not support.
REFUSED = (
    "DeploymentConfig",
    "ImportExistingResources",
    "IncludeNestedStacks",
    "NotificationARNs",
    "ResourceTypes",
    "ResourcesToImport",
    "RetainExceptOnCreate",
    "RollbackConfiguration",
    "StackPolicyBody",
    "StackPolicyDuringUpdateBody",
    "StackPolicyDuringUpdateURL",
    "StackPolicyURL",
    "TemplateURL",
    "TimeoutInMinutes",
)
ROLE = "AWS::IAM::Role"


def wanted_by(values: Mapping[str, Any], earlier: DesiredState | None = None) -> DesiredState:
    """Return what a request wants a stack to be.

    earlier is what an update may go on from. Raises ``ServiceError`` for what is not allowed.
    """
    for name in REFUSED:
        if values.get(name):
            raise NotEmulated(f"the parameter {name} of stacks")
    template = _template(values, earlier)
    before = earlier.parameters if earlier else {}
    parameters = parameters_of(template, values.get("Parameters", []), before)
    _check_capabilities(template, values.get("Capabilities", []))
    kept = dict(earlier.tags) if earlier else {}
    return DesiredState(
        template,
        parameters,
        as_map(values["Tags"]) if "Tags" in values else kept,
        tuple(values.get("Capabilities", [])),
        _on_failure(values),
        values.get("ClientRequestToken"),
        values.get("RoleARN") or (earlier.role if earlier else None),
    )


def check(stacks: Stacks, stack: Stack, desired: DesiredState) -> None:
    """Raise ``ValidationError`` where the template's rules or conditions do not allow it."""
    computed = stacks.values(stack, desired)
    check_rules(computed)
    for name in desired.template.section("Conditions"):
        computed.condition(name)
    computed.desired()


def _template(values: Mapping[str, Any], earlier: DesiredState | None) -> Template:
    if values.get("TemplateBody"):
        return read_template(values["TemplateBody"])
    if values.get("UsePreviousTemplate") and earlier:
        return earlier.template
    raise ValidationError("Either Template URL or Template Body must be specified.")


def _check_capabilities(template: Template, given: list[str]) -> None:
    roles = [each for each in template.resources.values() if each["Type"] == ROLE]
    is_named = any("RoleName" in role.get("Properties", {}) for role in roles)
    enough = {"CAPABILITY_NAMED_IAM"} if is_named else {"CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"}
    if roles and not enough & set(given):
        raise InsufficientCapabilities("CAPABILITY_NAMED_IAM" if is_named else "CAPABILITY_IAM")


def _on_failure(values: Mapping[str, Any]) -> str:
    requested = values.get("OnFailure") or values.get("OnStackFailure")
    if requested and values.get("DisableRollback") is not None:
        raise ValidationError("You can specify either DisableRollback or OnFailure, but not both.")
    return str(requested or ("DO_NOTHING" if values.get("DisableRollback") else "ROLLBACK"))
