"""The parameters of a template: what was given, held against what the template allows."""

import re
from collections.abc import Mapping
from typing import Any

import regex

from textcnn.emulator.stacks.service import ValidationError
from textcnn.emulator.stacks.template import Template

TYPES = frozenset({"String", "Number", "CommaDelimitedList"})
NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
HIDDEN = "****"


def parameters_of(
    template: Template, given: list[dict[str, Any]], earlier: Mapping[str, str]
) -> dict[str, str]:
    """Return each parameter's text: as given, the previous one if so requested, or its default.

    Raises ``ValidationError`` for what is missing, unknown or not allowed.
    """
    declared = template.section("Parameters")
    values = {
        each["ParameterKey"]: _given(each, earlier)
        for each in given
        if each["ParameterKey"] in declared or not each.get("UsePreviousValue")
    }
    unknown = sorted(set(values) - set(declared))
    if unknown:
        raise ValidationError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
    defaults = {
        name: _written(parameter["Default"])
        for name, parameter in declared.items()
        if "Default" in parameter
    }
    missing = sorted(set(declared) - set(values) - set(defaults))
    if missing:
        raise ValidationError(f"Parameters: [{', '.join(missing)}] must have values")
    chosen = {name: values.get(name, defaults.get(name, "")) for name in declared}
    for name, value in chosen.items():
        _check(name, declared[name], value)
    return chosen


def shown(template: Template, values: Mapping[str, str]) -> list[dict[str, str]]:
    """Return parameters as DescribeStacks answers them: what is secret is hidden."""
    declared = template.section("Parameters")
    return [
        {"ParameterKey": name, "ParameterValue": HIDDEN if _hides(declared[name]) else value}
        for name, value in values.items()
    ]


def declarations(template: Template) -> list[dict[str, Any]]:
    """Return the parameters as GetTemplateSummary answers them."""
    return [_declaration(*each) for each in template.section("Parameters").items()]


def value_of(parameter: Mapping[str, Any], text: str) -> Any:
    """Return what ``Ref`` gives for a parameter: its text, or a list of texts."""
    if parameter["Type"] == "CommaDelimitedList":
        return [part.strip() for part in text.split(",")]
    return text


def _given(each: Mapping[str, Any], earlier: Mapping[str, str]) -> str:
    name = each["ParameterKey"]
    if not each.get("UsePreviousValue"):
        return str(each.get("ParameterValue", ""))
    if name not in earlier:
        raise ValidationError(
            f"Invalid input for parameter key {name}. Cannot specify usePreviousValue as true for "
            "a parameter key not in the previous template"
        )
    return earlier[name]


def _check(name: str, parameter: Mapping[str, Any], value: str) -> None:
    kind = parameter.get("Type")
    if kind not in TYPES:
        raise ValidationError(
            f"Template format error: Unrecognized parameter type: {kind} (the emulator knows "
            f"{', '.join(sorted(TYPES))})"
        )
    allowed = [_written(each) for each in parameter.get("AllowedValues", [])]
    reason = parameter.get("ConstraintDescription")
    if kind == "Number" and not NUMBER.fullmatch(value):
        raise ValidationError(f"Parameter '{name}' must be a number.")
    if allowed and value not in allowed:
        raise _broken(name, reason, f"must be one of AllowedValues [{', '.join(allowed)}]")
    pattern = parameter.get("AllowedPattern")
    if pattern and not regex.fullmatch(pattern, value):
        raise _broken(name, reason, f"must match pattern {pattern}")
    _check_range(name, parameter, value)


def _check_range(name: str, parameter: Mapping[str, Any], value: str) -> None:
    reason = parameter.get("ConstraintDescription")
    size, unit = (
        (len(value), "Length") if parameter["Type"] != "Number" else (float(value), "Value")
    )
    lowest, highest = parameter.get(f"Min{unit}"), parameter.get(f"Max{unit}")
    words = "contain at least" if unit == "Length" else "be a number not less than"
    if lowest is not None and size < float(lowest):
        raise _broken(name, reason, f"must {words} {lowest}{' characters' * (unit == 'Length')}")
    words = "contain at most" if unit == "Length" else "be a number not greater than"
    if highest is not None and size > float(highest):
        raise _broken(name, reason, f"must {words} {highest}{' characters' * (unit == 'Length')}")


def _broken(name: str, reason: str | None, constraint: str) -> ValidationError:
    return ValidationError(f"Parameter {name} failed to satisfy constraint: {reason or constraint}")


def _declaration(name: str, parameter: Mapping[str, Any]) -> dict[str, Any]:
    constraints = {}
    if "AllowedValues" in parameter:
        constraints["AllowedValues"] = [_written(each) for each in parameter["AllowedValues"]]
    declared: dict[str, Any] = {
        "ParameterKey": name,
        "ParameterType": parameter["Type"],
        "NoEcho": _hides(parameter),
        "Description": parameter.get("Description"),
        "ParameterConstraints": constraints,
    }
    if "Default" in parameter:
        declared["DefaultValue"] = _written(parameter["Default"])
    return declared


def _hides(parameter: Mapping[str, Any]) -> bool:
    return _written(parameter.get("NoEcho", False)) == "true"


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
