"""CloudFormation's intrinsic functions: a template's values with all that they refer to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from textcnn.emulator.stacks.parameters import value_of
from textcnn.emulator.stacks.references import PLACEHOLDER
from textcnn.emulator.stacks.return_values import ReturnValues
from textcnn.emulator.stacks.service import ValidationError
from textcnn.emulator.stacks.template import Template


class NoValue:
    """What ``AWS::NoValue`` is: the property or item is left out."""


NO_VALUE = NoValue()
# What a resource that is not made yet will be; change sets show it so.
KNOWN_LATER = "{{changeSet:KNOWN_AFTER_APPLY}}"


@dataclass
class Values:
    """What a template's functions are computed from, and their results.

    resources holds those that are there by logical name; all others are known later.
    """

    template: Template
    parameters: Mapping[str, str]
    pseudo: Mapping[str, Any]
    resources: dict[str, ReturnValues] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._conditions: dict[str, bool] = {}
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self._ref,
            "Condition": self.condition,
            "Fn::GetAtt": self._attribute,
            "Fn::Sub": self._substitute,
            "Fn::If": self._if,
            "Fn::Join": lambda inner: inner[0].join(_texts(self.of(inner[1]))),
            "Fn::Split": lambda inner: str(self.of(inner[1])).split(inner[0]),
            "Fn::Select": self._select,
            "Fn::FindInMap": self._find,
            "Fn::Equals": lambda inner: same(self.of(inner[0]), self.of(inner[1])),
            "Fn::Not": lambda inner: not self.of(inner[0]),
            "Fn::And": lambda inner: all(self.of(each) for each in inner),
            "Fn::Or": lambda inner: any(self.of(each) for each in inner),
            "Fn::Contains": self._contains,
            "Fn::EachMemberEquals": self._each_equals,
            "Fn::EachMemberIn": self._each_in,
        }

    def of(self, value: Any) -> Any:
        """Return a value with its functions computed."""
        if isinstance(value, list):
            items = [self.of(member) for member in value]
            return [item for item in items if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, inner = next(iter(value.items()))
            if name in self._functions and not (name == "Condition" and isinstance(inner, dict)):
                return self._functions[name](inner)
            if str(name).startswith("Fn::"):
                raise ValidationError(f"Template error: the emulator does not know {name}")
        members = {name: self.of(member) for name, member in value.items()}
        return {name: member for name, member in members.items() if member is not NO_VALUE}

    def condition(self, name: str) -> bool:
        """Return whether a condition of the template holds."""
        if name not in self._conditions:
            declared = self.template.section("Conditions")
            if name not in declared:
                raise ValidationError(f"Template format error: Unresolved condition {name}")
            self._conditions[name] = bool(self.of(declared[name]))
        return self._conditions[name]

    def desired(self) -> list[str]:
        """Return the resources whose conditions hold."""
        return [
            name
            for name, resource in self.template.resources.items()
            if "Condition" not in resource or self.condition(resource["Condition"])
        ]

    def outputs(self) -> list[dict[str, str]]:
        """Return the outputs whose conditions hold, as DescribeStacks answers them."""
        return [
            {
                "OutputKey": name,
                "OutputValue": text(self.of(output["Value"])),
                "Description": str(output.get("Description", "")),
            }
            for name, output in self.template.section("Outputs").items()
            if "Condition" not in output or self.condition(output["Condition"])
        ]

    def _ref(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in self.pseudo:
            return self.pseudo[name]
        if name in self.parameters:
            return value_of(self.template.section("Parameters")[name], self.parameters[name])
        return_values = self.resources.get(name)
        return return_values.reference if return_values else self._later(name)

    def _attribute(self, inner: Any) -> str:
        name, attribute = inner.split(".", 1) if isinstance(inner, str) else inner
        return_values = self.resources.get(name)
        if return_values is None:
            return self._later(name)
        if attribute not in return_values.attributes:
            kind = self.template.resources[name]["Type"]
            raise ValidationError(
                f"Template error: resource {name} does not support attribute type {attribute} in "
                f"Fn::GetAtt ({kind} has {', '.join(sorted(return_values.attributes))})"
            )
        return return_values.attributes[attribute]

    def _later(self, name: str) -> str:
        resource = self.template.resources.get(name)
        if resource is None:
            raise ValidationError(f"Template format error: Unresolved dependencies [{name}]")
        if "Condition" in resource and not self.condition(resource["Condition"]):
            raise ValidationError(
                f"Template format error: Unresolved resource dependencies [{name}] in the "
                "Resources block of the template"
            )
        return KNOWN_LATER

    def _substitute(self, inner: Any) -> str:
        pattern, own = (inner, {}) if isinstance(inner, str) else (inner[0], self.of(inner[1]))

        def replaced(name: str) -> str:
            if name in own:
                return text(own[name])
            return text(self._attribute(name) if "." in name else self._ref(name))

        filled = PLACEHOLDER.sub(lambda match: replaced(match[1].strip()), pattern)
        return filled.replace("${!", "${")

    def _if(self, inner: list[Any]) -> Any:
        name, then, otherwise = inner
        return self.of(then if self.condition(name) else otherwise)

    def _select(self, inner: list[Any]) -> Any:
        index, items = int(self.of(inner[0])), self.of(inner[1])
        if index >= len(items):
            raise ValidationError("Template error: Fn::Select cannot select nonexistent value")
        return items[index]

    def _find(self, inner: list[Any]) -> Any:
        name, first, second = (self.of(each) for each in inner)
        try:
            return self.template.section("Mappings")[name][first][second]
        except KeyError:
            raise ValidationError(
                f"Template error: Unable to get mapping for {name}::{first}::{second}"
            ) from None

    def _contains(self, inner: list[Any]) -> bool:
        return text(self.of(inner[1])) in _texts(self.of(inner[0]))

    def _each_equals(self, inner: list[Any]) -> bool:
        return all(same(each, self.of(inner[1])) for each in self.of(inner[0]))

    def _each_in(self, inner: list[Any]) -> bool:
        return set(_texts(self.of(inner[0]))) <= set(_texts(self.of(inner[1])))


def check_rules(values: Values) -> None:
    """Raise ``ValidationError`` with the assertions of the template's rules that do not hold."""
    failed = [
        str(assertion.get("AssertDescription", f"an assertion of rule {name}"))
        for name, rule in values.template.section("Rules").items()
        if "RuleCondition" not in rule or values.of(rule["RuleCondition"])
        for assertion in rule["Assertions"]
        if not values.of(assertion["Assert"])
    ]
    if failed:
        raise ValidationError(f"Template error: Rule assertions failed: {'; '.join(failed)}")


def same(first: Any, second: Any) -> bool:
    """Return whether values are equal as the service compares them: by their text."""
    if isinstance(first, list | dict) or isinstance(second, list | dict):
        return bool(first == second)
    return text(first) == text(second)


def text(value: Any) -> str:
    """Return a value as the service writes it into a string."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _texts(values: list[Any]) -> list[str]:
    return [text(value) for value in values]
