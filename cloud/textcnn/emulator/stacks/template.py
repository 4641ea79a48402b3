"""A template: its sections, checked as the service does before anything is made."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from textcnn.emulator.stacks.reading import read_yaml
from textcnn.emulator.stacks.references import PSEUDO_PARAMETERS, references
from textcnn.emulator.stacks.resources import KINDS
from textcnn.emulator.stacks.service import ValidationError

SECTIONS = frozenset(
    {
        "AWSTemplateFormatVersion",
        "Conditions",
        "Description",
        "Mappings",
        "Metadata",
        "Outputs",
        "Parameters",
        "Resources",
        "Rules",
    }
)
MEMBERS = frozenset(
    {
        "Condition",
        "DeletionPolicy",
        "DependsOn",
        "Description",
        "Metadata",
        "Properties",
        "Type",
        "UpdateReplacePolicy",
    }
)
OUTPUT_MEMBERS = frozenset({"Condition", "Description", "Value"})
MOST_BYTES = 51_200


@dataclass(frozen=True)
class Template:
    """A template's text and its sections; equal texts are equal templates."""

    body: str

    @cached_property
    def sections(self) -> dict[str, Any]:
        """Every section by name, with the short forms written out."""
        return read_yaml(self.body)

    @property
    def description(self) -> str:
        """What the template says that it makes."""
        return str(self.sections.get("Description", ""))

    def section(self, name: str) -> dict[str, Any]:
        """Return a section such as ``Parameters``; empty where there is none."""
        found = self.sections.get(name) or {}
        if not isinstance(found, dict):
            raise ValidationError(f"Template format error: {name} must be a map")
        return found

    @property
    def resources(self) -> dict[str, Any]:
        """The resources by logical name."""
        return self.section("Resources")

    def depends_on(self, name: str) -> set[str]:
        """Return the resources that a resource names, or waits for by ``DependsOn``."""
        resource = self.resources.get(name, {})
        explicit = resource.get("DependsOn", [])
        named = {explicit} if isinstance(explicit, str) else set(explicit)
        implicit = set(references(resource.get("Properties", {})))
        return (named | implicit) & set(self.resources)


def read_template(body: str) -> Template:
    """Return a checked template; raises ``ValidationError`` in the service's words."""
    if len(body.encode()) > MOST_BYTES:
        raise ValidationError(
            f"1 validation error detected: Value at 'templateBody' failed to satisfy constraint: "
            f"Member must have length less than or equal to {MOST_BYTES}"
        )
    template = Template(body)
    unknown = sorted(set(template.sections) - SECTIONS)
    if unknown:
        raise ValidationError(
            f"Invalid template property or properties [{', '.join(map(str, unknown))}]"
        )
    if not template.resources:
        raise ValidationError("At least one Resources member must be defined.")
    _check_resources(template)
    _check_outputs(template)
    _check_references(template)
    return template


def order(template: Template, names: Iterator[str] | list[str]) -> list[str]:
    """Return names so that each comes after those it depends on."""
    desired = list(names)
    ordered: list[str] = []

    def visit(name: str, above: tuple[str, ...]) -> None:
        if name in above:
            circle = ", ".join(above)
            raise ValidationError(f"Circular dependency between resources: [{circle}]")
        for needed in sorted(template.depends_on(name)):
            visit(needed, (*above, name))
        if name not in ordered:
            ordered.append(name)

    for name in desired:
        visit(name, ())
    return [name for name in ordered if name in desired]


def _check_resources(template: Template) -> None:
    for name, resource in template.resources.items():
        if not isinstance(resource, Mapping) or not isinstance(resource.get("Type"), str):
            raise ValidationError(
                f"Template format error: [/Resources/{name}] Every Resources object must contain "
                "a Type member."
            )
        if resource["Type"] not in KINDS:
            raise ValidationError(
                f"Template format error: Unrecognized resource types: [{resource['Type']}] "
                f"(the emulator knows {', '.join(sorted(KINDS))})"
            )
        unknown = sorted(set(resource) - MEMBERS)
        if unknown:
            raise ValidationError(
                f"Invalid template resource property '{unknown[0]}' (of {name}; the service may "
                "know it, the emulator does not)"
            )


def _check_outputs(template: Template) -> None:
    for name, output in template.section("Outputs").items():
        if not isinstance(output, Mapping) or "Value" not in output:
            raise ValidationError(
                f"Template format error: Every Outputs member must contain a Value object ({name})"
            )
        unknown = sorted(set(output) - OUTPUT_MEMBERS)
        if unknown:
            raise ValidationError(
                f"Template format error: the emulator does not know {unknown[0]} of outputs"
            )


def _check_references(template: Template) -> None:
    known = {*template.resources, *template.section("Parameters"), *PSEUDO_PARAMETERS}
    for section in ("Resources", "Outputs"):
        found = set(references(template.section(section), also_parameters=True))
        missing = sorted(found - known)
        if missing:
            raise ValidationError(
                "Template format error: Unresolved resource dependencies "
                f"[{', '.join(missing)}] in the {section} block of the template"
            )
    for name in template.resources:
        depends = template.resources[name].get("DependsOn", [])
        for needed in [depends] if isinstance(depends, str) else depends:
            if needed not in template.resources:
                raise ValidationError(
                    f"Template format error: Unresolved resource dependencies [{needed}] in the "
                    "Resources block of the template"
                )
    order(template, list(template.resources))


def canonical(value: Any) -> str:
    """Return values as text that is equal where they are, whatever their order."""
    return json.dumps(value, sort_keys=True, default=str)
