"""GetTemplate, GetTemplateSummary and ValidateTemplate."""

from typing import Any

from textcnn.emulator.account import Account
from textcnn.emulator.protocol.errors import NotEmulated
from textcnn.emulator.stacks.change_sets import ChangeSets
from textcnn.emulator.stacks.parameters import declarations
from textcnn.emulator.stacks.service import ValidationError, cloudformation
from textcnn.emulator.stacks.stacks import Stacks
from textcnn.emulator.stacks.template import Template, read_template


@cloudformation("GetTemplate")
def get_template(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer the template of a stack, or of a change set, as it was given."""
    stack = account.part(Stacks).get(values["StackName"]) if "StackName" in values else None
    if "ChangeSetName" in values:
        change_set = account.part(ChangeSets).get(values["ChangeSetName"], stack)
        return {"TemplateBody": change_set.desired.template.body, "StagesAvailable": ["Original"]}
    if stack is None:
        raise ValidationError("StackName or ChangeSetName must be specified.")
    return {"TemplateBody": stack.current.template.body, "StagesAvailable": ["Original"]}


@cloudformation("GetTemplateSummary")
def get_template_summary(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer the parameters and resource types of a template or a stack."""
    template = _template(account, values)
    kinds = sorted({each["Type"] for each in template.resources.values()})
    return {
        "Description": template.description or None,
        "Parameters": declarations(template),
        "ResourceTypes": kinds,
        **_capabilities(template),
    }


@cloudformation("ValidateTemplate")
def validate_template(account: Account, values: dict[str, Any]) -> dict[str, Any]:
    """Answer what a template declares; raises ``ValidationError`` for one that is wrong."""
    template = _template(account, values)
    members = ("ParameterKey", "DefaultValue", "NoEcho", "Description")
    parameters = [{name: each.get(name) for name in members} for each in declarations(template)]
    return {
        "Description": template.description or None,
        "Parameters": parameters,
        **_capabilities(template),
    }


def _template(account: Account, values: dict[str, Any]) -> Template:
    if values.get("TemplateURL"):
        raise NotEmulated("the parameter TemplateURL of templates")
    if values.get("TemplateBody"):
        return read_template(values["TemplateBody"])
    if values.get("StackName"):
        return account.part(Stacks).get(values["StackName"]).current.template
    raise ValidationError("Either Template URL or Template Body must be specified.")


def _capabilities(template: Template) -> dict[str, Any]:
    roles = [each for each in template.resources.values() if each["Type"] == "AWS::IAM::Role"]
    if not roles:
        return {}
    is_named = any("RoleName" in role.get("Properties", {}) for role in roles)
    return {
        "Capabilities": ["CAPABILITY_NAMED_IAM" if is_named else "CAPABILITY_IAM"],
        "CapabilitiesReason": ("The following resource(s) require capabilities: [AWS::IAM::Role]"),
    }
